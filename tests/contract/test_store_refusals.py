"""What the store says when it cannot: one clear line each, and nothing stored."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from tests.contract.store_examples import NOW, a_person, a_stored_plan, python_path
from tests.fakes.clocks import FakeClock

from medsched.store.opening import open_store
from medsched.store.refusals import (
    CannotOpen,
    CannotWrite,
    Damaged,
    DatabaseBusy,
    NotADatabase,
    OpenToOthers,
    UnusableAddress,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.contract.conftest import Database
    from tests.postgres import Postgres

    from medsched.errors import MedschedError
    from medsched.store.opening import SqlStore


def refusal(address: str, kind: type[MedschedError]) -> str:
    """Return the one line with which an address is refused."""
    with pytest.raises(kind) as refused:
        open_store(address, clock=FakeClock())
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_a_new_file_and_its_folders_are_for_this_user_alone(tmp_path: Path) -> None:
    """Whatever the umask says; the write-ahead log too."""
    path = tmp_path / "a" / "b" / "medsched.db"
    before = os.umask(0)
    try:
        with open_store(str(path), clock=FakeClock()) as store:
            a_stored_plan(store)
            modes = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys((path.name, f"{path.name}-wal", f"{path.name}-shm"), 384)
    assert [one.stat().st_mode & 0o777 for one in (path.parent, path.parent.parent)] == [0o700] * 2


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660])
def test_a_file_that_others_can_open_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "medsched.db"
    open_store(str(path), clock=FakeClock()).close()
    path.chmod(mode)
    line = refusal(str(path), OpenToOthers)
    assert f"mode {mode:04o}" in line
    assert f"chmod 600 '{path}'" in line


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("take two and call me in the morning, " * 100)
    path.chmod(0o600)
    before = path.read_bytes()
    assert "is not a database" in refusal(str(path), NotADatabase)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    path.chmod(0o600)
    assert "another program's database" in refusal(str(path), NotADatabase)
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    connection.close()
    assert names == ["songs"]


def test_a_file_cut_in_half_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "medsched.db"
    with open_store(str(path), clock=FakeClock()) as store:
        a_stored_plan(store)
    os.truncate(path, path.stat().st_size // 2)
    assert "damaged" in refusal(str(path), NotADatabase)


@pytest.mark.parametrize("where", ["/proc/medsched/medsched.db", "{}/file/medsched.db"])
def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").touch()
    line = refusal(where.format(tmp_path), CannotOpen)
    assert "choose another folder with --home" in line


AS_NOBODY = """
import os, sys
import alembic.command, alembic.config
from medsched.errors import MedschedError
from medsched.store.engine import make_engine
from medsched.store.opening import open_store, read_address
from medsched.store import people
from tests.contract.store_examples import NOW, a_person
from tests.fakes.clocks import FakeClock
make_engine(read_address(sys.argv[1]))  # loads the driver while this user may
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    with open_store(sys.argv[1], clock=FakeClock()) as store, store.writing() as unit:
        unit.people.add(a_person(), NOW)
except MedschedError as refused:
    print(type(refused).__name__, refused)
else:
    print("stored")
"""


@pytest.mark.parametrize("exists", [True, False])
def test_a_read_only_home_is_told_in_one_line(repo: Path, exists: bool) -> None:
    """Run as an ordinary user, because root may write anywhere."""
    import shutil
    import tempfile
    from pathlib import Path as Folder

    home = Folder(tempfile.mkdtemp(prefix="medsched-read-only-"))
    try:
        path = home / "medsched.db"
        if exists:
            open_store(str(path), clock=FakeClock()).close()
            if os.getuid() == 0:
                os.chown(path, 65534, 65534)
        home.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(path)],
            cwd=repo,
            env={**os.environ, "PYTHONPATH": python_path(repo)},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        home.chmod(0o755)
        shutil.rmtree(home)
    assert done.stdout.startswith(("CannotOpen", "CannotWrite")), done.stderr
    assert str(path) in done.stdout
    assert done.stdout.count("\n") == 1


def test_a_database_that_somebody_writes_to_is_told_to_be_busy(tmp_path: Path) -> None:
    """After five seconds of waiting; shortened here. Reading goes on."""
    path = tmp_path / "medsched.db"
    with open_store(str(path), clock=FakeClock()) as store:
        other = sqlite3.connect(path, isolation_level=None)
        with store.reading() as unit:  # the next unit has the same connection
            unit.driver.run("PRAGMA busy_timeout = 10")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match=r"is busy.*try again"), store.writing() as unit:
            unit.people.add(a_person(), NOW)
        with store.reading() as unit:
            assert unit.people.all() == []
        other.execute("ROLLBACK")
        with store.writing() as unit:
            unit.people.add(a_person(), NOW)
        other.close()


def lock_in_a_hurry(store: SqlStore, number: int) -> None:
    """Lock a prescription within 20 milliseconds."""
    with store.writing() as unit:
        unit.driver.run("SET LOCAL lock_timeout = '20ms'")
        unit.plans.lock(number)


def test_a_locked_prescription_on_postgresql_is_told_to_be_busy(
    postgres: Postgres, migrated: str
) -> None:
    """After three seconds; shortened here."""
    with (
        postgres.database(migrated) as address,
        open_store(address, clock=FakeClock()) as store,
    ):
        plan = a_stored_plan(store)
        with store.writing() as first:
            first.plans.lock(plan.number)
            with pytest.raises(DatabaseBusy, match="try again"):
                lock_in_a_hurry(store, plan.number)


def test_a_full_disk_says_not_saved_and_the_store_goes_on(tmp_path: Path) -> None:
    """The disk is full by SQLite's own page limit; later there is room again."""
    with open_store(str(tmp_path / "medsched.db"), clock=FakeClock()) as store:
        with store.reading() as unit:
            unit.driver.run("PRAGMA max_page_count = 1")
        with pytest.raises(CannotWrite, match=r"NOT SAVED.*full"), store.writing() as unit:
            unit.protocols.keep("d", "examplin", "x" * 1_000_000)
        with store.reading() as unit:
            unit.driver.run("PRAGMA max_page_count = 1000000")
        with store.reading() as unit:
            assert unit.protocols.text("d") is None
        a_stored_plan(store)


