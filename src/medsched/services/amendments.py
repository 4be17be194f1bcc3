"""The amendments a person can ask for: times, phases, shift, extend, step back; pauses beside."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from medsched.domain.ladder import fit
from medsched.domain.prescription import Prescription, Status
from medsched.domain.protocol import PhaseKind
from medsched.domain.timeline import doses_of_days
from medsched.domain.timing import EveryHours, ForDays, ForDoses, UntilTold
from medsched.domain.walltime import DAY
from medsched.errors import InvalidValue
from medsched.frozen import replace
from medsched.services.amend import Amended, Amendment, amend, not_on_hold, running
from medsched.services.keep_apart import limits_of
from medsched.services.pausing import hold, resume
from medsched.services.planning import check_unit
from medsched.services.ports import RevisionKind
from medsched.services.rephase import (
    beside,
    followed_by,
    hold_phase,
    left_from,
    phase_on,
)
from medsched.services.retime import change_times
from medsched.services.slot_amounts import slot_amounts
from medsched.services.weekday import on_weekday, weekly_day

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.course import Course
    from medsched.domain.protocol import Phase
    from medsched.domain.timing import Bounds, Weekday
    from medsched.services.book import Book
    from medsched.services.ports import Plan

__all__ = [
    "change_amounts",
    "change_phases",
    "change_target",
    "change_times",
    "change_weekday",
    "extend",
    "hold",
    "resume",
    "shift",
    "step_back",
]

_WEEK = 7


def change_phases(book: Book, plan: Plan, asked: Amendment, phases: tuple[Phase, ...]) -> Amended:
    """Replace the plan from a day on, or from the end of a pause, by other phases."""
    not_on_hold(plan)
    asked = replace(asked, day=_after_pause(book, plan, asked.day))

    def change(now: Prescription, course: Course) -> Prescription:
        laid = followed_by(now, course, asked.day, phases)
        return replace(now, phases=laid, status=Status.ACTIVE)

    return amend(book, plan, RevisionKind.CHANGE, asked, change, needs_order=True)


def change_amounts(book: Book, plan: Plan, asked: Amendment, text: str) -> Amended:
    """Take another amount at each time of the day, on the same days as now.

    Raises:
        InvalidValue: as many amounts as times are wanted. CannotBeMade: no tablets make one.
    """
    running(plan)
    not_on_hold(plan)
    prescription = book.revision(plan.number, plan.current).prescription
    course = book.course(plan.number, plan.current)
    here = phase_on(course, _after_pause(book, plan, asked.day))
    return change_phases(book, plan, asked, (slot_amounts(prescription, text, here.dosage),))


def change_target(book: Book, plan: Plan, asked: Amendment, target: Amount) -> Amended:
    """Lead the plan to another maintenance a day.

    On the way up the rest of the way is laid anew; a plan that is already up changes on
    the day itself.

    Raises:
        CannotBeMade: no tablets make one dose of it.
    """
    not_on_hold(plan)
    asked = replace(asked, day=_after_pause(book, plan, asked.day))

    def change(now: Prescription, course: Course) -> Prescription:
        check_unit(now.medication, target)
        protocol = book.protocol(now)
        ladder = fit(protocol.regimen(now.regimen), now.medication, target=target)
        here = phase_on(course, asked.day)
        chosen = weekly_day([one for one in course.phases if one.dosage is not None][-1:])
        ladder = ladder if chosen is None else on_weekday(ladder, chosen)
        way_up = here.kind is PhaseKind.TITRATION and not here.is_open
        if way_up and now.phases[: here.number] == ladder[: here.number]:
            laid = ladder
        else:
            top = replace(ladder[-1], starts=None, bounds=UntilTold(), kind=PhaseKind.MAINTENANCE)
            others = beside(now, course, asked.day, here.track)
            laid = followed_by(now, course, asked.day, (replace(top, track=here.track), *others))
        return replace(now, phases=laid, target_per_day=target, status=Status.ACTIVE)

    return amend(book, plan, RevisionKind.CHANGE, asked, change, needs_order=True)


def change_weekday(book: Book, plan: Plan, asked: Amendment, day: Weekday) -> Amended:
    """Take a weekly medicine on another day of the week, never too soon after the last dose.

    Raises:
        InvalidValue: the medicine is not taken once a week.
    """
    not_on_hold(plan)
    later = replace(asked, day=_clear_of_the_last(book, plan, asked.day))

    def change(now: Prescription, course: Course) -> Prescription:
        laid = on_weekday(left_from(now, course, later.day), day)
        return replace(now, phases=followed_by(now, course, later.day, laid))

    return amend(book, plan, RevisionKind.CHANGE, later, change, needs_order=True)


def _clear_of_the_last(book: Book, plan: Plan, day: date) -> date:
    """Return the day itself, or the first one that is far enough from the dose before it."""
    if not plan.current:
        return day
    course = book.course(plan.number, plan.current)
    before = doses_of_days(course, day - timedelta(days=_WEEK), day - DAY)
    if not before:
        return day
    gap = limits_of(book, book.revision(plan.number, plan.current).prescription).gap
    first = before[-1].local + gap
    clear = first.date() if first.time() <= before[-1].local.time() else first.date() + DAY
    return max(day, clear)


def shift(book: Book, plan: Plan, asked: Amendment, days: int) -> Amended:
    """Move every phase that has not begun by `days` days; a running phase lasts longer.

    Before its first dose the whole plan moves. Backwards, a phase keeps at least one day.
    """
    _days("shift", days)

    def change(now: Prescription, course: Course) -> Prescription:
        if course.start >= asked.day and not now.starts_at:
            return _started_later(now, days, asked.day)
        return _longer(now, course, asked.day, days)

    return amend(book, plan, RevisionKind.SHIFT, asked, change, needs_order=days < 0)


def extend(book: Book, plan: Plan, asked: Amendment, days: int) -> Amended:
    """Let the phase of a day last `days` days longer; all that follow move."""
    if days < 1:
        raise InvalidValue("extend", days, "use 1 day or more")

    def change(now: Prescription, course: Course) -> Prescription:
        return _longer(now, course, asked.day, days)

    return amend(book, plan, RevisionKind.EXTEND, asked, change, needs_order=False)


def _days(subject: str, days: int) -> None:
    if not days or abs(days) > 365:  # noqa: PLR2004  # a year
        raise InvalidValue(subject, days, "use 1 to 365 days, or a minus for earlier")


def _started_later(now: Prescription, days: int, first: date) -> Prescription:
    start = now.start + timedelta(days=days)
    if start < first:
        raise InvalidValue("shift", days, f"the plan cannot start before {first.isoformat()}")
    fixed = tuple(
        replace(one, starts=one.starts + timedelta(days=days)) if one.starts else one
        for one in now.phases
    )
    return replace(now, start=start, phases=fixed)


def _longer(now: Prescription, course: Course, day: date, days: int) -> Prescription:
    """Return the plan whose phase of `day` lasts longer; phases keep their numbers."""
    dated = phase_on(course, day)
    if dated.is_open:
        raise InvalidValue("phase", dated.number, "it has no end that could move")
    length = (dated.last_day - dated.origin).days + 1 + days
    if dated.origin + timedelta(days=length) <= day:
        raise InvalidValue("shift", days, f"phase {dated.number} would end before it is taken")
    phases = list(now.phases)
    here = dated.number - 1
    phases[here] = replace(phases[here], bounds=_bounds_longer(phases[here], length, days))
    for place in range(here + 1, len(phases)):
        starts = phases[place].starts
        if starts is not None and phases[place].track == dated.track:
            phases[place] = replace(phases[place], starts=starts + timedelta(days=days))
    return replace(now, phases=tuple(phases))


def _bounds_longer(phase: Phase, length: int, days: int) -> Bounds:
    """Return the bounds of a phase of `length` days, or of the doses of so many days more."""
    dosage, bounds = phase.dosage, phase.bounds
    if not isinstance(bounds, ForDoses) or not isinstance(dosage, EveryHours):
        return ForDays(length)
    doses = bounds.doses + days * 24 // dosage.hours
    if doses < 1:
        raise InvalidValue("shift", days, f"the phase has {bounds.doses} doses")
    return ForDoses(doses)


def step_back(book: Book, plan: Plan, asked: Amendment, days: int | None) -> Amended:
    """Go back to the dose of the phase before, for `days` days and then on, or until told.

    In a pause it begins with the first dose after it.

    Raises:
        InvalidValue: there is no earlier dose to go back to.
    """
    not_on_hold(plan)
    asked = replace(asked, day=_after_pause(book, plan, asked.day))

    def change(now: Prescription, course: Course) -> Prescription:
        current = phase_on(course, asked.day)
        earlier = [
            one
            for one in course.phases
            if one.number < current.number
            and one.dosage not in {None, current.dosage}
            and one.track == current.track
        ]
        if not earlier:
            raise InvalidValue("step back", f"phase {current.number}", "it is the first step")
        previous = now.phases[earlier[-1].number - 1]
        ends = days is not None or current.kind is not PhaseKind.TAPER
        kind = current.kind if ends else PhaseKind.MAINTENANCE
        back = replace(previous, starts=None, bounds=hold_phase(days).bounds, kind=kind)
        after = left_from(now, course, asked.day) if days is not None else ()
        others = after or beside(now, course, asked.day, current.track)
        laid = followed_by(now, course, asked.day, (back, *others))
        return replace(now, phases=laid, status=Status.ACTIVE)

    return amend(book, plan, RevisionKind.STEP_BACK, asked, change, needs_order=True)


def _after_pause(book: Book, plan: Plan, day: date) -> date:
    """Return the day, or the first day after the pause that it falls into."""
    if not plan.current:
        return day
    for one in book.course(plan.number, plan.current).phases:
        if one.dosage is None and one.first_day <= day <= one.last_day:
            return one.last_day + DAY
    return day
