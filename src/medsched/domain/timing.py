"""When: the days of a dosage, its times in the day, and how much at each.

A closed set of types with FHIR's meaning. Which *days* (every day, some weekdays,
every few months, a cycle), which *times* of such a day (clock times, times a day,
moments of the person's day), and which *amount* at each of them (the same, one per
slot, alternating, one per weekday). Off the days: an interval in elapsed hours, one from
the last dose taken, as needed. Twice a day is two slots; every 12 hours is an interval.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import date, time

    from medsched.domain.amount import Amount


class Weekday(IntEnum):
    """Days of the week, Monday first, as `date.weekday()` counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


# --- which days -----------------------------------------------------------------


@frozen(kw_only=False)
class EveryDay:
    """Each calendar day."""


@frozen
class EveryNDays:
    """Every `n` days from the first day of the phase (n of 2 is every other day)."""

    n: int


@frozen
class OnWeekdays:
    """The named weekdays of every `weeks`-th week, counted from the phase's first week."""

    weekdays: frozenset[Weekday]
    weeks: int = 1


@frozen
class EveryNMonths:
    """Every `n` months on `day` of the month; a day the month lacks becomes its last day."""

    n: int
    day: int


@frozen
class EveryNYears:
    """Every `n` years on a day of a month; 29 February becomes 28 February."""

    n: int
    month: int
    day: int


@frozen
class Cycle:
    """`on` days with doses, then `off` days without, from the first day of the phase."""

    on: int
    off: int


Days = EveryDay | EveryNDays | OnWeekdays | EveryNMonths | EveryNYears | Cycle


# --- which times of such a day ----------------------------------------------------


@frozen
class TimesADay:
    """So many times a day, at the person's usual slots."""

    count: int


@frozen
class SpreadOverDay:
    """So many times a day, spread evenly from waking to bedtime, both included."""

    count: int


@frozen
class AtTimes:
    """Named clock times, in rising order."""

    times: tuple[time, ...]


class DayMoment(StrEnum):
    """Moments of a person's day, with FHIR's `when` codes (EventTiming, R4)."""

    WAKE = "WAKE"
    MORNING = "MORN"
    BEFORE_BREAKFAST = "ACM"
    WITH_BREAKFAST = "CM"
    AFTER_BREAKFAST = "PCM"
    NOON = "NOON"
    BEFORE_LUNCH = "ACD"
    WITH_LUNCH = "CD"
    AFTER_LUNCH = "PCD"
    AFTERNOON = "AFT"
    BEFORE_DINNER = "ACV"
    WITH_DINNER = "CV"
    AFTER_DINNER = "PCV"
    EVENING = "EVE"
    NIGHT = "NIGHT"
    BEDTIME = "HS"


@frozen
class AtMoment:
    """A moment of the day, moved by `offset` minutes (negative is earlier).

    Before a meal means 30 minutes before it, after means 30 minutes after, unless an
    offset says otherwise.
    """

    moment: DayMoment
    offset: int | None = None


@frozen
class AtMoments:
    """Moments of the person's day, in the order of that day."""

    moments: tuple[AtMoment, ...]


@frozen
class HourGrid:
    """Every `hours` hours on a fixed grid of the wall clock; `hours` divides 24.

    The grid starts at `first`, so every 8 hours from 06:00 is 06:00, 14:00 and 22:00
    on every day, whatever the clocks do.
    """

    hours: int
    first: time


Times = TimesADay | SpreadOverDay | AtTimes | AtMoments | HourGrid


# --- how much at each ---------------------------------------------------------------


@frozen(kw_only=False)
class SameDose:
    """The same amount at every slot."""

    amount: Amount


@frozen(kw_only=False)
class DosePerSlot:
    """One amount for each slot of the day, None where nothing is taken (1-0-2)."""

    amounts: tuple[Amount | None, ...]


@frozen(kw_only=False)
class AlternatingDose:
    """One amount a dose day, round and round from the phase's first dose day; None is a pause."""

    amounts: tuple[Amount | None, ...]


@frozen(kw_only=False)
class DosePerWeekday:
    """One amount for each weekday, Monday first, None where nothing is taken."""

    amounts: tuple[
        Amount | None,
        Amount | None,
        Amount | None,
        Amount | None,
        Amount | None,
        Amount | None,
        Amount | None,
    ]


Doses = SameDose | DosePerSlot | AlternatingDose | DosePerWeekday


# --- the whole of it ----------------------------------------------------------------


@frozen
class OnDays:
    """Doses at slots of the person's day on some days: the wall clock rules.

    Args:
        slots: With fewer doses a day than the person's day has slots, which of them
            (places from 1); empty means the first ones.
    """

    times: Times
    doses: Doses
    days: Days = EveryDay()  # a frozen value without state
    slots: tuple[int, ...] = ()


@frozen
class EveryHours:
    """Every `hours` elapsed hours from the first dose: absolute time rules."""

    hours: int
    amount: Amount


@frozen
class AfterLastDose:
    """`hours` after the dose before it was really taken; only the next one is known."""

    hours: int
    amount: Amount


@frozen
class SingleDose:
    """One dose, once, at the start."""

    amount: Amount


@frozen
class AsNeeded:
    """Only if needed: no events; limits on what is taken.

    Args:
        amount: One dose.
        min_gap_hours: Least elapsed hours between two doses.
        most_doses: Most doses in any `window_hours` elapsed hours.
        most_amount: Most in that window, or None.
        reason: What it is for, such as `pain`.
    """

    amount: Amount
    min_gap_hours: int
    most_doses: int
    window_hours: int = 24
    most_amount: Amount | None = None
    reason: str = ""


Dosage = OnDays | EveryHours | AfterLastDose | SingleDose | AsNeeded


# --- how long -----------------------------------------------------------------------


@frozen(kw_only=False)
class ForDays:
    """So many calendar days, at least 1."""

    days: int


@frozen(kw_only=False)
class UntilDay:
    """Until the end of this calendar day, inclusive."""

    day: date


@frozen(kw_only=False)
class ForDoses:
    """So many doses, at least 1, in whatever days they take."""

    doses: int


@frozen(kw_only=False)
class UntilTold:
    """Open: until somebody decides."""


Bounds = ForDays | UntilDay | ForDoses | UntilTold
