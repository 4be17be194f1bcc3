"""Phrases of directions that say on which days."""

from __future__ import annotations

import re
from typing import Final

from medsched.domain.plain_words import MONTHS, WEEKDAYS
from medsched.domain.sig.numbers import WHOLE
from medsched.domain.sig.parts import (
    DayOfMonth,
    DayOfYear,
    Monthly,
    NotDaily,
    Often,
    On,
    Part,
    Rule,
    Weekly,
    Yearly,
)
from medsched.domain.sig.phrase import LIST, Phrase, fixed, in_bounds, unclear
from medsched.domain.sig.refusals import SigContradiction
from medsched.domain.timing import Cycle, EveryNDays, OnWeekdays, Weekday

_MOST_DAYS: Final = 3660
_MOST_WEEKS: Final = 520
_MOST_MONTHS: Final = 120
_MOST_YEARS: Final = 50
_DAYS_OF_WEEK: Final = 7

_DAYS: Final = {
    **{name.lower(): Weekday(at) for at, name in enumerate(WEEKDAYS)},
    **{name[:3].lower(): Weekday(at) for at, name in enumerate(WEEKDAYS)},
    "tues": Weekday.TUESDAY,
    "thur": Weekday.THURSDAY,
    "thurs": Weekday.THURSDAY,
}
_DAY: Final = rf"(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})s?\.?(?!\w)"
_DAY_LIST: Final = rf"{_DAY}(?:{LIST}(?:every\s+|on\s+)?{_DAY})*"
_MONTH: Final = "|".join(MONTHS)
_OTHER: Final = r"every\s+(?:other|second)"
_NONE: Final = r"(?:none|nothing|no\s+doses)"
_OF_MONTH: Final = r"\s+of\s+(?:the|each|every)\s+month"
_OR_LAST: Final = r",?\s+or\s+the\s+last\s+day\s+of\s+a\s+shorter\s+month"
_N_WEEKS: Final = rf"(?:every|each|q)\s*({WHOLE})\s*weeks"


def _every_other_weekday(match: re.Match[str], text: str) -> Part:
    return Rule(OnWeekdays(weekdays=_weekdays(match, text).weekdays, weeks=2))


def _weekdays(match: re.Match[str], text: str) -> On:
    shown = [one[0].lower().rstrip(".") for one in re.finditer(_DAY, match[0], re.IGNORECASE)]
    days = [_DAYS.get(one, _DAYS.get(one.removesuffix("s"), Weekday.MONDAY)) for one in shown]
    if len(set(days)) < len(days):
        raise SigContradiction(text, f"{match[0]!r} names a day twice; name each once")
    return On(frozenset(days))


def _every_days(match: re.Match[str], text: str) -> Part:
    days = in_bounds(match[1], text, _MOST_DAYS, "days")
    return Often(1) if days == 1 else Rule(EveryNDays(n=days))


def _cycle(match: re.Match[str], text: str) -> Part:
    on, off = (in_bounds(one, text, _MOST_DAYS, "days") for one in (match[1], match[2]))
    return Rule(Cycle(on=on, off=off))


def _day_of_month(match: re.Match[str], text: str) -> Part:
    return DayOfMonth(in_bounds(match[1], text, 31, "of a month"))


def _day_of_year(match: re.Match[str], text: str) -> Part:
    month = [one.lower() for one in MONTHS].index(match[2].lower()) + 1
    most = 29 if month == 2 else 30 if month in {4, 6, 9, 11} else 31  # noqa: PLR2004  # the calendar
    return DayOfYear(month, in_bounds(match[1], text, most, f"of {match[2]}"))


def _weeks(match: re.Match[str], text: str) -> Part:
    return Weekly(in_bounds(match[1], text, _MOST_WEEKS, "weeks"))


def _times_a_week(match: re.Match[str], text: str) -> Part:
    return Weekly(1, in_bounds(match[1], text, _DAYS_OF_WEEK, "times a week"))


def _months(match: re.Match[str], text: str) -> Part:
    return Monthly(in_bounds(match[1], text, _MOST_MONTHS, "months"))


def _years(match: re.Match[str], text: str) -> Part:
    return Yearly(in_bounds(match[1], text, _MOST_YEARS, "years"))


DAYS: Final[tuple[Phrase, ...]] = (
    (rf"(?:(?:every|each|on)\s+)?{_DAY_LIST}", _weekdays),
    (rf"{_OTHER}\s+{_DAY_LIST}", _every_other_weekday),
    (
        rf"(?:once\s+)?(?:{_OTHER}\s+day|(?:on\s+)?alternate\s+days|[qe]\.?o\.?d\.?)",
        fixed(Rule(EveryNDays(n=2))),
    ),
    (rf"(?:once\s+)?(?:every|q\.?)\s*({WHOLE})\s*(?:days?|d)", _every_days),
    (r"once\s+(?:a|per|each|every)\s+week|once\s+weekly|weekly|q\.?\s?w\.?", fixed(Weekly(1, 1))),
    (r"(?:every|each)\s+week", fixed(Weekly(1))),
    (r"twice\s+(?:a|per|each|every)\s+week|twice\s+weekly", fixed(Weekly(1, 2))),
    (
        rf"({WHOLE})\s+times\s+(?:(?:a|per|each|every)\s+week|weekly)",
        _times_a_week,
    ),
    (r"t\.?i\.?w\.?", fixed(Weekly(1, 3))),
    (r"b\.?i\.?w\.?|bi-?weekly", unclear("twice a week", "every other week")),
    (r"bi-?monthly", unclear("twice a month", "every other month")),
    (rf"(?:once\s+)?{_OTHER}\s+week|fortnightly", fixed(Weekly(2))),
    (rf"(?:once\s+)?{_N_WEEKS}", _weeks),
    (
        r"once\s+(?:a|per|each|every)\s+month|once\s+monthly|monthly|(?:every|each)\s+month",
        fixed(Monthly(1)),
    ),
    (rf"(?:once\s+)?{_OTHER}\s+month", fixed(Monthly(2))),
    (
        rf"(?:once\s+)?every\s+({WHOLE})\s+months",
        _months,
    ),
    (
        rf"on\s+the\s+(\d{{1,2}})(?:st|nd|rd|th)(?:{_OF_MONTH})?(?:{_OR_LAST})?",
        _day_of_month,
    ),
    (
        r"once\s+(?:a|per|each|every)\s+year|once\s+yearly|yearly|(?:every|each)\s+year",
        fixed(Yearly(1)),
    ),
    (rf"(?:once\s+)?{_OTHER}\s+year", fixed(Yearly(2))),
    (
        rf"(?:once\s+)?every\s+({WHOLE})\s+years",
        _years,
    ),
    (rf"on\s+(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})(?!\s+\d)", _day_of_year),
    (
        rf"(?:for\s+)?({WHOLE})\s+days?,?\s+then\s+{_NONE}\s+for\s+({WHOLE})\s+days?,?\s+and\s+again",
        _cycle,
    ),
    (rf"({WHOLE})\s+days?\s+on,?\s+(?:and\s+)?({WHOLE})\s+days?\s+off", _cycle),
    (r"not\s+(?:daily|every\s+day)|\(\s*not\s+(?:daily|every\s+day)\s*\)", fixed(NotDaily())),
)
