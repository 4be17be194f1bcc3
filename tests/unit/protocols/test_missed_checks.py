"""A missed-dose policy beside the doses that it is for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.unit.protocols.files import OWN, POLICIES, problems_of

from medsched.domain.amount import amount
from medsched.domain.timing import (
    AsNeeded,
    Cycle,
    Days,
    Dosage,
    EveryDay,
    EveryHours,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    OnDays,
    OnWeekdays,
    SameDose,
    SingleDose,
    TimesADay,
    Weekday,
)
from medsched.protocols.missed_checks import doses_a_day, interval

TEN = amount("10 mg")


def on_days(count: int = 1, days: Days | None = None) -> OnDays:
    return OnDays(times=TimesADay(count=count), doses=SameDose(TEN), days=days or EveryDay())


@pytest.mark.parametrize(
    ("dosage", "hours"),
    [
        (on_days(1), 24),
        (on_days(2), 12),
        (on_days(5), Fraction(24, 5)),
        (on_days(1, EveryNDays(n=2)), 48),
        (on_days(1, OnWeekdays(weekdays=frozenset({Weekday.MONDAY}))), 168),
        (on_days(1, OnWeekdays(weekdays=frozenset({Weekday.MONDAY}), weeks=2)), 336),
        (on_days(1, OnWeekdays(weekdays=frozenset({Weekday.MONDAY, Weekday.TUESDAY}))), 24),
        (on_days(1, EveryNMonths(n=1, day=31)), 672),
        (on_days(1, EveryNYears(n=1, month=2, day=29)), 8760),
        (on_days(1, Cycle(on=21, off=7)), 24),
        (on_days(2, EveryNDays(n=2)), 12),
        (EveryHours(hours=8, amount=TEN), 8),
        (SingleDose(amount=TEN), None),
        (AsNeeded(amount=TEN, min_gap_hours=4, most_doses=4), None),
    ],
)
def test_the_nominal_hours_between_two_doses(dosage: Dosage, hours: Fraction | None) -> None:
    assert interval(dosage) == hours


@pytest.mark.parametrize(("count", "wanted"), [(1, 1), (2, 2), (3, 3), (5, 5), (24, 24)])
def test_doses_a_day_are_counted_up(count: int, wanted: int) -> None:
    assert doses_a_day(on_days(count)) == wanted
    assert doses_a_day(None) == 1


def misfit(keys: str, times: int) -> str:
    text = OWN.replace("times_a_day = 1", f"times_a_day = {times}") + f"\n[missed_dose]\n{keys}\n"
    return " | ".join(problems_of(text, "mine.toml"))


@pytest.mark.parametrize(
    ("policy", "times", "words"),
    [
        ("default_qd", 1, ""),
        ("default_bid", 2, ""),
        ("default_more_than_bid", 3, ""),
        ("default_more_than_bid", 4, ""),
        (
            "default_qd",
            2,
            "its late.at_most 12 hours and then the minimum gap of 12 hours are more than",
        ),
        ("milnacipran", 2, ""),
        ("milnacipran", 3, "doses on time"),
        ("semaglutide_sc_weekly", 1, "its min_gap 48 hours is more than the 24 hours"),
        ("gabapentin_tid", 1, "its max_gap is less than the 24 hours"),
        ("insulin", 1, "is excluded"),
        ("paracetamol_prn", 1, "there are doses with a time"),
    ],
)
def test_a_named_policy_fits_the_doses_or_is_refused(policy: str, times: int, words: str) -> None:
    assert policy in POLICIES
    found = misfit(f'policy = "{policy}"', times)
    assert words in found if words else not found


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (
            'late.at_most = "7 hours"\nmin_gap = "6 hours"',
            "7 hours and then the minimum gap of 6 hours",
        ),
        ('late.at_most = "6 hours"\nmin_gap = "6 hours"', ""),
        ('late.at_most = "6 hours"\nmin_gap = "13 hours"', "min_gap: 13 hours is more than the 12"),
        ('late.at_most = "6 hours"\nmax_gap = "11 hours"', "max_gap: is less than the 12 hours"),
        (
            'late.at_most = "6 hours"\nmost_a_day = 1',
            "most_a_day: 1 is less than the doses of a day",
        ),
        (
            'late.at_most = "6 hours"\nrolling = { most_doses = 1, in = "18 hours" }',
            "the 2 doses on time",
        ),
        ('late.at_most = "6 hours"\nrolling = { most_doses = 2, in = "24 hours" }', ""),
    ],
)
def test_a_written_policy_leaves_the_gap_before_the_next_dose(keys: str, words: str) -> None:
    found = misfit(f'basis = "clock"\nlate.measure = "from due"\n{keys}', 2)
    assert words in found if words else not found


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('late.at_least_before_next = "6 hours"\nmin_gap = "6 hours"', ""),
        ('late.at_least_before_next = "4 hours"\nmin_gap = "6 hours"', "less than the minimum gap"),
        ('late.at_least_before_next = "12 hours"', "leaves nothing of 12 hours"),
    ],
)
def test_a_window_before_the_next_dose_keeps_the_gap_too(keys: str, words: str) -> None:
    found = misfit(f'basis = "clock"\nlate.measure = "to next"\n{keys}', 2)
    assert words in found if words else not found
