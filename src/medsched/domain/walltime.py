"""From a clock on the wall to an instant, by one rule for every zone.

RFC 5545's rule: a time that spring skips moves forward by the length of the gap,
a time that autumn repeats is the first of the two. Each day is resolved by itself,
so nothing drifts. A year of one wall time in one zone is resolved once and shared:
it is the same for every person who keeps that time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from medsched.errors import InvalidValue
from medsched.frozen import frozen

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2200
DAY: Final = timedelta(days=1)

_LOOK: Final = 4
"""Days from one look at a zone's offset to the next: none was ever kept for less than six."""


class ClockChange(StrEnum):
    """What a clock change did to one wall time."""

    NONE = "none"
    SKIPPED = "skipped"
    REPEATED = "repeated"


@frozen
class Arithmetic:
    """How one wall time became an instant: what `medsched why` explains.

    `offset` is the offset from UTC in force at the instant, `change` what the clock
    change did, `moved` by how much a skipped time went forward.
    """

    wall: time
    zone: str
    local: datetime
    due: datetime
    offset: timedelta
    change: ClockChange
    moved: timedelta


def instant_at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the instant at which a clock in `zone` shows `wall` on `day`.

    A time that spring skips moves forward by the length of the gap, so a daily
    dose is never lost. A time that autumn repeats is the first of the two, so a
    dose is never doubled.

    Args:
        day: Calendar day in `zone`.
        wall: Local time of day, to the minute, without a zone of its own; its `fold` is
            not asked: a repeated time is always the first.

    Returns:
        An aware datetime in UTC.

    Source:
        RFC 5545, section 3.3.5, DATE-TIME form 3.

    >>> instant_at(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    return datetime.combine(day, wall, tzinfo=zone).replace(fold=0).astimezone(UTC)


@frozen(kw_only=False)
class WallYear:
    """One wall time on the days of one year, resolved: columns of equal length, rising.

    `dues` are the instants in UTC, `locals` the same on the zone's clock, `days` the
    intended local days and `codes` those days as eight digits. A day that the zone never
    had (30 December 2011 in Apia) is left out: resolved like a gap it would fall on the
    next day's dose and double it.
    """

    dues: tuple[datetime, ...]
    locals: tuple[datetime, ...]
    days: tuple[date, ...]
    codes: tuple[str, ...]


@lru_cache(maxsize=512)
def wall_year(year: int, wall: time, zone: tzinfo) -> WallYear:
    """Return `wall` on every day of `year` in `zone`, resolved.

    Shared by all plans that keep this time. Between clock changes an instant is the day
    before's plus a day; only the days around a change are looked up one by one, by
    `instant_at`'s own rule.

    Raises:
        InvalidValue: the year is outside 1950 to 2200.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidValue("year", year, f"use the years {FIRST_YEAR} to {LAST_YEAR}")
    days, codes = days_of_year(year)
    dues: list[datetime] = []
    shown: list[datetime] = []
    kept: list[int] = []
    for place, end in pairwise((*_looked_up(year, zone), len(days))):
        due = _due(days[place], wall, zone)
        while due is None and (place := place + 1) < end:
            due = _due(days[place], wall, zone)
        if due is not None:
            local, later = due.astimezone(zone), _days_later()[: end - place - 1]
            dues += (due, *map(due.__add__, later))
            shown += (local, *map(local.__add__, later))
            kept += range(place, end)
    if len(kept) < len(days):
        days, codes = tuple(days[at] for at in kept), tuple(codes[at] for at in kept)
    return WallYear(tuple(dues), tuple(shown), days, codes)


@lru_cache(maxsize=64)
def days_of_year(year: int) -> tuple[tuple[date, ...], tuple[str, ...]]:
    """Return the days of a year, and each as eight digits."""
    ordinals = range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    days = tuple(map(date.fromordinal, ordinals))
    return days, tuple(one.isoformat().replace("-", "") for one in days)


@cache
def _days_later() -> tuple[timedelta, ...]:
    return tuple(timedelta(days=one) for one in range(1, 367))


@lru_cache(maxsize=256)
def _looked_up(year: int, zone: tzinfo) -> tuple[int, ...]:
    """Return the days of a year, from 0, that are looked up: the first and all near a change.

    A wall time of a local day lies between the UTC midnights before and after it by at
    most a day: equal offsets over that stretch mean that a day is 24 hours.
    """
    first = datetime(year, 1, 1, tzinfo=UTC) - 2 * DAY
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days

    def offset(place: int) -> timedelta | None:
        return (first + place * DAY).astimezone(zone).utcoffset()

    looks = [(place, offset(place)) for place in range(0, days + 2 * _LOOK, _LOOK)]
    near: set[int] = {0}
    for (place, before), (_next, after) in pairwise(looks):
        if before != after:
            for one in range(place, place + _LOOK):
                if offset(one) != offset(one + 1):
                    near.update(range(max(0, one - 3), min(days, one + 1)))
    return tuple(sorted(near))


def _due(day: date, wall: time, zone: tzinfo) -> datetime | None:
    """Return the instant, None when the zone never had that day."""
    due = datetime.combine(day, wall, tzinfo=zone).replace(fold=0).astimezone(UTC)
    shown = due.astimezone(zone).replace(tzinfo=None)
    return None if shown - datetime.combine(day, wall) >= DAY else due


def arithmetic_at(day: date, wall: time, zone: ZoneInfo) -> Arithmetic:
    """Explain how `wall` on `day` in `zone` became an instant.

    >>> arithmetic_at(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Berlin")).change
    <ClockChange.SKIPPED: 'skipped'>
    """
    due = instant_at(day, wall, zone)
    local = due.astimezone(zone)
    intended = datetime.combine(day, wall)
    moved = local.replace(tzinfo=None) - intended
    offset = local.utcoffset() or timedelta()
    second = datetime.combine(day, wall, tzinfo=zone).replace(fold=1).astimezone(UTC)
    if moved:
        change = ClockChange.SKIPPED
    elif second != due:
        change = ClockChange.REPEATED
    else:
        change = ClockChange.NONE
    return Arithmetic(
        wall=wall,
        zone=zone.key,
        local=local,
        due=due,
        offset=offset,
        change=change,
        moved=moved,
    )


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Return the local calendar day of an aware instant."""
    return instant.astimezone(zone).date()


def minutes_between(first: time, second: time) -> int:
    """Return the wall-clock minutes from `first` to `second` on the same day; may be negative.

    >>> minutes_between(time(8), time(20))
    720
    """
    return (second.hour - first.hour) * 60 + second.minute - first.minute


def wall_after(wall: time, minutes: int) -> time:
    """Return the wall time `minutes` later, round the clock.

    >>> wall_after(time(23), 90)
    datetime.time(0, 30)
    """
    minute = (wall.hour * 60 + wall.minute + minutes) % 1440
    return time(minute // 60, minute % 60)
