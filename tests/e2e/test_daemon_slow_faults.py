"""Faults that take a minute to be believed: a database kept by another, a line that went dead."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.engine import make_url
from tests.e2e.daemon_process import Daemon, arrived, ask_for_later, crowd, on_database
from tests.e2e.half_open import line_to
from tests.e2e.own_postgres import own_postgres

from medsched.daemon.watchdog import EXIT_CODE, LIMIT
from medsched.services.remind_memory import NOTE

if TYPE_CHECKING:
    from tests.e2e.half_open import Line

A_MINUTE = 65.0
LONG = 150.0
"""Seconds: a minute, the ticks around it, and a machine that is busy."""


@pytest.mark.long
def test_row_14_a_database_kept_for_over_a_minute_alarms_heals_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    database = f"sqlite:///{home}/medsched.db"
    crowd(home, database, 3)
    with Daemon(home, database) as daemon:
        daemon.wait_for("3 delivered")
        ask_for_later(home, database, 5)
        with closing(sqlite3.connect(home / "medsched.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            began = monotonic()
            daemon.wait_for("warning")
            alarm = daemon.wait_for("critical", LONG)
            assert "DatabaseBusy" in alarm
            daemon.wait_for("3 told", LONG)
            assert monotonic() - began >= 60.0
            other.execute("ROLLBACK")
        daemon.wait_for("it can be used again")
        sent = "SELECT COUNT(*) FROM outbox WHERE step LIKE 'snooze%' AND state = 'sent'"
        assert on_database(database, sent) == [(3,)]
        assert daemon.stop() == 0
    told = arrived(home)
    assert (told.people, told.repeats, told.unworded) == (3, 3, [])
    assert all(one.read_text().count(NOTE) == 1 for one in (home / "out").iterdir())


def address(server: str, line: Line) -> str:
    """Return the address of a server at the other end of a line."""
    url = make_url(server).set(host="127.0.0.1", port=line.port, query={})
    return url.render_as_string(hide_password=False)


@pytest.mark.long
def test_row_17_a_line_that_went_dead_ends_the_daemon_and_the_next_one_goes_on(
    tmp_path: Path,
) -> None:
    """Nothing answers and nothing is refused: only the watchdog can end that."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with own_postgres() as server:
        folder = str(make_url(server.address).query["host"])
        socket = next(one for one in Path(folder).iterdir() if one.is_socket())
        with line_to(str(socket)) as line:
            crowd(home, server.address, 2)
            with Daemon(home, address(server.address, line)) as daemon:
                daemon.wait_for("next reminder")
                line.cut.set()
                began = monotonic()
                assert "no cycle was completed" in daemon.wait_for("watchdog", LONG)
                assert daemon.process.wait(LIMIT) == EXIT_CODE
                assert monotonic() - began < LONG
        crowd(home, server.address, 2, first=2)
        with (
            line_to(str(socket)) as mended,
            Daemon(home, address(server.address, mended)) as again,
        ):
            while arrived(home).people < 4:
                again.wait_for("next reminder")
            assert again.stop() == 0
    assert arrived(home).repeats == 0
