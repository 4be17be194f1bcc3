"""Every reader sees every dose at its instant, whatever form the calendar has."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time

import pytest
from tests.contract.calendar_cases import FORM, year_of
from tests.contract.calendar_readers import READERS, faults, rfc_lint, span_of

from medsched.calendar.render import render
from medsched.services.feed_entry import CalendarForm, FeedEntry, TimesForm

# A year from the given day, with the skipped and the repeated hour among the times.
YEARS = {
    "New York": ("America/New_York", date(2026, 1, 1), (time(1, 30), time(2, 30))),
    "Berlin": ("Europe/Berlin", date(2026, 1, 1), (time(2, 30), time(20))),
    "Lord Howe": ("Australia/Lord_Howe", date(2026, 1, 1), (time(1, 45), time(2, 15))),
    "Casablanca": ("Africa/Casablanca", date(2026, 1, 1), (time(2, 30), time(20))),
    "Apia": ("Pacific/Apia", date(2011, 6, 1), (time(3, 30), time(20))),
    "Cairo": ("Africa/Cairo", date(2029, 12, 1), (time(0, 30), time(23, 30))),
    "Gaza": ("Asia/Gaza", date(2026, 1, 1), (time(1, 30), time(2, 30))),
}
FORMS = [
    FORM,
    replace(FORM, times=TimesForm.ZONED),
    replace(FORM, compact=True),
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.times}, compact={form.compact}")
@pytest.mark.parametrize("place", YEARS)
def test_a_year_of_doses_is_read_at_its_instants(
    place: str, form: CalendarForm, reader: str
) -> None:
    zone, first, walls = YEARS[place]
    entries = year_of(zone, walls, first)
    data = render(entries, form)
    instants = Counter(entry.starts for entry in entries)
    assert READERS[reader](data, *span_of(instants)) == instants


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.times}, compact={form.compact}")
@pytest.mark.parametrize("place", YEARS)
def test_a_year_of_doses_has_no_fault(place: str, form: CalendarForm) -> None:
    zone, first, walls = YEARS[place]
    data = render(year_of(zone, walls, first, days=400), form)
    assert faults(data) == []
    assert rfc_lint(data) == []


def _lines(
    entries: list[FeedEntry], times: TimesForm = TimesForm.UTC, *, compact: bool = False
) -> str:
    return render(entries, replace(FORM, times=times, compact=compact)).decode()


def test_a_dose_in_the_skipped_hour_is_written_in_utc_where_it_rings() -> None:
    entries = year_of("America/New_York", (time(2, 30),), date(2026, 3, 8), days=1)
    assert "DTSTART:20260308T073000Z" in _lines(entries, times=TimesForm.ZONED)


def test_a_dose_in_the_repeated_hour_is_written_in_utc_once() -> None:
    entries = year_of("America/New_York", (time(1, 30),), date(2026, 11, 1), days=1)
    assert "DTSTART:20261101T053000Z" in _lines(entries, times=TimesForm.ZONED)


def test_a_dose_away_from_a_clock_change_is_written_in_its_zone() -> None:
    entries = year_of("America/New_York", (time(8),), date(2026, 3, 8), days=1)
    assert "DTSTART;TZID=America/New_York:20260308T080000" in _lines(entries, times=TimesForm.ZONED)


def test_a_floating_calendar_names_no_zone_at_all() -> None:
    text = _lines(year_of("Europe/Berlin", (time(8),), date(2026, 3, 1)), times=TimesForm.FLOATING)
    assert "DTSTART:20260301T080000\r\n" in text
    assert "Z\r\n" not in "".join(line for line in text.splitlines() if "DTSTART" in line)
    assert "TZID" not in text
    assert "X-WR-TIMEZONE" not in text


def test_a_year_twice_a_day_is_a_few_series_in_a_compact_file() -> None:
    entries = year_of("Europe/Berlin", (time(8), time(20)), date(2026, 1, 1))
    text = _lines(entries, compact=True)
    assert text.count("BEGIN:VEVENT") == 2
    assert text.count("RRULE:FREQ=DAILY;COUNT=366") == 2


def test_the_zone_of_a_series_is_told_to_its_last_day() -> None:
    """Each Ramadan is an observance of its own, so what is left out would be an hour off."""
    text = _lines(year_of("Africa/Casablanca", (time(20),), date(2026, 1, 1), 2000), compact=True)
    assert text.count("RRULE:FREQ=DAILY;COUNT=2000") == 1
    assert text.count("BEGIN:DAYLIGHT\r\nDTSTART:2031") == 1


def test_doses_on_two_weekdays_are_two_weekly_series_in_a_compact_file() -> None:
    entries = year_of("Europe/Berlin", (time(8),), date(2026, 1, 1))
    twice = [entry for entry in entries if entry.starts.weekday() in (0, 1)]
    text = _lines(twice, compact=True)
    assert text.count("BEGIN:VEVENT") == 2
    assert text.count("RRULE:FREQ=WEEKLY;COUNT=") == 2


def test_a_feed_form_never_has_a_rule_or_a_zone() -> None:
    text = _lines(year_of("Europe/Berlin", (time(2, 30),), date(2026, 1, 1)))
    assert "RRULE" not in text
    assert "TZID" not in text
