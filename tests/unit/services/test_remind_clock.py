"""Time that the machine itself spent is no jump; a leap that nothing explains is not believed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.contract.store_examples import NOW
from tests.fakes.clocks import FakeClock
from tests.fakes.memory_store import MemoryStore

from medsched.services.outbox_ports import ClockMark
from medsched.services.remind_clock import ClockState, confirm_clock, judge, read_clock
from medsched.services.remind_settings import RemindSettings

HOUR = 3600
DAY = 24 * HOUR
BEFORE = ClockMark(wall=NOW, boot="a", elapsed=100.0)


class Machine:
    """A machine that has been up for a while."""

    boot = "a"

    def __init__(self, elapsed: float = 100.0) -> None:
        self.seconds = elapsed

    def elapsed(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    ("passed", "awake", "boot", "state"),
    [
        (60, 60, "a", ClockState.GOOD),
        (-119, 0, "a", ClockState.GOOD),
        (-121, 0, "a", ClockState.WENT_BACK),
        (72 * HOUR, 72 * HOUR, "a", ClockState.GOOD),
        (35 * HOUR, 0, "a", ClockState.GOOD),
        (37 * HOUR, 0, "a", ClockState.HELD),
        (10 * 365 * DAY, 60, "a", ClockState.HELD),
        (20 * DAY, 5, "b", ClockState.GOOD),
        (31 * DAY, 5, "b", ClockState.HELD),
    ],
)
def test_what_to_think_of_a_step(passed: int, awake: int, boot: str, state: ClockState) -> None:
    now = ClockMark(wall=NOW + timedelta(seconds=passed), boot=boot, elapsed=100.0 + awake)
    assert judge(BEFORE, now, RemindSettings()) is state


def test_a_held_clock_stays_held_until_somebody_confirms_it() -> None:
    store, clock, machine = MemoryStore(), FakeClock(NOW), Machine()
    with store.writing() as unit:
        unit.daemons.set_mark(BEFORE)
        clock.at = NOW + timedelta(days=3)
        jumped = read_clock(unit, clock, machine, RemindSettings())
        assert jumped.state is ClockState.HELD
        assert jumped.mark is not None
        unit.daemons.set_mark(jumped.mark)
        assert read_clock(unit, clock, machine, RemindSettings()).state is ClockState.HELD
        confirm_clock(unit, clock.at, machine)
        assert read_clock(unit, clock, machine, RemindSettings()).state is ClockState.GOOD


def test_the_mark_is_renewed_once_a_minute_and_never_backwards() -> None:
    store, clock, machine = MemoryStore(), FakeClock(NOW), Machine()
    with store.writing() as unit:
        first = read_clock(unit, clock, machine, RemindSettings())
        assert first.mark is not None
        unit.daemons.set_mark(first.mark)
        clock.at = NOW + timedelta(seconds=59)
        assert read_clock(unit, clock, machine, RemindSettings()).mark is None
        clock.at = NOW + timedelta(seconds=60)
        assert read_clock(unit, clock, machine, RemindSettings()).mark is not None
        clock.at = NOW - timedelta(hours=1)
        assert read_clock(unit, clock, machine, RemindSettings()).mark is None


def test_a_server_that_tells_another_time_stops_everything() -> None:
    store, clock = MemoryStore(), FakeClock(NOW)
    with store.reading() as unit:
        server = NOW + timedelta(seconds=31)
        unit.outbox.server_time = lambda: server  # type: ignore[method-assign]  # a server's clock
        found = read_clock(unit, clock, Machine(), RemindSettings())
    assert (found.state, found.now) == (ClockState.SKEWED, server)
