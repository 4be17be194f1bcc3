"""A daemon that is killed again and again loses no reminder, and words what it repeats.

SIGKILL after a number of messages that chance chose, a new daemon at once. Who is told
twice reads in the first words that it may be a repeat. And without kills, three daemons
on one database tell everybody once.
"""

from __future__ import annotations

import random
import selectors
from time import monotonic
from typing import TYPE_CHECKING, Final

import pytest
from tests.e2e.daemon_process import (
    DEADLINE,
    Daemon,
    arrived,
    count,
    crowd,
    let_leases_end,
    on_database,
)
from tests.e2e.own_postgres import own_postgres

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIFE: Final = 6.0
"""Seconds that a daemon has at most: who was told before is not counted when told again."""


def kill_after(daemon: Daemon, folder: Path, messages: int) -> None:
    """Kill a daemon when so many more people were told, or nothing is left, or after a while."""
    before = len(list(folder.iterdir()))
    end = monotonic() + LIFE
    assert daemon.process.stdout is not None
    with selectors.DefaultSelector() as said:
        said.register(daemon.process.stdout, selectors.EVENT_READ)
        while len(list(folder.iterdir())) < before + messages and monotonic() < end:
            if said.select(0.002):
                line = daemon.process.stdout.readline()
                assert line, "it ended by itself"
                if b"next reminder" in line:
                    break
    daemon.kill()


def unfinished(database: str) -> int:
    """Return how many reminders are due and not told, or not even planned."""
    unplanned = "SELECT COUNT(*) FROM prescription WHERE reminders_until = 0"
    found = on_database(database, unplanned)[0][0]
    return found + sum(count(database, state) for state in ("pending", "leased", "unknown"))


def sweep(
    home: Path,
    database: str,
    *,
    people: int,
    kills: int,
    between: Callable[[int], None] = lambda _life: None,
) -> None:
    """Kill daemons until all are told; hold what arrived against the promise."""
    chance = random.Random(kills)
    crowd(home, database, people)
    for life in range(kills):
        kill_after(Daemon(home, database), home / "out", chance.randint(1, 2 * people // kills))
        on_database(database, "DELETE FROM daemon")  # half a minute passed
        between(life)
        if not count(database, "pending"):
            let_leases_end(database)
    let_leases_end(database)
    last = Daemon(home, database)
    last.wait_for("next reminder")
    while unfinished(database):
        last.wait_for("next reminder")
    assert last.stop() == 0
    told = arrived(home)
    assert told.people == people
    assert told.repeats <= kills * 40
    assert told.unworded == []
    assert count(database, "failed") == 0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


def lite(home: Path) -> str:
    return f"sqlite:///{home}/medsched.db"


def test_rows_1_2_and_3_twenty_kills_lose_none_of_200_reminders(home: Path) -> None:
    sweep(home, lite(home), people=200, kills=20)


def test_row_16_kills_and_immediate_restarts_of_the_server_lose_none(home: Path) -> None:
    with own_postgres() as server:
        sweep(
            home,
            server.address,
            people=40,
            kills=3,
            between=lambda life: server.crash() if life == 1 else None,
        )


@pytest.mark.long
def test_two_hundred_kills_lose_none_of_2000_reminders(home: Path) -> None:
    sweep(home, lite(home), people=2000, kills=200)


@pytest.mark.long
def test_two_hundred_kills_lose_none_of_2000_reminders_on_a_server(home: Path) -> None:
    with own_postgres() as server:
        sweep(
            home,
            server.address,
            people=2000,
            kills=200,
            between=lambda life: server.crash() if life % 10 == 9 else None,
        )


def test_row_18_three_daemons_on_one_database_tell_everybody_once(home: Path) -> None:
    crowd(home, lite(home), 60)
    daemons = [Daemon(home, lite(home)) for _ in range(3)]
    for one in daemons:
        one.wait_for("next reminder")
    end = monotonic() + DEADLINE
    while count(lite(home), "sent") < 60:  # a cycle plans fifty people, the next one the rest
        assert monotonic() < end
    assert [one.stop() for one in daemons] == [0, 0, 0]
    told = arrived(home)
    assert (told.people, told.repeats) == (60, 0)
