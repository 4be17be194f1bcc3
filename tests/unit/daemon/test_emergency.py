"""A database that cannot be used: room is made first, then reminders come from memory."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.living_home import FIRST, LivingHome, minutes

from medsched.daemon.emergency import Emergency
from medsched.daemon.machine import ThisMachine
from medsched.daemon.reserve import Reserve
from medsched.daemon.running import Running
from medsched.daemon.same_file import SameFile
from medsched.daemon.watchdog import Watchdog
from medsched.daemon.wires import Fuses, Wires
from medsched.services.outbox_ports import DaemonRow
from medsched.services.remind_memory import NOTE, Memory
from medsched.services.remind_settings import RemindSettings
from medsched.store.refusals import CannotWrite, DatabaseBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from medsched.errors import MedschedError


class FullHome:
    """A daemon over a home whose database refuses to store when a test says so."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.living = LivingHome(folder / "home")
        self.living.add_file_channel()
        self.said: list[str] = []
        self.refusal: MedschedError | None = None
        store = self.living.app.store
        self.writing = store.writing
        monkeypatch.setattr(store, "writing", self._writing)
        self.reserve = Reserve(self.living.home / "medsched.db", least_free=0)
        self.memory = Memory(
            store,
            Wires(),
            self.living.clock,
            owner="me",
            machine=ThisMachine(),
            settings=RemindSettings(),
            breakers=Fuses(),
        )
        self.emergency = Emergency(self.memory, self.reserve)
        self.running = self._daemon()

    @contextmanager
    def _writing(self) -> Iterator[object]:
        if self.refusal is not None:
            raise self.refusal
        with self.writing() as unit:
            yield unit

    def _daemon(self) -> Running:
        row = DaemonRow(
            id="me", host="here", pid=7, boot="b", version="1", started_at=FIRST, heartbeat_at=FIRST
        )
        life = self.living.life
        return Running(
            self.living.app.store,
            self.living.clock,
            self.living.reminders(),
            row,
            stopping=life.stopping,
            same_file=SameFile(None),
            say=self.said.append,
            look=lambda: self.living.app.status(10**12),
            watchdog=Watchdog(end=lambda _code: None),
            emergency=self.emergency,
        )

    def full(self) -> None:
        """Let the disk be full, and the reserve be of no help."""
        self.reserve.release()
        self.refusal = CannotWrite("here", "the disk is full")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FullHome:
    home = FullHome(tmp_path, monkeypatch)
    home.living.go_to(FIRST - minutes(30))
    home.running.tick()
    return home


def test_row_20_on_a_full_disk_each_dose_is_told_once_from_memory(
    home: FullHome, caplog: pytest.LogCaptureFixture
) -> None:
    home.full()
    home.living.go_to(FIRST)
    home.running.tick()
    home.running.tick()
    assert home.living.messages().count("Dose due at 08:00") == 1
    assert home.living.messages().count(NOTE) == 1
    assert home.said[-1] == "NOTHING CAN BE STORED: reminding from memory; 1 told"
    assert "database: CannotWrite" in caplog.text
    assert {one.levelno for one in caplog.records} == {logging.CRITICAL}
    assert home.living.app.status(10**12).problems[0].startswith("database: nothing can be stored")


def test_row_20_when_there_is_room_again_what_was_told_counts_as_sent(home: FullHome) -> None:
    home.full()
    home.living.go_to(FIRST)
    home.running.tick()
    home.refusal = None
    home.running.tick()
    assert home.living.messages().count("Dose due at 08:00") == 1
    home.living.go_to(FIRST + minutes(15))
    home.running.tick()
    assert home.living.messages().count("Dose due at 08:00") == 2
    assert home.living.messages().count("Repeat reminder - if you have already taken") == 1
    assert home.reserve.read() == {}


def test_row_20_a_restart_repeats_nothing_as_if_it_were_new(home: FullHome) -> None:
    home.full()
    home.living.go_to(FIRST)
    home.running.tick()
    home.memory.told.clear()
    again = Emergency(home.memory, home.reserve)
    assert len(home.memory.told) == 1
    assert again.tell(CannotWrite("here", ""), 0.0, ()) == 0


def test_row_20_the_reserve_is_given_first_and_the_cycle_done_again_at_once(
    home: FullHome, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = home.reserve.release

    def released() -> bool:
        home.refusal = None
        return release()

    monkeypatch.setattr(home.reserve, "release", released)
    home.refusal = CannotWrite("here", "the disk is full")
    home.living.go_to(FIRST)
    home.running.tick()
    assert "the reserve was given free" in caplog.text
    assert home.living.messages().count("Dose due at 08:00") == 1
    assert NOTE not in home.living.messages()


def test_row_14_a_database_that_somebody_keeps_is_waited_for_a_minute(home: FullHome) -> None:
    busy = DatabaseBusy("here")
    home.living.go_to(FIRST)
    assert not home.emergency.makes_room(busy)
    assert home.emergency.tell(busy, 59.0, ()) == 0
    assert home.emergency.tell(busy, 60.0, ()) == 1
    assert home.living.messages().count(NOTE) == 1


def test_a_database_that_cannot_be_read_is_no_harm_to_a_daemon_that_is_well(
    home: FullHome, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy() -> None:
        raise DatabaseBusy("here")

    monkeypatch.setattr(home.living.app.store, "reading", busy)
    home.emergency._remembered = -1000.0
    home.emergency.after_cycle()
    assert "memory: DatabaseBusy; nothing new is foreseen" in caplog.text
