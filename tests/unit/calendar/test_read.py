"""A file is read back as it was written, and no file at all makes the reader fall."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from datetime import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contract.calendar_cases import FORM, calendars, entry, year_of

from medsched.calendar.read import MOST_BYTES, MOST_COMPONENTS, Reading, read
from medsched.calendar.render import render
from medsched.calendar.text import lines, link, one_line
from medsched.services.feed_entry import EntryStatus, FeedEntry, TimesForm

PLAIN = render([entry(summary="a", description="b\nc", alarms=(15, 0))], FORM)


def cleaned(given: FeedEntry) -> FeedEntry:
    """Return what a reader can know of an entry that was written in UTC."""
    cancelled = given.status is EntryStatus.CANCELLED
    return replace(
        given,
        uid=one_line(given.uid),
        zone="UTC",
        summary=one_line(given.summary) or "Reminder",
        description=lines(given.description),
        alarms=() if cancelled else given.alarms,
        url=None if given.url is None else link(given.url),
        categories=tuple(word for word in map(one_line, given.categories) if word),
    )


def reasons(data: bytes, **given: object) -> list[str]:
    return [foreign.reason for foreign in read(data, **given).foreign]  # type: ignore[arg-type]


@given(calendars)
def test_what_was_written_is_read_back(entries: list[FeedEntry]) -> None:
    found = read(render(entries, FORM))
    wanted = sorted((cleaned(each) for each in entries), key=lambda each: each.uid)
    assert sorted(found.entries, key=lambda each: each.uid) == wanted
    assert not found.foreign or not entries


def test_a_zoned_file_brings_its_zones_and_is_read_at_the_same_instants() -> None:
    entries = year_of("America/New_York", (clock(2, 30), clock(8)), date(2026, 3, 1), days=20)
    data = render(entries, replace(FORM, times=TimesForm.ZONED))
    found = read(data, zone="America/New_York")
    assert sorted(found.entries, key=lambda each: each.uid) == entries
    assert found.foreign == ()


def test_a_floating_file_is_read_in_the_zone_that_is_given() -> None:
    entries = year_of("Europe/Berlin", (clock(8),), date(2026, 3, 20), days=20)
    data = render(entries, replace(FORM, times=TimesForm.FLOATING))
    assert list(read(data, zone="Europe/Berlin").entries) == entries


def test_a_compact_file_is_told_and_not_expanded() -> None:
    entries = year_of("Europe/Berlin", (clock(8),), date(2026, 1, 1))
    found = read(render(entries, replace(FORM, compact=True)))
    assert found.entries == ()
    assert [foreign.reason for foreign in found.foreign] == [
        "it repeats; only single entries can be read back"
    ]


def test_another_programs_file_is_not_ours() -> None:
    data = PLAIN.replace(b"-//medsched//calendar//EN", b"-//Example//1.0//EN")
    assert reasons(data) == ["another program wrote it"]


def test_our_uids_are_ours_whoever_exported_them() -> None:
    data = PLAIN.replace(b"-//medsched//calendar//EN", b"-//Example//1.0//EN")
    assert len(read(data, uid_form=re.compile("[0-9a-f-]{36}")).entries) == 1
    assert reasons(PLAIN, uid_form=re.compile("dose-.*")) == ["another program wrote it"]


def test_each_thing_that_is_not_ours_is_told_with_its_line() -> None:
    todo = b"BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\n"
    found = read(PLAIN.replace(b"BEGIN:VEVENT", todo + b"BEGIN:VEVENT"))
    assert len(found.entries) == 1
    assert [(each.line, each.uid, each.reason) for each in found.foreign] == [
        (9, "t", "a VTODO is not a dose")
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"UID:3ce40ac2-8ea6-5533-b3f7-41f18879ff18\r\n", b"", "it has no UID"),
        (b"DTSTART:20260302T130000Z", b"DTSTART:20261302T130000Z", "broken"),
        (b"DTSTART:20260302T130000Z", b"DTSTART;VALUE=DATE:20260302", "no date with time"),
        (b"DTSTART:20260302T130000Z", b"DTSTART;TZID=X/Y:20260302T130000", "unknown zone"),
        (b"DTSTART:20260302T130000Z", b"DTSTART:00010302T130000Z", "in the year 1"),
        (b"DTSTART:20260302T130000Z", b"X:1", "DTSTART is no date"),
        (b"DTEND:20260302T131500Z", b"DTEND:20260302T130000Z", "0 minutes long"),
        (b"DTEND:20260302T131500Z", b"DTEND:21260302T130000Z", "minutes long"),
        (b"SEQUENCE:0", b"SEQUENCE:0\r\nRRULE:FREQ=SECONDLY", "it repeats"),
        (b"SEQUENCE:0", b"RECURRENCE-ID:20260302T130000Z", "it repeats"),
        (b"SEQUENCE:0", b"SEQUENCE:x", "broken"),
        (b"SUMMARY:a", b"SUMMARY:a\r\nSUMMARY:b", "SUMMARY more than once"),
        (b"SUMMARY:a", b"BEGIN:VALARM", "no END before END:VEVENT"),
        (b"END:VEVENT\r\nEND:VCALENDAR\r\n", b"", "it has no END"),
        (b"END:VEVENT\r\n", b"", "no END before END:VCALENDAR"),
        (b"SUMMARY:a", b"SUMMARY:" + b"a" * 100_001, "longer than 100,000"),
    ],
)
def test_a_broken_entry_is_told_with_its_reason(old: bytes, new: bytes, reason: str) -> None:
    assert old in PLAIN
    data = PLAIN.replace(old, new)
    assert read(data).entries == ()
    assert reason in " ".join(reasons(data))


def test_one_broken_entry_does_not_lose_the_others() -> None:
    data = render([entry(uid=uid) for uid in "abc"], FORM)
    found = read(data.replace(b"UID:b\r\n", b"UID:b\r\nDTSTART:rubbish\r\n"))
    assert [each.uid for each in found.entries] == ["a", "c"]
    assert [each.uid for each in found.foreign] == ["b"]


def test_a_uid_that_was_there_before_is_told() -> None:
    event = PLAIN[PLAIN.index(b"BEGIN:VEVENT") : PLAIN.index(b"END:VCALENDAR")]
    found = read(PLAIN.replace(event, event + event))
    assert len(found.entries) == 1
    assert found.foreign[0].reason == "its UID was there before"


def test_what_programs_write_back_is_tolerated() -> None:
    """Apple adds its own alarm and properties, others a DURATION and bare line feeds."""
    data = PLAIN.replace(
        b"DTEND:20260302T131500Z\r\n", b"DURATION:PT20M\r\nX-APPLE-TRAVEL:1\r\n"
    ).replace(
        b"END:VEVENT",
        b"BEGIN:VALARM\r\nUID:z\r\nACTION:NONE\r\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\r\n"
        b"X-APPLE-DEFAULT-ALARM:TRUE\r\nEND:VALARM\r\nEND:VEVENT",
    )
    (found,) = read(b"\xef\xbb\xbf" + data.replace(b"\r\n", b"\n")).entries
    assert (found.minutes, found.alarms) == (20, (15, 0))


@pytest.mark.parametrize(
    "trigger", [b"TRIGGER:PT15M", b"TRIGGER:-PT30S", b"TRIGGER;RELATED=END:PT0S", b"TRIGGER:-P99W"]
)
def test_an_alarm_that_we_never_write_is_left_out(trigger: bytes) -> None:
    (found,) = read(PLAIN.replace(b"TRIGGER:-PT15M", trigger)).entries
    assert found.alarms == (0,)


@pytest.mark.parametrize("data", [b"", b"\x00", b"hello", b"BEGIN:VCALENDAR", b"END:VEVENT"])
def test_what_is_no_calendar_has_no_entry(data: bytes) -> None:
    assert reasons(data) == ["there is no entry in it"]


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert "at most 10,000,000 are read" in reasons(b" " * (MOST_BYTES + 1))[0]


@pytest.mark.parametrize(
    "bomb",
    [
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 300_000,
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 100_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + b"a\r\n " * 1_000_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nX" + b";A=B" * 1_000_000 + b"\r\nEND:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"RRULE:FREQ=SECONDLY\r\n" * 4_000 + b"END:VEVENT",
        PLAIN[: PLAIN.index(b"END:VEVENT")]
        + b"CATEGORIES:"
        + b"a," * 40_000
        + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ],
    ids=["nested", "many", "folds", "parameters", "rules", "categories"],
)
def test_a_bomb_does_not_go_off(bomb: bytes) -> None:
    begun = time.process_time()
    found = read(bomb)
    assert len(found.entries) + len(found.foreign) <= MOST_COMPONENTS + 1
    assert time.process_time() - begun < 20


@given(st.data())
def test_no_mutation_of_a_file_makes_the_reader_fall(data: st.DataObject) -> None:
    mutated = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(mutated)))
        cut = data.draw(st.integers(0, 12))
        put = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(PIECES)))
        mutated[at : at + cut] = put
    found = read(bytes(mutated))
    assert isinstance(found, Reading)
    assert render(found.entries, FORM)


PIECES = [
    *(b"\r\n", b"\n ", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"BEGIN:VALARM\r\n", b";VALUE=DATE"),
    *(
        b";TZID=Europe/Berlin",
        b":",
        b";",
        b"=",
        b'"',
        b"\\",
        b"-",
        b"99999999",
        b"TRIGGER:-P1W\r\n",
    ),
    *(b"DTSTART:20260302T130000\r\n", b"DURATION:-PT1H\r\n", b"CATEGORIES:a\r\nCATEGORIES:b\r\n"),
    *(b";VALUE=PERIOD", b";VALUE=BINARY;ENCODING=BASE64", b"SEQUENCE:-1\r\n", b"URL;VALUE=X:1"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join), st.binary(max_size=50))
def test_no_rubbish_makes_the_reader_fall(pieces: bytes, rubbish: bytes) -> None:
    for data in (pieces + rubbish, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + pieces + rubbish):
        assert isinstance(read(data), Reading)


def test_the_last_revision_is_read_and_the_stamp_stands_in_for_it() -> None:
    data = PLAIN.replace(b"LAST-MODIFIED:20260301T093000Z", b"LAST-MODIFIED:20260305T080000Z")
    assert read(data).entries[0].revised == datetime(2026, 3, 5, 8, tzinfo=UTC)
    without = PLAIN.replace(b"LAST-MODIFIED:20260301T093000Z\r\n", b"")
    assert read(without).entries[0].revised == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
