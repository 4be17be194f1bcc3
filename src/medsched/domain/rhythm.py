"""From "twice a day" to clock times: the person's slots.

The usual slots are an assumption, shown as one; a person's own times and moments of
the day replace them.
"""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from typing import TYPE_CHECKING, Final, assert_never

from medsched.domain.timing import (
    AtMoment,
    AtMoments,
    AtTimes,
    DayMoment,
    HourGrid,
    SpreadOverDay,
    Times,
    TimesADay,
)
from medsched.domain.walltime import minutes_between, wall_after
from medsched.errors import InvalidValue, MedschedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from medsched.domain.person import DayRhythm

USUAL_SLOTS: Final[Mapping[int, tuple[time, ...]]] = {
    1: (time(8),),
    2: (time(8), time(20)),
    3: (time(8), time(14), time(20)),
    4: (time(8), time(12), time(16), time(20)),
}
"""Clock times for so many doses a day when the person names none [assumption]."""

_MEAL_OFFSET: Final = 30
_BEFORE: Final = {
    DayMoment.BEFORE_BREAKFAST: "breakfast",
    DayMoment.BEFORE_LUNCH: "lunch",
    DayMoment.BEFORE_DINNER: "dinner",
}
_WITH: Final = {
    DayMoment.WITH_BREAKFAST: "breakfast",
    DayMoment.WITH_LUNCH: "lunch",
    DayMoment.WITH_DINNER: "dinner",
    DayMoment.WAKE: "wake",
    DayMoment.BEDTIME: "bed",
    DayMoment.NIGHT: "bed",
}
_AFTER: Final = {
    DayMoment.AFTER_BREAKFAST: "breakfast",
    DayMoment.AFTER_LUNCH: "lunch",
    DayMoment.AFTER_DINNER: "dinner",
}
_FIXED: Final = {
    DayMoment.MORNING: time(8),
    DayMoment.NOON: time(12),
    DayMoment.AFTERNOON: time(15),
    DayMoment.EVENING: time(20),
}


class SlotsDoNotFit(MedschedError):
    """Clock times that a plan cannot use."""

    def __init__(self, given: Sequence[time], reason: str, wanted: str) -> None:
        """Keep the times and say what would fit."""
        self.given = tuple(given)
        shown = ", ".join(f"{one:%H:%M}" for one in given) or "none"
        super().__init__(f"times {shown}: {reason}; {wanted}")


def usual_slots(count: int, rhythm: DayRhythm) -> tuple[time, ...]:
    """Return the usual clock times for `count` doses a day, 1 to 24.

    Up to four a day have fixed usual times; more are spread over the waking hours.
    """
    return USUAL_SLOTS[count] if count in USUAL_SLOTS else spread(count, rhythm.wake, rhythm.bed)


def spread(count: int, wake: time, bed: time) -> tuple[time, ...]:
    """Return `count` times spread evenly from `wake` to `bed`, both included, to the minute.

    A single one is at `wake`. Bedtime after midnight is understood.

    >>> [f"{one:%H:%M}" for one in spread(4, time(7), time(23))]
    ['07:00', '12:20', '17:40', '23:00']
    """
    if not 1 <= count <= 24:  # noqa: PLR2004  # hours of a day
        raise InvalidValue("times a day", count, "use 1 to 24")
    length = minutes_between(wake, bed) % 1440
    if count == 1:
        return (wake,)
    return tuple(wall_after(wake, length * one // (count - 1)) for one in range(count))


def time_of(moment: AtMoment, rhythm: DayRhythm) -> time:
    """Return the clock time of a moment of this person's day.

    >>> from medsched.domain.person import DayRhythm
    >>> time_of(AtMoment(moment=DayMoment.BEFORE_BREAKFAST), DayRhythm())
    datetime.time(7, 30)
    """
    kind = moment.moment
    if kind in _FIXED:
        return wall_after(_FIXED[kind], moment.offset or 0)
    if kind in _WITH:
        return wall_after(getattr(rhythm, _WITH[kind]), moment.offset or 0)
    before = kind in _BEFORE
    meal = _BEFORE[kind] if before else _AFTER[kind]
    offset = _MEAL_OFFSET if moment.offset is None else abs(moment.offset)
    return wall_after(getattr(rhythm, meal), -offset if before else offset)


def slot_count(times: Times) -> int:
    """Return how many places of the day `times` fills."""
    match times:
        case TimesADay() | SpreadOverDay():
            return times.count
        case AtTimes():
            return len(times.times)
        case AtMoments():
            return len(times.moments)
        case HourGrid():
            return 24 // times.hours
        case _:
            assert_never(times)


def resolve_times(times: Times, rhythm: DayRhythm, slots: tuple[time, ...]) -> tuple[time, ...]:
    """Return the clock times of one day; `slots` are the person's own for this medicine.

    The person's own times replace the regimen's when there is one for each.

    Raises:
        SlotsDoNotFit: fewer slots than doses a day.
    """
    match times:
        case TimesADay():
            return _first_slots(times.count, slots)
        case SpreadOverDay():
            return (
                slots if len(slots) == times.count else spread(times.count, rhythm.wake, rhythm.bed)
            )
        case AtTimes():
            return slots if len(slots) == len(times.times) else times.times
        case AtMoments():
            own = tuple(time_of(one, rhythm) for one in times.moments)
            return slots if len(slots) == len(own) else own
        case HourGrid():
            walls = (
                wall_after(times.first, 60 * times.hours * n) for n in range(24 // times.hours)
            )
            return tuple(sorted(walls))
        case _:
            assert_never(times)


def _first_slots(count: int, slots: tuple[time, ...]) -> tuple[time, ...]:
    if len(slots) < count:
        raise SlotsDoNotFit(
            slots,
            f"the plan needs {count} a day",
            "name one clock time for each, such as 08:00,20:00",
        )
    return slots


def check_slots(slots: Sequence[time], min_gap_minutes: int) -> None:
    """Refuse slots that are out of order or closer than the minimum gap, also over midnight.

    Raises:
        SlotsDoNotFit: with what would be right.
    """
    if list(slots) != sorted(set(slots)):
        raise SlotsDoNotFit(slots, "not in rising order", "write each once, earliest first")
    if len(slots) < 2:  # noqa: PLR2004  # one slot has no neighbour
        return
    gaps = [minutes_between(a, b) for a, b in pairwise(slots)]
    gaps.append(1440 + minutes_between(slots[-1], slots[0]))
    if min(gaps) < min_gap_minutes:
        hours, minutes = divmod(min_gap_minutes, 60)
        shown = f"{hours} hours" + (f" {minutes} minutes" if minutes else "")
        raise SlotsDoNotFit(slots, "too close together", f"keep at least {shown} between doses")
