"""A calendar file read back: which entries are ours, and what is not, and why.

For a person who moves to another machine. The file may have been through any program
and may be broken anywhere; whatever cannot be read is told, and nothing is guessed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from medsched.calendar.component import PRODID
from medsched.calendar.islands import islands
from medsched.calendar.text import lines, one_line
from medsched.frozen import frozen
from medsched.services.feed_entry import EntryStatus, FeedEntry

if TYPE_CHECKING:
    import re
    from datetime import tzinfo

    from icalendar import Event

    from medsched.calendar.islands import Island

MOST_BYTES: Final = 10_000_000
MOST_COMPONENTS: Final = 20_000
_YEARS: Final = range(1970, 2200)
_MOST_SEQUENCE: Final = 2**31 - 1
_MINUTE: Final = timedelta(minutes=1)
_DEFAULT_MINUTES: Final = 15
_MOST_MINUTES: Final = 14 * 24 * 60
_REPEATS: Final = ("RRULE", "RDATE", "EXRULE", "RECURRENCE-ID")


@frozen
class Foreign:
    """A part of the file that is not taken over.

    Args:
        line: Where it begins, counted from 1; 0 is the whole file.
        uid: Its UID as far as it could be read; may be empty.
        reason: Why not, as a sentence without a full stop.
    """

    line: int
    uid: str
    reason: str


@frozen
class Reading:
    """What a file held: `entries` of ours in the order of the file, and the rest."""

    entries: tuple[FeedEntry, ...]
    foreign: tuple[Foreign, ...]


class _NotOurs(Exception):
    """Why a component is not taken over."""


def read(
    data: bytes,
    *,
    uid_form: re.Pattern[str] | None = None,
    prodid: str = PRODID,
    zone: str = "UTC",
) -> Reading:
    """Return what a calendar file holds; a broken file is no error.

    At most 10,000,000 bytes and 20,000 components are read, and repeating entries are
    told, never expanded.

    Args:
        data: The file.
        uid_form: What the UIDs of our entries look like. Without it an entry is ours if
            its calendar says that `prodid` wrote it; with it only the UID decides,
            because calendar programs put their own name on what they export.
        prodid: The program that writes our calendars.
        zone: IANA name given to entries in UTC and in floating time, which do not name
            one; floating times are read in it.
    """
    if len(data) > MOST_BYTES:
        told = f"it has {len(data):,} bytes; at most {MOST_BYTES:,} are read"
        return Reading(entries=(), foreign=(Foreign(line=0, uid="", reason=told),))
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    origin = _Origin(uid_form, prodid, ZoneInfo(zone))
    entries: dict[str, FeedEntry] = {}
    foreign: list[Foreign] = []
    for count, island in enumerate(islands(text)):
        if count >= MOST_COMPONENTS:
            told = f"it is after the first {MOST_COMPONENTS:,} entries; nothing more was read"
            foreign.append(Foreign(line=island.line, uid="", reason=told))
            break
        try:
            entry = _entry(island, origin)
        except _NotOurs as why:
            foreign.append(Foreign(line=island.line, uid=_uid(island), reason=str(why)))
            continue
        if entry is not None and entries.setdefault(entry.uid, entry) is not entry:
            told = "its UID was there before"
            foreign.append(Foreign(line=island.line, uid=entry.uid, reason=told))
    if not entries and not foreign:
        foreign.append(Foreign(line=0, uid="", reason="there is no entry in it"))
    return Reading(entries=tuple(entries.values()), foreign=tuple(foreign))


class _Origin(NamedTuple):
    """What our entries look like, and the zone of those that name none."""

    uid_form: re.Pattern[str] | None
    prodid: str
    zone: ZoneInfo

    def wrote(self, uid: str, prodid: str) -> bool:
        if self.uid_form is not None:
            return self.uid_form.fullmatch(uid) is not None
        return prodid == self.prodid


def _uid(island: Island) -> str:
    """Return the UID of a component that may be broken; never that of a part of it."""
    for line in island.text.split("\r\n")[1:]:
        if line[:6].upper() == "BEGIN:":
            break
        if line[:4].upper() in {"UID:", "UID;"}:
            return one_line(line.partition(":")[2])[:255]
    return ""


def _entry(island: Island, origin: _Origin) -> FeedEntry | None:
    """Return the entry of an event; None for the zones that a calendar brings along."""
    if island.kind == "VTIMEZONE":
        return None
    if island.fault:
        raise _NotOurs(island.fault)
    if island.kind != "VEVENT":
        raise _NotOurs(f"a {one_line(island.kind)[:20]} is not a dose")
    part = _parsed(island)
    try:
        return _dose(part, origin, island.prodid)
    except (AttributeError, KeyError, LookupError, OverflowError, TypeError, ValueError) as why:
        raise _NotOurs(f"it is broken ({type(why).__name__})") from why


def _parsed(island: Island) -> Event:
    from icalendar import Event

    try:
        part = Event.from_ical(island.text)
    except Exception as why:
        raise _NotOurs(f"it is broken ({type(why).__name__})") from why
    if not isinstance(part, Event):
        raise _NotOurs("it is broken")
    return part


def _dose(part: Event, origin: _Origin, prodid: str) -> FeedEntry:
    uid = one_line(_text(part, "UID"))
    if not uid:
        raise _NotOurs("it has no UID")
    if not origin.wrote(uid, prodid):
        raise _NotOurs("another program wrote it")
    if any(name in part for name in _REPEATS):
        raise _NotOurs("it repeats; only single entries can be read back")
    starts, zone = _instant(part, "DTSTART", origin.zone)
    cancelled = _text(part, "STATUS").upper() == EntryStatus.CANCELLED
    return FeedEntry(
        uid=uid,
        starts=starts,
        zone=zone,
        summary=one_line(_text(part, "SUMMARY")),
        description=lines(_text(part, "DESCRIPTION")),
        sequence=min(max(int(_only(part, "SEQUENCE", 0)), 0), _MOST_SEQUENCE),
        revised=_instant(part, "LAST-MODIFIED" if "LAST-MODIFIED" in part else "DTSTAMP", UTC)[0],
        minutes=_minutes(part, starts, origin.zone),
        status=EntryStatus.CANCELLED if cancelled else EntryStatus.CONFIRMED,
        alarms=() if cancelled else _alarms(part),
        url=_text(part, "URL") or None,
        categories=_categories(part),
    )


def _only(part: Event, name: str, missing: object = None) -> Any:  # noqa: ANN401 -- a broken file may hold any type
    """Return a property that may come once."""
    value = part.get(name, missing)
    if isinstance(value, list):
        raise _NotOurs(f"it has {name} more than once")
    return value


def _text(part: Event, name: str) -> str:
    return str(_only(part, name, ""))


def _instant(part: Event, name: str, zone: tzinfo) -> tuple[datetime, str]:
    """Return a date with time as an instant in UTC, and the zone that it names."""
    value = _only(part, name)
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime):
        raise _NotOurs(f"its {name} is no date with time")
    if moment.year not in _YEARS:
        raise _NotOurs(f"its {name} is in the year {moment.year}")
    named = value.params.get("TZID")
    if moment.tzinfo is None and named:
        raise _NotOurs(f"its {name} is in an unknown zone")
    own = moment.tzinfo if named and isinstance(moment.tzinfo, ZoneInfo) else zone
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(microsecond=0), str(getattr(own, "key", own))


def _minutes(part: Event, starts: datetime, zone: ZoneInfo) -> int:
    """Return the length; a file may say it in a way of its own, or not at all."""
    if "DTEND" in part:
        length = _instant(part, "DTEND", zone)[0] - starts
    else:
        length = getattr(_only(part, "DURATION"), "dt", _DEFAULT_MINUTES * _MINUTE)
    minutes = int(length / _MINUTE)
    if not 1 <= minutes <= _MOST_MINUTES:
        raise _NotOurs(f"it is {minutes} minutes long")
    return minutes


def _alarms(part: Event) -> tuple[int, ...]:
    """Return the minutes before the start at which it rings; what programs added is left out."""
    found = set()
    for alarm in part.subcomponents:
        trigger = alarm.get("TRIGGER")
        before = getattr(trigger, "dt", None)
        if alarm.name != "VALARM" or not isinstance(before, timedelta):
            continue
        if alarm.get("ACTION") == "DISPLAY" and trigger.params.get("RELATED", "START") == "START":
            minutes, rest = divmod(-before, _MINUTE)
            found |= {minutes} if 0 <= minutes <= _MOST_MINUTES and not rest else set()
    return tuple(sorted(found, reverse=True))


def _categories(part: Event) -> tuple[str, ...]:
    value = part.get("CATEGORIES", [])
    rows = value if isinstance(value, list) else [value]
    return tuple(one_line(str(word)) for row in rows for word in row.cats)
