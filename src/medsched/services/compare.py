"""What changed between two revisions of a plan, dose by dose."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from medsched.domain.prescription import Status
from medsched.domain.timeline import doses_of_days
from medsched.errors import InvalidValue
from medsched.services.book import rows_of, seconds
from medsched.services.revise import Diff, compare, key_of

if TYPE_CHECKING:
    from medsched.services.book import Book
    from medsched.services.ports import DoseRow, Plan, RowKey


def between(book: Book, plan: Plan, first: int | None, second: int | None) -> Diff:
    """Return what `second` changed against `first`: the doses from its first instant on.

    Args:
        first, second: Revision numbers; when left out the last one, against what was in
            force before it.

    Raises:
        InvalidValue: there is no such revision.
    """
    last = max(plan.current, plan.draft)
    second = last if second is None else second
    first = _in_force_before(book, plan, second) if first is None else first
    for number in (first, second):
        if not 1 <= number <= last:
            raise InvalidValue("revision", number, f"use 1 to {last}; one has nothing before it")
    since = seconds(book.revision(plan.number, max(first, second)).effective_from)
    old, new = (_rows(book, plan, number, since) for number in (first, second))
    return compare(old, new, book)


def _in_force_before(book: Book, plan: Plan, number: int) -> int:
    """Return the last revision before `number` that was no draft; else the one before it."""
    earlier = range(min(number, max(plan.current, plan.draft)) - 1, 0, -1)
    in_force = (
        one
        for one in earlier
        if book.revision(plan.number, one).prescription.status is not Status.DRAFT
    )
    return next(in_force, number - 1)


def _rows(book: Book, plan: Plan, number: int, since: int) -> dict[RowKey, DoseRow]:
    course = book.course(plan.number, number)
    until = date.fromordinal(max(plan.stored_until, course.start.toordinal() + 1))
    events = doses_of_days(course, course.start, until)
    rows = rows_of(events, plan, number)
    return {key_of(row): row for row in rows if row.due >= since}
