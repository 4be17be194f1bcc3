"""Dates, clock times and frequencies in words that cannot be misread.

A frequency is plain English ("twice a day", "once a week, on Monday"), never a Latin
abbreviation; dates and times have months, weekdays, noon and midnight written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from medsched.domain.plain_words import (
    MONTHS,
    WEEKDAYS,
    and_words,
    count_words,
    counted_words,
    date_words,
    day_of_month_words,
    days_words,
    length_words,
    moment_words,
    number_name,
    ordinal_words,
    time_words,
    times_words,
    weekdays_words,
)
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AsNeeded,
    AtMoment,
    AtMoments,
    AtTimes,
    Cycle,
    Days,
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

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "and_words",
    "count_words",
    "counted_words",
    "date_words",
    "day_of_month_words",
    "days_rule_words",
    "days_words",
    "doses_a_day",
    "frequency_words",
    "length_words",
    "moment_words",
    "moments_of",
    "needed_words",
    "number_name",
    "ordinal_words",
    "places_of",
    "time_words",
    "times_words",
    "weekdays_words",
]


def frequency_words(dosage: Dosage) -> str:
    """Return how often, in words for people, without amounts and clock times.

    >>> from medsched.domain.amount import amount
    >>> frequency_words(EveryHours(hours=8, amount=amount("500 mg")))
    'every 8 hours'
    """
    match dosage:
        case SingleDose():
            return "once, one dose only"
        case EveryHours():
            return f"every {_hours(dosage.hours)}"
        case AfterLastDose():
            return f"{counted_words(dosage.hours, 'hour')} after the last dose"
        case AsNeeded():
            return needed_words(dosage)
        case OnDays():
            return _on_days(dosage)
        case _:
            assert_never(dosage)


def needed_words(dosage: AsNeeded) -> str:
    """Return the limits of a dose taken only if needed."""
    window = counted_words(dosage.window_hours, "hour")
    most = f", at most {counted_words(dosage.most_doses, 'dose')} in {window}"
    total = f" and at most {dosage.most_amount} in {window}" if dosage.most_amount else ""
    reason = f" for {dosage.reason}" if dosage.reason else ""
    gap = counted_words(dosage.min_gap_hours, "hour")
    return f"only if needed{reason}, at least {gap} apart{most}{total}"


def _hours(hours: int) -> str:
    return "hour" if hours == 1 else f"{hours} hours"


def _on_days(dosage: OnDays) -> str:
    rule, often = _weekdays_of(dosage), doses_a_day(dosage)
    if isinstance(rule, EveryDay):
        return _times_daily(dosage, often)
    if isinstance(rule, Cycle):
        return f"{count_words(often)} a day {days_rule_words(rule)}"
    if often > 1:
        return f"{count_words(often)} a day, {days_rule_words(rule)}"
    if isinstance(rule, OnWeekdays) and rule.weeks == 1:
        return f"{count_words(len(rule.weekdays))} a week, on {weekdays_words(rule.weekdays)}"
    return (
        days_rule_words(rule)
        .replace("every month", "once a month")
        .replace("every year", "once a year")
    )


def _weekdays_of(dosage: OnDays) -> Days:
    """Return the days that really have doses: a weekday pattern may leave some out."""
    doses = dosage.doses
    if isinstance(dosage.days, EveryDay) and isinstance(doses, DosePerWeekday):
        used = frozenset(one for one in Weekday if doses.amounts[one] is not None)
        return dosage.days if len(used) == len(Weekday) else OnWeekdays(weekdays=used)
    return dosage.days


def doses_a_day(dosage: OnDays) -> int:
    """Return how many doses one full dose day has."""
    doses = dosage.doses
    match doses:
        case DosePerSlot():
            return sum(1 for one in doses.amounts if one is not None)
        case SameDose() | AlternatingDose() | DosePerWeekday():
            return len(dosage.slots) or places_of(dosage)
        case _:
            assert_never(doses)


def places_of(dosage: OnDays) -> int:
    """Return how many places of the day the times of `dosage` fill."""
    times = dosage.times
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


def _times_daily(dosage: OnDays, often: int) -> str:
    times = dosage.times
    daily = f"{count_words(often)} a day"
    match times:
        case TimesADay() | AtTimes():
            return daily
        case SpreadOverDay():
            return f"{daily}, spread over the waking hours"
        case AtMoments():
            return _moments_daily(moments_of(dosage, times), daily)
        case HourGrid():
            return f"every {_hours(times.hours)} by the clock"
        case _:
            assert_never(times)


def moments_of(dosage: OnDays, times: AtMoments) -> tuple[AtMoment, ...]:
    """Return the moments of the day at which `dosage` has doses: some of those it names."""
    if isinstance(dosage.doses, DosePerSlot):
        both = zip(times.moments, dosage.doses.amounts, strict=False)
        return tuple(moment for moment, amount in both if amount is not None)
    if not dosage.slots:
        return times.moments
    return tuple(times.moments[place - 1] for place in dosage.slots)


def _moments_daily(moments: Sequence[AtMoment], daily: str) -> str:
    words = [moment_words(one) for one in moments]
    if len(words) > 1:
        return f"{daily}, {and_words(words)}"
    return words[0].replace("in the ", "every ") if words[0].startswith("in the ") else words[0]


def days_rule_words(rule: Days) -> str:
    """Return on which days: `every other day`, `every 3 months, on the 15th`."""
    match rule:
        case EveryDay():
            return "every day"
        case EveryNDays(n=n):
            return f"every {_every(n, 'day')}"
        case OnWeekdays():
            return f"every {_every(rule.weeks, 'week')}, on {weekdays_words(rule.weekdays)}"
        case EveryNMonths():
            return f"every {_every(rule.n, 'month')}, {day_of_month_words(rule.day)}"
        case EveryNYears():
            return f"every {_every(rule.n, 'year')}, on {rule.day} {MONTHS[rule.month - 1]}"
        case Cycle():
            return f"for {days_words(rule.on)}, then none for {days_words(rule.off)}, and again"
        case _:
            assert_never(rule)


def _every(n: int, word: str) -> str:
    if n == 1:
        return word
    return f"other {word}" if n == 2 else f"{n} {word}s"  # noqa: PLR2004  # every second one
