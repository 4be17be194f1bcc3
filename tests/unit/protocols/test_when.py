"""The times of a dose day and the days themselves, each said in exactly one way."""

from __future__ import annotations

from datetime import time

import pytest
from tests.unit.protocols.files import OWN, POLICIES, changed, problems_of

from medsched.domain.timing import (
    AtMoment,
    AtMoments,
    AtTimes,
    Cycle,
    DayMoment,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    HourGrid,
    OnDays,
    OnWeekdays,
    SpreadOverDay,
    Weekday,
)
from medsched.protocols.read import read_protocol

BREAKFAST = DayMoment.BEFORE_BREAKFAST


def dosage(keys: str) -> OnDays:
    text = changed(("times_a_day = 1", keys), text=OWN)
    found = read_protocol(text, file="mine.toml", policies=POLICIES).regimens[0].phases[0].dosage
    assert isinstance(found, OnDays)
    return found


def problem(keys: str) -> str:
    found = problems_of(changed(("times_a_day = 1", keys), text=OWN), file="mine.toml")
    assert found
    return " | ".join(found)


@pytest.mark.parametrize(
    ("keys", "times"),
    [
        ("spread_over_day = 4", SpreadOverDay(count=4)),
        ('times = ["08:00", "20:30"]', AtTimes(times=(time(8), time(20, 30)))),
        (
            'moments = ["waking", "bedtime"]',
            AtMoments(
                moments=(AtMoment(moment=DayMoment.WAKE), AtMoment(moment=DayMoment.BEDTIME))
            ),
        ),
        (
            'moments = ["45 minutes before breakfast"]',
            AtMoments(moments=(AtMoment(moment=BREAKFAST, offset=45),)),
        ),
        (
            'moments = ["1 hour before bedtime"]',
            AtMoments(moments=(AtMoment(moment=DayMoment.BEDTIME, offset=-60),)),
        ),
        (
            'moments = ["15 minutes after waking"]',
            AtMoments(moments=(AtMoment(moment=DayMoment.WAKE, offset=15),)),
        ),
        ('hour_grid = "8 hours from 06:00"', HourGrid(hours=8, first=time(6))),
    ],
)
def test_each_way_to_say_the_times(keys: str, times: object) -> None:
    assert dosage(keys).times == times


@pytest.mark.parametrize(
    ("keys", "days"),
    [
        (
            'weekdays = ["monday", "friday"]',
            OnWeekdays(weekdays=frozenset({Weekday.MONDAY, Weekday.FRIDAY})),
        ),
        (
            'weekdays = ["sunday"]\nevery_weeks = 2',
            OnWeekdays(weekdays=frozenset({Weekday.SUNDAY}), weeks=2),
        ),
        ("every_days = 84", EveryNDays(n=84)),
        ("every_months = 1\nday_of_month = 31", EveryNMonths(n=1, day=31)),
        ('every_years = 1\nday_of_year = "29 February"', EveryNYears(n=1, month=2, day=29)),
        ('cycle = "21 days on, 7 days off"', Cycle(on=21, off=7)),
    ],
)
def test_each_way_to_say_the_days(keys: str, days: object) -> None:
    assert dosage(f"times_a_day = 1\n{keys}").days == days


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("times_a_day = 0", "use 1 to 24"),
        ("times_a_day = 25", "use 1 to 24"),
        ('times_a_day = "2"', "write a whole number"),
        ('times = ["20:00", "08:00"]', "not in rising order"),
        ('times = ["08:00", "08:00"]', "not in rising order"),
        ('times = ["8:00"]', "write a time of day"),
        ("times = [08:00:00]", "write text in quotes"),
        ('moments = ["bedtime", "waking"]', "not in the order of the day"),
        ('moments = ["lunchtime"]', "cannot be used"),
        ('moments = ["13 hours before bedtime"]', "at most 12 hours"),
        ('hour_grid = "5 hours from 06:00"', "divide 24"),
        ('hour_grid = "8 hours"', "divide 24"),
        ("times_a_day = 1\nspread_over_day = 2", "use one of them"),
        ("every_hours = 8\ntimes_a_day = 3", "use one of them"),
        ('times_a_day = 1\nweekdays = ["monday"]\nevery_days = 2', "use one of them"),
        ('times_a_day = 1\nweekdays = ["Monday"]', "use monday"),
        ('times_a_day = 1\nweekdays = ["monday", "monday"]', "same day twice"),
        ("times_a_day = 1\nevery_weeks = 2", "is no key"),
        ("times_a_day = 1\nevery_days = 1", "use 2 to"),
        ("times_a_day = 1\nevery_months = 1", "day_of_month: is missing"),
        ('times_a_day = 1\nevery_years = 1\nday_of_year = "30 February"', "29 February"),
        ('times_a_day = 1\ncycle = "21/7"', "21 days on, 7 days off"),
        ('times_a_day = 1\ncycle = "0 days on, 7 days off"', "whole days"),
        ("", "does not say when"),
    ],
)
def test_what_does_not_say_one_thing_is_refused(keys: str, words: str) -> None:
    assert words in problem(keys)
