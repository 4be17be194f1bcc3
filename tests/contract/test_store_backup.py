"""Backups: whole while the database is in use, checked, private; and the way back."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.contract.store_examples import NOW, a_person, a_stored_plan, a_take, dose_id, rows
from tests.fakes.clocks import FakeClock

from medsched.store.backup import back_up, restore
from medsched.store.opening import open_store
from medsched.store.refusals import (
    CannotBackUp,
    Damaged,
    DatabaseBusy,
    NotABackup,
    ServerMakesBackups,
)

if TYPE_CHECKING:
    from pathlib import Path

    from medsched.store.opening import SqlStore

FOR_EVER = 10**11


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the path of a database with one plan of six doses, the first of them taken."""
    path = tmp_path / "home" / "medsched.db"
    with open_store(str(path), clock=FakeClock()) as store:
        plan = a_stored_plan(store)
        with store.writing() as unit:
            unit.records.append(a_take(dose_id(rows(plan.number)[0])))
            unit.protocols.keep("d", "examplin", "rules")
    return path


def taken(store: SqlStore) -> int:
    with store.reading() as unit:
        return len(unit.records.of_plans([1]))


def test_a_backup_is_one_private_file_with_everything_in_it(home: Path, tmp_path: Path) -> None:
    """Whatever the umask says."""
    target = tmp_path / "copy.db"
    before = os.umask(0)
    try:
        contents = back_up(str(home), target, clock=FakeClock())
    finally:
        os.umask(before)
    assert (contents.people, contents.prescriptions, contents.doses) == (1, 1, 6)
    assert contents.administrations == 1
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.db", "home"]
    with open_store(str(target), clock=FakeClock()) as store:
        assert taken(store) == 1


def test_a_backup_taken_while_somebody_writes_is_one_moment(home: Path, tmp_path: Path) -> None:
    """A writer adds people two by two: no copy has an odd number of them."""
    stop = threading.Event()

    def write() -> None:
        with open_store(str(home), clock=FakeClock()) as store:
            count = 0
            while not stop.is_set():
                with store.writing() as unit:
                    unit.people.add(a_person(f"left {count}"), NOW)
                    unit.people.add(a_person(f"right {count}"), NOW)
                count += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [back_up(str(home), tmp_path / f"copy{n}.db", clock=FakeClock()) for n in range(5)]
    finally:
        stop.set()
        writer.join()
    assert [contents.people % 2 for contents in copies] == [1] * 5  # and Anna


def test_a_backup_replaces_the_one_before_and_nothing_else(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    back_up(str(home), target, clock=FakeClock())
    back_up(str(home), target, clock=FakeClock())
    notes = tmp_path / "notes.txt"
    notes.write_text("call the pharmacy")
    for other in (notes, home, tmp_path):
        with pytest.raises(CannotBackUp):
            back_up(str(home), other, clock=FakeClock())
    assert notes.read_text() == "call the pharmacy"


def test_no_database_no_backup(tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp, match="there is no database"):
        back_up(str(tmp_path / "nothing.db"), tmp_path / "copy.db", clock=FakeClock())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["missing/copy.db", "/proc/copy.db"])
def test_a_backup_that_cannot_be_written_says_so(home: Path, tmp_path: Path, where: str) -> None:
    """In words, without the name of the unfinished file."""
    with pytest.raises(CannotBackUp, match=r"was not made: .*; name a file in a folder") as told:
        back_up(str(home), tmp_path / where, clock=FakeClock())
    assert ".part" not in str(told.value)
    assert "Errno" not in str(told.value)


def flip(path: Path, good: bytes, bad: bytes) -> None:
    """Change some bytes of a file."""
    content = path.read_bytes()
    assert good in content
    path.write_bytes(content.replace(good, bad))


def test_a_damaged_database_replaces_no_good_backup(home: Path, tmp_path: Path) -> None:
    """A bit flip in an amount: the backup of yesterday stays."""
    target = tmp_path / "copy.db"
    back_up(str(home), target, clock=FakeClock())
    good = target.read_bytes()
    flip(home, b'"amount":"12.5 mg"', b'"amount":"92.5 mg"')
    with pytest.raises(Damaged, match="prescription 1, revision 1"):
        back_up(str(home), target, clock=FakeClock())
    assert target.read_bytes() == good
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.db", "home"]


