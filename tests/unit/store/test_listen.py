"""The listener: it tells at the commit, carries nothing, and comes back by itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from tests.fakes.clocks import FakeClock
from tests.postgres import start_postgres

from medsched.services.remind_ports import NoHints
from medsched.store.listen import APPLICATION, CHANNEL, Listener, hints_of
from medsched.store.opening import SqlStore, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT = 20.0


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with start_postgres().database() as url:
        open_store(url, clock=FakeClock()).close()
        yield url


class Ears:
    """Counts what was heard."""

    def __init__(self) -> None:
        self.count, self.came = 0, threading.Semaphore(0)

    def __call__(self) -> None:
        self.count += 1
        self.came.release()

    def wait(self) -> bool:
        return self.came.acquire(timeout=WAIT)


def test_a_unit_tells_at_its_commit_once_and_nothing_when_it_is_undone(address: str) -> None:
    store = open_store(address, clock=FakeClock())
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(f"LISTEN {CHANNEL}")
        with store.writing() as unit:
            unit.hurry()
            unit.hurry()
            assert list(other.notifies(timeout=0)) == [], "nothing before the commit"
        told = list(other.notifies(timeout=WAIT, stop_after=1))
        assert [(one.channel, one.payload) for one in told] == [(CHANNEL, "")]
        with pytest.raises(KeyError):
            _undone(store)
        with store.writing():
            pass
        assert list(other.notifies(timeout=0.2)) == []
    store.close()


def _undone(store: SqlStore) -> None:
    with store.writing() as unit:
        unit.hurry()
        raise KeyError


def test_a_listener_hears_and_comes_back_after_its_connection_was_cut(address: str) -> None:
    heard = Ears()
    listener = hints_of(address)
    listener.start(heard)
    assert heard.wait(), "what happened before the first word is looked at, too"
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(f"NOTIFY {CHANNEL}")
        assert heard.wait()
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE application_name = '{APPLICATION}'"
        )
        assert heard.wait(), "it connected again"
        other.execute(f"NOTIFY {CHANNEL}")
        assert heard.wait()
    listener.stop()


class Nowhere:
    """A server that never answers, and counts who asks."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)

    def __call__(self, _address: str) -> Any:
        self.asked.release()
        raise psycopg.OperationalError("connection refused")


def test_a_server_that_does_not_answer_is_asked_again_and_nothing_is_heard() -> None:
    heard, nowhere = Ears(), Nowhere()
    listener = Listener("postgresql://nowhere", connect=nowhere)
    listener.start(heard)
    assert nowhere.asked.acquire(timeout=WAIT)
    assert nowhere.asked.acquire(timeout=WAIT), "a little later"
    listener.stop()
    assert heard.count == 0


def test_a_file_tells_nothing(tmp_path: Path) -> None:
    hints = hints_of(f"sqlite:///{tmp_path}/medsched.db")
    assert isinstance(hints, NoHints)
    heard = Ears()
    hints.start(heard)
    hints.stop()
    assert heard.count == 0
