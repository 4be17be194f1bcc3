"""The end that somebody ordered for a plan: no amendment moves it, or drops it, unsaid.

A stop has a last day. A pause or a step back on the way down would move that day, and a
new dose would drop it. Both are possible, but only when it is said that they are meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.course import NEVER
from medsched.domain.finding import DetectedIssue, IssueCode, from_rule
from medsched.domain.prescription import Status
from medsched.domain.protocol import PhaseKind
from medsched.domain.safety_rules import Severity
from medsched.domain.taper_plan import TaperRefused
from medsched.domain.timeline import doses_of_days
from medsched.domain.walltime import DAY
from medsched.domain.words import date_words, days_words
from medsched.errors import MedschedError
from medsched.services.ports import RevisionKind

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.protocol import Protocol
    from medsched.services.book import Book
    from medsched.services.ports import Plan

_MOVES: Final = frozenset({RevisionKind.EXTEND, RevisionKind.SHIFT, RevisionKind.RESUME})
"""Amendments that say by themselves that what follows moves."""


class StopWouldMove(MedschedError):
    """A pause or a step back that would put off the last dose of a plan that is being stopped."""

    def __init__(self, plan: Plan, end: date) -> None:
        """Keep the plan and the day of its last dose."""
        self.plan, self.end = plan, end
        super().__init__(
            f"prescription {plan.number}: is being stopped, with its last dose on"
            f" {date_words(end)}, and this would move that day; ask the prescriber, and say"
            " --move-end if that is meant"
        )


class StopWouldBeLost(MedschedError):
    """A change after which a plan that is being stopped would go on for good."""

    def __init__(self, plan: Plan, end: date) -> None:
        """Keep the plan and the day of its last dose."""
        self.plan, self.end = plan, end
        super().__init__(
            f"prescription {plan.number}: is being stopped, with its last dose on"
            f" {date_words(end)}, and with this it would not end; ask the prescriber, and say"
            " --call-off-stop if that is meant"
        )


class PauseWouldEnd(MedschedError):
    """A change that would plan doses on days that are on hold."""

    def __init__(self, plan: Plan, first: date, last: date) -> None:
        """Keep the plan and the days of the pause."""
        self.plan, self.first, self.last = plan, first, last
        number = plan.number
        super().__init__(
            f"prescription {number}: is on hold from {date_words(first)} to {date_words(last)},"
            f" and this would plan doses there; begin after it, with --from"
            f" {last + DAY:%Y-%m-%d}, or end it first: medsched resume {number} --ordered-by NAME"
        )


def ordered_end(book: Book, plan: Plan) -> date | None:
    """Return the last day of a plan that somebody ordered to stop; None for any other plan."""
    if not _is_stopping(book, plan):
        return None
    end = _running_course(book, plan).last_day
    return None if end == NEVER else end


def _is_stopping(book: Book, plan: Plan) -> bool:
    before = None
    found = False
    for one in book.unit.plans.revisions(plan.number):
        drafted = one.prescription.status is Status.DRAFT
        confirmed = before if one.kind is RevisionKind.CONFIRM else None
        found |= not drafted and RevisionKind.STOP in {one.kind, confirmed}
        before = one.kind if drafted else None
    return found


def _running_course(book: Book, plan: Plan) -> Course:
    """Return the course in force, that of before the pause while a plan is on hold."""
    for number in range(plan.current, 0, -1):
        status = book.revision(plan.number, number).prescription.status
        if status not in {Status.DRAFT, Status.ON_HOLD}:
            return book.course(plan.number, number)
    return book.course(plan.number, plan.current)


def keep_end(
    plan: Plan, kind: RevisionKind, before: date | None, after: Course, *, meant: tuple[bool, bool]
) -> None:
    """Refuse to move or drop the end of a plan that is being stopped, unless that is meant.

    Args:
        before: The end that was ordered, None for a plan that nobody stops.
        meant: Whether the end may move, and whether the stop may be called off.

    Raises:
        StopWouldMove, StopWouldBeLost: as they say.
    """
    moves, called_off = meant
    if before is None or kind is RevisionKind.STOP or after.last_day == before or called_off:
        return
    waits = kind is RevisionKind.HOLD
    if after.last_day == NEVER and not waits:
        raise StopWouldBeLost(plan, before)
    if kind not in _MOVES and not moves:
        raise StopWouldMove(plan, before)


def keep_pauses(plan: Plan, kind: RevisionKind, before: Course, after: Course, day: date) -> None:
    """Refuse a change from `day` on that plans doses on days that are on hold, unsaid.

    Raises:
        PauseWouldEnd: as it says.
    """
    if kind not in {RevisionKind.CHANGE, RevisionKind.STEP_BACK, RevisionKind.STOP}:
        return
    for one in before.phases:
        if one.dosage is not None or one.is_open or one.last_day < day:
            continue
        if doses_of_days(after, max(one.first_day, day), one.last_day):
            raise PauseWouldEnd(plan, one.first_day, one.last_day)


def taper_length(protocol: Protocol, course: Course, kind: RevisionKind) -> list[DetectedIssue]:
    """Return a warning when the way down of a plan got longer than its rules say.

    Raises:
        TaperRefused: it got shorter than they say, and nobody asked for another way down.
    """
    rules, steps = protocol.stopping, way_down(course)
    if rules is None or not steps or course.last_day == NEVER:
        return []
    taken = sum((one.last_day - one.first_day).days + 1 for one in steps if one.dosage is not None)
    if kind is RevisionKind.SHIFT and taken < rules.min_days:
        wanted = f"keep at least {days_words(rules.min_days)}"
        raise TaperRefused("taper", f"{days_words(taken)} long", wanted, (rules.min_days,))
    whole = (course.last_day - steps[0].first_day).days + 1
    if whole <= rules.max_days:
        return []
    message = (
        f"the way down now takes {days_words(whole)}, and the rules say at most"
        f" {days_words(rules.max_days)}. Tell the prescriber."
    )
    subject = "long taper"
    return [
        from_rule(protocol, rules.rule, Severity.WARN, message, IssueCode.TIMING, subject=subject)
    ]


def way_down(course: Course) -> list[CoursePhase]:
    """Return the steps down with which a plan ends, pauses between them too."""
    steps: list[CoursePhase] = []
    for one in reversed(course.phases):
        if one.kind not in {PhaseKind.TAPER, PhaseKind.HOLD}:
            break
        steps.insert(0, one)
    while steps and steps[0].dosage is None:
        del steps[0]
    return steps


def end_words(before: date | None, course: Course, *, on_hold: bool) -> str:
    """Return what becomes of the end that was ordered; empty for a plan that nobody stops."""
    if before is None:
        return ""
    was = date_words(before)
    if on_hold:
        return f"The last dose was to be on {was}. It moves by as long as the pause lasts."
    if course.last_day == NEVER:
        return f"The stop is called off: the last dose was to be on {was}."
    if course.last_day == before:
        return f"The last dose is on {was}, as before."
    return f"The last dose moves from {was} to {date_words(course.last_day)}."
