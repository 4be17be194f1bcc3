"""What is ours in a resource is put right, what is theirs stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contract.calendar_cases import entries, entry
from tests.contract.calendar_readers import rfc_lint

from medsched.calendar.resource import Completion, completion_of, component, merged, written
from medsched.services.feed_entry import EntryStatus, FeedEntry

DOSE = entry(summary="25 mg", alarms=(15, 0))
OTHER = replace(DOSE, summary="50 mg", sequence=1, revised=DOSE.revised + timedelta(hours=1))


def held(each: FeedEntry = DOSE, *, as_todo: bool = False, **swaps: str) -> bytes:
    """Return a resource with the given lines put in the place of others."""
    text = written(component(each, as_todo=as_todo)).decode()
    for old, new in swaps.items():
        mark = {"end": "END:VEVENT", "todo": "STATUS:NEEDS-ACTION", "starts": "DTSTART:"}[old]
        assert mark in text
        text = text.replace(mark, new, 1)
    return text.encode()


def merge(
    data: bytes, each: FeedEntry = OTHER, *, as_todo: bool = False, seen: bool = False
) -> str:
    result = merged(data, each, as_todo=as_todo, seen=seen)
    assert result is not None
    return result.decode().replace("\r\n ", "")


@given(entries, st.booleans())
def test_a_resource_has_no_fault(each: FeedEntry, as_todo: bool) -> None:
    assert rfc_lint(written(component(each, as_todo=as_todo))) == []


@given(entries, st.booleans())
def test_what_was_written_needs_no_change(each: FeedEntry, as_todo: bool) -> None:
    data = written(component(each, as_todo=as_todo))
    assert merged(data, each, as_todo=as_todo, seen=True) is None


@given(entries, entries, st.booleans(), st.booleans())
def test_what_was_merged_needs_no_change_and_has_no_fault(
    first: FeedEntry, second: FeedEntry, as_todo: bool, seen: bool
) -> None:
    data = written(component(first, as_todo=as_todo))
    second = replace(second, uid=first.uid)
    result = merged(data, second, as_todo=as_todo, seen=seen)
    if result is not None:
        assert rfc_lint(result) == []
        assert merged(result, second, as_todo=as_todo, seen=seen) is None


def test_theirs_stays_and_ours_is_put_right() -> None:
    text = merge(held(end="X-A:1\r\nLOCATION:home\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT"))
    assert "X-A:1" in text
    assert "LOCATION:home" in text
    assert "SUMMARY:50 mg" in text
    assert "RRULE" not in text


def test_a_dose_that_was_made_to_repeat_is_single_again_without_its_exceptions() -> None:
    exception = held(starts="RECURRENCE-ID:20260303T130000Z\r\nDTSTART:").decode()
    begin, end = exception.index("BEGIN:VEVENT"), exception.index("END:VCALENDAR")
    data = held(end="RRULE:FREQ=DAILY\r\nEND:VEVENT\r\n" + exception[begin:end].rstrip())
    assert merge(data, DOSE).count("BEGIN:VEVENT") == 1


def test_our_alarms_follow_the_plan_and_theirs_stay() -> None:
    theirs = "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT3M\r\nEND:VALARM\r\nEND:VEVENT"
    text = merge(held(end=theirs), replace(OTHER, alarms=(0,)))
    assert text.count("BEGIN:VALARM") == 2
    assert "TRIGGER:-PT3M" in text
    assert "TRIGGER:-PT15M" not in text
    assert "DESCRIPTION:50 mg" in text
    assert "DESCRIPTION:25 mg" not in text


def test_a_taken_dose_has_no_alarm_of_ours_left_even_renamed_ones() -> None:
    """GNOME gives alarms names of its own."""
    data = held().replace(b"UID:8", b"UID:renamed-8").replace(b"UID:3349", b"UID:renamed")
    assert "VALARM" not in merge(data, replace(OTHER, alarms=()))


@pytest.mark.parametrize("sequence", ["7", "-1", "x", "1\r\nSEQUENCE:2"])
def test_a_change_is_announced_above_whatever_was_written_before(sequence: str) -> None:
    data = held().replace(b"SEQUENCE:0", f"SEQUENCE:{sequence}".encode())
    text = merge(data)
    assert "SEQUENCE:8" in text or "SEQUENCE:1" in text
    assert "SEQUENCE:7\r" not in text


def test_a_later_stamp_of_theirs_is_not_taken_back() -> None:
    data = held().replace(b"LAST-MODIFIED:20260301T093000Z", b"LAST-MODIFIED:20300101T000000Z")
    assert "LAST-MODIFIED:20300101T000000Z" in merge(data)


@pytest.mark.parametrize(
    "data", [b"", b"rubbish", b"BEGIN:VCALENDAR", held(entry(uid="other")), b"\xff\xfe"]
)
def test_what_cannot_be_read_is_replaced(data: bytes) -> None:
    assert merged(data, DOSE, as_todo=False, seen=False) == held()


def test_an_event_becomes_a_task_when_the_account_is_changed_to_tasks() -> None:
    assert "BEGIN:VTODO" in merge(held(), DOSE, as_todo=True)


@pytest.mark.parametrize("name", [b"DTSTART", b"DTSTAMP", b"SEQUENCE", b"TRIGGER", b"UID"])
def test_a_property_that_cannot_be_read_does_not_stop_the_dose(name: bytes) -> None:
    lines = held().split(b"\r\n")
    data = b"\r\n".join(name + b":rub\\bish" if line.startswith(name) else line for line in lines)
    text = merge(data)
    assert "SUMMARY:50 mg" in text
    assert f"UID:{DOSE.uid}" in text
    assert "rub" not in text or name == b"TRIGGER"


DONE = "STATUS:COMPLETED\r\nCOMPLETED:20260302T131700Z"


def test_a_new_completion_stays_until_the_plan_knows_of_it() -> None:
    data = held(as_todo=True, todo=DONE)
    assert merged(data, DOSE, as_todo=True, seen=False) is None
    assert "COMPLETED:20260302T131700Z" in merge(data, as_todo=True)


def test_a_completion_that_was_seen_and_undone_is_taken_back() -> None:
    text = merge(held(as_todo=True, todo=DONE), DOSE, as_todo=True, seen=True)
    assert "STATUS:NEEDS-ACTION" in text
    assert "COMPLETED" not in text


def test_a_withdrawn_task_is_cancelled() -> None:
    each = replace(DOSE, status=EntryStatus.CANCELLED)
    assert b"STATUS:CANCELLED" in written(component(each, as_todo=True))


AT = datetime(2026, 3, 2, 13, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        (DONE, AT),
        ("STATUS:COMPLETED\r\nCOMPLETED;TZID=America/New_York:20260302T081700", AT),
        ("STATUS:COMPLETED\r\nCOMPLETED:20260302T131700", AT),
        ("STATUS:COMPLETED", DOSE.revised),
        ("STATUS:NEEDS-ACTION\r\nPERCENT-COMPLETE:100", None),
        ("STATUS:IN-PROCESS", None),
        ("STATUS:COMPLETED\r\nCOMPLETED:rubbish", None),
        ("STATUS:COMPLETED\r\nCOMPLETED;VALUE=DATE:20260302", DOSE.revised),
        ("STATUS:COMPLETED\r\nCOMPLETED;TZID=/no/zone:20260302T131700", AT),
    ],
)
def test_a_completion_is_read_at_its_instant(lines: str, at: datetime | None) -> None:
    wanted = None if at is None else Completion(uid=DOSE.uid, at=at)
    assert completion_of(held(as_todo=True, todo=lines)) == wanted


@given(st.binary(max_size=200))
def test_no_rubbish_makes_the_reader_fall(data: bytes) -> None:
    assert completion_of(data) is None
    assert completion_of(b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\n" + data) is None
    assert merged(data, DOSE, as_todo=False, seen=False) == held()
