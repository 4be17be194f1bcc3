"""Numbers, dates and clock times as people write them in directions.

What two careful readers could read differently is refused with both readings: a comma in
a number, a naked point, 8 o'clock, a date of three numbers.
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Final

from medsched.domain.plain_words import MONTHS, WEEKDAYS, date_words, time_words
from medsched.domain.sig.refusals import SigAmbiguous, SigContradiction

_NAMES: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
_WORDS: Final = {word: number for number, word in enumerate(_NAMES.split(), 1)}
_GLYPHS: Final = {"\u00bd": "0.5", "\u00bc": "0.25", "\u00be": "0.75"}
_PARTS: Final = {"half": "0.5", "quarter": "0.25", "quarters": "0.75"}

WHOLE: Final = rf"(?:\d{{1,3}},\d{{3}}|\d{{1,5}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
"""A whole number, in digits or in letters."""

NUMBER: Final = (
    rf"(?:(?:\d+\s+)?\d/\d|\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,6}})?"
    rf"|\d{{1,7}}(?:\.\d{{1,6}})?[{''.join(_GLYPHS)}]?|[{''.join(_GLYPHS)}]"
    rf"|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    r"(?:\s+and\s+(?:(?:a|one)\s+(?:half|quarter)|three\s+quarters))?(?![\d/])"
)
"""A number that may have a part: 1, 1.5, 1/2, 1 1/2, one and a half."""

_HOUR: Final = r"(?:2[0-3]|[01]?\d)"
CLOCK: Final = (
    rf"(?:12\s*noon|midnight|{_HOUR}(?:[:.][0-5]\d)?\s*(?:[ap]\.m\.|[ap]m)(?!\w)"
    rf"|{_HOUR}:[0-5]\d(?![\d:])|{_HOUR}\s*o'?clock)"
)
"""A clock time that cannot be another number."""

ANY_CLOCK: Final = rf"(?:{CLOCK}|{_HOUR}(?![\d:./,]))"
"""A clock time after the word `at`."""

_MONTH: Final = "|".join(f"{one}|{one[:3]}" for one in MONTHS)
DATE: Final = (
    rf"(?:(?:(?:{'|'.join(WEEKDAYS)}),?\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\.?,?\s+\d{{4}}"
    rf"|(?:(?:{'|'.join(WEEKDAYS)}),?\s+)?(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
)
"""A date with its year, or what looks like one."""


def whole(text: str) -> int:
    """Return a whole number in digits or letters."""
    return _WORDS.get(text.lower()) or int(text.replace(",", ""))


def number(text: str) -> Decimal:
    """Return a number that matched `NUMBER`."""
    head, _, part = re.sub(r"\s+", " ", text.lower()).partition(" and ")
    value = _simple(head)
    return value + Decimal(_PARTS[part.split()[-1]]) if part else value


def _simple(text: str) -> Decimal:
    if text in _WORDS:
        return Decimal(_WORDS[text])
    if "/" in text:
        first, _, last = text.rpartition(" ")
        above, below = last.split("/")
        return Decimal(first or 0) + _share(above, below)
    if text[-1] in _GLYPHS:
        return Decimal(text[:-1] or 0) + Decimal(_GLYPHS[text[-1]])
    return Decimal(text.replace(",", ""))


def _share(above: str, below: str) -> Decimal:
    """Return halves and quarters; other parts are no number of tablets."""
    return Decimal(above) / Decimal(below) if below in "124" else Decimal(-1)


def clock_times(words: str, text: str) -> tuple[time, ...]:
    """Return the clock times of a list such as `8:00 AM and 8:00 PM`.

    A list with one time that only a 24-hour clock shows is all on that clock.

    Raises:
        SigAmbiguous: an hour that may be before or after noon.
    """
    shown = [one[0] for one in re.finditer(ANY_CLOCK, words, re.IGNORECASE)]
    day_long = any(_only_24_hours(one) for one in shown)
    return tuple(_clock(one, text, day_long=day_long) for one in shown)


def _only_24_hours(shown: str) -> bool:
    match = re.fullmatch(r"(\d{1,2})[:.]\d\d", shown)
    return match is not None and (match[1].startswith("0") or int(match[1]) > 12)  # noqa: PLR2004  # hours


def _clock(shown: str, text: str, *, day_long: bool) -> time:
    words = shown.lower().replace(" ", "").replace("\u00a0", "")
    if "noon" in words or words == "midnight":
        return time(0 if words == "midnight" else 12)
    half = re.search(r"[ap]", words)
    digits = re.match(r"(\d+)(?:[:.](\d+))?", words)
    hour, minute = (int(digits[1]), int(digits[2] or 0)) if digits else (0, 0)
    if half is not None:
        return _halved(hour, minute, shown, text, after_noon=half[0] == "p")
    if day_long and (digits is not None and digits[2]):
        return time(hour, minute)
    if hour > 12:  # noqa: PLR2004  # hours of a clock face
        return time(hour, minute)
    readings = {time_words(time(hour % 12 + add, minute)) for add in (0, 12)}
    raise SigAmbiguous(text, shown, sorted(readings))


def _halved(hour: int, minute: int, shown: str, text: str, *, after_noon: bool) -> time:
    if not 1 <= hour <= 12:  # noqa: PLR2004  # hours of a clock face
        raise SigContradiction(text, f"{shown!r} is no time; write 1:00 to 12:59 AM or PM")
    if hour == 12 and not minute:  # noqa: PLR2004  # hours of a clock face
        raise SigAmbiguous(text, shown, ("12 noon", "midnight"))
    return time(hour % 12 + 12 * after_noon, minute)


def day_of(words: str, text: str) -> date:
    """Return the date that matched `DATE`.

    Raises:
        SigAmbiguous: three numbers, whose day and month may change places.
        SigContradiction: there is no such day, or it is another weekday.
    """
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words)
    if iso is not None:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]), words, text)
    if re.fullmatch(r"[\d/.]+", words):
        one, two, _ = re.split(r"[/.]", words)
        raise SigAmbiguous(text, words, (f"day {one} of month {two}", f"day {two} of month {one}"))
    named = re.search(
        rf"({_MONTH})", re.sub("|".join(WEEKDAYS), "", words, flags=re.IGNORECASE), re.IGNORECASE
    )
    digits = re.findall(r"\d+", words)
    month = [one[:3].lower() for one in MONTHS].index(named[0][:3].lower()) + 1 if named else 0
    day = _date(int(digits[1]), month, int(digits[0]), words, text)
    weekday = re.match("|".join(WEEKDAYS), words, re.IGNORECASE)
    if weekday is not None and weekday[0].capitalize() != WEEKDAYS[day.weekday()]:
        raise SigContradiction(text, f"{words!r} is another weekday; it is {date_words(day)}")
    return day


def _date(year: int, month: int, day: int, words: str, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise SigContradiction(text, f"there is no day {words!r}; check day and month") from None
