"""Prescriptions as they stand, with their revisions and dose rows behind one door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from medsched.domain.prescription import Status
from medsched.services.ports import Plan
from medsched.store.cells import instant_of
from medsched.store.doses import SqlDoses
from medsched.store.revisions import SqlRevisions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from medsched.store.driver import Driver

_PAGE: Final = 1000

_NEW: Final = (
    "key, person, protocol, medication, status, current, draft, tracked, stored_until, created_at"
)
_ALL: Final = f"SELECT number, {_NEW} FROM prescription"  # noqa: S608  # own names
_ADD: Final = (
    f"INSERT INTO prescription ({_NEW})"  # noqa: S608  # own names
    " VALUES (?, ?, ?, ?, ?, 0, 0, NULL, 0, ?) RETURNING number"
)
_SAVE: Final = (
    "UPDATE prescription SET status = ?, current = ?, draft = ?, tracked = ?, stored_until = ?"
    " WHERE number = ?"
)
_NUMBERS: Final = "SELECT number FROM prescription WHERE number > ? ORDER BY number LIMIT ?"


class SqlPlans(SqlDoses, SqlRevisions):
    """`ports.Plans` over SQL."""

    def __init__(self, driver: Driver) -> None:
        SqlDoses.__init__(self, driver)
        SqlRevisions.__init__(self, driver)

    def add(self, person: str, key: str, protocol: str, medication: str, at: datetime) -> Plan:
        """Make a new prescription without revisions and return it with its number."""
        status, made_at = Status.DRAFT.value, self._driver.instant(at)
        new = (key, int(person), protocol, medication, status, made_at)
        [(number,)] = self._driver.rows(_ADD, new)
        found = self.get(number)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    def get(self, number: int) -> Plan | None:
        """Return the prescription of that number."""
        found = self._driver.rows(f"{_ALL} WHERE number = ?", (number,))
        return _plan(found[0]) if found else None

    def of_person(self, person: str) -> list[Plan]:
        """Return a person's prescriptions, by number."""
        if not (person.isascii() and person.isdigit()):
            return []
        query = f"{_ALL} WHERE person = ? ORDER BY number"
        return [_plan(row) for row in self._driver.rows(query, (int(person),))]

    def numbers(self, after: int = 0) -> Iterator[int]:
        """Yield the numbers of all prescriptions above `after`, rising, not held all at once."""
        last = after
        while True:
            page = [number for (number,) in self._driver.rows(_NUMBERS, (last, _PAGE))]
            yield from page
            if len(page) < _PAGE:
                return
            last = page[-1]

    def lock(self, number: int) -> Plan:
        """Return the prescription and keep other writers off it until the unit ends.

        Raises:
            KeyError: there is none of that number.
        """
        query = f"{_ALL} WHERE number = ?{self._driver.for_update}"
        found = self._driver.rows(query, (number,))
        if not found:
            raise KeyError(number)
        return _plan(found[0])

    def save(self, plan: Plan) -> None:
        """Store status, current, draft, tracked and stored_until.

        Raises:
            KeyError: there is none of that number.
        """
        new = (plan.status.value, plan.current, plan.draft, plan.tracked, plan.stored_until)
        if self._driver.each(_SAVE, [(*new, plan.number)]) != 1:
            raise KeyError(plan.number)


def _plan(row: tuple[Any, ...]) -> Plan:
    (
        number,
        key,
        person,
        protocol,
        medication,
        status,
        current,
        draft,
        tracked,
        stored_until,
        created_at,
    ) = row
    return Plan(
        number=number,
        key=key,
        person=str(person),
        protocol=protocol,
        medication=medication,
        status=Status(status),
        current=current,
        draft=draft,
        tracked=None if tracked is None else bool(tracked),
        stored_until=stored_until,
        created_at=instant_of(created_at),
    )
