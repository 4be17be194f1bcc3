"""Phrases of directions that say how often in a day, and at which times of it."""

from __future__ import annotations

import re
from typing import Final

from medsched.domain.sig.numbers import ANY_CLOCK, CLOCK, WHOLE, clock_times, whole
from medsched.domain.sig.parts import (
    After,
    Clock,
    Interval,
    Often,
    Once,
    OnTheseDays,
    Part,
    Places,
    Since,
    Spread,
)
from medsched.domain.sig.phrase import LIST, Phrase, fixed, in_bounds, unclear
from medsched.domain.sig.refusals import SigAmbiguous, SigContradiction

_MOST_A_DAY: Final = 24
_MOST_HOURS: Final = 24 * 366
_A_DAY: Final = r"(?:(?:a|per|each|every)\s+day|daily)"
_H: Final = r"(?:hours?|hrs?|h)"
_Q: Final = r"(?:every|each|q\.?)"


def _often(match: re.Match[str], text: str) -> Part:
    if match[2] and whole(match[2]) != whole(match[1]):
        raise SigContradiction(text, f"{match[0]!r} says two numbers; write one")
    return Often(in_bounds(match[1], text, _MOST_A_DAY, "times a day"))


def _on_these_days(match: re.Match[str], text: str) -> Part:
    return OnTheseDays(in_bounds(match[1], text, _MOST_A_DAY, "times a day"))


def _interval(match: re.Match[str], text: str) -> Part:
    return Interval(in_bounds(match[1], text, _MOST_HOURS, "hours"))


def _grid(match: re.Match[str], text: str) -> Part:
    return Interval(in_bounds(match[1], text, _MOST_HOURS, "hours"), grid=True)


def _after(match: re.Match[str], text: str) -> Part:
    return After(in_bounds(match[1], text, _MOST_HOURS, "hours"))


def _unclear_hours(match: re.Match[str], text: str) -> Part:
    low, high = re.findall(WHOLE, match[0], re.IGNORECASE)[-2:]
    raise SigAmbiguous(text, match[0], (f"every {low} hours", f"every {high} hours"))


def _clock(match: re.Match[str], text: str) -> Part:
    return Clock(clock_times(match[0], text))


def _since(match: re.Match[str], text: str) -> Part:
    return Since(clock_times(match[1], text)[0])


def _places(match: re.Match[str], _text: str) -> Part:
    return Places(tuple(int(one) for one in re.findall(r"\d+", match[0])))


_NTH: Final = r"\d{1,2}(?:st|nd|rd|th)"

OFTEN: Final[tuple[Phrase, ...]] = (
    (
        rf"once\s+{_A_DAY}|daily|(?:every|each)\s+day|q\.?\s?d\.?|q\s?day|1\s?x\s+daily",
        fixed(Often(1)),
    ),
    (rf"(?:twice|2\s?x)\s+{_A_DAY}|b\.?i\.?d\.?|bds?|b\.d\.(?:s\.)?", fixed(Often(2))),
    (rf"(?:thrice|3\s?x)\s+{_A_DAY}|t\.?i\.?d\.?|tds|t\.d\.s\.", fixed(Often(3))),
    (rf"4\s?x\s+{_A_DAY}|q\.?i\.?d\.?|qds|q\.d\.s\.", fixed(Often(4))),
    (rf"({WHOLE})\s+(?:\(\s*({WHOLE})\s*\)\s*)?times?\s+{_A_DAY}", _often),
    (r"(?:a|per)\s+day|/\s?day", unclear("once a day", "so much in a day, in several doses")),
    (r"o\.?d\.?", unclear("once a day", "in the right eye")),
    (r"once\s+on\s+these\s+days", fixed(OnTheseDays(1))),
    (r"twice\s+on\s+these\s+days", fixed(OnTheseDays(2))),
    (rf"({WHOLE})\s+times\s+on\s+these\s+days", _on_these_days),
    (r"once,?\s+one\s+dose\s+only|once(?:\s+only)?|single\s+dose|stat|now", fixed(Once())),
    (r"one\s+dose\s+(?:only|now)", fixed(Once())),
    (r"spread\s+(?:evenly\s+)?over\s+the\s+(?:waking\s+hours|day)", fixed(Spread())),
    (r"(?:every|each)\s+hour|hourly|q\s?h", fixed(Interval(1))),
    (rf"{_Q}\s*({WHOLE})\s*-?\s*{_H}", _interval),
    (rf"{_Q}\s*{WHOLE}\s*(?:-|\u2013|to|or)\s*{WHOLE}\s*{_H}", _unclear_hours),
    (rf"every\s+({WHOLE})\s+hours?\s+by\s+the\s+clock", _grid),
    (r"every\s+hour\s+by\s+the\s+clock", fixed(Interval(1, grid=True))),
    (rf"({WHOLE})\s+hours?\s+after\s+the\s+(?:last|previous)\s+dose", _after),
    (rf"{CLOCK}(?:{LIST}(?:at\s+)?{CLOCK})*", _clock),
    (rf"(?:at\s+|@\s*){ANY_CLOCK}(?:{LIST}(?:at\s+)?{CLOCK})*", _clock),
    (rf"from\s+({CLOCK})", _since),
    (rf"at\s+the\s+{_NTH}(?:{LIST}{_NTH})*(?:\s+times?\s+of\s+the\s+day)?", _places),
)
