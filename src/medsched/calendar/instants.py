"""The clock of a zone: when it was set, and which instants lie too near to be told by it.

Readers disagree on local times that a clock change skips or repeats, so entries there
are written in UTC whatever was asked for.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from medsched.services.feed_entry import TimesForm

if TYPE_CHECKING:
    from medsched.services.feed_entry import FeedEntry

DAY: Final = timedelta(days=1)
STEP: Final = timedelta(days=4)
SECOND: Final = timedelta(seconds=1)
ZERO: Final = timedelta()
UTC_NAMES: Final = frozenset(
    {
        "UTC",
        "Etc/UTC",
        "Etc/UCT",
        "Etc/Universal",
        "Etc/Zulu",
        "UCT",
        "Universal",
        "Zulu",
    }
)


class Span(NamedTuple):
    """Start and end as they are written: in UTC, in a zone, or naive (floating)."""

    start: datetime
    end: datetime


class Change(NamedTuple):
    """One change of a zone's offset from UTC.

    `at` is the instant, `before` and `after` the offsets, `name` the abbreviation that
    holds from then on, `summer` whether daylight saving time begins.
    """

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    @property
    def onset(self) -> datetime:
        """The naive local time of the change on the clock before it (RFC 5545, 3.6.5)."""
        return self.at.replace(tzinfo=None) + self.before


def offset_at(instant: datetime, zone: ZoneInfo) -> timedelta:
    """Return the zone's offset from UTC at an aware instant."""
    return instant.astimezone(zone).utcoffset() or ZERO


@lru_cache(maxsize=8192)
def changes_of_year(key: str, year: int) -> tuple[Change, ...]:
    """Return the offset changes of a zone in one UTC year, in order.

    The shortest time that any zone ever kept an offset is nearly seven days (Gaza,
    Recife), so a look every four days finds every change.
    """
    zone = ZoneInfo(key)
    early, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    offset = offset_at(early, zone)
    found: list[Change] = []
    while early < end:
        late = min(early + STEP, end)
        then = offset_at(late, zone)
        if then != offset:
            found.append(_change_between(early, late, zone))
        early, offset = late, then
    return tuple(found)


def _change_between(early: datetime, late: datetime, zone: ZoneInfo) -> Change:
    before = offset_at(early, zone)
    while late - early > SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if offset_at(middle, zone) == before:
            early = middle
        else:
            late = middle
    local, was = late.astimezone(zone), early.astimezone(zone)
    return Change(
        at=late,
        before=before,
        after=local.utcoffset() or ZERO,
        name=local.tzname() or "",
        summer=_summer(was.dst() or ZERO, local.dst() or ZERO),
    )


def _summer(before: timedelta, after: timedelta) -> bool:
    """Dublin and Casablanca have a winter time with a negative saving: its end is a summer."""
    return after > before or (after == before and after > ZERO)


def changes(key: str, first: int, last: int) -> tuple[Change, ...]:
    """Return the offset changes of the UTC years `first` to `last`, both included."""
    return tuple(change for year in range(first, last + 1) for change in changes_of_year(key, year))


def unsettled(instant: datetime, zone: ZoneInfo) -> bool:
    """Return whether readers may disagree on the zone's local time at `instant`.

    True for both passes of a repeated hour, and for the hour that follows a skipped
    one: a dose inside the gap rings there.
    """
    for change in changes(zone.key, (instant - DAY).year, (instant + DAY).year):
        shift = change.after - change.before
        begin = change.at + min(shift, ZERO)
        if begin <= instant < change.at + abs(shift):
            return True
    return False


def as_written(entry: FeedEntry, times: TimesForm) -> Span:
    """Return start and end of `entry` as the calendar shows them.

    Both are written the same way, so an entry of which one end is unsettled is in UTC.
    A floating entry ends its minutes later on the clock, whatever the clock does then.
    """
    length = timedelta(minutes=entry.minutes)
    start, end = entry.starts, entry.starts + length
    if times is TimesForm.UTC or (times is TimesForm.ZONED and entry.zone in UTC_NAMES):
        return Span(start, end)
    zone = ZoneInfo(entry.zone)
    if times is TimesForm.FLOATING:
        wall = start.astimezone(zone).replace(tzinfo=None, fold=0)
        return Span(wall, wall + length)
    if unsettled(start, zone) or unsettled(end, zone):
        return Span(start, end)
    return Span(start.astimezone(zone), end.astimezone(zone))


def text_of(moment: datetime) -> bytes:
    """Return a date with time as RFC 5545 writes it: with `Z` in UTC, else local.

    >>> text_of(datetime(2026, 3, 8, 8, tzinfo=UTC))
    b'20260308T080000Z'
    """
    stem = moment.isoformat()[:19].replace("-", "").replace(":", "")
    return (f"{stem}Z" if moment.tzinfo is UTC else stem).encode()


class UtcClock:
    """UTC texts of many entries: each day, time of day and revision is written once."""

    def __init__(self) -> None:
        """Know no text yet."""
        self._days: dict[date, bytes] = {}
        self._times: dict[tuple[int, int, int, int], tuple[bytes, bytes, int]] = {}
        self._stamps: dict[datetime, bytes] = {}

    def ends(self, starts: datetime, minutes: int) -> tuple[bytes, bytes]:
        """Return DTSTART and DTEND of an entry that starts at a UTC instant."""
        key = (starts.hour, starts.minute, starts.second, minutes)
        times = self._times.get(key)
        if times is None:
            end = starts + timedelta(minutes=minutes)
            rolls = (end.date() - starts.date()).days
            times = self._times[key] = text_of(starts)[8:], text_of(end)[8:], rolls
        first, last, rolls = times
        day = starts.date()
        text = self._days.get(day) or self._day(day)
        return text + first, (self._day(day + DAY * rolls) if rolls else text) + last

    def _day(self, day: date) -> bytes:
        text = self._days.get(day)
        if text is None:
            text = self._days[day] = day.isoformat().replace("-", "").encode()
        return text

    def stamp(self, revised: datetime) -> bytes:
        """Return a revision as text."""
        text = self._stamps.get(revised)
        if text is None:
            text = self._stamps[revised] = text_of(revised)
        return text
