"""Very many at once: a clinic's import, as fast as the database takes it.

A run of doses that differ only by the day is one small row on its way in, and the
database itself makes the dose rows of it: no time is spent in Python for each of
millions. When the dose table is empty, its index is made afterwards. Memory stays
the same however many there are.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Final

from medsched.frozen import replace
from medsched.services.document import person_text
from medsched.services.ports import DoseRow, DoseRun
from medsched.store.digests import digest_of
from medsched.store.refusals import NameTaken
from medsched.store.revisions import add_revisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from medsched.domain.person import Person
    from medsched.services.ports import Plan, Revision
    from medsched.store.driver import Driver

_RUNS_AT_ONCE: Final = 5_000
_LONGEST_RUN: Final = 4_000
"""More days than any horizon; a longer run is an error of the caller."""
_CACHE_KIB: Final = 8_192
_INDEX: Final = "CREATE INDEX ix_dose_due ON dose (due)"
_ROWS_OF_RUNS: Final = (
    "INSERT INTO dose (prescription, day, slot, due, amount, phase, revision, sequence)"
    " SELECT prescription, day + step * place.n, slot, due + 86400 * step * place.n,"
    " amount, phase, revision, sequence"
    " FROM dose_run CROSS JOIN place WHERE place.n < dose_run.doses ORDER BY 1, 2, 3"
)
"""CROSS JOIN: SQLite then takes the runs first, and of the places only those it needs."""

_NEXT: Final = "SELECT nextval(pg_get_serial_sequence(?, ?)) FROM generate_series(1, ?)"

_PERSON: Final = ("id", "name", "document", "digest", "updated_at")
_LOG: Final = ("person", "document", "digest", "at")
_PLAN: Final = (
    "number",
    "key",
    "person",
    "protocol",
    "medication",
    "status",
    "current",
    "draft",
    "tracked",
    "stored_until",
    "created_at",
)


@contextmanager
def loading(driver: Driver) -> Iterator[SqlLoader]:
    """Set the transaction up for very many rows, and back."""
    if driver.is_server:
        driver.run("SET LOCAL statement_timeout = 0")
        driver.run("SET LOCAL maintenance_work_mem = '64MB'")
    empty = not driver.rows("SELECT 1 FROM dose LIMIT 1", ())
    with nullcontext() if driver.is_server else _roomy(driver, overwrite=not empty):
        if empty:
            driver.run("DROP INDEX ix_dose_due")
        yield SqlLoader(driver)
        if empty:
            driver.run(_INDEX)


@contextmanager
def _roomy(driver: Driver, *, overwrite: bool) -> Iterator[None]:
    """Give SQLite some memory; and where nothing was yet, nothing deleted needs overwriting."""
    [(before,)] = driver.rows("PRAGMA cache_size", ())
    driver.run(f"PRAGMA cache_size = -{_CACHE_KIB}")
    driver.run(f"PRAGMA secure_delete = {'ON' if overwrite else 'OFF'}")
    try:
        yield
    finally:
        driver.run(f"PRAGMA cache_size = {before}")
        driver.run("PRAGMA secure_delete = ON")


class SqlLoader:
    """`ports.Loader` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._make_room_for_runs()

    def people(self, new: Sequence[Person], at: datetime) -> list[Person]:
        """Store new persons and return them with their ids, in the same order.

        Raises:
            NameTaken: somebody has one of the names; nothing of this call is stored.
        """
        self._refuse_taken([one.name for one in new])
        when = self._driver.instant(at)
        ids = self._numbers("person", "id", len(new))
        added = [replace(one, id=str(n)) for one, n in zip(new, ids, strict=True)]
        texts = [person_text(one) for one in added]
        digests = [digest_of(one) for one in texts]
        whole = zip(ids, added, texts, digests, strict=True)
        self._driver.load("person", _PERSON, ((n, p.name, t, d, when) for n, p, t, d in whole))
        log = zip(ids, texts, digests, strict=True)
        self._driver.load("person_log", _LOG, ((n, t, d, when) for n, t, d in log))
        return added

    def plans(self, new: Sequence[Plan]) -> list[Plan]:
        """Store new prescriptions as they stand; return them with their numbers, in order."""
        numbers = self._numbers("prescription", "number", len(new))
        added = [replace(one, number=n) for one, n in zip(new, numbers, strict=True)]
        self._driver.load("prescription", _PLAN, (self._plan(one) for one in added))
        return added

    def revisions(self, new: Iterable[Revision]) -> None:
        """Store the first revisions of new prescriptions."""
        add_revisions(self._driver, new)

    def doses(self, rows: Iterable[DoseRow]) -> int:
        """Store dose rows and return how many; any iterable, consumed as it comes."""
        return self._driver.load("dose", DoseRow._fields, rows)

    def runs(self, runs: Iterable[DoseRun]) -> int:
        """Store the rows of runs, several times faster than one by one; return how many."""
        coming, stored = iter(runs), 0
        while some := list(islice(coming, _RUNS_AT_ONCE)):
            longest = max(run.doses for run in some)
            assert longest <= _LONGEST_RUN, longest  # noqa: S101  # a caller's error
            self._driver.load("dose_run", DoseRun._fields, some)
            stored += self._driver.run(_ROWS_OF_RUNS)
            self._driver.run("DELETE FROM dose_run")
        return stored

    def _make_room_for_runs(self) -> None:
        """Make two temporary tables, which only this connection sees."""
        kept = " ON COMMIT DROP" if self._driver.is_server else ""
        run = _columns_of_runs(DoseRun._fields)
        for statement in (
            f"CREATE TEMPORARY TABLE IF NOT EXISTS dose_run ({run}){kept}",
            f"CREATE TEMPORARY TABLE IF NOT EXISTS place (n INTEGER PRIMARY KEY){kept}",
            "DELETE FROM dose_run",
            "DELETE FROM place",
        ):
            self._driver.run(statement)
        self._driver.load("place", ("n",), ((n,) for n in range(_LONGEST_RUN)))

    def _numbers(self, table: str, column: str, count: int) -> list[int]:
        """Reserve so many new numbers, rising."""
        if self._driver.is_server:
            return sorted(number for (number,) in self._driver.rows(_NEXT, (table, column, count)))
        query = f"SELECT COALESCE(MAX({column}), 0) FROM {table}"  # noqa: S608  # own names
        [(last,)] = self._driver.rows(query, ())
        return list(range(last + 1, last + 1 + count))

    def _refuse_taken(self, names: Sequence[str]) -> None:
        marks = ", ".join("?" * len(names))
        query = f"SELECT name FROM person WHERE name IN ({marks}) LIMIT 1"  # noqa: S608  # own names
        taken = [name for (name,) in self._driver.rows(query, names)] if names else []
        taken += (name for name, count in Counter(names).items() if count > 1)
        if taken:
            raise NameTaken(taken[0])

    def _plan(self, one: Plan) -> tuple[int | str | bool | datetime | None, ...]:
        return (
            one.number,
            one.key,
            int(one.person),
            one.protocol,
            one.medication,
            one.status.value,
            one.current,
            one.draft,
            one.tracked,
            one.stored_until,
            self._driver.instant(one.created_at),
        )


def _columns_of_runs(names: Sequence[str]) -> str:
    """Return the columns of the temporary table of runs: text for the amount, else integers."""
    return ", ".join(f"{name} {'TEXT' if name == 'amount' else 'BIGINT'}" for name in names)
