"""Administrations: appended and never changed, and which dose each of them settles.

Both promises are kept by constraints, not by looking first: a row of `settlement`
is inserted, and whoever finds it there already was second. That holds for fifty
processes at once, on both databases.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.domain.amount import Amount, Unit, plain
from medsched.domain.dose import DoseKey, dose_key
from medsched.frozen import replace
from medsched.services.ports import AlreadySettled
from medsched.store.cells import instant_of
from medsched.store.gaps import gaps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medsched.store.driver import Cells, Driver

_ERROR: Final = AdministrationStatus.ENTERED_IN_ERROR

_COLUMNS: Final = (
    "prescription",
    "day",
    "slot",
    "status",
    "at",
    "recorded_at",
    "recorded_by",
    "amount",
    "unit",
    "reason",
    "corrects",
    "token",
)
_APPEND: Final = (
    f"INSERT INTO administration ({', '.join(_COLUMNS)})"  # noqa: S608  # own names
    f" VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT DO NOTHING RETURNING id"
)
_ALL: Final = (
    f"SELECT id, {', '.join(f'administration.{one}' for one in _COLUMNS)}"  # noqa: S608  # own names
    " FROM administration"
)
_DOSE: Final = "prescription = ? AND day = ? AND slot = ?"
_SETTLE: Final = (
    "INSERT INTO settlement (prescription, day, slot, administration) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING RETURNING administration"
)
_SETTLING: Final = f"{_ALL} WHERE id = (SELECT administration FROM settlement WHERE {_DOSE})"  # noqa: S608


class SqlRecords:
    """`ports.Records` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def append(self, administration: Administration) -> Administration:
        """Store a record and return it with its id; a repeated token returns the first record.

        Raises:
            AlreadySettled: it names a dose that a standing record settles; nothing is stored.
        """
        with self._driver.part():
            made = self._driver.rows(_APPEND, self._cells(administration))
            if not made:
                return self._repeated(administration)
            [(number,)] = made
            if administration.dose and administration.status is not _ERROR:
                self._settle(administration.dose, number)
        return replace(administration, id=number)

    def release(self, dose: str) -> None:
        """Let a dose be settled again, after its record was corrected."""
        self._driver.each(f"DELETE FROM settlement WHERE {_DOSE}", [_place(dose)])  # noqa: S608

    def of_plans(
        self, numbers: Sequence[int], since: datetime | None = None
    ) -> list[Administration]:
        """Return all records, corrections too, by the time they were recorded, then id.

        Args:
            since: Only what was recorded from then on; nothing is recorded before it
                happened, so nothing that happened since then is left out.
        """
        if not numbers:
            return []
        query = f"{_ALL} WHERE prescription IN ({', '.join('?' * len(numbers))})"
        cells: Cells = tuple(numbers)
        if since is not None:
            query, cells = f"{query} AND recorded_at >= ?", (*cells, self._driver.instant(since))
        rows = self._driver.rows(f"{query} ORDER BY recorded_at, id", cells)
        return [_administration(row) for row in rows]

    def settling(self, dose: str) -> Administration | None:
        """Return the standing record that settles a dose."""
        return _one(self._driver.rows(_SETTLING, _place(dose)))

    def by_token(self, token: str) -> Administration | None:
        """Return the record that a repeated request made before."""
        if not token:
            return None
        return _one(self._driver.rows(f"{_ALL} WHERE token = ?", (token,)))

    def gaps(self) -> list[tuple[datetime, datetime]]:
        """Return the stretches whose records are lost, because a backup was restored."""
        return gaps(self._driver)

    def _settle(self, dose: str, number: int) -> None:
        if self._driver.rows(_SETTLE, (*_place(dose), number)):
            return
        first = self.settling(dose)
        assert first is not None  # noqa: S101  # the constraint has just named it
        raise AlreadySettled(first)

    def _repeated(self, administration: Administration) -> Administration:
        first = self.by_token(administration.token)
        assert first is not None  # noqa: S101  # the constraint has just named it
        return first

    def _cells(self, one: Administration) -> Cells:
        place = _place(one.dose) if one.dose else (int(one.prescription), None, None)
        return (
            *place,
            one.status.value,
            self._driver.instant(one.at),
            self._driver.instant(one.recorded_at),
            one.by,
            None if one.amount is None else plain(one.amount.value),
            None if one.amount is None else one.amount.unit.value,
            one.reason,
            one.corrects or None,
            one.token or None,
        )


def _place(dose: str) -> tuple[int, int, int]:
    """Return the key of a dose id: prescription, ordinal of the local day, place in the day."""
    key = dose_key(dose)
    return int(key.prescription), key.day.toordinal(), key.slot


def _one(rows: list[tuple[Any, ...]]) -> Administration | None:
    return _administration(rows[0]) if rows else None


def _administration(row: tuple[Any, ...]) -> Administration:
    number, *cells = row
    told = dict(zip(_COLUMNS, cells, strict=True))
    prescription, day, amount = str(told["prescription"]), told["day"], told["amount"]
    key = None if day is None else DoseKey(prescription, date.fromordinal(day), told["slot"])
    return Administration(
        id=number,
        prescription=prescription,
        status=AdministrationStatus(told["status"]),
        at=instant_of(told["at"]),
        recorded_at=instant_of(told["recorded_at"]),
        dose="" if key is None else str(key),
        by=told["recorded_by"],
        amount=None if amount is None else Amount(Decimal(amount), Unit(told["unit"])),
        reason=told["reason"],
        corrects=told["corrects"] or 0,
        token=told["token"] or "",
    )
