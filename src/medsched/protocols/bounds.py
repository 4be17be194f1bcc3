"""How long each phase lasts, and that phases follow one another without hole or overlap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from medsched.domain.timing import Bounds, ForDays, ForDoses, UntilDay, UntilTold
from medsched.errors import InvalidValue
from medsched.frozen import frozen
from medsched.protocols.quantity import whole_days

if TYPE_CHECKING:
    from datetime import date

    from medsched.protocols.table import Table

_RANGE: Final = re.compile(r"(?P<first>\d{1,4})(?:-(?P<last>\d{0,4}))?")
_DOSES: Final = re.compile(r"(\d{1,4}) doses?")
_LENGTHS: Final = ("days", "length", "until")
_LAST_DAY: Final = 3660


@frozen(kw_only=False)
class DayRange:
    """Therapy days `first` to `last`, inclusive; `last` is None while open."""

    first: int
    last: int | None

    def __str__(self) -> str:
        """Return it as it is written in a file."""
        if self.last == self.first:
            return f"day {self.first}"
        return f"days {self.first}-{self.last or ''}"


def day_range(text: str) -> DayRange:
    """Read `4-7`, `1` or the open `8-`.

    Raises:
        InvalidValue: anything else, or an end before its beginning.
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        wanted = "write therapy days such as 1, 4-7 or, for an open end, 8-"
        raise InvalidValue("days", repr(text), wanted)
    first = int(match["first"])
    last = first if match["last"] is None else int(match["last"] or 0) or None
    if not 1 <= first <= (last or first) or (last or first) > _LAST_DAY:
        raise InvalidValue("days", repr(text), f"use rising days from 1 to {_LAST_DAY}")
    return DayRange(first, last)


def length(text: str) -> Bounds:
    """Read `14 days`, `2 weeks`, `21 doses` or `until told`.

    Raises:
        InvalidValue: anything else.
    """
    if text == "until told":
        return UntilTold()
    counted = _DOSES.fullmatch(text)
    if counted is not None and int(counted[1]):
        return ForDoses(int(counted[1]))
    return ForDays(whole_days(text))


@dataclass(slots=True)
class Track:
    """How far the phases of one track have come while they are read.

    Args:
        next_day: The therapy day on which the next phase begins; None when doses are counted
            or dates are fixed, so that nobody can tell.
        before: The phase before, as it is written. open: It has no end.
        starts: When the latest phase with a fixed first day starts.
    """

    next_day: int | None = 1
    before: str = ""
    open: bool = False
    starts: date | None = None


def read_bounds(table: Table, track: Track, *, once: bool) -> Bounds:
    """Return how long a phase lasts, and move its track on.

    Args:
        once: The phase is one single dose: a day that needs no length.
    """
    _read_start(table, track)
    if track.open:
        message = f"follows {track.before}, which has no end; give that one a last day"
        table.note("", "overlap", message)
        _lost(track)
    way = table.which(_LENGTHS, needed="" if once else "does not say how long it lasts")
    match way:
        case "days":
            return _in_days(table, track)
        case "length":
            return _for_length(table, track)
        case "until":
            return _until(table, track)
        case _:
            _move(track, ForDays(1), "a single dose")
            return ForDays(1)


def _read_start(table: Table, track: Track) -> None:
    starts = table.day("starts")
    if starts is None:
        return
    if not table.reading.own:
        table.note("starts", "contradiction", "is for a person's own regimen; use days")
    if track.starts is not None and starts <= track.starts:
        table.note("starts", "order", f"is not after {track.starts}, when the one before starts")
    track.starts, track.next_day, track.open = starts, None, False


def _in_days(table: Table, track: Track) -> Bounds:
    days = table.may("days", day_range)
    if days is None:
        return _lost(track)
    if track.next_day is None and track.before:
        message = "cannot be told after a phase whose days are not known; use length"
        table.note("days", "unknown-start", message)
    elif track.next_day is not None and days.first != track.next_day:
        _note_gap(table, days, track)
    bounds = UntilTold() if days.last is None else ForDays(days.last - days.first + 1)
    track.next_day = days.first
    _move(track, bounds, str(days))
    return bounds


def _note_gap(table: Table, days: DayRange, track: Track) -> None:
    if not track.before:
        table.note("days", "start", f"{days}: the first phase begins on day 1")
        return
    code = "hole" if days.first > (track.next_day or 0) else "overlap"
    word = "leaves a hole after" if code == "hole" else "overlaps"
    message = f"{days}: {word} {track.before}; begin with day {track.next_day}"
    table.note("days", code, message)


def _for_length(table: Table, track: Track) -> Bounds:
    bounds = table.may("length", length)
    if bounds is None:
        return _lost(track)
    _move(track, bounds, f"a phase of {table.values['length']}")
    return bounds


def _until(table: Table, track: Track) -> Bounds:
    day = table.day("until")
    if not table.reading.own:
        table.note("until", "contradiction", "is for a person's own regimen; use days")
    if day is not None and track.starts is not None and day < track.starts:
        table.note("until", "order", f"is before {track.starts}, when it starts")
    track.next_day, track.before, track.starts = None, f"a phase until {day}", day
    return UntilTold() if day is None else UntilDay(day)


def _lost(track: Track) -> Bounds:
    """Go on after a length that could not be read: nothing is said about what follows."""
    track.next_day, track.before, track.open = None, "", False
    return UntilTold()


def _move(track: Track, bounds: Bounds, words: str) -> None:
    track.before = words
    track.open = isinstance(bounds, UntilTold)
    if isinstance(bounds, ForDays) and track.next_day is not None:
        track.next_day += bounds.days
    else:
        track.next_day = None
