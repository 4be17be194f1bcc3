"""When a plan is on hold or stopped: what was open before it must not be taken any more."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from medsched.domain.prescription import Status
from medsched.domain.walltime import DAY

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.course import Course
    from medsched.services.book import Book
    from medsched.services.ports import Plan


def pauses(book: Book, plan: Plan) -> tuple[tuple[datetime, datetime | None], ...]:
    """Return the holds of the revision in force, and the time after a stop; aware UTC.

    None begins before the revision took effect.
    """
    revision = book.revision(plan.number, plan.current)
    course = book.course(plan.number, plan.current)
    if plan.status is not Status.STOPPED and all(one.dosage is not None for one in course.phases):
        return ()
    found = [
        (_midnight(one.first_day, course), None if one.is_open else _after(one.last_day, course))
        for one in course.phases
        if one.dosage is None
    ]
    if plan.status is Status.STOPPED:
        dosed = [one.last_day for one in course.phases if one.dosage is not None]
        ended = _after(max(dosed), course) if dosed else revision.effective_from
        found.append((ended, None))
    return tuple((max(since, revision.effective_from), end) for since, end in found)


def _midnight(day: date, course: Course) -> datetime:
    return datetime.combine(day, time(0), tzinfo=course.itinerary.home).astimezone(UTC)


def _after(day: date, course: Course) -> datetime:
    return _midnight(day + DAY, course)
