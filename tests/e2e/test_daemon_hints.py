"""A server's word that reminders changed brings the tick at once, and is needed for nothing."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import pytest
from tests.e2e.daemon_process import Daemon, arrived, crowd, on_database
from tests.e2e.own_postgres import own_postgres

from medsched.store.listen import APPLICATION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.own_postgres import OwnPostgres

LISTENERS = f"FROM pg_stat_activity WHERE application_name = '{APPLICATION}'"
AT_ONCE = 8.0
"""Seconds: about half a tick, on a machine that may be busy."""


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    with own_postgres() as running:
        yield running


def listeners(server: OwnPostgres) -> int:
    return int(on_database(server.address, f"SELECT COUNT(*) {LISTENERS}")[0][0])


def wait_for_people(daemon: Daemon, home: Path, people: int) -> float:
    """Wait until so many were told, and return how long that took."""
    began = monotonic()
    while arrived(home).people < people:
        daemon.wait_for("next reminder")
    return monotonic() - began


def test_a_hint_is_no_promise_and_a_dead_listener_no_harm(
    server: OwnPostgres, tmp_path: Path
) -> None:
    """Told at once by a hint; with the listener cut off by the next tick; then by hints again."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    crowd(home, server.address, 1)
    daemon = Daemon(home, server.address)
    daemon.wait_for("next reminder")
    while listeners(server) == 0:
        assert daemon.process.poll() is None

    crowd(home, server.address, 3, first=1)
    assert wait_for_people(daemon, home, 4) < AT_ONCE

    on_database(server.address, f"SELECT pg_terminate_backend(pid)::int {LISTENERS}")
    crowd(home, server.address, 3, first=4)
    wait_for_people(daemon, home, 7)

    while listeners(server) == 0:
        assert daemon.process.poll() is None
    crowd(home, server.address, 3, first=7)
    assert wait_for_people(daemon, home, 10) < AT_ONCE
    assert daemon.stop() == 0
    assert arrived(home).repeats == 0
