"""What changed between two revisions of a plan, dose by dose."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

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
        first, second: Revision numbers; the last two when left out.

    Raises:
        InvalidValue: there is no such revision.
    """
    last = max(plan.current, plan.draft)
    second = last if second is None else second
    first = second - 1 if first is None else first
    for number in (first, second):
        if not 1 <= number <= last:
            raise InvalidValue("revision", number, f"use 1 to {last}; one has nothing before it")
    since = seconds(book.revision(plan.number, max(first, second)).effective_from)
    old, new = (_rows(book, plan, number, since) for number in (first, second))
    return compare(old, new, book)


def _rows(book: Book, plan: Plan, number: int, since: int) -> dict[RowKey, DoseRow]:
    course = book.course(plan.number, number)
    until = date.fromordinal(max(plan.stored_until, course.start.toordinal() + 1))
    events = doses_of_days(course, course.start, until)
    rows = rows_of(events, plan, number)
    return {key_of(row): row for row in rows if row.due >= since}
