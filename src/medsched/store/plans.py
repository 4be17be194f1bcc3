"""Prescriptions as they stand, with their revisions and dose rows behind one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from medsched.domain.prescription import Status
from medsched.services.ports import Plan
from medsched.store.doses import SqlDoses
from medsched.store.revisions import SqlRevisions
from medsched.store.tables.plans import PRESCRIPTION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

    from sqlalchemy.engine import Connection, RowMapping

_PAGE = 1000


class SqlPlans(SqlDoses, SqlRevisions):
    """`ports.Plans` over SQL."""

    def __init__(self, connection: Connection) -> None:
        SqlDoses.__init__(self, connection)
        SqlRevisions.__init__(self, connection)

    def add(self, person: str, key: str, protocol: str, medication: str, at: datetime) -> Plan:
        """Make a new prescription without revisions and return it with its number."""
        row: dict[str, Any] = {
            "key": key,
            "person": int(person),
            "protocol": protocol,
            "medication": medication,
            "status": Status.DRAFT.value,
            "current": 0,
            "draft": 0,
            "tracked": None,
            "stored_until": 0,
            "created_at": at,
        }
        made = insert(PRESCRIPTION).values(**row).returning(PRESCRIPTION.c.number)
        number = self._connection.execute(made).scalar_one()
        found = self.get(number)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    def get(self, number: int) -> Plan | None:
        """Return the prescription of that number."""
        query = _ALL.where(PRESCRIPTION.c.number == number)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _plan(row)

    def of_person(self, person: str) -> list[Plan]:
        """Return a person's prescriptions, by number."""
        if not (person.isascii() and person.isdigit()):
            return []
        query = _ALL.where(PRESCRIPTION.c.person == int(person)).order_by(PRESCRIPTION.c.number)
        return [_plan(row) for row in self._connection.execute(query).mappings()]

    def numbers(self, after: int = 0) -> Iterator[int]:
        """Yield the numbers of all prescriptions above `after`, rising, not held all at once."""
        last = after
        while True:
            column = PRESCRIPTION.c.number
            query = select(column).where(column > last).order_by(column).limit(_PAGE)
            page = list(self._connection.execute(query).scalars())
            yield from page
            if len(page) < _PAGE:
                return
            last = page[-1]

    def lock(self, number: int) -> Plan:
        """Return the prescription and keep other writers off it until the unit ends.

        Raises:
            KeyError: there is none of that number.
        """
        query = _ALL.where(PRESCRIPTION.c.number == number).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise KeyError(number)
        return _plan(row)

    def save(self, plan: Plan) -> None:
        """Store status, current, draft, tracked and stored_until.

        Raises:
            KeyError: there is none of that number.
        """
        row = (
            update(PRESCRIPTION)
            .where(PRESCRIPTION.c.number == plan.number)
            .values(
                status=plan.status.value,
                current=plan.current,
                draft=plan.draft,
                tracked=plan.tracked,
                stored_until=plan.stored_until,
            )
        )
        if self._connection.execute(row).rowcount != 1:
            raise KeyError(plan.number)


_ALL = select(PRESCRIPTION)


def _plan(row: RowMapping) -> Plan:
    return Plan(
        number=row["number"],
        key=row["key"],
        person=str(row["person"]),
        protocol=row["protocol"],
        medication=row["medication"],
        status=Status(row["status"]),
        current=row["current"],
        draft=row["draft"],
        tracked=row["tracked"],
        stored_until=row["stored_until"],
        created_at=row["created_at"],
    )
