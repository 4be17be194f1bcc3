"""On which calendar days a dosage falls, by arithmetic and never by walking from the start.

Each rule can say, for any day, whether it is a dose day and the how-many-eth one,
so a plan expanded in pieces is the same as one expanded whole.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, assert_never

from medsched.domain.timing import (
    Cycle,
    Days,
    EveryDay,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    OnWeekdays,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_WEEK = 7
_MONTHS = 12


def dose_days(rule: Days, first: date, since: date, until: date) -> Iterator[tuple[int, date]]:
    """Yield (index, day) of the dose days in `since`..`until`, inclusive, in order.

    The index counts dose days from 0 at the first dose day on or after `first`, the
    first day of the phase; days before `first` have none.

    >>> list(dose_days(EveryNDays(n=2), date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 5)))
    [(1, datetime.date(2026, 3, 3)), (2, datetime.date(2026, 3, 5))]
    """
    since = max(since, first)
    match rule:
        case EveryDay():
            yield from _every(1, first, since, until)
        case EveryNDays():
            yield from _every(rule.n, first, since, until)
        case OnWeekdays():
            yield from _weekdays(rule, first, since, until)
        case EveryNMonths():
            yield from _months(rule.n, rule.day, first, since, until)
        case EveryNYears():
            yield from _years(rule, first, since, until)
        case Cycle():
            yield from _cycle(rule, first, since, until)
        case _:
            assert_never(rule)


def _every(n: int, first: date, since: date, until: date) -> Iterator[tuple[int, date]]:
    index = -(-(since - first).days // n)
    day = first + timedelta(days=index * n)
    while day <= until:
        yield index, day
        index += 1
        day += timedelta(days=n)


def _weekdays(
    rule: OnWeekdays, first: date, since: date, until: date
) -> Iterator[tuple[int, date]]:
    monday = first - timedelta(days=first.weekday())
    per_week = len(rule.weekdays)
    skipped = sum(1 for one in rule.weekdays if one < first.weekday())
    for offset in range((until - since).days + 1):
        day = since + timedelta(days=offset)
        week = (day - monday).days // _WEEK
        if day.weekday() in rule.weekdays and week % rule.weeks == 0:
            before = sum(1 for one in rule.weekdays if one < day.weekday())
            yield week // rule.weeks * per_week + before - skipped, day


def _months(
    n: int, wanted: int, first: date, since: date, until: date
) -> Iterator[tuple[int, date]]:
    start = first.year * _MONTHS + first.month - 1
    shift = 0 if _month_day(start, wanted) >= first else 1
    elapsed = since.year * _MONTHS + since.month - 1 - start
    step = max(elapsed // n, shift)
    while (day := _month_day(start + step * n, wanted)) <= until:
        if day >= since:
            yield step - shift, day
        step += 1


def _month_day(months: int, wanted: int) -> date:
    year, month = divmod(months, _MONTHS)
    return date(year, month + 1, min(wanted, _length(year, month + 1)))


def _years(rule: EveryNYears, first: date, since: date, until: date) -> Iterator[tuple[int, date]]:
    def day_in(year: int) -> date:
        return date(year, rule.month, min(rule.day, _length(year, rule.month)))

    start = first.year if day_in(first.year) >= first else first.year + 1
    index = max(0, (since.year - start) // rule.n)
    while (day := day_in(start + index * rule.n)) <= until:
        if day >= since:
            yield index, day
        index += 1


def _cycle(rule: Cycle, first: date, since: date, until: date) -> Iterator[tuple[int, date]]:
    length = rule.on + rule.off
    for offset in range((since - first).days, (until - first).days + 1):
        turn, place = divmod(offset, length)
        if place < rule.on:
            yield turn * rule.on + place, first + timedelta(days=offset)


def _length(year: int, month: int) -> int:
    """Return the days of a month; `calendar.monthrange` would load `locale` as well."""
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
