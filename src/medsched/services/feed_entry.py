"""One entry of a published calendar, and how the calendar is to be written.

Plain values between `services.publish`, which knows doses, and `calendar`, which
knows RFC 5545. Nothing here reads a clock: everything an entry shows is in it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime


class EntryStatus(StrEnum):
    """Whether the entry stands or was withdrawn (RFC 5545, section 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class TimesForm(StrEnum):
    """How instants are written: UTC, with a VTIMEZONE, or floating (Apple only)."""

    UTC = "utc"
    ZONED = "zoned"
    FLOATING = "floating"


class FeedKind(StrEnum):
    """What a calendar shows; each kind can be a calendar of its own."""

    DOSES = "doses"
    CHECKINS = "checkins"
    REFILLS = "refills"


@frozen
class FeedEntry:
    """One VEVENT: what it says, when, and which version of it this is.

    Args:
        uid: Stable for the life of the dose, the same in file, feed and CalDAV.
        starts: Aware UTC instant, whole seconds.
        minutes: Length, at least 1.
        zone: IANA name of the zone in force for the person at that instant.
        summary: One line, safe to show; empty is not allowed.
        description: Lines separated by a line feed; may be empty.
        sequence: Grows by one with each change of content, from 0.
        revised: Aware UTC instant of the last change of content, whole seconds.
        status: CANCELLED entries carry no alarm.
        alarms: Minutes before the start at which it rings (0 is at the start), in falling order.
        url: Link to the confirm page, or None.
        categories: Words for the calendar's colours; none in discreet mode.
        completed: Aware UTC instant at which the dose was taken, or None; shown by a
            task of a CalDAV server, not by an entry of a feed.
    """

    uid: str
    starts: datetime
    zone: str
    summary: str
    sequence: int
    revised: datetime
    minutes: int = 15
    description: str = ""
    status: EntryStatus = EntryStatus.CONFIRMED
    alarms: tuple[int, ...] = (0,)
    url: str | None = None
    categories: tuple[str, ...] = ()
    completed: datetime | None = None


@frozen
class CalendarForm:
    """How a calendar is written.

    Args:
        name: Shown as the calendar's name (NAME and X-WR-CALNAME).
        times: UTC unless asked otherwise.
        compact: RRULE series for a file kept for ever; never for a feed.
        refresh_minutes: Hint for subscribers; None writes no hint.
    """

    name: str
    times: TimesForm = TimesForm.UTC
    compact: bool = False
    refresh_minutes: int | None = 60
