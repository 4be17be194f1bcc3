"""One dose as a resource of a CalDAV server, and what others wrote into it.

We own what the plan says: time, words, status and our alarms. Whatever else a phone put
into the resource (its own properties and alarms, an acknowledged alarm, a completed
task) is theirs and stays, so publishing never undoes what a person did there.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Todo, vCategory, vInt, vText

from medsched.calendar.component import PRODID, event
from medsched.calendar.identity import alarm_uid
from medsched.calendar.instants import Span
from medsched.frozen import frozen
from medsched.services.feed_entry import EntryStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from icalendar import Component

    from medsched.services.feed_entry import FeedEntry

Part = Any  # icalendar's properties are of many types; a phone may have written any
REVISION: Final = frozenset({"SEQUENCE", "DTSTAMP", "LAST-MODIFIED"})
# Ours even where we leave them out: whatever a phone puts there would move the dose.
OURS: Final = frozenset(
    {
        *("DTSTART", "DTEND", "DUE", "DURATION", "SUMMARY", "DESCRIPTION", "STATUS", "URL"),
        *("TRANSP", "CLASS", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID"),
        *("COMPLETED", "PERCENT-COMPLETE"),
    }
)
DONE: Final = ("STATUS", "COMPLETED", "PERCENT-COMPLETE")
_WHEN: Final = ("COMPLETED", "LAST-MODIFIED", "DTSTAMP")
_MINUTE: Final = timedelta(minutes=1)
# What icalendar does to a part that a phone wrote and nobody can read.
_BROKEN: Final = (ValueError, KeyError, IndexError, AttributeError, TypeError, StopIteration)


@frozen
class Completion:
    """A task that was completed on a server: the dose's UID and the UTC instant."""

    uid: str
    at: datetime


def component(entry: FeedEntry, *, as_todo: bool) -> Component:
    """Return `entry` as an event, or as a task that can be completed.

    A task is due at the dose's time and never repeats: programs complete one of a
    repeating task in ways that exclude each other.
    """
    span = Span(entry.starts, entry.starts + timedelta(minutes=entry.minutes))
    made = event(entry, span)
    if not as_todo:
        return made
    todo = Todo()
    for name, value in made.items():
        if name not in {"DTSTART", "DTEND", "TRANSP", "STATUS"}:
            todo[name] = value
    todo.add("due", entry.starts)
    _settle(todo, entry)
    for alarm in made.subcomponents:
        # Without DTSTART an alarm is counted from the time it is due (3.8.6.3).
        alarm["TRIGGER"].params["RELATED"] = "END"
        todo.add_component(alarm)
    return todo


def _settle(todo: Todo, entry: FeedEntry) -> None:
    if entry.status is EntryStatus.CANCELLED:
        todo.add("status", "CANCELLED")
    elif entry.completed is None:
        todo.add("status", "NEEDS-ACTION")
    else:
        todo.add("status", "COMPLETED")
        todo.add("completed", entry.completed.astimezone(UTC))
        todo.add("percent-complete", 100)


def written(part: Component) -> bytes:
    """Return one component as a resource."""
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", PRODID)
    whole.add_component(part)
    return bytes(whole.to_ical())


def merged(held: bytes, entry: FeedEntry, *, as_todo: bool, seen: bool) -> bytes | None:
    """Return what a server should hold for `entry`, given what it holds; None if it does.

    Args:
        held: The resource as the server gave it.
        entry: What the plan says.
        as_todo: Whether it is published as a task.
        seen: Whether nobody changed the resource since we last published it. If others
            did, a completion that they wrote stays until the plan knows of it.
    """
    try:
        return _merged(Calendar.from_ical(held), entry, as_todo=as_todo, seen=seen)
    except _BROKEN:  # whatever it is, it cannot show the dose
        return written(component(entry, as_todo=as_todo))


def _merged(whole: Component, entry: FeedEntry, *, as_todo: bool, seen: bool) -> bytes | None:
    ours = component(entry, as_todo=as_todo)
    theirs = _counterpart(whole, ours)
    if theirs is None:
        return written(ours)
    if as_todo and not seen and _text(theirs, "STATUS") == "COMPLETED" and not entry.completed:
        _keep(ours, theirs, DONE)
    if _same(ours, theirs):
        return None
    _raise_revision(ours, theirs)
    _keep(ours, theirs, [name for name in theirs if name not in OURS | REVISION | set(ours)])
    _merge_alarms(ours, theirs)
    others = [part for part in whole.subcomponents if _text(part, "UID") != _text(ours, "UID")]
    whole.subcomponents = [*others, ours]
    whole.pop("METHOD", None)
    return bytes(whole.to_ical())