def test_a_restore_brings_the_backup_back_and_keeps_what_was_there(
    home: Path, tmp_path: Path
) -> None:
    """And says which stretch of time is not known any more."""
    target = tmp_path / "copy.db"
    back_up(str(home), target, clock=FakeClock(NOW))
    with open_store(str(home), clock=FakeClock()) as store, store.writing() as unit:
        unit.records.append(a_take(dose_id(rows(1)[1])))
    later = NOW + timedelta(hours=20)
    with open_store(str(home), clock=FakeClock()) as open_already:
        assert taken(open_already) == 2
        restored = restore(str(home), target, clock=FakeClock(later))
        assert taken(open_already) == 1
        with open_already.reading() as unit:
            assert unit.records.gaps() == [(NOW, later)]
            assert unit.plans.doses([1], 0, FOR_EVER) == rows(1)
        with open_already.writing() as unit:
            unit.records.append(a_take(dose_id(rows(1)[1])))
    assert restored.made_at == NOW
    assert restored.contents.administrations == 1
    assert restored.before is not None
    assert restored.before.stat().st_mode & 0o777 == 0o600
    with open_store(str(restored.before), clock=FakeClock()) as store:
        assert taken(store) == 2


def test_a_second_restore_adds_a_second_gap(home: Path, tmp_path: Path) -> None:
    hours = [NOW + timedelta(hours=n) for n in range(4)]
    for made, used in (hours[:2], hours[2:]):
        back_up(str(home), tmp_path / "copy.db", clock=FakeClock(made))
        restore(str(home), tmp_path / "copy.db", clock=FakeClock(used))
    with open_store(str(home), clock=FakeClock()) as store, store.reading() as unit:
        assert unit.records.gaps() == [(hours[0], hours[1]), (hours[2], hours[3])]


def test_a_database_that_was_never_restored_has_no_gaps(home: Path) -> None:
    with open_store(str(home), clock=FakeClock()) as store, store.reading() as unit:
        assert unit.records.gaps() == []


def test_a_restore_into_an_empty_home_makes_it(home: Path, tmp_path: Path) -> None:
    back_up(str(home), tmp_path / "copy.db", clock=FakeClock())
    new = tmp_path / "new" / "medsched.db"
    assert restore(str(new), tmp_path / "copy.db", clock=FakeClock()).before is None
    assert new.stat().st_mode & 0o777 == 0o600
    with open_store(str(new), clock=FakeClock()) as store:
        assert taken(store) == 1


def test_a_restore_heals_a_destroyed_database(home: Path, tmp_path: Path) -> None:
    """What is left of it is moved aside."""
    back_up(str(home), tmp_path / "copy.db", clock=FakeClock())
    os.truncate(home, 5000)
    rest = home.read_bytes()
    restored = restore(str(home), tmp_path / "copy.db", clock=FakeClock())
    assert restored.before is not None
    assert restored.before.read_bytes() == rest
    with open_store(str(home), clock=FakeClock()) as store:
        assert taken(store) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "cannot be opened"),
        (lambda path: path.write_text("notes " * 999), "no database"),
        (lambda path: path.write_bytes(b""), "another program's"),
    ],
)
def test_what_is_no_backup_changes_nothing(
    home: Path, tmp_path: Path, make: object, message: str
) -> None:
    source = tmp_path / "copy.db"
    assert callable(make)
    make(source)
    before = home.read_bytes()
    with pytest.raises(NotABackup, match=message):
        restore(str(home), source, clock=FakeClock())
    assert home.read_bytes() == before
    assert [one.name for one in home.parent.iterdir()] == [home.name]


def test_a_damaged_backup_changes_nothing(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "copy.db"
    back_up(str(home), source, clock=FakeClock())
    flip(source, b'"amount":"12.5 mg"', b'"amount":"92.5 mg"')
    before = home.read_bytes()
    with pytest.raises(Damaged):
        restore(str(home), source, clock=FakeClock())
    assert home.read_bytes() == before


def test_a_plain_copy_of_the_file_is_refused_because_it_does_not_say_its_age(
    home: Path, tmp_path: Path
) -> None:
    source = tmp_path / "copy.db"
    source.write_bytes(home.read_bytes())
    with pytest.raises(NotABackup, match="when it was made"):
        restore(str(home), source, clock=FakeClock())


def test_a_backup_of_a_newer_program_is_refused(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "copy.db"
    back_up(str(home), source, clock=FakeClock())
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(NotABackup, match="0999"):
        restore(str(home), source, clock=FakeClock())


def test_a_restore_waits_for_no_writer_for_ever(home: Path, tmp_path: Path) -> None:
    """Somebody holds the database: nothing is changed, and the line says to try again."""
    source = tmp_path / "copy.db"
    back_up(str(home), source, clock=FakeClock())
    with closing(sqlite3.connect(home, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="try again"):
            restore(str(home), source, clock=FakeClock(NOW), patience=0.05)
        other.execute("ROLLBACK")
    with open_store(str(home), clock=FakeClock()) as store, store.reading() as unit:
        assert unit.records.gaps() == []


@pytest.mark.parametrize("work", [back_up, restore])
def test_a_server_makes_its_own_backups(tmp_path: Path, work: object) -> None:
    assert callable(work)
    with pytest.raises(ServerMakesBackups, match="pg_dump") as refused:
        work("postgresql://u:hunter2@h/d", tmp_path / "copy.db", clock=FakeClock())
    assert "hunter2" not in str(refused.value)
