"""The amendments a person can ask for: times, phases, hold, resume, shift, extend, step back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from medsched.domain.ladder import fit
from medsched.domain.prescription import Prescription, Status
from medsched.domain.protocol import PhaseKind
from medsched.domain.rhythm import check_slots
from medsched.domain.timing import ForDays, UntilTold
from medsched.domain.walltime import DAY
from medsched.errors import InvalidValue
from medsched.services.amend import Amended, Amendment, NotRunning, amend
from medsched.services.planning import check_unit
from medsched.services.ports import RevisionKind, Withdrawal
from medsched.services.rephase import followed_by, hold_phase, left_from, phase_on

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.protocol import Phase
    from medsched.services.book import Book
    from medsched.services.ports import Plan


def change_times(book: Book, plan: Plan, asked: Amendment, slots: tuple[time, ...]) -> Amended:
    """Move the clock times of a plan; what was taken stays taken, ids stay."""
    before = book.revision(plan.number, plan.current).prescription if plan.current else None
    if before is not None and len(slots) != len(before.slots):
        raise InvalidValue(
            "times", ",".join(f"{one:%H:%M}" for one in slots), f"name {len(before.slots)} times"
        )
    if before is not None:
        policy = book.protocol(before)
        missed = policy.regimen(before.regimen).missed or policy.missed
        check_slots(slots, int(missed.min_gap_hours * 60))

    def change(now: Prescription, _course: Course) -> Prescription:
        return replace(now, slots=slots)

    return amend(book, plan, RevisionKind.CHANGE, asked, change, needs_order=False)


def change_phases(book: Book, plan: Plan, asked: Amendment, phases: tuple[Phase, ...]) -> Amended:
    """Replace the plan from a day on by other phases, such as another target."""

    def change(now: Prescription, course: Course) -> Prescription:
        laid = followed_by(now, course, asked.day, phases)
        return replace(now, phases=laid, status=Status.ACTIVE)

    return amend(book, plan, RevisionKind.CHANGE, asked, change, needs_order=True)


def change_target(book: Book, plan: Plan, asked: Amendment, target: Amount) -> Amended:
    """Lead the plan to another maintenance a day.

    On the way up the rest of the way is laid anew; a plan that is already up changes on
    the day itself.

    Raises:
        CannotBeMade: no tablets make one dose of it.
    """

    def change(now: Prescription, course: Course) -> Prescription:
        check_unit(now.medication, target)
        protocol = book.protocol(now)
        ladder = fit(protocol.regimen(now.regimen), now.medication, target=target)
        here = phase_on(course, asked.day)
        way_up = here.kind is PhaseKind.TITRATION and not here.is_open
        if way_up and now.phases[: here.number] == ladder[: here.number]:
            laid = ladder
        else:
            top = replace(ladder[-1], starts=None, bounds=UntilTold(), kind=PhaseKind.MAINTENANCE)
            laid = followed_by(now, course, asked.day, (top,))
        return replace(now, phases=laid, target_per_day=target, status=Status.ACTIVE)

    return amend(book, plan, RevisionKind.CHANGE, asked, change, needs_order=True)


def hold(book: Book, plan: Plan, asked: Amendment, days: int | None) -> Amended:
    """Pause the doses from a day on, for `days` days or until `resume`.

    With a length, what was planned goes on afterwards where it stopped.
    """

    def change(now: Prescription, course: Course) -> Prescription:
        phase_on(course, asked.day)
        after = left_from(now, course, asked.day) if days is not None else ()
        laid = followed_by(now, course, asked.day, (hold_phase(days), *after))
        return replace(now, phases=laid, status=Status.ON_HOLD if days is None else now.status)

    return amend(
        book, plan, RevisionKind.HOLD, asked, change, needs_order=False, why=Withdrawal.HELD
    )


def resume(book: Book, plan: Plan, asked: Amendment) -> Amended:
    """End a hold: the plan goes on where it was held; a hold with an end, before that end."""
    if plan.status is not Status.ON_HOLD:
        return _resume_early(book, plan, asked)
    held = _last_running(book, plan)

    def change(now: Prescription, course: Course) -> Prescription:
        pause = phase_on(course, max(asked.day, course.start))
        left = left_from(held.prescription, held.course, pause.first_day)
        laid = followed_by(now, course, asked.day, left)
        return replace(now, phases=laid, status=Status.ACTIVE)

    return amend(book, plan, RevisionKind.RESUME, asked, change, needs_order=True)


def _resume_early(book: Book, plan: Plan, asked: Amendment) -> Amended:
    """End a hold of so many days: what was laid after it begins on the day asked for."""
    course = book.course(plan.number, plan.current) if plan.current else None
    pause = _pause_on(course, asked.day) if course is not None else None
    if course is None or pause is None:
        day = asked.day.isoformat()
        raise InvalidValue("resume", f"prescription {plan.number}", f"it is not on hold on {day}")

    def change(now: Prescription, course: Course) -> Prescription:
        left = left_from(now, course, pause.last_day + DAY)
        return replace(now, phases=followed_by(now, course, asked.day, left))

    return amend(book, plan, RevisionKind.RESUME, asked, change, needs_order=True)


def _pause_on(course: Course, day: date) -> CoursePhase | None:
    """Return the stretch without doses that holds a day, None where doses are planned."""
    found = (one for one in course.phases if one.first_day <= day <= one.last_day)
    return next((one for one in found if one.dosage is None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    prescription: Prescription
    course: Course


def _last_running(book: Book, plan: Plan) -> _Before:
    """Return the plan as it was before it was held."""
    for number in range(plan.current - 1, 0, -1):
        prescription = book.revision(plan.number, number).prescription
        if prescription.status is Status.ACTIVE:
            return _Before(prescription=prescription, course=book.course(plan.number, number))
    raise NotRunning(plan)


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
    phases[here] = replace(phases[here], bounds=ForDays(length))
    for place in range(here + 1, len(phases)):
        starts = phases[place].starts
        if starts is not None and phases[place].track == dated.track:
            phases[place] = replace(phases[place], starts=starts + timedelta(days=days))
    return replace(now, phases=tuple(phases))


def step_back(book: Book, plan: Plan, asked: Amendment, days: int | None) -> Amended:
    """Go back to the dose of the phase before, for `days` days and then on, or until told.

    Raises:
        InvalidValue: there is no earlier dose to go back to.
    """

    def change(now: Prescription, course: Course) -> Prescription:
        current = phase_on(course, asked.day)
        earlier = [
            one
            for one in course.phases
            if one.number < current.number and one.dosage is not None and one.track == current.track
        ]
        if not earlier:
            raise InvalidValue("step back", f"phase {current.number}", "it is the first step")
        previous = now.phases[earlier[-1].number - 1]
        back = replace(previous, starts=None, bounds=hold_phase(days).bounds, kind=current.kind)
        after = left_from(now, course, asked.day) if days is not None else ()
        laid = followed_by(now, course, asked.day, (back, *after))
        return replace(now, phases=laid, status=Status.ACTIVE)

    return amend(book, plan, RevisionKind.STEP_BACK, asked, change, needs_order=True)
