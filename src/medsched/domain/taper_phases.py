"""Between a taper and the phases of a plan: its days as dosages, and dosages as days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.protocol import Phase
from medsched.domain.timing import (
    DosePerSlot,
    EveryDay,
    ForDays,
    OnDays,
    SameDose,
    TimesADay,
)
from medsched.domain.words import places_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.domain.taper_plan import Pattern, Taper
    from medsched.domain.timing import Dosage, Times


def phases(taper: Taper, *, times: Times | None = None, rule: str = "") -> tuple[Phase, ...]:
    """Return the phases of a taper, to be laid on the calendar.

    Args:
        times: When the slots are, such as those of the dosage now; None, or so many
            times a day: the person's own times.
    """
    named = None if isinstance(times, TimesADay) else times
    return tuple(
        Phase(
            kind=taper.kind,
            dosage=_dosage(one.slot_doses, named),
            bounds=ForDays(one.days),
            rule=rule,
        )
        for one in taper.steps
    )


def _dosage(slots: Pattern, times: Times | None) -> OnDays:
    used = [one for one in slots if one is not None]
    places = tuple(at for at, one in enumerate(slots, 1) if one is not None)
    alike = len(set(used)) == 1
    if alike and len(used) == len(slots):
        return OnDays(times=times or TimesADay(count=len(slots)), doses=SameDose(used[0]))
    if alike and times is None:
        slots_used = places if places != tuple(range(1, len(places) + 1)) else ()
        return OnDays(times=TimesADay(count=len(used)), doses=SameDose(used[0]), slots=slots_used)
    return OnDays(times=times or TimesADay(count=len(slots)), doses=DosePerSlot(slots))


def pattern_of(dosage: Dosage | None, places: int | None = None) -> Pattern | None:
    """Return the amount at each slot of a day, None for a dosage that differs from day to day.

    Args:
        places: Slots of the person's day, when they are more than the dosage fills.
    """
    if not isinstance(dosage, OnDays) or not isinstance(dosage.days, EveryDay):
        return None
    match dosage.doses:
        case DosePerSlot(amounts):
            slots: Pattern = amounts
        case SameDose(one):
            used = dosage.slots or tuple(range(1, places_of(dosage) + 1))
            slots = tuple(one if at in used else None for at in range(1, max(used) + 1))
        case _:
            return None
    return slots + (None,) * max(0, (places or 0) - len(slots))


def rungs_of(way_up: Iterable[Phase], places: int) -> tuple[Pattern, ...]:
    """Return the days of a way up, to climb down again: see `best_taper(rungs=...)`."""
    found = (pattern_of(one.dosage, places) for one in way_up)
    return tuple(one for one in found if one is not None and len(one) == places)
