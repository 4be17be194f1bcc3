"""The one place that reads the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from medsched.clock import FixedClock, SystemClock


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_at_its_instant_in_utc() -> None:
    at = datetime(2026, 12, 1, 8, tzinfo=timezone(timedelta(hours=1)))
    clock = FixedClock(at)

    assert clock.now() == clock.now() == at
    assert clock.now().tzinfo is UTC
