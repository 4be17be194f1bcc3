"""What icalendar is told to write, property by property."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.contract.calendar_cases import entry

from medsched.calendar.component import calendar, event
from medsched.calendar.instants import as_written
from medsched.services.feed_entry import CalendarForm, EntryStatus, FeedEntry, TimesForm


def written(given: FeedEntry) -> list[str]:
    made = event(given, as_written(given, TimesForm.UTC))
    return bytes(made.to_ical()).decode().replace("\r\n ", "").split("\r\n")


def test_an_entry_says_all_that_a_phone_needs() -> None:
    given = entry(
        summary="25\u00a0mg; 1 tablet, now",
        description="step 3 of 4\nask",
        sequence=2,
        url="https://example.org/c?x=1",
        categories=("a,b", "c"),
    )
    assert written(given) == [
        "BEGIN:VEVENT",
        "SUMMARY:25\u00a0mg\\; 1 tablet\\, now",
        "DTSTART:20260302T130000Z",
        "DTEND:20260302T131500Z",
        "DTSTAMP:20260301T093000Z",
        "UID:3ce40ac2-8ea6-5533-b3f7-41f18879ff18",
        "SEQUENCE:2",
        "CATEGORIES:a\\,b,c",
        "CLASS:PRIVATE",
        "DESCRIPTION:step 3 of 4\\nask",
        "LAST-MODIFIED:20260301T093000Z",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "URL:https://example.org/c?x=1",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:25\u00a0mg\\; 1 tablet\\, now",
        "TRIGGER:PT0S",
        "UID:3349d560-addf-5696-996b-75a00d7362c1",
        "END:VALARM",
        "END:VEVENT",
        "",
    ]


@pytest.mark.parametrize(
    ("minutes", "trigger"),
    [(0, "PT0S"), (15, "-PT15M"), (60, "-PT1H"), (90, "-PT1H30M"), (1440, "-P1D")],
)
def test_an_alarm_rings_its_minutes_before_the_start(minutes: int, trigger: str) -> None:
    assert f"TRIGGER:{trigger}" in written(entry(alarms=(minutes,)))


def test_a_cancelled_entry_does_not_ring() -> None:
    lines = written(entry(status=EntryStatus.CANCELLED, alarms=(15, 0)))
    assert "STATUS:CANCELLED" in lines
    assert "BEGIN:VALARM" not in lines


def test_an_empty_summary_is_a_plain_reminder_because_an_alarm_must_say_something() -> None:
    assert written(entry(summary="\x07")).count("SUMMARY:Reminder") == 1


def test_the_calendar_is_named_twice_and_says_how_often_to_ask() -> None:
    lines = bytes(calendar(CalendarForm(name="A, b;c", refresh_minutes=90)).to_ical()).decode()
    assert lines.split("\r\n")[1:8] == [
        "VERSION:2.0",
        "PRODID:-//medsched//calendar//EN",
        "CALSCALE:GREGORIAN",
        "NAME:A\\, b\\;c",
        "X-WR-CALNAME:A\\, b\\;c",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H30M",
        "X-PUBLISHED-TTL:PT1H30M",
    ]


def test_a_calendar_without_a_hint_has_none() -> None:
    assert b"REFRESH" not in calendar(CalendarForm(name="a", refresh_minutes=None)).to_ical()


def test_seconds_are_kept_and_fractions_are_not() -> None:
    given = entry(starts=datetime(2026, 3, 2, 13, 0, 7, 999, tzinfo=UTC))
    assert "DTSTART:20260302T130007Z" in written(given)
