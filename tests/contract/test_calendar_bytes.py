"""The bytes of a calendar: icalendar's own, clean for every reader, the same everywhere."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from tests.contract.calendar_cases import FORM, HOSTILE, calendars, entry
from tests.contract.calendar_readers import REPO, faults, needs_lint, rfc_lint

from medsched.calendar.component import calendar, event
from medsched.calendar.instants import as_written
from medsched.calendar.render import render
from medsched.calendar.text import lines, one_line
from medsched.services.feed_entry import CalendarForm, EntryStatus, FeedEntry, TimesForm

FORMS = [
    CalendarForm(name="Doses, a; b", times=times, compact=compact)
    for times, compact in product(TimesForm, (False, True))
]


def by_icalendar(entries: list[FeedEntry], form: CalendarForm) -> bytes:
    """Write every entry with icalendar, one by one."""
    whole = calendar(form)
    for each in sorted(entries, key=lambda each: (each.starts, each.uid)):
        whole.add_component(event(each, as_written(each, form.times)))
    return bytes(whole.to_ical())


@given(calendars.filter(bool))
def test_filled_in_entries_are_byte_for_byte_what_icalendar_writes(
    entries: list[FeedEntry],
) -> None:
    assert render(entries, FORM) == by_icalendar(entries, FORM)


@given(calendars.filter(bool))
def test_zoned_entries_are_what_icalendar_writes_after_our_vtimezones(
    entries: list[FeedEntry],
) -> None:
    form = replace(FORM, times=TimesForm.ZONED)
    ours, theirs = render(entries, form), by_icalendar(entries, form)
    at = ours.index(b"BEGIN:VEVENT")
    assert theirs.endswith(ours[at:])
    assert theirs[: -len(ours[at:])] == ours[: ours.find(b"BEGIN:VTIMEZONE")] or (
        b"BEGIN:VTIMEZONE" not in ours
    )


@pytest.mark.parametrize("length", range(1, 90))
def test_folds_fall_where_icalendar_folds_whatever_the_length_of_uid_and_texts(
    length: int,
) -> None:
    entries = [
        entry(uid=letter * length, summary="s" * (length + 30), description="é" * length)
        for letter in "abc"
    ]
    assert render(entries, FORM) == by_icalendar(entries, FORM)


def test_a_large_feed_is_what_icalendar_writes() -> None:
    start = datetime(2026, 3, 2, 23, 50, tzinfo=UTC)
    entries = [
        entry(
            uid=f"{count:08d}",
            starts=start + timedelta(hours=12 * count),
            sequence=count % 12,
            revised=start + timedelta(seconds=count % 5),
            summary=f"{count % 6} mg",
            alarms=((0,), (15, 0), ())[count % 3],
            status=EntryStatus.CANCELLED if count % 11 == 0 else EntryStatus.CONFIRMED,
        )
        for count in range(400)
    ]
    assert render(entries, FORM) == by_icalendar(entries, FORM)


@settings(max_examples=40)  # each is walked through half hour by half hour
@given(calendars, st.sampled_from(FORMS))
def test_no_output_has_a_fault(entries: list[FeedEntry], form: CalendarForm) -> None:
    data = render(entries, form)
    assert faults(data) == []
    near = [each for each in entries if abs(each.starts - entries[0].starts).days < 1000]
    if near:  # it walks through all the time between the first entry and the last
        assert rfc_lint(render(near, form)) == []


@needs_lint
@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("text", HOSTILE)
def test_the_linter_finds_nothing_in_hostile_text(text: str, form: CalendarForm) -> None:
    hostile = replace(form, name=text)
    given = entry(summary=text, description=text, url=text, categories=(text,))
    assert rfc_lint(render([given], hostile)) == []
    assert faults(render([given], hostile)) == []


@given(calendars)
def test_icalendar_reads_back_the_same_words(entries: list[FeedEntry]) -> None:
    parts: list[Any] = Calendar.from_ical(render(entries, FORM)).walk("VEVENT")
    found = {str(part["UID"]): part for part in parts}
    assert len(found) == len(entries)
    for each in entries:
        part = found[one_line(each.uid)]
        assert str(part["SUMMARY"]) == (one_line(each.summary) or "Reminder")
        assert str(part.get("DESCRIPTION", "")) == lines(each.description)
        assert part["DTSTART"].dt == each.starts
        assert part["DTEND"].dt == each.starts + timedelta(minutes=each.minutes)
        assert part["SEQUENCE"] == each.sequence
        assert part["DTSTAMP"].dt == part["LAST-MODIFIED"].dt == each.revised
        assert not part.errors
        rings = [alarm["TRIGGER"].dt for alarm in part.walk("VALARM")]
        wanted = () if each.status is EntryStatus.CANCELLED else each.alarms
        assert rings == [timedelta(minutes=-minutes) for minutes in wanted]
        assert all(alarm["DESCRIPTION"] == part["SUMMARY"] for alarm in part.walk("VALARM"))


@settings(max_examples=30)  # two calendars each
@given(calendars, st.sampled_from(FORMS))
def test_the_order_in_which_entries_come_changes_nothing(
    entries: list[FeedEntry], form: CalendarForm
) -> None:
    assert render(entries[::-1], form) == render(entries, form)


PROCESS = """
import hashlib, sys
sys.path[:0] = [{src!r}, {root!r}]
from tests.contract.test_calendar_bytes import FORMS, STEADY
from medsched.calendar.render import render
print(hashlib.sha256(b"".join(render(STEADY, form) for form in FORMS)).hexdigest())
"""
STEADY = [
    entry(uid=str(count), starts=datetime(2026, 3, 2, 13, tzinfo=UTC) + timedelta(days=count))
    for count in range(30)
]


def test_another_process_in_another_zone_and_language_writes_the_same_bytes() -> None:
    ours = hashlib.sha256(b"".join(render(STEADY, form) for form in FORMS)).hexdigest()
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Los_Angeles")):
        done = subprocess.run(
            [sys.executable, "-c", PROCESS.format(src=str(REPO / "src"), root=str(REPO))],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == ours


def test_a_program_that_may_render_does_not_load_icalendar_before_it_does() -> None:
    asked = "import sys, medsched.calendar.render; print('icalendar' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": str(REPO / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_a_calendar_is_the_same_for_ever() -> None:
    data = render(STEADY, FORM)
    assert hashlib.sha256(data).hexdigest() == (
        "7fe2f4dd86d6b0f749f48cc174ce7b1d83e6d8117a08ab8f0ba54d2cf77e93c6"
    )


def test_only_the_changed_entry_changes() -> None:
    changed = replace(STEADY[7], summary="Other", sequence=1)
    before = render(STEADY, FORM).split(b"BEGIN:VEVENT")
    after = render([*STEADY[:7], changed, *STEADY[8:]], FORM).split(b"BEGIN:VEVENT")
    assert [place for place in range(len(before)) if before[place] != after[place]] == [8]


def test_an_empty_calendar_keeps_one_component_because_the_standard_asks_for_one() -> None:
    data = render([], FORM)
    assert b"BEGIN:VTIMEZONE\r\nTZID:UTC\r\n" in data
    assert b"VEVENT" not in data
    assert faults(data) == []


def test_a_uid_that_comes_twice_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="comes twice"):
        render([entry(), entry(summary="b")], FORM)


def test_a_time_without_a_zone_is_a_mistake_of_the_program() -> None:
    naive = datetime(2026, 3, 2, 13)  # noqa: DTZ001 -- the mistake
    with pytest.raises(ValueError, match="has no zone"):
        render([entry(starts=naive)], FORM)


def test_an_entry_without_a_length_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="0 minutes long"):
        render([entry(minutes=0)], FORM)


def test_an_instant_in_another_zone_is_written_in_utc() -> None:
    from zoneinfo import ZoneInfo

    local = entry().starts.astimezone(ZoneInfo("Asia/Tokyo"))
    assert render([entry(starts=local)], FORM) == render([entry()], FORM)
