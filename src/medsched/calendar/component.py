"""The writer of record: how icalendar writes one entry.

Every byte of a calendar comes from here, at once or by filling in what was written
here (`shapes`). icalendar's own conveniences are not used: `Calendar.new` and
`Event.new` invent random UIDs and read the clock, `refresh_interval` leaves out
VALUE, and unknown properties are neither typed nor escaped.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from icalendar import Alarm, Calendar, Event, vCategory, vDuration, vRecur, vText

from medsched.calendar.identity import alarm_uid
from medsched.calendar.text import lines, link, one_line
from medsched.services.feed_entry import EntryStatus

if TYPE_CHECKING:
    from medsched.calendar.instants import Span
    from medsched.services.feed_entry import CalendarForm, FeedEntry

# No version number: an upgrade must not change one byte of a calendar that did not change.
PRODID: Final = "-//medsched//calendar//EN"
UNTITLED: Final = "Reminder"


class _Trigger(vDuration):
    """icalendar writes zero as `P0D`; `PT0S` is what phones write themselves."""

    def to_ical(self) -> bytes:
        if not self.td:
            return b"PT0S"
        return bytes(super().to_ical())  # type: ignore[no-untyped-call] # icalendar's


class _Text(vText):
    """icalendar writes a backslash before a large N as a line end; here it is what it is."""

    def to_ical(self) -> bytes:
        return b"\\\\N".join(vText(part).to_ical() for part in self.split("\\N"))


def calendar(form: CalendarForm) -> Calendar:
    """Return a calendar without entries.

    No METHOD (it would demand an organizer), no UID (vdirsyncer would fold all entries
    into one), no SOURCE (it would carry the secret address into every copy).
    """
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", PRODID)
    whole.add("calscale", "GREGORIAN")
    name = _Text(one_line(form.name) or UNTITLED)
    whole.add("name", name)
    whole.add("x-wr-calname", name)
    if form.refresh_minutes is not None:
        often = timedelta(minutes=form.refresh_minutes)
        whole.add("refresh-interval", vDuration(often), parameters={"VALUE": "DURATION"})
        whole.add("x-published-ttl", vDuration(often))
    return whole


def event(entry: FeedEntry, span: Span, *, rule: dict[str, object] | None = None) -> Event:
    """Return `entry` as icalendar's VEVENT.

    DTSTAMP and LAST-MODIFIED are both the entry's last revision: without METHOD they
    mean the same (RFC 5545, section 3.8.7.2).
    """
    made = Event()
    made.add("uid", _Text(one_line(entry.uid)))
    made.add("sequence", entry.sequence)
    made.add("dtstamp", entry.revised)
    made.add("last-modified", entry.revised)
    made.add("dtstart", span.start)
    made.add("dtend", span.end)
    if rule is not None:
        made.add("rrule", vRecur(rule))
    _describe(made, entry)
    if entry.status is not EntryStatus.CANCELLED:
        for minutes in entry.alarms:
            made.add_component(_alarm(entry, minutes))
    return made


def _describe(made: Event, entry: FeedEntry) -> None:
    made.add("summary", _Text(one_line(entry.summary) or UNTITLED))
    described = lines(entry.description)
    if described:
        made.add("description", _Text(described))
    made.add("status", entry.status.value)
    made.add("transp", "TRANSPARENT")
    made.add("class", "PRIVATE")
    if entry.url is not None:
        made.add("url", link(entry.url))
    words = [word for word in map(one_line, entry.categories) if word]
    if words:
        listed = vCategory(words)
        listed.cats = [_Text(word) for word in words]
        made.add("categories", listed)


def _alarm(entry: FeedEntry, minutes: int) -> Alarm:
    made = Alarm()
    made.add("uid", _Text(alarm_uid(one_line(entry.uid), minutes)))
    made.add("action", "DISPLAY")
    made.add("trigger", _Trigger(-timedelta(minutes=minutes)))
    made.add("description", _Text(one_line(entry.summary) or UNTITLED))
    return made
