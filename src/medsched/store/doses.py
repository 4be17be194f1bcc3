"""Dose rows: in the plan, withdrawn from it, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.services.ports import DoseRow, Withdrawal, WithdrawnDose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medsched.services.ports import RowKey
    from medsched.store.driver import Driver

_EPOCH: Final = 719_163
"""Proleptic ordinal of 1970-01-01."""
_DAY_SECONDS: Final = 86_400
_MARGIN_DAYS: Final = 3
"""More than any zone, clock change or bedtime parts a dose's local day from its UTC day."""
_SAFE_NUMBERS: Final = 500
"""Prescriptions asked for at once; SQLite takes so many parameters on every build."""

_FIELDS: Final = DoseRow._fields
_COLUMNS: Final = ", ".join(_FIELDS)
_KEY: Final = "prescription = ? AND day = ? AND slot = ?"
_UPDATE: Final = (
    "UPDATE dose SET due = ?, amount = ?, phase = ?, revision = ?, sequence = ?"  # noqa: S608
    f" WHERE {_KEY}"
)
_WITHDRAW: Final = (
    f"INSERT INTO withdrawn_dose ({_COLUMNS}, withdrawn_by, why)"  # noqa: S608
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (prescription, day, slot) DO UPDATE SET due = excluded.due,"
    " amount = excluded.amount, phase = excluded.phase, revision = excluded.revision,"
    " sequence = excluded.sequence, withdrawn_by = excluded.withdrawn_by, why = excluded.why"
)


class SqlDoses:
    """The part of `ports.Plans` that is about dose rows, straight on the driver."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def insert_doses(self, rows: Iterable[DoseRow]) -> int:
        """Store new dose rows and return how many; a key that is there already is an error."""
        return self._driver.load("dose", _FIELDS, rows)

    def update_doses(self, rows: Iterable[DoseRow]) -> None:
        """Replace the rows of the same keys.

        Raises:
            KeyError: a row is not there.
        """
        kept = list(rows)
        changed = self._driver.each(_UPDATE, [(*row[3:], *row[:3]) for row in kept])
        _all_there(changed, kept)

    def withdraw_doses(self, doses: Iterable[WithdrawnDose]) -> None:
        """Take dose rows out of the plan and keep them as withdrawn."""
        kept = list(doses)
        self._driver.each(f"DELETE FROM dose WHERE {_KEY}", [one.row[:3] for one in kept])  # noqa: S608
        self._driver.each(_WITHDRAW, [(*one.row, one.by, one.why.value) for one in kept])

    def restore_doses(self, rows: Iterable[DoseRow]) -> None:
        """Put withdrawn doses back into the plan, with their new content.

        Raises:
            KeyError: a dose is not among the withdrawn ones.
        """
        kept = list(rows)
        sql = f"DELETE FROM withdrawn_dose WHERE {_KEY}"  # noqa: S608
        _all_there(self._driver.each(sql, [row[:3] for row in kept]), kept)
        self.insert_doses(kept)

    def doses(self, numbers: Sequence[int], since: int, until: int) -> list[DoseRow]:
        """Return rows with `since` <= due < `until` (UTC seconds), by due, then key."""
        found = self._between("dose", _COLUMNS, numbers, since, until)
        return list(map(DoseRow._make, found))

    def doses_of_days(self, number: int, first: int, last: int) -> list[DoseRow]:
        """Return the rows of the local days `first` to `last` (ordinals), by due."""
        sql = (
            f"SELECT {_COLUMNS} FROM dose WHERE prescription = ? AND day BETWEEN ? AND ?"  # noqa: S608
            " ORDER BY due, day, slot"
        )
        return list(map(DoseRow._make, self._driver.rows(sql, (number, first, last))))

    def dose(self, key: RowKey) -> DoseRow | None:
        """Return one row."""
        found = self._driver.rows(f"SELECT {_COLUMNS} FROM dose WHERE {_KEY}", tuple(key))  # noqa: S608
        return DoseRow._make(found[0]) if found else None

    def withdrawn(self, numbers: Sequence[int], since: int, until: int) -> list[WithdrawnDose]:
        """Return withdrawn doses with `since` <= due < `until`, by due, then key."""
        found = self._between(
            "withdrawn_dose", f"{_COLUMNS}, withdrawn_by, why", numbers, since, until
        )
        return [_withdrawn(row) for row in found]

    def withdrawn_dose(self, key: RowKey) -> WithdrawnDose | None:
        """Return one withdrawn dose."""
        sql = f"SELECT {_COLUMNS}, withdrawn_by, why FROM withdrawn_dose WHERE {_KEY}"  # noqa: S608
        found = self._driver.rows(sql, tuple(key))
        return _withdrawn(found[0]) if found else None

    def _between(
        self, table: str, columns: str, numbers: Sequence[int], since: int, until: int
    ) -> list[tuple[int | str, ...]]:
        """Read by the key: the days around the instants, then exactly the instants."""
        first, last = _day(since) - _MARGIN_DAYS, _day(until) + _MARGIN_DAYS
        found: list[tuple[int | str, ...]] = []
        for start in range(0, len(numbers), _SAFE_NUMBERS):
            some = tuple(numbers[start : start + _SAFE_NUMBERS])
            marks = ", ".join("?" * len(some))
            sql = (
                f"SELECT {columns} FROM {table} WHERE prescription IN ({marks})"  # noqa: S608
                " AND day BETWEEN ? AND ? AND due >= ? AND due < ?"
                " ORDER BY due, prescription, day, slot"
            )
            found += self._driver.rows(sql, (*some, first, last, since, until))
        if len(numbers) > _SAFE_NUMBERS:
            found.sort(key=lambda row: (row[3], row[:3]))
        return found


def _day(instant: int) -> int:
    return instant // _DAY_SECONDS + _EPOCH


def _withdrawn(row: tuple[int | str, ...]) -> WithdrawnDose:
    *cells, by, why = row
    return WithdrawnDose(row=DoseRow._make(cells), by=int(by), why=Withdrawal(why))  # type: ignore[arg-type]  # the driver's cells


def _all_there(changed: int, rows: list[DoseRow]) -> None:
    if changed != len(rows):
        raise KeyError(f"{len(rows) - changed} of {len(rows)} dose rows are not there")
