"""New phases for a running plan: what is laid before a day stays, what follows is replaced.

Pure list work on a prescription's phases, so that amendments read as what they mean.
Phases keep their places, so earlier numbers stay what they were.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.timing import ForDays, UntilDay, UntilTold
from medsched.domain.walltime import DAY
from medsched.errors import MedschedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.prescription import Prescription


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


def left_from(prescription: Prescription, course: Course, day: date) -> tuple[Phase, ...]:
    """Return what was planned from `day` on, laid one after another: for after a pause.

    The phase that holds `day` keeps the days it still had.
    """
    left: list[Phase] = []
    for number, phase in enumerate(prescription.phases, 1):
        dated = _dated(course, number)
        if dated is None or dated.last_day < day:
            continue
        if dated.is_open:
            left.append(replace(phase, starts=None, bounds=UntilTold()))
        else:
            days = (dated.last_day - max(dated.first_day, day)).days + 1
            left.append(replace(phase, starts=None, bounds=ForDays(days)))
    return tuple(left)


def _dated(course: Course, number: int) -> CoursePhase | None:
    return next((one for one in course.phases if one.number == number), None)


def followed_by(
    prescription: Prescription, course: Course, day: date, phases: Sequence[Phase]
) -> tuple[Phase, ...]:
    """Return the plan's phases before `day`, then `phases`, the first of them on that day."""
    kept = kept_before(prescription, course, day)
    if not phases:
        return kept
    return (*kept, replace(phases[0], starts=day), *phases[1:])


def hold_phase(days: int | None, rule: str = "") -> Phase:
    """Return a stretch without doses; None days: until told."""
    bounds = UntilTold() if days is None else ForDays(days)
    return Phase(kind=PhaseKind.HOLD, dosage=None, bounds=bounds, rule=rule, title="on hold")
