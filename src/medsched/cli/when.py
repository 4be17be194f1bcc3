"""Dates and times as people type them, read into what the program uses.

Understood: `2026-12-01`, `2026-12-01 08:00`, `today`, `tomorrow`, `yesterday 20:10`,
`08:15`, and ISO 8601 with an offset. A local time is the person's; clock changes follow
the one rule of `domain.walltime`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.walltime import instant_at
from medsched.errors import Exit, MedschedError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_WORDS: Final = {"today": 0, "tomorrow": 1, "yesterday": -1}
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_OFFSET: Final = re.compile(
    r"([0-9]{4})-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
    r"\s?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_YEARS: Final = (1900, 2200)
"""No plan lies outside; time zones are known in between."""


class UnreadableTime(MedschedError):
    """A text that is no date or time."""

    exit_code = Exit.USAGE

    def __init__(self, subject: str, given: str, wanted: str) -> None:
        """Keep what was given and what would be right."""
        self.given, self.wanted = given, wanted
        super().__init__(f"{subject} {given!r}: {wanted}")


def read_date(text: str, today: date, *, subject: str = "date") -> date:
    """Read a date, or `today`, `tomorrow`, `yesterday`."""
    word = text.strip().lower()
    if word in _WORDS:
        return today + timedelta(days=_WORDS[word])
    match = _DATE.fullmatch(word)
    if match is None:
        raise UnreadableTime(subject, text, "write it as 2026-12-01, today, tomorrow or yesterday")
    year, month, day = (int(part) for part in match.groups())
    return _date(text, year, month, day, subject)


def _date(text: str, year: int, month: int, day: int, subject: str) -> date:
    import calendar

    if not 1 <= month <= 12:  # noqa: PLR2004  # months of a year
        raise UnreadableTime(subject, text, "there is no such month; use 01 to 12")
    _check_year(text, year, subject)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        name = calendar.month_name[month]
        raise UnreadableTime(subject, text, f"there is no such day; {name} {year} has {last} days")
    return date(year, month, day)


def _check_year(text: str, year: int, subject: str) -> None:
    first, last = _YEARS
    if not first <= year <= last:
        raise UnreadableTime(subject, text, f"use a year from {first} to {last}")


def read_time(text: str, *, subject: str = "time") -> time:
    """Read a clock time such as `08:15`; `24:00` is refused."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise UnreadableTime(subject, text, "write hours and minutes, such as 08:00")
    hour, minute = int(match[1]), int(match[2])
    if hour > 23 or minute > 59:  # noqa: PLR2004  # the clock's own bounds
        raise UnreadableTime(subject, text, "there is no such time; use 00:00 to 23:59")
    return time(hour, minute)


def read_times(text: str, *, subject: str = "times") -> tuple[time, ...]:
    """Read clock times separated by commas, in the order given."""
    return tuple(read_time(one, subject=subject) for one in text.split(","))


def read_day_and_time(text: str, today: date, *, subject: str = "date") -> tuple[date, time | None]:
    """Read a date with an optional clock time: the day, and the time if one was given."""
    head, _, tail = re.sub(r"(?<=\d)T(?=\d)", " ", text.strip()).partition(" ")
    if not tail and _TIME.fullmatch(head):
        return today, read_time(head, subject=subject)
    try:
        day = read_date(head, today, subject=subject)
        return day, read_time(tail, subject=subject) if tail.strip() else None
    except UnreadableTime as wrong:
        unlike = tail.strip() and not _DATE.fullmatch(head) and head.lower() not in _WORDS
        then = ", and then the time, such as 08:00" if unlike else ""
        raise UnreadableTime(subject, text, wrong.wanted + then) from None


def read_when(text: str, now: datetime, zone: ZoneInfo, *, subject: str = "time") -> datetime:
    """Read an instant: ISO 8601 with an offset, or local time of the person.

    A date without a time is its midnight.

    Returns:
        An aware datetime in UTC.
    """
    match = _OFFSET.fullmatch(text.strip())
    if match is not None:
        _check_year(text, int(match[1]), subject)
        return _with_offset(text, subject)
    today = now.astimezone(zone).date()
    day, wall = read_day_and_time(text, today, subject=subject)
    return instant_at(day, wall or time(0), zone)


def _with_offset(text: str, subject: str) -> datetime:
    """Read it; what Python reads by itself does not make a start wait for pendulum."""
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except ValueError:
        return _with_offset_by_pendulum(text, subject)


def _with_offset_by_pendulum(text: str, subject: str) -> datetime:
    import pendulum

    try:
        parsed = pendulum.parse(text.strip(), exact=True)
    except ValueError:
        wanted = "there is no such date or time; write it as 2026-12-01T08:00+01:00"
        raise UnreadableTime(subject, text, wanted) from None
    if not isinstance(parsed, pendulum.DateTime):
        raise UnreadableTime(subject, text, "write it as 2026-12-01T08:00+01:00")
    return datetime.fromtimestamp(parsed.timestamp(), tz=UTC)


def read_moment(text: str, now: datetime, zone: ZoneInfo, *, subject: str = "time") -> datetime:
    """Read an instant as `read_when`, and refuse a day without its clock time.

    A dose taken "yesterday" was not taken at its midnight.
    """
    plain = text.strip()
    if _OFFSET.fullmatch(plain) is None:
        today = now.astimezone(zone).date()
        if read_day_and_time(text, today, subject=subject)[1] is None:
            raise UnreadableTime(subject, text, f"say the clock time as well: '{plain} 08:00'")
    return read_when(text, now, zone, subject=subject)
