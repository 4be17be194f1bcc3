"""New phases for a running plan: what is laid before a day stays, what follows is replaced.

Pure list work on a prescription's phases, so that amendments read as what they mean.
Phases keep their places, so earlier numbers stay what they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.timeline import doses_of_days
from medsched.domain.timing import (
    AlternatingDose,
    EveryDay,
    ForDays,
    ForDoses,
    OnDays,
    OnWeekdays,
    UntilDay,
    UntilTold,
)
from medsched.domain.walltime import DAY
from medsched.errors import MedschedError
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.prescription import Prescription
    from medsched.domain.timing import Bounds


class NoPhaseThen(MedschedError):
    """A day on which the plan has no phase to change."""

    def __init__(self, prescription: str, day: date) -> None:
        """Keep the day."""
        self.day = day
        super().__init__(
            f"prescription {prescription}: has no doses planned on {day.isoformat()};"
            " choose a day inside the plan"
        )


def phase_on(course: Course, day: date) -> CoursePhase:
    """Return the phase that holds a day; of several tracks the first.

    Raises:
        NoPhaseThen: the plan has not begun, or is over.
    """
    for phase in course.phases:
        if phase.first_day <= day <= phase.last_day:
            return phase
    raise NoPhaseThen(course.prescription, day)


def kept_before(prescription: Prescription, course: Course, day: date) -> tuple[Phase, ...]:
    """Return the phases up to the day before `day`; the one that holds it is cut there."""
    kept: list[Phase] = []
    for number, phase in enumerate(prescription.phases, 1):
        dated = _dated(course, number)
        if dated is None or dated.last_day < day:
            kept.append(phase)
        elif dated.first_day < day:
            kept.append(replace(phase, starts=dated.origin, bounds=UntilDay(day - DAY)))
    return tuple(kept)


def left_from(
    prescription: Prescription,
    course: Course,
    day: date,
    *,
    now: datetime | None = None,
    anew: bool = False,
) -> tuple[Phase, ...]:
    """Return what was planned from `day` on, laid one after another: for after a pause.

    The phase that holds `day` keeps the days, or the doses, it still had. A cycle and the
    like go on by their calendar, as if there had been no pause: so a pause never makes
    more days with doses in a row, nor a dose too soon.

    Args:
        now: Doses due before it count as had, also those of `day` itself.
        anew: The pattern that runs begins again instead, on its first day after the pause.
    """
    left: list[Phase] = []
    for number, phase in enumerate(prescription.phases, 1):
        dated = _dated(course, number)
        if dated is None or dated.last_day < day:
            continue
        bounds = _bounds_left(phase, dated, course, day, now)
        if bounds is not None:
            since = None if anew and dated.first_day < day else _pattern_since(phase, dated, day)
            left.append(replace(phase, starts=None, bounds=bounds, counted_from=since))
    return tuple(left)


def _bounds_left(
    phase: Phase, dated: CoursePhase, course: Course, day: date, now: datetime | None
) -> Bounds | None:
    """Return how long a phase still lasts from `day` on; None when its doses are all had."""
    if isinstance(phase.bounds, ForDoses):
        until = day if now is None else day + DAY
        events = doses_of_days(course, course.start, until - DAY)
        had = [one for one in events if one.phase == dated.number]
        had = [one for one in had if one.day < day or (now is not None and one.due < now)]
        doses = phase.bounds.doses - len(had)
        return ForDoses(doses) if doses > 0 else None
    if dated.is_open:
        return UntilTold()
    return ForDays((dated.last_day - max(dated.first_day, day)).days + 1)


def _pattern_since(phase: Phase, dated: CoursePhase, day: date) -> date | None:
    """Return from when the pattern of a phase counts on after `day`; None: from its first day."""
    begun = dated.first_day < day and has_pattern(phase)
    return dated.pattern_day if begun else phase.counted_from


def has_pattern(phase: Phase | CoursePhase) -> bool:
    """Return whether the days or amounts of a phase depend on the day they are counted from."""
    dosage = phase.dosage
    if not isinstance(dosage, OnDays):
        return False
    match dosage.days:
        case EveryDay() | OnWeekdays(weeks=1):
            return isinstance(dosage.doses, AlternatingDose)
        case _:
            return True


def _dated(course: Course, number: int) -> CoursePhase | None:
    return next((one for one in course.phases if one.number == number), None)


def followed_by(
    prescription: Prescription, course: Course, day: date, phases: Sequence[Phase]
) -> tuple[Phase, ...]:
    """Return the plan's phases before `day`, then `phases`, from that day on.

    On each track the first of them begins on the day. With the same pattern of days as
    the phase that runs then, it keeps the calendar of that pattern.
    """
    laid: list[Phase] = []
    begun: set[int] = set()
    for one in phases:
        first = one.track not in begun
        laid.append(_in_step(replace(one, starts=day), course, day) if first else one)
        begun.add(one.track)
    return (*kept_before(prescription, course, day), *laid)


def _in_step(phase: Phase, course: Course, day: date) -> Phase:
    """Return a phase that counts its days on from the one that runs, when they are the same."""
    for one in course.phases:
        runs = one.first_day < day <= one.last_day and one.track == phase.track
        if runs and phase.counted_from is None and _same_days(one, phase):
            return replace(phase, counted_from=one.pattern_day)
    return phase


def _same_days(one: CoursePhase, other: Phase) -> bool:
    old, new = one.dosage, other.dosage
    if not isinstance(old, OnDays) or not isinstance(new, OnDays):
        return False
    alternate = isinstance(old.doses, AlternatingDose) == isinstance(new.doses, AlternatingDose)
    return has_pattern(other) and old.days == new.days and alternate


def beside(prescription: Prescription, course: Course, day: date, track: int) -> tuple[Phase, ...]:
    """Return what is planned from `day` on, on the other tracks: it goes on as it is."""
    left = left_from(prescription, course, day)
    return tuple(one for one in left if one.track != track)


def hold_phases(course: Course, day: date, days: int | None) -> tuple[Phase, ...]:
    """Return a stretch without doses for each track that has not ended by `day`."""
    tracks = sorted({one.track for one in course.phases if one.last_day >= day})
    return tuple(replace(hold_phase(days), track=one) for one in tracks or [0])


def hold_phase(days: int | None, rule: str = "") -> Phase:
    """Return a stretch without doses; None days: until told."""
    bounds = UntilTold() if days is None else ForDays(days)
    return Phase(kind=PhaseKind.HOLD, dosage=None, bounds=bounds, rule=rule, title="on hold")
