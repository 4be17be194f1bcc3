"""Words for dates, times and frequencies cannot be misread."""

from dataclasses import replace
from datetime import date, time

import pytest

from medsched.domain.amount import amount
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AsNeeded,
    AtMoment,
    AtMoments,
    AtTimes,
    Cycle,
    DayMoment,
    Dosage,
    DosePerSlot,
    DosePerWeekday,
    EveryDay,
    EveryHours,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    HourGrid,
    OnDays,
    OnWeekdays,
    SameDose,
    SingleDose,
    SpreadOverDay,
    TimesADay,
    Weekday,
)
from medsched.domain.words import (
    and_words,
    count_words,
    date_words,
    frequency_words,
    length_words,
    moment_words,
    ordinal_words,
    time_words,
    times_words,
)

DOSE = SameDose(amount("10 mg"))
MONDAY = frozenset({Weekday.MONDAY})


def test_a_date_has_its_weekday_and_its_month_in_words() -> None:
    assert date_words(date(2026, 12, 8)) == "Tuesday 8 December 2026"


@pytest.mark.parametrize(
    ("wall", "words", "words24"),
    [
        (time(0), "midnight", "midnight"),
        (time(0, 1), "12:01 AM", "00:01"),
        (time(11, 59), "11:59 AM", "11:59"),
        (time(12), "12 noon", "12 noon"),
        (time(12, 30), "12:30 PM", "12:30"),
        (time(20), "8:00 PM", "20:00"),
    ],
)
def test_noon_and_midnight_are_words_on_either_clock(wall: time, words: str, words24: str) -> None:
    assert (time_words(wall), time_words(wall, hours24=True)) == (words, words24)


def test_times_are_a_list_in_words() -> None:
    assert times_words([time(8), time(14), time(20)]) == "8:00 AM, 2:00 PM and 8:00 PM"


def test_a_list_of_nothing_is_nothing() -> None:
    assert and_words([]) == ""


def test_counts_are_words_up_to_nine() -> None:
    assert [count_words(one) for one in (1, 2, 3, 9, 12)] == [
        "once",
        "twice",
        "three times",
        "nine times",
        "12 times",
    ]


def test_ordinals_know_the_teens() -> None:
    shown = [ordinal_words(one) for one in (1, 2, 3, 4, 11, 12, 13, 21, 22, 31)]
    assert shown == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "31st"]


def test_lengths_say_hours_and_minutes() -> None:
    shown = [length_words(one) for one in (0, 1, 30, 60, 61, 390)]
    assert shown == [
        "0 minutes",
        "1 minute",
        "30 minutes",
        "1 hour",
        "1 hour 1 minute",
        "6 hours 30 minutes",
    ]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (AtMoment(moment=DayMoment.BEDTIME), "at bedtime"),
        (AtMoment(moment=DayMoment.BEDTIME, offset=-30), "30 minutes before bedtime"),
        (AtMoment(moment=DayMoment.BEFORE_BREAKFAST), "before breakfast"),
        (AtMoment(moment=DayMoment.BEFORE_BREAKFAST, offset=60), "1 hour before breakfast"),
        (AtMoment(moment=DayMoment.BEFORE_BREAKFAST, offset=-60), "1 hour before breakfast"),
        (AtMoment(moment=DayMoment.AFTER_DINNER, offset=0), "right after dinner"),
        (AtMoment(moment=DayMoment.WAKE, offset=15), "15 minutes after waking"),
        (
            AtMoment(moment=DayMoment.WITH_LUNCH, offset=-5),
            "5 minutes before the start of lunch",
        ),
    ],
)
def test_a_moment_says_where_in_the_day_it_is(moment: AtMoment, words: str) -> None:
    assert moment_words(moment) == words


def _every_day(times: TimesADay | AtTimes | AtMoments | HourGrid | SpreadOverDay) -> OnDays:
    return OnDays(times=times, doses=DOSE)


ONCE = TimesADay(count=1)
TWICE = TimesADay(count=2)
FEW = amount("5 mg")