def completion_of(data: bytes) -> Completion | None:
    """Return what a resource says about a completed task; None if there is none in it.

    A program that leaves COMPLETED out, or writes a day only, has at least stamped the
    change; some write local time there, against the standard.
    """
    try:
        parts: list[Part] = Calendar.from_ical(data).walk("VTODO")
        for part in parts:
            if _text(part, "STATUS") == "COMPLETED" and _text(part, "UID"):
                at = next(filter(None, (_instant(part, name) for name in _WHEN)))
                return Completion(uid=_text(part, "UID"), at=at)
    except _BROKEN:
        return None
    return None


def _text(part: Part, name: str) -> str:
    return str(part.get(name, "")).strip()


def _instant(part: Part, name: str) -> datetime | None:
    """Return a stamp as a UTC instant; None if it is none."""
    value = part.get(name)
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime):
        return None
    named = value.params.get("TZID")  # icalendar takes such a stamp for UTC
    aware = moment.replace(tzinfo=_zone(named) if named else moment.tzinfo or UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _zone(key: str) -> tzinfo:
    try:
        return ZoneInfo(key)
    except (ValueError, OSError, LookupError):
        return UTC


def _counterpart(whole: Component, ours: Component) -> Part | None:
    return next(
        (
            part
            for part in whole.subcomponents
            if part.name == ours.name
            and _text(part, "UID") == _text(ours, "UID")
            and "RECURRENCE-ID" not in part
        ),
        None,
    )


def _keep(ours: Part, theirs: Part, names: Iterable[str]) -> None:
    for name in names:
        ours.pop(name, None)
        if name in theirs:
            ours[name] = theirs[name]


def _plain(part: Part, name: str) -> object:
    """Return a property as text that can be compared, however a server wrote it."""
    value = part.get(name)
    if value is None or isinstance(value, list):
        return value
    if isinstance(value, vCategory):
        return [str(one) for one in value.cats]
    if isinstance(value, vText):
        return str(value)
    moment = getattr(value, "dt", None)
    return moment if moment is not None else value.to_ical()


def _same(ours: Part, theirs: Part) -> bool:
    names = (OURS | set(ours)) - REVISION
    if any(_plain(ours, name) != _plain(theirs, name) for name in names):
        return False
    rings = [alarm for alarm in theirs.subcomponents if _is_ours(alarm, theirs)]
    return _rings(ours.subcomponents) == _rings(rings)


def _rings(alarms: Iterable[Part]) -> list[tuple[str, str]]:
    """Return when alarms ring and what they say."""
    return sorted((str(_plain(alarm, "TRIGGER")), _text(alarm, "DESCRIPTION")) for alarm in alarms)


def _is_ours(alarm: Part, theirs: Part) -> bool:
    """Return whether an alarm came from us; GNOME gives alarms names of its own."""
    before = getattr(alarm.get("TRIGGER"), "dt", None)
    if alarm.name != "VALARM" or not isinstance(before, timedelta):
        return False
    named = _text(alarm, "UID") == alarm_uid(_text(theirs, "UID"), -before // _MINUTE)
    worded = _text(alarm, "DESCRIPTION") == _text(theirs, "SUMMARY")
    return named or (_text(alarm, "ACTION") == "DISPLAY" and worded)


def _merge_alarms(ours: Part, theirs: Part) -> None:
    """Give our alarms what a phone noted on them, and add the alarms that are not ours."""
    for alarm in theirs.subcomponents:
        if not _is_ours(alarm, theirs):
            ours.add_component(alarm)
            continue
        for wanted in ours.subcomponents:
            if _plain(wanted, "TRIGGER") == _plain(alarm, "TRIGGER"):
                _keep(wanted, alarm, [name for name in alarm if name not in wanted])


def _raise_revision(ours: Part, theirs: Part) -> None:
    """A change is announced by more than what anybody wrote before."""
    held = theirs.get("SEQUENCE", 0)
    above = held + 1 if isinstance(held, int) else 0
    ours["SEQUENCE"] = vInt(max(int(ours["SEQUENCE"]), above))
    stamped = [(part, name) for part in (ours, theirs) for name in ("DTSTAMP", "LAST-MODIFIED")]
    latest = max(filter(None, (_instant(part, name) for part, name in stamped)))
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        ours.pop(name)
        ours.add(name, latest)
