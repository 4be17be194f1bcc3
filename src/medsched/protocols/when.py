"""The times of a dose day and the days themselves, each said in exactly one way."""

from __future__ import annotations

import calendar
import re
from typing import TYPE_CHECKING, Final

from medsched.domain.timing import (
    AtMoment,
    AtMoments,
    AtTimes,
    Cycle,
    EveryDay,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    HourGrid,
    OnWeekdays,
    SpreadOverDay,
    TimesADay,
)
from medsched.errors import InvalidValue
from medsched.protocols.quantity import clock, exact_minutes
from medsched.protocols.reading import one_of
from medsched.protocols.vocabulary import MOMENTS, MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from medsched.domain.timing import Days, Times
    from medsched.protocols.table import Table

TIME_KEYS: Final = ("times_a_day", "spread_over_day", "times", "moments", "hour_grid")
DAY_KEYS: Final = ("weekdays", "every_days", "every_months", "every_years", "cycle")
HOURS_OF_DAY: Final = 24

_CYCLE: Final = re.compile(r"(\d{1,3}) days? on, (\d{1,3}) days? off")
_GRID: Final = re.compile(r"(\d{1,2}) hours? from (\d\d:\d\d)")
_OFFSET: Final = re.compile(r"(\d+ (?:minutes?|hours?)) (before|after) (.+)")
_YEARLY: Final = re.compile(r"(\d{1,2}) ([A-Z][a-z]+)")
_FURTHEST: Final = 720
"""Minutes that a dose may be away from the moment it is named for."""


def read_times(table: Table, way: str) -> Times | None:
    """Return the times of a dose day that stand under the key `way`."""
    match way:
        case "times_a_day":
            return TimesADay(count=table.whole(way, 1, HOURS_OF_DAY))
        case "spread_over_day":
            return SpreadOverDay(count=table.whole(way, 1, HOURS_OF_DAY))
        case "times":
            return _clock_times(table)
        case "moments":
            return _moments(table)
        case "hour_grid":
            return table.may(way, _grid)
        case _:
            return None


def _clock_times(table: Table) -> AtTimes:
    times = table.listed("times", clock)
    if list(times) != sorted(set(times)):
        table.note("times", "order", "are not in rising order; write each once, earliest first")
    return AtTimes(times=times)


def _moments(table: Table) -> AtMoments:
    moments = table.listed("moments", moment)
    order = list(MOMENTS.values())
    places = [order.index(one.moment) for one in moments]
    if places != sorted(places) or len(set(moments)) < len(moments):
        table.note("moments", "order", "are not in the order of the day; write each once")
    return AtMoments(moments=moments)


def moment(text: str) -> AtMoment:
    """Read a moment of the day, such as `bedtime` or `45 minutes before breakfast`.

    Raises:
        InvalidValue: no such moment, or more than 12 hours away from it.
    """
    match = _OFFSET.fullmatch(text)
    if match is None:
        return AtMoment(moment=one_of(text, MOMENTS))
    length, side, name = match.groups()
    away = exact_minutes(length)
    if away > _FURTHEST:
        raise InvalidValue("moment", repr(text), "use at most 12 hours")
    meal = f"{side} {name}"
    if meal in MOMENTS:
        return AtMoment(moment=MOMENTS[meal], offset=away)
    return AtMoment(moment=one_of(name, MOMENTS), offset=-away if side == "before" else away)


def _grid(text: str) -> HourGrid:
    match = _GRID.fullmatch(text)
    hours = int(match[1]) if match else 0
    if match is None or not hours or HOURS_OF_DAY % hours:
        wanted = "write hours that divide 24, and a time, such as 8 hours from 06:00"
        raise InvalidValue("hour grid", repr(text), wanted)
    return HourGrid(hours=hours, first=clock(match[2]))


def read_days(table: Table) -> Days:
    """Return the dose days; nothing said is every day."""
    match table.which(DAY_KEYS):
        case "weekdays":
            return _weekdays(table)
        case "every_days":
            return EveryNDays(n=table.whole("every_days", 2, 3660))
        case "every_months":
            day = table.whole("day_of_month", 1, 31)
            return EveryNMonths(n=table.whole("every_months", 1, 120), day=day)
        case "every_years":
            month, day = table.need("day_of_year", _day_of_year, (1, 1))
            return EveryNYears(n=table.whole("every_years", 1, 10), month=month, day=day)
        case "cycle":
            return table.need("cycle", _cycle, Cycle(on=1, off=1))
        case _:
            return EveryDay()


def _weekdays(table: Table) -> OnWeekdays:
    named = table.listed("weekdays", lambda text: one_of(text, WEEKDAYS))
    if len(set(named)) < len(named):
        table.note("weekdays", "duplicate", "names the same day twice")
    return OnWeekdays(weekdays=frozenset(named), weeks=table.whole("every_weeks", 1, 520, 1))


def _cycle(text: str) -> Cycle:
    match = _CYCLE.fullmatch(text)
    if match is None or not int(match[1]) or not int(match[2]):
        wanted = "write whole days, such as 21 days on, 7 days off"
        raise InvalidValue("cycle", repr(text), wanted)
    return Cycle(on=int(match[1]), off=int(match[2]))


def _day_of_year(text: str) -> tuple[int, int]:
    match = _YEARLY.fullmatch(text)
    wanted = InvalidValue("day of the year", repr(text), "write a day such as 29 February")
    if match is None or match[2] not in MONTHS:
        raise wanted
    month, day = MONTHS[match[2]], int(match[1])
    if not 1 <= day <= calendar.monthrange(2024, month)[1]:  # a leap year
        raise wanted
    return month, day
