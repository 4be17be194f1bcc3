"""Check-ins, readings, reviews and refills become entries of a calendar.

They belong to a day; they are shown at breakfast. Their ids name what their day hangs
on, not the date, so a moved plan moves its entries.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from medsched.domain.monitoring_rules import MonitoringKind
from medsched.domain.walltime import instant_at
from medsched.services.events import events_of
from medsched.services.feed_entry import FeedEntry
from medsched.services.publish import named_uid, whole
from medsched.services.publish_how import FeedKind, Publication

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.services.book import Book
    from medsched.services.events import DatedEvent

_DAY: Final = timedelta(days=1)


def event_entries(
    book: Book, since: datetime, until: datetime, now: datetime, how: Publication
) -> list[FeedEntry]:
    """Return the entries of dated events of the wanted kinds with `since` <= start < `until`.

    Args:
        now: From which refills are reckoned; the same for a whole day, so that a calendar
            changes once a day at most for it.
    """
    if not how.kinds - {FeedKind.DOSES}:
        return []
    found = events_of(book, (since - _DAY).date(), (until + _DAY).date(), now)
    entries = (_entry(book, one, how) for one in found if kind_of(one) in how.kinds)
    return [one for one in entries if since <= one.starts < until]


def kind_of(one: DatedEvent) -> FeedKind:
    """Return the kind of calendar that an event belongs to."""
    refill = one.event.kind is MonitoringKind.REFILL
    return FeedKind.REFILLS if refill else FeedKind.CHECKINS


def _entry(book: Book, one: DatedEvent, how: Publication) -> FeedEntry:
    event, person = one.event, book.person
    about = event.at or instant_at(event.day, person.rhythm.breakfast, person.itinerary.home)
    zone = person.itinerary.zone_at(about)
    starts = event.at or instant_at(event.day, person.rhythm.breakfast, zone)
    revision = book.revision(one.plan.number, one.plan.current)
    lines = (event.text, event.urgent_text)
    return FeedEntry(
        uid=named_uid(UUID(one.plan.key).bytes, f"event/{event.id.partition('-')[2]}"),
        starts=whole(starts),
        zone=zone.key,
        summary=f"{event.kind.value.capitalize()}: {one.plan.medication}",
        description="\n".join(one for one in lines if one),
        sequence=one.plan.current,
        revised=whole(revision.created_at),
        minutes=how.minutes,
        alarms=how.alarms,
    )
