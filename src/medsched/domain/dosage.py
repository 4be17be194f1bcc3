"""How much a dosage holds: at each place of a day, in a whole day, at most at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from medsched.domain.rhythm import slot_count
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AsNeeded,
    DosePerSlot,
    DosePerWeekday,
    EveryHours,
    OnDays,
    SameDose,
    SingleDose,
)

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.amount import Amount
    from medsched.domain.timing import Dosage, Doses


def amounts_of_day(doses: Doses, index: int, day: date, places: int) -> tuple[Amount | None, ...]:
    """Return the amount at each of `places` places of a dose day.

    Args:
        index: How-many-eth dose day of the phase, from 0.
    """
    match doses:
        case SameDose():
            return (doses.amount,) * places
        case DosePerSlot():
            return doses.amounts
        case AlternatingDose():
            return (doses.amounts[index % len(doses.amounts)],) * places
        case DosePerWeekday():
            return (doses.amounts[day.weekday()],) * places
        case _:
            assert_never(doses)


def daily_total(dosage: Dosage | None, day: date | None = None) -> Amount | None:
    """Return what one full dose day holds; None for a hold or for doses only if needed.

    A pattern that differs by day counts as its largest day, or as `day`'s.
    """
    match dosage:
        case None | AsNeeded():
            return None
        case SingleDose():
            return dosage.amount
        case EveryHours() | AfterLastDose():
            return dosage.amount * -(-24 // dosage.hours)
        case OnDays():
            return _day_total(dosage, day)
        case _:
            assert_never(dosage)


def _day_total(dosage: OnDays, day: date | None) -> Amount:
    places = len(dosage.slots) or slot_count(dosage.times)
    doses = dosage.doses
    match doses:
        case SameDose():
            return doses.amount * places
        case DosePerSlot():
            return _sum(doses.amounts)
        case AlternatingDose():
            return max(one for one in doses.amounts if one is not None) * places
        case DosePerWeekday():
            of_day = doses.amounts[day.weekday()] if day is not None else None
            return (of_day or max(one for one in doses.amounts if one is not None)) * places
        case _:
            assert_never(doses)


def _sum(amounts: tuple[Amount | None, ...]) -> Amount:
    present = [one for one in amounts if one is not None]
    result = present[0]
    for one in present[1:]:
        result += one
    return result


def largest_dose(dosage: Dosage | None) -> Amount | None:
    """Return the largest amount of a single dose of `dosage`; None for a hold."""
    if dosage is None:
        return None
    if not isinstance(dosage, OnDays):
        return dosage.amount
    doses = dosage.doses
    if isinstance(doses, SameDose):
        return doses.amount
    return max(one for one in doses.amounts if one is not None)
