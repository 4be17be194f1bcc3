"""One of each shape is written by icalendar, the others are filled in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.contract.calendar_cases import entry

from medsched.calendar.shapes import (
    DTEND,
    DTSTAMP,
    DTSTART,
    LAST_MODIFIED,
    SEQUENCE,
    UID,
    Shapes,
    shape_of,
)

if TYPE_CHECKING:
    from medsched.services.feed_entry import FeedEntry

WRITTEN = (
    b"BEGIN:VEVENT\r\nSUMMARY:UID:no\\nDTSTART:no\r\nDTSTART:20260302T130000Z\r\n"
    b"DTEND:20260302T131500Z\r\nDTSTAMP:20260301T093000Z\r\nUID:a\r\nSEQUENCE:3\r\n"
    b"LAST-MODIFIED:20260301T093000Z\r\nDESCRIPTION:folded\r\n DTEND:no\r\n"
    b"BEGIN:VALARM\r\nUID:b\r\nEND:VALARM\r\nBEGIN:VALARM\r\nUID:c\r\nEND:VALARM\r\n"
    b"END:VEVENT\r\n"
)
SHARED = {DTSTAMP: b"stamp", LAST_MODIFIED: b"modified", SEQUENCE: b"9"}
OWN = {DTSTART: b"start", DTEND: b"end", UID: b"uid", UID + 1: b"first", UID + 2: b"second"}


def filled(plain: bool) -> bytes:
    (whole,), places = shape_of(WRITTEN, plain=plain).filled(SHARED | OWN)
    assert not places
    return whole


def test_only_what_varies_is_filled_in_and_text_that_looks_like_it_is_not() -> None:
    assert filled(plain=True) == (
        b"BEGIN:VEVENT\r\nSUMMARY:UID:no\\nDTSTART:no\r\nDTSTART:start\r\n"
        b"DTEND:end\r\nDTSTAMP:stamp\r\nUID:uid\r\nSEQUENCE:9\r\n"
        b"LAST-MODIFIED:modified\r\nDESCRIPTION:folded\r\n DTEND:no\r\n"
        b"BEGIN:VALARM\r\nUID:first\r\nEND:VALARM\r\nBEGIN:VALARM\r\nUID:second\r\nEND:VALARM\r\n"
        b"END:VEVENT\r\n"
    )


def test_what_a_revision_shares_is_filled_in_once_and_the_rest_keeps_its_places() -> None:
    shape = shape_of(WRITTEN, plain=True)
    version = shape.filled(SHARED)
    assert version.places == (DTSTART, DTEND, UID, UID + 1, UID + 2)
    assert version.filled(OWN) == shape.filled(SHARED | OWN)


def test_uids_that_need_escapes_or_folds_belong_to_the_shape() -> None:
    assert b"UID:a\r\n" in filled(plain=False)
    assert b"UID:c\r\n" in filled(plain=False)


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"uid": "4ce40ac2-8ea6-5533-b3f7-41f18879ff18"}, 1),
        ({"sequence": 7}, 1),
        ({"starts": entry().starts + timedelta(days=1)}, 1),
        ({"minutes": 30}, 1),
        ({"uid": "other length"}, 2),
        ({"summary": "other"}, 2),
        ({"description": "other"}, 2),
        ({"alarms": (15,)}, 2),
        ({"url": "https://example.org"}, 2),
        ({"categories": ("a",)}, 2),
    ],
)
def test_icalendar_is_asked_once_for_each_shape(changed: dict[str, object], asked: int) -> None:
    calls: list[FeedEntry] = []

    def write(each: FeedEntry) -> bytes:
        calls.append(each)
        return WRITTEN

    shapes = Shapes(write)
    for each in (entry(), entry(**changed)):
        try:
            shapes.fill(each, b"s", b"e", b"r", "")
        except IndexError:  # the stand-in has two alarms whatever the entry has
            continue
    assert len(calls) == asked


def test_the_way_in_which_times_are_written_belongs_to_the_shape() -> None:
    calls: list[FeedEntry] = []

    def write(each: FeedEntry) -> bytes:
        calls.append(each)
        return WRITTEN

    shapes = Shapes(write)
    for clock in ("", "Europe/Berlin", "", "Europe/Berlin"):
        shapes.fill(entry(alarms=(15, 0)), b"s", b"e", b"r", clock)
    assert len(calls) == 2
