"""Doses whose clock time is another one since the rules of a time zone changed.

A stored dose keeps its instant, so an update of the machine's time zones moves nothing
by itself; but where a law changed the clocks, the clock then shows another time for it.
That is told, and `medsched travel` lays the doses anew at their usual times.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.prescription import Status
from medsched.domain.timeline import doses_of_days
from medsched.frozen import frozen
from medsched.services.book import Book, instant, row_of, seconds
from medsched.services.row_key import RowKey

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from medsched.services.ports import DoseRow, Plan, Unit

_AHEAD: Final = timedelta(days=400)
_MOST: Final = 3 * 3600
"""Seconds by which laws have moved clocks in one step, but for a change of date."""

_STEP: Final = 15 * 60


@frozen
class Displaced:
    """Doses of one plan that today's rules would put elsewhere.

    Args:
        number: of the prescription. count: how many doses. first: when the first of them
            is due as it is stored; meant: when it would be due by today's rules.
    """

    number: int
    count: int
    first: datetime
    meant: datetime


def only_the_zone(dose: DoseRow, expected: Iterable[DoseRow]) -> bool:
    """Return whether a stored dose is one that is expected, moved as only a zone's rules do.

    A changed digit in an instant would hardly be whole quarters of an hour.
    """
    return any(
        one._replace(due=dose.due) == dose
        and abs(one.due - dose.due) <= _MOST
        and (one.due - dose.due) % _STEP == 0
        for one in expected
    )


def displaced(book: Book, plan: Plan, now: datetime) -> Displaced | None:
    """Return which coming doses of a plan today's rules would put elsewhere; None for none."""
    if plan.status is not Status.ACTIVE or not plan.current:
        return None
    rows = book.unit.plans.doses([plan.number], seconds(now), seconds(now + _AHEAD))
    meant = _by_todays_rules(book, rows)
    found = [(one, meant[key]) for one in rows if (key := _key(one)) in meant]
    moved = [(row, due) for row, due in found if row.due != due]
    if not moved:
        return None
    first, due = moved[0]
    return Displaced(
        number=plan.number, count=len(moved), first=instant(first.due), meant=instant(due)
    )


def _by_todays_rules(book: Book, rows: Iterable[DoseRow]) -> dict[RowKey, int]:
    """Return when each row would be due if its revision were laid out today."""
    found: dict[RowKey, int] = {}
    stretches: dict[tuple[int, int], list[DoseRow]] = {}
    for row in rows:
        stretches.setdefault((row.prescription, row.revision), []).append(row)
    for (number, revision), some in stretches.items():
        first, last = min(one.day for one in some), max(one.day for one in some)
        course = book.course(number, revision)
        ours = {_key(one) for one in some}
        for event in doses_of_days(course, date.fromordinal(first), date.fromordinal(last)):
            row = row_of(event, number, revision)
            if _key(row) in ours:
                found[_key(row)] = row.due
    return found


def _key(row: DoseRow) -> RowKey:
    return RowKey(row.prescription, row.day, row.slot)


def displaced_of(book: Book, now: datetime) -> list[Displaced]:
    """Return the plans of a person with doses that today's rules would put elsewhere."""
    plans = book.unit.plans.of_person(book.person.id)
    return [one for plan in plans if (one := displaced(book, plan, now)) is not None]


def displaced_everywhere(unit: Unit, now: datetime) -> list[Displaced]:
    """Return the plans of everybody with such doses."""
    people = (Book(unit, person) for person in unit.people.all())
    return [one for book in people for one in displaced_of(book, now)]
