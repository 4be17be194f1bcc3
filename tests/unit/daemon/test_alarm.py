"""The alarm clock wakes duties through clock steps, sleep and errors."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from medsched.daemon.alarm import LONGEST_WAIT, Alarm, Duty

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR = timedelta(hours=1)


class Clocks:
    """A wall clock and a steady one that a test moves."""

    wall = 1_000_000.0
    steady = 50.0

    def sleep(self, seconds: float) -> None:
        """Let both go on."""
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def called() -> threading.Event:
    return threading.Event()


@pytest.fixture
def alarm(clocks: Clocks, called: threading.Event) -> Iterator[Alarm]:
    made = Alarm(
        [Duty("tick", 15, called.set)], wall=lambda: clocks.wall, steady=lambda: clocks.steady
    )
    made.start()
    assert called.wait(5)
    yield made
    made.shutdown(wait=False)


def planned_in(alarm: Alarm, name: str = "tick") -> timedelta:
    at: datetime = alarm.get_job(name).next_run_time
    return at - datetime.now(UTC)


def test_a_duty_begins_at_once_and_then_every_so_often(alarm: Alarm) -> None:
    assert timedelta(seconds=10) < planned_in(alarm) <= timedelta(seconds=15)


def test_a_duty_is_never_dropped_for_being_late_and_never_runs_twice_at_once(alarm: Alarm) -> None:
    job = alarm.get_job("tick")
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


@pytest.mark.parametrize("step", [-3600.0, 3600.0, -10 * 365 * 86_400.0, 10 * 365 * 86_400.0])
def test_rows_8_and_9_a_clock_step_of_any_size_wakes_everything_at_once(
    alarm: Alarm, clocks: Clocks, called: threading.Event, step: float
) -> None:
    """Left alone, APScheduler would sleep for an hour after a step back of an hour."""
    alarm.modify_job("tick", next_run_time=datetime.now(UTC) + HOUR)
    called.clear()
    clocks.wall += step
    alarm.turn()
    assert called.wait(5)
    assert planned_in(alarm) < timedelta(minutes=1)


def test_row_6_a_sleep_of_the_machine_is_noticed_as_a_step(
    alarm: Alarm, clocks: Clocks, called: threading.Event
) -> None:
    """The steady clock stands still while the machine is suspended."""
    alarm.modify_job("tick", next_run_time=datetime.now(UTC) + HOUR)
    called.clear()
    clocks.wall += 8 * 3600
    alarm.turn()
    assert called.wait(5)


def test_time_that_passes_on_both_clocks_is_no_step(
    alarm: Alarm, clocks: Clocks, called: threading.Event
) -> None:
    alarm.modify_job("tick", next_run_time=datetime.now(UTC) + HOUR)
    called.clear()
    clocks.sleep(3000)
    alarm.turn()
    assert not called.is_set()
    assert planned_in(alarm) > timedelta(minutes=50)


def test_the_loop_never_waits_longer_than_five_seconds(alarm: Alarm) -> None:
    alarm.modify_job("tick", next_run_time=datetime.now(UTC) + HOUR)
    assert 0 < alarm.turn() <= LONGEST_WAIT


def test_an_error_inside_the_scheduler_does_not_end_its_loop(
    alarm: Alarm, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("ZZTOPSECRET")

    store = alarm._jobstores["default"]
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, "medsched.daemon"):
        patch.setattr(store, "get_next_run_time", broken)
        assert alarm.turn() == LONGEST_WAIT
    assert "the next one comes" in caplog.text
    assert 0 <= alarm.turn() <= LONGEST_WAIT


def test_a_duty_that_raises_is_called_again() -> None:
    """Whatever it raises, SystemExit, too."""
    times = threading.Semaphore(0)

    def broken() -> None:
        times.release()
        raise SystemExit(3)

    alarm = Alarm([Duty("tick", 0.05, broken)])
    alarm.start()
    try:
        for _ in range(3):
            assert times.acquire(timeout=20)
    finally:
        alarm.shutdown(wait=False)


def test_a_duty_can_be_called_sooner_and_is_never_put_off_by_that(alarm: Alarm) -> None:
    alarm.call("tick", 100)
    assert planned_in(alarm) <= timedelta(seconds=15)
    alarm.call("tick", 3)
    assert planned_in(alarm) <= timedelta(seconds=3)
    alarm.call("no such duty", 3)