@contextmanager
def no_byte_more() -> Iterator[None]:
    """Let no file of this process grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_refuses_to_write_says_not_saved(tmp_path: Path) -> None:
    """By a limit on the size of files of this process."""
    with open_store(str(tmp_path / "medsched.db"), clock=FakeClock()) as store:
        with no_byte_more(), pytest.raises(CannotWrite, match="NOT SAVED"):
            a_stored_plan(store)
        a_stored_plan(store)


def test_a_bit_flip_in_an_order_is_noticed_and_the_amount_not_shown(tmp_path: Path) -> None:
    """12.5 mg became 92.5 mg on the disk; the line names prescription and revision only."""
    path = tmp_path / "medsched.db"
    with open_store(str(path), clock=FakeClock()) as store:
        plan = a_stored_plan(store)
    content = path.read_bytes()
    place = content.index(b'"amount":"12.5 mg"')
    path.write_bytes(content[:place] + content[place:].replace(b"12.5 mg", b"92.5 mg", 1))
    with open_store(str(path), clock=FakeClock()) as store, store.reading() as unit:
        for read in (
            lambda: unit.plans.revision(plan.number, 1),
            lambda: unit.plans.revisions(plan.number),
        ):
            with pytest.raises(Damaged, match="prescription 1, revision 1") as refused:
                read()
            assert "92.5" not in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'other'",
        "ordered_by = ''",
        "kind = 'stop'",
        "overrides = '[]'",
        "number = 2",
    ],
)
def test_every_column_of_a_revision_is_under_its_digest(database: Database, change: str) -> None:
    with database.open() as store:
        plan = a_stored_plan(store)
        with store.engine.begin() as connection:
            if database.kind == "sqlite":
                connection.execute(text("DROP TRIGGER revision_no_update"))
            else:
                connection.execute(text("DROP TRIGGER revision_append_only ON revision"))
            connection.execute(text(f"UPDATE revision SET {change}"))
        with store.reading() as unit, pytest.raises(Damaged):
            unit.plans.revisions(plan.number)


def test_damaged_facts_of_a_person_and_damaged_rules_are_noticed(database: Database) -> None:
    with database.open() as store:
        a_stored_plan(store)
        with store.writing() as unit:
            unit.protocols.keep("d", "examplin", "maximum = 100")
        with store.engine.begin() as connection:
            connection.execute(text("UPDATE person SET document = document || ' '"))
            connection.execute(text("UPDATE protocol_text SET text = 'maximum = 900'"))
        with store.reading() as unit:
            with pytest.raises(Damaged, match="person 1"):
                unit.people.by_id("1")
            with pytest.raises(Damaged, match="rules of examplin"):
                unit.protocols.text("d")


@pytest.mark.parametrize(
    "address",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=ro",
        "mysql://u:hunter2@h/d",
        "post gres://u:hunter2@h/d",
        "postgresql://u:hunter2@h:port/d",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address: str) -> None:
    """It may hold a password."""
    line = refusal(address, UnusableAddress)
    assert "hunter2" not in line
    assert "write sqlite:////folder/medsched.db" in line


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    line = refusal(f"postgresql://u:hunter2@/d?host={tmp_path}", CannotOpen)
    assert "hunter2" not in line
    assert "is it running?" in line


def test_a_database_that_the_server_does_not_know_is_told(postgres: Postgres) -> None:
    assert "no such database" in refusal(postgres.url("nowhere"), CannotOpen)
