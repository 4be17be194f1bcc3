"""Entries to write calendars of: plain ones, a year of doses, and drawn ones with hostile text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from medsched.services.feed_entry import CalendarForm, EntryStatus, FeedEntry

FORM = CalendarForm(name="Doses")

HOSTILE = (
    "a\r\nBEGIN:VEVENT\r\nUID:x",
    "bell\x07 nul\x00 vt\x0b ff\x0c tab\t del\x7f",
    "lone \ud83d surrogate, other \udc00 half",
    "next\x85line\u2028line\u2029paragraph",
    'semi;comma,back\\slash:colon"quote\\n \\; \\\\',
    "x" * 10_240,
    "\N{PILL} " * 200,
    "\u05ea\u05e8\u05d5\u05e4\u05d4 \u0627\u0644\u062f\u0648\u0627\u0621 \u202b12.5\u202c",
    "50%s 100%% %(x)s {0} {x}",
    "C:\\New \\\\N \\N",
    "50\u00a0mg \u00b5\u00e9\u0301 \u200b\ufeff\ufffe",
    "BEGIN:VALARM",
    "UID:fake",
    "",
    " ",
    "\n",
)


def entry(**given: Any) -> FeedEntry:
    """Return an entry with what is given and plain values for the rest."""
    plain: dict[str, Any] = {
        "uid": "3ce40ac2-8ea6-5533-b3f7-41f18879ff18",
        "starts": datetime(2026, 3, 2, 13, tzinfo=UTC),
        "zone": "America/New_York",
        "summary": "Reminder",
        "sequence": 0,
        "revised": datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    }
    return FeedEntry(**{**plain, **given})


def year_of(zone: str, walls: tuple[time, ...], first: date, days: int = 366) -> list[FeedEntry]:
    """Return one entry for each day and wall time, resolved by RFC 5545's rule."""
    clock = ZoneInfo(zone)
    return [
        entry(
            uid=f"{count:04d}-{place}@{zone.replace('/', '.')}",
            starts=datetime.combine(first + timedelta(days=count), wall, clock).astimezone(UTC),
            zone=zone,
        )
        for count in range(days)
        for place, wall in enumerate(walls)
        if (first + timedelta(days=count), zone) != (date(2011, 12, 30), "Pacific/Apia")
    ]


hostile_text = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=200),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join),
)
uids = st.one_of(
    st.uuids().map(str),
    st.uuids().map(lambda uid: f"{uid}@example.org"),
    st.text(alphabet='abc;,\\:" %é\U0001f48a', min_size=1, max_size=90).filter(str.strip),
)
instants = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    max_value=datetime(2080, 1, 1),  # noqa: DTZ001 -- the same
    timezones=st.just(UTC),
).map(lambda at: at.replace(microsecond=0))
zones = st.sampled_from(
    (
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Africa/Cairo",
        "Asia/Gaza",
        "Asia/Kolkata",
        "Europe/Dublin",
        "UTC",
    )
)
entries = st.builds(
    FeedEntry,
    uid=uids,
    starts=instants,
    zone=zones,
    summary=hostile_text,
    sequence=st.integers(0, 12),
    revised=instants,
    minutes=st.integers(1, 3000),
    description=hostile_text,
    status=st.sampled_from(EntryStatus),
    alarms=st.sampled_from(((), (0,), (15, 0), (90, 15, 0))),
    url=st.one_of(st.none(), hostile_text.map(lambda text: f"https://example.org/{text}")),
    categories=st.lists(hostile_text, max_size=2).map(tuple),
)
# A UID is the one of its cleaned form: readers see no other.
calendars = st.lists(entries, max_size=8, unique_by=lambda each: " ".join(each.uid.split()))