@pytest.mark.parametrize(
    ("dosage", "words"),
    [
        (_every_day(ONCE), "once a day"),
        (_every_day(TWICE), "twice a day"),
        (_every_day(AtTimes(times=(time(8), time(14), time(20)))), "three times a day"),
        (
            _every_day(SpreadOverDay(count=4)),
            "four times a day, spread over the waking hours",
        ),
        (_every_day(AtMoments(moments=(AtMoment(moment=DayMoment.MORNING),))), "every morning"),
        (_every_day(AtMoments(moments=(AtMoment(moment=DayMoment.BEDTIME),))), "at bedtime"),
        (
            _every_day(
                AtMoments(
                    moments=(
                        AtMoment(moment=DayMoment.MORNING),
                        AtMoment(moment=DayMoment.BEDTIME),
                    )
                )
            ),
            "twice a day, in the morning and at bedtime",
        ),
        (
            OnDays(
                times=AtMoments(
                    moments=(
                        AtMoment(moment=DayMoment.MORNING),
                        AtMoment(moment=DayMoment.NOON),
                        AtMoment(moment=DayMoment.BEDTIME),
                    )
                ),
                doses=DosePerSlot((FEW, None, FEW)),
            ),
            "twice a day, in the morning and at bedtime",
        ),
        (_every_day(HourGrid(hours=8, first=time(6))), "every 8 hours by the clock"),
        (OnDays(times=TimesADay(count=3), doses=DosePerSlot((FEW, None, FEW))), "twice a day"),
        (OnDays(times=TWICE, doses=DOSE, slots=(2,)), "once a day"),
        (OnDays(times=ONCE, doses=AlternatingDose((FEW, None))), "once a day"),
        (
            OnDays(times=ONCE, doses=DOSE, days=OnWeekdays(weekdays=MONDAY)),
            "once a week, on Monday",
        ),
        (
            OnDays(times=TWICE, doses=DOSE, days=OnWeekdays(weekdays=MONDAY)),
            "twice a day, every week, on Monday",
        ),
        (
            OnDays(times=ONCE, doses=DOSE, days=OnWeekdays(weekdays=MONDAY, weeks=2)),
            "every other week, on Monday",
        ),
        (
            OnDays(times=ONCE, doses=DosePerWeekday((FEW, None, FEW, None, FEW, None, None))),
            "three times a week, on Monday, Wednesday and Friday",
        ),
        (OnDays(times=ONCE, doses=DosePerWeekday((FEW,) * 7)), "once a day"),
        (OnDays(times=ONCE, doses=DOSE, days=EveryNDays(n=2)), "every other day"),
        (OnDays(times=TWICE, doses=DOSE, days=EveryNDays(n=3)), "twice a day, every 3 days"),
        (OnDays(times=ONCE, doses=DOSE, days=EveryNDays(n=1)), "every day"),
        (
            OnDays(times=ONCE, doses=DOSE, days=EveryNMonths(n=1, day=31)),
            "once a month, on the 31st, or the last day of a shorter month",
        ),
        (
            OnDays(times=ONCE, doses=DOSE, days=EveryNMonths(n=3, day=15)),
            "every 3 months, on the 15th",
        ),
        (
            OnDays(times=ONCE, doses=DOSE, days=EveryNYears(n=1, month=3, day=2)),
            "once a year, on 2 March",
        ),
        (
            OnDays(times=ONCE, doses=DOSE, days=Cycle(on=21, off=7)),
            "once a day for 21 days, then none for 7 days, and again",
        ),
        (OnDays(times=TWICE, doses=DOSE, days=EveryDay()), "twice a day"),
        (EveryHours(hours=8, amount=FEW), "every 8 hours"),
        (EveryHours(hours=1, amount=FEW), "every hour"),
        (AfterLastDose(hours=12, amount=FEW), "12 hours after the last dose"),
        (SingleDose(amount=FEW), "once, one dose only"),
        (
            AsNeeded(amount=FEW, min_gap_hours=4, most_doses=4),
            "only if needed, at least 4 hours apart, at most 4 doses in 24 hours",
        ),
        (
            AsNeeded(
                amount=FEW,
                min_gap_hours=1,
                most_doses=1,
                most_amount=amount("4000 mg"),
                reason="pain",
            ),
            (
                "only if needed for pain, at least 1 hour apart, at most 1 dose in 24 hours"
                " and at most 4,000\u00a0mg in 24 hours"
            ),
        ),
    ],
)
def test_a_frequency_is_plain_english(dosage: Dosage, words: str) -> None:
    assert frequency_words(dosage) == words


def test_a_dose_at_some_of_the_moments_names_those_moments_only() -> None:
    moments = tuple(
        AtMoment(moment=one) for one in (DayMoment.MORNING, DayMoment.AFTERNOON, DayMoment.BEDTIME)
    )
    all_three = OnDays(times=AtMoments(moments=moments), doses=SameDose(amount("300 mg")))

    assert frequency_words(replace(all_three, slots=(3,))) == "at bedtime"
    assert frequency_words(replace(all_three, slots=(1, 3))) == (
        "twice a day, in the morning and at bedtime"
    )
