"""Administrations: appended and never changed, and which dose each of them settles.

Both promises are kept by constraints, not by looking first: a row of `settlement`
is inserted, and whoever finds it there already was second. That holds for fifty
processes at once, on both databases.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.domain.amount import Amount, Unit
from medsched.domain.dose import DoseKey, dose_key
from medsched.services.ports import AlreadySettled
from medsched.store.tables.records import ADMINISTRATION, SETTLEMENT
from medsched.store.upsert import insert_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection, RowMapping

_ERROR: Final = AdministrationStatus.ENTERED_IN_ERROR


class SqlRecords:
    """`ports.Records` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, administration: Administration) -> Administration:
        """Store a record and return it with its id; a repeated token returns the first record.

        Raises:
            AlreadySettled: it names a dose that a standing record settles; nothing is stored.
        """
        with self._connection.begin_nested():
            insert = insert_for(self._connection, ADMINISTRATION)
            new = insert.values(**_row(administration)).on_conflict_do_nothing()
            number = self._connection.execute(new.returning(ADMINISTRATION.c.id)).scalar()
            if number is None:
                return self._repeated(administration)
            if administration.dose and administration.status is not _ERROR:
                self._settle(administration.dose, number)
        return replace(administration, id=number)

    def release(self, dose: str) -> None:
        """Let a dose be settled again, after its record was corrected."""
        key = _place(dose)
        self._connection.execute(delete(SETTLEMENT).filter_by(**key))

    def of_plans(
        self, numbers: Sequence[int], since: datetime | None = None
    ) -> list[Administration]:
        """Return all records, corrections too, by the time they were recorded, then id.

        Args:
            since: Only what was recorded from then on; nothing is recorded before it
                happened, so nothing that happened since then is left out.
        """
        table = ADMINISTRATION.c
        query = select(ADMINISTRATION).where(table.prescription.in_(list(numbers)))
        if since is not None:
            query = query.where(table.recorded_at >= since)
        rows = self._connection.execute(query.order_by(table.recorded_at, table.id)).mappings()
        return [_administration(row) for row in rows]

    def settling(self, dose: str) -> Administration | None:
        """Return the standing record that settles a dose."""
        joined = select(ADMINISTRATION).join(
            SETTLEMENT, SETTLEMENT.c.administration == ADMINISTRATION.c.id
        )
        key = _place(dose)
        query = joined.where(*(SETTLEMENT.c[name] == value for name, value in key.items()))
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _administration(row)

    def by_token(self, token: str) -> Administration | None:
        """Return the record that a repeated request made before."""
        if not token:
            return None
        query = select(ADMINISTRATION).where(ADMINISTRATION.c.token == token)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _administration(row)

    def gaps(self) -> list[tuple[datetime, datetime]]:
        """Return the stretches whose records are lost, because a backup was restored."""
        from medsched.store.gaps import gaps

        return gaps(self._connection)

    def _settle(self, dose: str, number: int) -> None:
        insert = insert_for(self._connection, SETTLEMENT)
        new = insert.values(**_place(dose), administration=number).on_conflict_do_nothing()
        if self._connection.execute(new.returning(SETTLEMENT.c.administration)).scalar():
            return
        first = self.settling(dose)
        assert first is not None  # noqa: S101  # the constraint has just named it
        raise AlreadySettled(first)

    def _repeated(self, administration: Administration) -> Administration:
        first = self.by_token(administration.token)
        assert first is not None  # noqa: S101  # the constraint has just named it
        return first


def _place(dose: str) -> dict[str, int]:
    """Return the key of a dose id: prescription, ordinal of the local day, place in the day."""
    key = dose_key(dose)
    return {
        "prescription": int(key.prescription),
        "day": key.day.toordinal(),
        "slot": key.slot,
    }


def _row(one: Administration) -> dict[str, Any]:
    place = _place(one.dose) if one.dose else {"day": None, "slot": None}
    return {
        **place,
        "prescription": int(one.prescription),
        "status": one.status.value,
        "at": one.at,
        "recorded_at": one.recorded_at,
        "recorded_by": one.by,
        "amount": None if one.amount is None else one.amount.value,
        "unit": None if one.amount is None else one.amount.unit.value,
        "reason": one.reason,
        "corrects": one.corrects or None,
        "token": one.token or None,
    }


def _administration(row: RowMapping) -> Administration:
    number, amount = str(row["prescription"]), row["amount"]
    day = row["day"]
    key = None if day is None else DoseKey(number, date.fromordinal(day), row["slot"])
    return Administration(
        id=row["id"],
        prescription=number,
        status=AdministrationStatus(row["status"]),
        at=row["at"],
        recorded_at=row["recorded_at"],
        dose="" if key is None else str(key),
        by=row["recorded_by"],
        amount=None if amount is None else Amount(amount, Unit(row["unit"])),
        reason=row["reason"],
        corrects=row["corrects"] or 0,
        token=row["token"] or "",
    )
