"""Small words: dates, clock times, counts, moments of the day.

Months and weekdays are written out, noon and midnight are words. Nothing here asks
for a locale, so the same plan reads the same everywhere. `words` is the door.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Final

from medsched.domain.timing import AtMoment, DayMoment, Weekday

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS: Final = tuple(one.name.capitalize() for one in Weekday)
"""Full names, Monday first."""

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NOON: Final = time(12)
_MIDNIGHT: Final = time(0)

_MOMENTS: Final = {
    DayMoment.WAKE: ("on waking", "waking"),
    DayMoment.MORNING: ("in the morning", "the usual morning time"),
    DayMoment.BEFORE_BREAKFAST: ("before breakfast", "breakfast"),
    DayMoment.WITH_BREAKFAST: ("with breakfast", "the start of breakfast"),
    DayMoment.AFTER_BREAKFAST: ("after breakfast", "breakfast"),
    DayMoment.NOON: ("at noon", "noon"),
    DayMoment.BEFORE_LUNCH: ("before lunch", "lunch"),
    DayMoment.WITH_LUNCH: ("with lunch", "the start of lunch"),
    DayMoment.AFTER_LUNCH: ("after lunch", "lunch"),
    DayMoment.AFTERNOON: ("in the afternoon", "the usual afternoon time"),
    DayMoment.BEFORE_DINNER: ("before dinner", "dinner"),
    DayMoment.WITH_DINNER: ("with dinner", "the start of dinner"),
    DayMoment.AFTER_DINNER: ("after dinner", "dinner"),
    DayMoment.EVENING: ("in the evening", "the usual evening time"),
    DayMoment.NIGHT: ("at night", "the usual night time"),
    DayMoment.BEDTIME: ("at bedtime", "bedtime"),
}
_BEFORE_MEAL: Final = frozenset(
    {DayMoment.BEFORE_BREAKFAST, DayMoment.BEFORE_LUNCH, DayMoment.BEFORE_DINNER}
)
_AFTER_MEAL: Final = frozenset(
    {DayMoment.AFTER_BREAKFAST, DayMoment.AFTER_LUNCH, DayMoment.AFTER_DINNER}
)


_ABBREVIATED: Final = frozenset({"maoi", "nsaid", "ssri", "snri"})
"""Classes of medicines that are known by their initials."""


def date_words(day: date) -> str:
    """Return the date with weekday and month in words.

    >>> from datetime import date
    >>> date_words(date(2026, 12, 8))
    'Tuesday 8 December 2026'
    """
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def time_words(wall: time, *, hours24: bool = False) -> str:
    """Return the clock time, to the minute; noon and midnight are words, whatever the clock.

    >>> [time_words(time(h, m)) for h, m in ((8, 0), (12, 0), (0, 0), (0, 5), (20, 30))]
    ['8:00 AM', '12 noon', 'midnight', '12:05 AM', '8:30 PM']
    >>> time_words(time(20, 30), hours24=True)
    '20:30'
    """
    if wall == _MIDNIGHT:
        return "midnight"
    if wall == _NOON:
        return "12 noon"
    if hours24:
        return f"{wall:%H:%M}"
    half = "AM" if wall < _NOON else "PM"
    return f"{wall.hour % 12 or 12}:{wall.minute:02} {half}"


def times_words(walls: Iterable[time], *, hours24: bool = False) -> str:
    """Return clock times as a list in words: `8:00 AM and 8:00 PM`."""
    return and_words([time_words(one, hours24=hours24) for one in walls])


def and_words(parts: Sequence[str]) -> str:
    """Return parts joined with commas and a last `and`.

    >>> and_words(["Monday"]), and_words(["a", "b", "c"])
    ('Monday', 'a, b and c')
    """
    if len(parts) < 2:  # noqa: PLR2004  # one part has nothing to join
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def number_name(count: int) -> str:
    """Return a small number in letters, from 10 on in digits: `three`, `12`."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def count_words(count: int) -> str:
    """Return how often in words: `once`, `twice`, `three times`, `12 times`."""
    often = {1: "once", 2: "twice"}
    return often.get(count) or f"{number_name(count)} times"


def ordinal_words(number: int) -> str:
    """Return the ordinal: `1st`, `2nd`, `3rd`, `11th`, `31st`."""
    teens = number % 100 in {11, 12, 13}
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def length_words(minutes: int) -> str:
    """Return a length of time: `30 minutes`, `1 hour`, `6 hours 30 minutes`."""
    hours, rest = divmod(minutes, 60)
    parts = [counted_words(hours, "hour")] if hours else []
    parts += [counted_words(rest, "minute")] if rest or not hours else []
    return " ".join(parts)


def days_words(days: int) -> str:
    """Return a number of days: `1 day`, `21 days`."""
    return counted_words(days, "day")


def counted_words(count: int, word: str) -> str:
    """Return a number of things: `1 dose`, `21 days`, `1,000 hours`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def moment_words(moment: AtMoment) -> str:
    """Return a moment of the day: `at bedtime`, `60 minutes before breakfast`."""
    plain, anchor = _MOMENTS[moment.moment]
    if moment.offset is None:
        return plain
    if not moment.offset:
        return f"right {plain}"
    meal = moment.moment in _BEFORE_MEAL or moment.moment in _AFTER_MEAL
    earlier = moment.moment in _BEFORE_MEAL if meal else moment.offset < 0
    return f"{length_words(abs(moment.offset))} {'before' if earlier else 'after'} {anchor}"


def weekdays_words(weekdays: Iterable[Weekday]) -> str:
    """Return full weekday names, Monday first: `Monday, Wednesday and Friday`."""
    return and_words([WEEKDAYS[one] for one in sorted(weekdays)])


def day_of_month_words(day: int) -> str:
    """Return a day of the month; what not every month has says what happens then."""
    last = ", or the last day of a shorter month" if day > 28 else ""  # noqa: PLR2004  # February
    return f"on the {ordinal_words(day)}{last}"


def class_words(name: str) -> str:
    """Return the name of a class of medicines as people write it: its abbreviation in capitals.

    >>> class_words("other maoi"), class_words("antibiotic")
    ('other MAOI', 'antibiotic')
    """
    words = name.split(" ")
    return " ".join(one.upper() if one in _ABBREVIATED else one for one in words)
