"""Days on which a plan goes up or down: what check-ins and calendars hang on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from medsched.domain.amount import Amount, total
from medsched.domain.ceiling import most_in_a_day
from medsched.domain.protocol import PhaseKind
from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.course import Course, CoursePhase


@frozen
class DoseChange:
    """The first day with another amount a day.

    Args:
        before, after: Amounts of a day; zero for a hold.
        phase: Number of the phase that begins then. taper: whether it is one of a taper.
    """

    day: date
    before: Amount
    after: Amount
    phase: int
    taper: bool

    @property
    def is_increase(self) -> bool:
        """Whether it goes up."""
        return self.after > self.before


def dose_changes(course: Course) -> tuple[DoseChange, ...]:
    """Return each day on which the amount of a day changes, tracks together, in order.

    The first day of the plan is no change, and neither is the day after the last dose.
    """
    begins: dict[date, CoursePhase] = {}
    for phase in sorted(course.phases, key=lambda one: (one.first_day, one.number)):
        begins.setdefault(phase.first_day, phase)
    changes = []
    before: Amount | None = None
    for day, phase in sorted(begins.items(), key=lambda pair: pair[0]):
        after = _amount_on(course, day)
        if before is not None and after is not None and after != before:
            taper = phase.kind is PhaseKind.TAPER
            changes.append(
                DoseChange(day=day, before=before, after=after, phase=phase.number, taper=taper)
            )
        before = after if after is not None else before
    return tuple(changes)


def _amount_on(course: Course, day: date) -> Amount | None:
    """Return the most of one day, zero in a hold; None where no phase has an amount."""
    running = [one for one in course.phases if one.first_day <= day <= one.last_day]
    amounts = [most for one in running if (most := most_in_a_day(one.dosage)) is not None]
    if amounts:
        return total(amounts, amounts[0].unit)
    all_of_them = (most_in_a_day(one.dosage) for one in course.phases)
    unit = next((one.unit for one in all_of_them if one is not None), None)
    return Amount(Decimal(0), unit) if unit else None
