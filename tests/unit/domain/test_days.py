"""Dose days by arithmetic are the dose days that somebody would count on a calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

import pytest
from dateutil.rrule import DAILY, MO, MONTHLY, TH, WEEKLY, rrule

from medsched.domain.days import dose_days
from medsched.domain.timing import (
    Cycle,
    Days,
    EveryDay,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    OnWeekdays,
    Weekday,
)

FIRST = date(2028, 1, 6)  # a Thursday of a leap year
LAST = date(2029, 1, 5)
MONDAY_THURSDAY = frozenset({Weekday.MONDAY, Weekday.THURSDAY})


def listed(rule: Days, first: date = FIRST, last: date = LAST) -> list[date]:
    return [day for _index, day in dose_days(rule, first, first, last)]


def counted(freq: Literal[2, 1, 3], **named: Any) -> list[date]:
    return [one.date() for one in rrule(freq, dtstart=FIRST, until=LAST, **named)]


def test_each_rule_over_a_leap_year_is_what_a_calendar_library_lists() -> None:
    assert listed(EveryDay()) == counted(DAILY)
    assert listed(EveryNDays(n=2)) == counted(DAILY, interval=2)
    assert listed(EveryNDays(n=84)) == counted(DAILY, interval=84)
    assert listed(OnWeekdays(weekdays=MONDAY_THURSDAY)) == counted(WEEKLY, byweekday=(MO, TH))
    assert listed(OnWeekdays(weekdays=MONDAY_THURSDAY, weeks=3)) == counted(
        WEEKLY, byweekday=(MO, TH), interval=3
    )
    assert listed(EveryNMonths(n=1, day=15)) == counted(MONTHLY, bymonthday=15)


def test_the_31st_becomes_the_last_day_of_a_shorter_month() -> None:
    assert listed(EveryNMonths(n=1, day=31))[:4] == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


def test_29_february_becomes_28_in_other_years() -> None:
    rule = EveryNYears(n=1, month=2, day=29)
    assert listed(rule, FIRST, date(2032, 12, 31)) == [
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
    ]


def test_a_cycle_of_21_and_7_pauses_in_each_fourth_week() -> None:
    days = listed(Cycle(on=21, off=7))
    assert days[20] == FIRST + timedelta(days=20)
    assert days[21] == FIRST + timedelta(days=28)


@pytest.mark.parametrize(
    "rule",
    [
        EveryDay(),
        EveryNDays(n=84),
        OnWeekdays(weekdays=MONDAY_THURSDAY, weeks=2),
        EveryNMonths(n=2, day=31),
        EveryNYears(n=1, month=2, day=29),
        Cycle(on=21, off=7),
    ],
    ids=lambda it: type(it).__name__,
)
def test_any_window_knows_the_index_of_its_days_without_walking(rule: Days) -> None:
    whole = list(dose_days(rule, FIRST, FIRST, LAST))
    assert [index for index, _day in whole] == list(range(len(whole)))
    for since in range(0, 360, 13):
        begin, end = FIRST + timedelta(days=since), min(FIRST + timedelta(days=since + 40), LAST)
        expected = [pair for pair in whole if begin <= pair[1] <= end]
        assert list(dose_days(rule, FIRST, begin, end)) == expected
