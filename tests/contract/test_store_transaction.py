"""Transactions on a SQLite file: each ends stored or undone, whoever is at work beside it."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.contract.store_examples import NOW, a_person
from tests.fakes.clocks import FakeClock

from medsched.store import sqlite_file
from medsched.store.opening import SqlStore, open_store
from medsched.store.place import Address
from medsched.store.transaction import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from medsched.store.unit import SqlUnit


@pytest.fixture
def home(tmp_path: Path, migrated_file: bytes) -> Iterator[SqlStore]:
    """Yield a store over a new file that nobody has used yet."""
    path = tmp_path / "medsched.db"
    path.touch(mode=0o600)
    path.write_bytes(migrated_file)
    with open_store(str(path), clock=FakeClock()) as store:
        yield store


def names(store: SqlStore) -> list[str]:
    """Return the names of all persons."""
    with store.reading() as unit:
        return [one.name for one in unit.people.all()]


def test_a_reader_sees_one_state_whatever_others_store_meanwhile(home: SqlStore) -> None:
    with home.reading() as unit, open_store(home.place, clock=FakeClock()) as other:
        assert unit.people.all() == []
        with other.writing() as more:
            more.people.add(a_person("Anna"), NOW)
        assert unit.people.all() == []
    assert names(home) == ["Anna"]


def test_a_writer_keeps_others_out_from_its_first_moment(home: SqlStore) -> None:
    with (
        home.writing(),
        closing(sqlite3.connect(home.place, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    assert names(home) == []


def test_threads_that_begin_at_once_lose_nothing(home: SqlStore) -> None:
    def add(number: int) -> None:
        with home.writing() as unit:
            unit.people.add(a_person(f"Person {number}"), NOW)
        with home.reading() as unit:
            assert unit.people.by_name(f"Person {number}") is not None

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(40)))
    assert sorted(names(home)) == sorted(f"Person {number}" for number in range(40))


def test_every_connection_has_each_commit_on_the_disk_before_it_counts(home: SqlStore) -> None:
    """Row 5: whoever reads or writes gets the same settings; so does SQLAlchemy."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for unit_of in (home.writing, home.reading):
        with unit_of() as unit:
            told = {name: unit.driver.rows(f"PRAGMA {name}", ())[0][0] for name in wanted}
            assert told == wanted


def test_one_after_the_other_needs_one_connection(tmp_path: Path, migrated_file: bytes) -> None:
    """Also after a failure: on a full disk no other one could be opened."""
    path = tmp_path / "medsched.db"
    path.write_bytes(migrated_file)
    opened: list[sqlite3.Connection] = []

    def connect(file: str) -> sqlite3.Connection:
        opened.append(sqlite_file.connect(file))
        return opened[-1]

    def fail(unit_of: SqlStore) -> None:
        with unit_of.writing() as unit:
            unit.people.add(a_person("Ben"), NOW)
            raise ZeroDivisionError

    with SqlStore(Address(file=str(path)), SqliteFile(str(path), connect)) as store:
        for _once_and_again in range(2):
            with pytest.raises(ZeroDivisionError):
                fail(store)
            assert names(store) == []
        with store.reading(), store.reading():
            pass
    assert len(opened) == 2
    for one in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            one.execute("SELECT 1")


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
    assert names(home) == ["Anna", "Cleo"]
