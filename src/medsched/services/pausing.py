"""Pause a plan and let it go on: where it stopped, and on the right day of its cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.prescription import Prescription, Status
from medsched.domain.walltime import DAY
from medsched.errors import InvalidValue
from medsched.frozen import frozen, replace
from medsched.services.amend import Amended, Amendment, NotRunning, amend, not_on_hold
from medsched.services.ports import RevisionKind, Withdrawal
from medsched.services.rephase import followed_by, hold_phases, left_from, phase_on

if TYPE_CHECKING:
    from datetime import date, datetime

    from medsched.domain.course import Course, CoursePhase
    from medsched.services.book import Book
    from medsched.services.ports import Plan


def hold(
    book: Book, plan: Plan, asked: Amendment, days: int | None, *, anew: bool = False
) -> Amended:
    """Pause the doses from a day on, for `days` days or until `resume`.

    With a length, what was planned goes on afterwards where it stopped; a cycle goes on by
    its calendar, or begins `anew` when the prescriber orders that.
    """
    not_on_hold(plan)

    def change(now: Prescription, course: Course) -> Prescription:
        phase_on(course, asked.day)
        pauses = hold_phases(course, asked.day, days)
        left = left_from(now, course, asked.day, now=asked.now, anew=anew)
        after = left if days is not None else ()
        laid = followed_by(now, course, asked.day, (*pauses, *after))
        return replace(now, phases=laid, status=Status.ON_HOLD if days is None else now.status)

    return amend(
        book, plan, RevisionKind.HOLD, asked, change, needs_order=anew, why=Withdrawal.HELD
    )


def resume(book: Book, plan: Plan, asked: Amendment, *, anew: bool = False) -> Amended:
    """End a hold: the plan goes on where it was held; a hold with an end, before that end.

    A cycle goes on by its calendar, or begins `anew`.
    """
    if plan.status is not Status.ON_HOLD:
        return _resume_early(book, plan, asked, anew=anew)
    held = _last_running(book, plan)

    def change(now: Prescription, course: Course) -> Prescription:
        pause = phase_on(course, max(asked.day, course.start))
        before, day = held.prescription, pause.first_day
        left = left_from(before, held.course, day, now=held.until, anew=anew)
        laid = followed_by(now, course, asked.day, left)
        return replace(now, phases=laid, status=Status.ACTIVE)

    return amend(book, plan, RevisionKind.RESUME, asked, change, needs_order=True)


def _resume_early(book: Book, plan: Plan, asked: Amendment, *, anew: bool) -> Amended:
    """End a hold of so many days: what was laid after it begins on the day asked for."""
    course = book.course(plan.number, plan.current) if plan.current else None
    pause = _pause_on(course, asked.day) if course is not None else None
    if course is None or pause is None:
        day = asked.day.isoformat()
        raise InvalidValue("resume", f"prescription {plan.number}", f"it is not on hold on {day}")

    def change(now: Prescription, course: Course) -> Prescription:
        left = left_from(now, course, pause.last_day + DAY)
        if anew:
            left = tuple(replace(one, counted_from=None) for one in left)
        return replace(now, phases=followed_by(now, course, asked.day, left))

    return amend(book, plan, RevisionKind.RESUME, asked, change, needs_order=True)


def _pause_on(course: Course, day: date) -> CoursePhase | None:
    """Return the stretch without doses that holds a day, None where doses are planned."""
    found = (one for one in course.phases if one.first_day <= day <= one.last_day)
    return next((one for one in found if one.dosage is None), None)


@frozen
class _Before:
    """A plan as it was, and the instant until which it was followed."""

    prescription: Prescription
    course: Course
    until: datetime


def _last_running(book: Book, plan: Plan) -> _Before:
    """Return the plan as it was before it was held."""
    until = book.revision(plan.number, plan.current).effective_from
    for number in range(plan.current, 0, -1):
        revision = book.revision(plan.number, number)
        prescription = revision.prescription
        if prescription.status is Status.ON_HOLD:
            until = revision.effective_from
        elif prescription.status is Status.ACTIVE:
            course = book.course(plan.number, number)
            return _Before(prescription=prescription, course=course, until=until)
    raise NotRunning(plan)
