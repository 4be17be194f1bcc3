"""G3, G5, G9: millions of rows in SQLite, and life among them."""

from __future__ import annotations

import marshal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from bench.courses import START
from bench.examples import DAYS, NOW, open_at, plan_clinic
from bench.measure import Pair, Row, Sample, Size, equal, in_process, python

from medsched.services.amend import Amendment
from medsched.services.amendments import change_times
from medsched.services.book import Book, seconds
from medsched.services.plan import Order
from medsched.services.ports import DoseRow

_COLUMNS = ", ".join(DoseRow._fields)


def remove(path: Path) -> None:
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()


def rows_of(path: Path, which: str = "") -> list[tuple[Any, ...]]:
    """Return the dose rows of a database, all or those of one condition, by key."""
    connection = sqlite3.connect(path)
    sql = f"SELECT * FROM dose {which} ORDER BY prescription, day, slot"
    found = connection.execute(sql).fetchall()
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
