"""A SQLite file is opened by its driver; SQLAlchemy joins a transaction when it is needed."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.contract.store_examples import NOW, a_person
from tests.fakes.clocks import FakeClock

from medsched.services.outbox_ports import DaemonRow
from medsched.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from medsched.store.opening import SqlStore
    from medsched.store.unit import SqlUnit

DAEMON = DaemonRow(id="a", host="h", pid=1, boot="b", version="1", started_at=NOW, heartbeat_at=NOW)


@pytest.fixture
def home(tmp_path: Path, migrated_file: bytes) -> Iterator[SqlStore]:
    """Yield a store over a new file that nobody has used yet."""
    path = tmp_path / "medsched.db"
    path.touch(mode=0o600)
    path.write_bytes(migrated_file)
    with open_store(str(path), clock=FakeClock()) as store:
        yield store


def found(store: SqlStore) -> tuple[list[str], list[str]]:
    """Return the names of persons, which the driver reads, and of daemons, which it does not."""
    with store.reading() as unit:
        return [one.name for one in unit.people.all()], [one.id for one in unit.daemons.all()]


def both_ways(unit: SqlUnit) -> None:
    """Write by the driver, then by SQLAlchemy, then by the driver."""
    unit.people.add(a_person("Anna"), NOW)
    unit.daemons.beat(DAEMON)
    unit.people.add(a_person("Ben"), NOW)


def test_what_both_wrote_is_stored_together(home: SqlStore) -> None:
    with home.writing() as unit:
        both_ways(unit)
        assert [one.name for one in unit.people.all()] == ["Anna", "Ben"]
        assert [one.id for one in unit.daemons.all()] == ["a"]
    assert found(home) == (["Anna", "Ben"], ["a"])


def test_what_both_wrote_is_undone_together(home: SqlStore) -> None:
    def fail_at_the_end() -> None:
        with home.writing() as unit:
            both_ways(unit)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end()
    assert found(home) == ([], [])
    with home.writing() as unit:
        both_ways(unit)
    assert found(home) == (["Anna", "Ben"], ["a"])


def test_a_reader_sees_one_state_by_either_way(home: SqlStore) -> None:
    """Somebody else writes before SQLAlchemy joins."""
    with home.reading() as unit, open_store(home.place, clock=FakeClock()) as other:
        assert unit.people.all() == []
        with other.writing() as more:
            both_ways(more)
        assert unit.daemons.all() == []
        assert unit.people.all() == []
    assert found(home) == (["Anna", "Ben"], ["a"])


def test_a_reader_changes_nothing_by_either_way(home: SqlStore) -> None:
    for _once_alone_and_once_lent in range(2):
        with pytest.raises(AssertionError, match="reading unit"), home.reading() as unit:
            unit.daemons.beat(DAEMON)
        with pytest.raises(AssertionError, match="reading unit"), home.reading() as unit:
            unit.people.add(a_person("Anna"), NOW)
    assert found(home) == ([], [])


def test_a_writer_whom_sqlalchemy_joins_still_keeps_others_out(home: SqlStore) -> None:
    with home.writing() as unit, closing(sqlite3.connect(home.place, timeout=0)) as other:
        unit.people.add(a_person("Anna"), NOW)
        unit.daemons.beat(DAEMON)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    assert found(home) == (["Anna"], ["a"])


def test_once_sqlalchemy_was_needed_it_lends_the_connections(home: SqlStore) -> None:
    """To join each time would take a daemon longer than its whole look."""
    with home.reading() as unit:
        assert unit.daemons.all() == []
        assert unit.connection.engine is not home.engine
    for unit_of in (home.reading, home.writing):
        with unit_of() as unit:
            assert unit.connection.engine is home.engine


def test_threads_that_begin_at_once_lose_nothing(home: SqlStore) -> None:
    """Half of them need SQLAlchemy, and the first of these joins while others are at work."""

    def add(number: int) -> None:
        with home.writing() as unit:
            unit.people.add(a_person(f"Person {number}"), NOW)
            if number % 2:
                unit.daemons.beat(DAEMON)
        with home.reading() as unit:
            assert unit.people.by_name(f"Person {number}") is not None

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(40)))
    names, daemons = found(home)
    assert sorted(names) == sorted(f"Person {number}" for number in range(40))
    assert daemons == ["a"]


@pytest.mark.parametrize("by_sqlalchemy", [False, True])
def test_every_connection_has_each_commit_on_the_disk_before_it_counts(
    home: SqlStore, *, by_sqlalchemy: bool
) -> None:
    """Row 5: whoever reads or writes, whichever way, gets the same settings."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for unit_of in (home.writing, home.reading):
        with unit_of() as unit:
            if by_sqlalchemy:
                assert unit.daemons.all() == []
            told = {name: unit.driver.rows(f"PRAGMA {name}", ())[0][0] for name in wanted}
            assert told == wanted


def test_a_part_that_fails_is_undone_alone(home: SqlStore) -> None:
    def fail_in_a_part(unit: SqlUnit) -> None:
        with unit.driver.part():
            unit.people.add(a_person("Ben"), NOW)
            raise ZeroDivisionError

    with home.writing() as unit:
        unit.people.add(a_person("Anna"), NOW)
        with pytest.raises(ZeroDivisionError):
            fail_in_a_part(unit)
        unit.people.add(a_person("Cleo"), NOW)
    assert found(home)[0] == ["Anna", "Cleo"]
