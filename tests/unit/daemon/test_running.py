"""One life of the daemon: it ticks, survives, tells how it goes, and ends cleanly."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tests.living_home import FIRST, LivingHome

from medsched.daemon.running import Running, status_line
from medsched.daemon.same_file import SameFile
from medsched.daemon.watchdog import Watchdog
from medsched.errors import Exit
from medsched.services.outbox_ports import DaemonRow
from medsched.services.remind_clock import ClockState
from medsched.services.remind_ports import Alarm, CycleReport
from medsched.store.refusals import DatabaseBusy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class Script:
    """`Cycles` that does what a test says."""

    report: CycleReport = field(default_factory=lambda: CycleReport(clock=ClockState.GOOD))
    fails: BaseException | None = None
    cycles: int = 0
    released: int = 0
    ran: threading.Event = field(default_factory=threading.Event)
    in_hand: frozenset[int] = frozenset()

    def cycle(self) -> CycleReport:
        self.cycles += 1
        self.ran.set()
        if self.fails is not None:
            raise self.fails
        return self.report

    def stop(self) -> None:
        """Nothing is in hand."""

    def release(self) -> int:
        self.released += 1
        return 0


@dataclass
class Told:
    """`Hints` that a test gives."""

    begun: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False

    def start(self, heard: Callable[[], None]) -> None:
        self.heard = heard
        self.begun.set()

    def stop(self) -> None:
        self.stopped = True


class Life:
    """A daemon with a script, and all that it said."""

    def __init__(self, folder: Path) -> None:
        self.living = LivingHome(folder / "home")
        self.living.go_to(FIRST)
        self.script = Script()
        self.said: list[str] = []
        self.pings = 0
        self.codes: list[int] = []
        self.stopping = threading.Event()
        self.watchdog = Watchdog(end=self.codes.append)
        self.row = DaemonRow(
            id="me", host="here", pid=7, boot="b", version="1", started_at=FIRST, heartbeat_at=FIRST
        )
        self.running = self.made()

    def made(self, hints: Told | None = None) -> Running:
        """Return a daemon of this life."""
        return Running(
            self.living.app.store,
            self.living.clock,
            self.script,
            self.row,
            stopping=self.stopping,
            same_file=SameFile(self.living.home / "medsched.db"),
            say=self.said.append,
            ping=self._ping,
            look=lambda: self.living.app.status(10**12),
            watchdog=self.watchdog,
            hints=hints,
        )

    def _ping(self) -> None:
        self.pings += 1

    def rows(self) -> list[DaemonRow]:
        with self.living.app.store.reading() as unit:
            return unit.daemons.all()


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def test_a_tick_does_one_cycle_and_writes_down_that_it_did(life: Life) -> None:
    life.running.tick()
    assert life.script.cycles == 1
    assert [(one.id, one.last_tick) for one in life.rows()] == [("me", FIRST)]


def test_a_line_is_shown_when_something_changed_and_only_then(life: Life) -> None:
    life.running.tick()
    life.running.tick()
    assert life.said == ["no reminder is planned"]
    life.script.report = CycleReport(clock=ClockState.GOOD, messages=1, delivered=2)
    life.running.tick()
    life.running.tick()
    assert life.said[1:] == ["2 delivered; no reminder is planned"] * 2


def test_a_held_clock_is_the_line() -> None:
    report = CycleReport(clock=ClockState.HELD, held=True)
    assert status_line(report).startswith("NOTHING IS SENT: clock jumped ahead")


def test_row_14_a_busy_database_is_tried_again_and_told_after_a_minute(
    life: Life, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("medsched.daemon.running.time.monotonic", lambda: now[0])
    life.script.fails = DatabaseBusy("here")
    with caplog.at_level(logging.INFO, "medsched.daemon"):
        for _ in range(5):
            life.running.tick()
            now[0] += 15
        levels = [one.levelname for one in caplog.records]
        life.script.fails = None
        life.running.tick()
    assert levels == ["WARNING"] * 4 + ["CRITICAL"]
    assert "it can be used again" in caplog.text
    assert life.script.cycles == 6


def test_a_busy_database_is_no_reason_to_end(life: Life) -> None:
    life.script.fails = DatabaseBusy("here")
    life.running.tick()
    assert (life.stopping.is_set(), life.codes) == (False, [])


def test_row_21_a_database_that_was_replaced_ends_the_life(life: Life) -> None:
    file = life.living.home / "medsched.db"
    file.rename(file.with_name("gone.db"))
    life.running.tick()
    assert (life.stopping.is_set(), life.running.exit_code) == (True, Exit.REFUSED)
    assert life.script.cycles == 0


def test_row_39_a_bug_in_the_cycle_is_no_sign_of_life(life: Life) -> None:
    signs: list[int] = []
    life.watchdog.alive = lambda: signs.append(1)  # type: ignore[method-assign]
    life.running.tick()
    life.script.fails = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        life.running.tick()
    assert signs == [1]


def test_what_the_cycle_found_is_logged_by_code_and_number(
    life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    found = Alarm("channel refuses", 3, 17, "http 401")
    life.script.report = CycleReport(clock=ClockState.GOOD, alarms=(found,))
    life.running.tick()
    assert "alarm: channel refuses, channel 3, reminder 17, http 401" in caplog.text


def test_the_far_away_switch_is_fetched_only_while_all_is_well(life: Life) -> None:
    life.running.watch()
    assert life.pings == 0
    life.running.tick()
    life.running.watch()
    assert life.pings == 1


def test_a_life_ends_by_giving_back_what_it_holds_and_leaves_no_row(life: Life) -> None:
    """Whoever ends well is not counted among those that died young."""
    codes: list[Exit] = []
    thread = threading.Thread(target=lambda: codes.append(life.running.run()))
    thread.start()
    assert life.script.ran.wait(20)
    life.running.end()
    thread.join(20)
    assert codes == [Exit.DONE]
    assert life.script.released == 1
    assert life.rows() == []
    assert life.said[-1] == "medsched: stopped"


def test_after_the_stop_nothing_begins(life: Life) -> None:
    life.running.end()
    life.running.tick()
    assert life.script.cycles == 0


def test_a_hint_that_comes_during_a_cycle_brings_one_more_cycle(life: Life) -> None:
    cycle = life.script.cycle

    def hinted() -> CycleReport:
        if life.script.cycles == 0:
            life.running.hint()
            life.running.hint()
        return cycle()

    life.script.cycle = hinted  # type: ignore[method-assign]
    life.running.tick()
    assert life.script.cycles == 2


def test_a_hint_wakes_the_tick_at_once_and_is_not_listened_for_after_the_end(life: Life) -> None:
    hints = Told()
    life.running = life.made(hints)
    thread = threading.Thread(target=life.running.run)
    thread.start()
    assert hints.begun.wait(20)
    assert life.script.ran.wait(20)
    life.script.ran.clear()
    hints.heard()
    assert life.script.ran.wait(10), "fifteen seconds is when it would have come by itself"
    life.running.end()
    thread.join(20)
    assert hints.stopped
