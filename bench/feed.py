"""G6: a feed of five years with alarms, against icalendar building each event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.courses import START, six_phases
from bench.measure import Pair, Row, Sample, Size, in_process
from icalendar import Alarm, Calendar, Event

from medsched.calendar.render import render
from medsched.domain.timeline import all_doses
from medsched.services.feed_entry import CalendarForm, FeedEntry

FORM = CalendarForm(name="Doses")
REVISED = datetime(2026, 1, 4, 12, tzinfo=UTC)


def entries(days: int) -> list[FeedEntry]:
    course = six_phases(6)
    doses = all_doses(course, START + timedelta(days=days - 1))
    return [
        FeedEntry(
            uid=str(UUID(int=number)),
            starts=one.due,
            zone="Europe/Berlin",
            summary=f"milnacipran {one.amount.digits}\N{NO-BREAK SPACE}mg",
            description=f"Phase {one.phase}: {one.amount.digits}\N{NO-BREAK SPACE}mg\nTwice a day.",
            sequence=0,
            revised=REVISED,
        )
        for number, one in enumerate(doses)
    ]


def built(told: list[FeedEntry], like: Calendar) -> bytes:
    """Build and write every event by icalendar, with the properties that ours have."""
    whole = Calendar()
    for name, value in like.property_items(recursive=False):
        if name not in {"BEGIN", "END"}:
            whole.add(name, value)
    model = next(iter(like.walk("VEVENT")))
    alarm_model = next(iter(model.walk("VALARM")))
    own = {"UID", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "BEGIN", "END"}
    shared = [
        (name, value) for name, value in model.property_items(recursive=False) if name not in own
    ]
    ringing = [
        (name, value)
        for name, value in alarm_model.property_items(recursive=False)
        if name not in {"BEGIN", "END", "UID", "DESCRIPTION"}
    ]
    with_uid = "UID" in alarm_model
    for entry in told:
        event = Event()
        event.add("UID", entry.uid)
        event.add("DTSTART", entry.starts)
        event.add("DTEND", entry.starts + timedelta(minutes=entry.minutes))
        event.add("SUMMARY", entry.summary)
        event.add("DESCRIPTION", entry.description)
        for name, value in shared:
            event.add(name, value)
        alarm = Alarm()
        for name, value in ringing:
            alarm.add(name, value)
        alarm.add("DESCRIPTION", entry.summary)
        if with_uid:
            alarm.add("UID", "made-anew")
        event.add_component(alarm)
        whole.add_component(event)
    return bytes(whole.to_ical())


def properties(component: Any) -> list[tuple[str, Any, list[Any]]]:
    """Return every property of every event, by UID; an alarm's own UID is left out."""

    def told(one: Any) -> list[tuple[str, bytes]]:
        return sorted(
            (name, value.to_ical())
            for name, value in one.property_items(recursive=False)
            if name not in {"BEGIN", "END"} and not (one.name == "VALARM" and name == "UID")
        )

    return sorted(
        (str(event["UID"]), told(event), [told(alarm) for alarm in event.walk("VALARM")])
        for event in component.walk("VEVENT")
    )


@contextmanager
def feed(size: Size, _folder: Path) -> Iterator[Pair]:
    """G6: ours is compared with theirs in every property, parsed back."""
    told = entries(size.feed_days)
    like = Calendar.from_ical(render(told[:1], FORM))
    render(told[:3], FORM)

    def same(ours: Sample, theirs: Sample) -> None:
        mine, other = (Calendar.from_ical(one.answer) for one in (ours, theirs))
        assert properties(mine) == properties(other)

    yield Pair(
        rows=(
            Row(
                "G6",
                f"feed of {len(told):,} doses with alarms",
                "icalendar building and writing each event",
                0.02,
            ),
        ),
        ours=lambda: in_process(lambda: render(told, FORM)),
        theirs=lambda: in_process(lambda: built(told, like)),
        same=same,
    )
