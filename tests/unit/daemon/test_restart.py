"""A process that keeps dying waits longer each time; a sound one never waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from medsched.daemon.restart import seconds_to_wait
from medsched.services.outbox_ports import DaemonRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def life(started_ago: int, lived: int, host: str = "here") -> DaemonRow:
    started = NOW - timedelta(seconds=started_ago)
    return DaemonRow(
        id=f"{host}{started_ago}",
        host=host,
        pid=1,
        boot="b",
        version="1",
        started_at=started,
        heartbeat_at=started + timedelta(seconds=lived),
    )


@pytest.mark.parametrize(
    ("short_lives", "wait"),
    [(0, 0), (1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60), (200, 60)],
)
def test_row_36_each_short_life_doubles_the_wait(short_lives: int, wait: int) -> None:
    lives = [life(1 + n, 1) for n in range(short_lives)]
    assert seconds_to_wait(lives, "here", NOW) == wait


def test_a_long_life_ends_the_count() -> None:
    lives = [life(10, 1), life(20, 1), life(400, 300), *(life(500 + n, 1) for n in range(9))]
    assert seconds_to_wait(lives, "here", NOW) == 0


def test_what_died_long_ago_or_on_another_machine_does_not_count() -> None:
    lives = [*(life(1000 + n, 1) for n in range(9)), *(life(n, 1, "there") for n in range(9))]
    assert seconds_to_wait(lives, "here", NOW) == 0
