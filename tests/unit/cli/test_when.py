"""Dates and times are read as people type them; what can be misread is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.cli.when import (
    UnreadableTime,
    read_date,
    read_day_and_time,
    read_time,
    read_times,
    read_when,
)

TODAY = date(2026, 12, 1)
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("2026-2-3", date(2026, 2, 3)),
        ("2024-02-29", date(2024, 2, 29)),
        ("today", date(2026, 12, 1)),
        ("Tomorrow", date(2026, 12, 2)),
        (" yesterday ", date(2026, 11, 30)),
    ],
)
def test_a_date_or_a_word_for_it_is_read(text: str, day: date) -> None:
    assert read_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-02-29", "February 2026 has 28 days"),
        ("2026-02-00", "there is no such day"),
        ("2026-13-01", "use 01 to 12"),
        ("2026-00-01", "use 01 to 12"),
        ("0000-01-01", "use a year from 1900 to 2200"),
        ("9999-12-31", "use a year from 1900 to 2200"),
        ("01.12.2026", "write it as 2026-12-01"),
        ("12/01/2026", "write it as 2026-12-01"),
        ("1 December 2026", "write it as 2026-12-01"),
        ("26-12-01", "write it as 2026-12-01"),
        ("next week", "write it as 2026-12-01"),
        ("", "write it as 2026-12-01"),
        ("\uff12\uff10\uff12\uff16-12-01", "write it as 2026-12-01"),
    ],
)
def test_what_is_no_date_is_refused_with_what_would_be(text: str, words: str) -> None:
    with pytest.raises(UnreadableTime, match=words) as refused:
        read_date(text, TODAY, subject="start")

    assert str(refused.value).startswith(f"start {text!r}: ")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "wall"), [("08:15", time(8, 15)), ("8:15", time(8, 15)), ("23:59", time(23, 59))]
)
def test_a_clock_time_is_hours_and_minutes(text: str, wall: time) -> None:
    assert read_time(text) == wall


@pytest.mark.parametrize("text", ["24:00", "08:60", "8", "8.15", "8:15 pm", "noon", "08:15:30", ""])
def test_what_is_no_clock_time_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTime):
        read_time(text)


def test_clock_times_keep_the_order_in_which_they_were_said() -> None:
    assert read_times("20:00, 08:00") == (time(20), time(8))
    with pytest.raises(UnreadableTime):
        read_times("08:00,,20:00")


@pytest.mark.parametrize("text", ["in 3 days", "tomorrow 25:00"])
def test_what_is_no_day_with_a_clock_time_is_refused_whole(text: str) -> None:
    with pytest.raises(UnreadableTime, match=f"date '{text}': "):
        read_day_and_time(text, date(2026, 12, 1))


def test_a_day_may_have_a_clock_time() -> None:
    assert read_day_and_time("2026-12-01", TODAY) == (TODAY, None)
    assert read_day_and_time("2026-12-01 08:15", TODAY) == (TODAY, time(8, 15))
    assert read_day_and_time("2026-12-01T08:15", TODAY) == (TODAY, time(8, 15))
    assert read_day_and_time("yesterday 20:10", TODAY) == (date(2026, 11, 30), time(20, 10))
    assert read_day_and_time("Today 20:10", TODAY) == (TODAY, time(20, 10))
    assert read_day_and_time("08:15", TODAY) == (TODAY, time(8, 15))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01 08:00", datetime(2026, 12, 1, 7, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("08:15", datetime(2026, 12, 1, 7, 15, tzinfo=UTC)),
        ("yesterday 20:10", datetime(2026, 11, 30, 19, 10, tzinfo=UTC)),
        ("today", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("2026-12-01T08:00:00+05:30", datetime(2026, 12, 1, 2, 30, tzinfo=UTC)),
        ("2026-12-01T08:00Z", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2026-12-01 08:00:00-05:00", datetime(2026, 12, 1, 13, tzinfo=UTC)),
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_local_time_unless_it_has_an_offset(text: str, instant: datetime) -> None:
    found = read_when(text, NOW, BERLIN)

    assert found == instant
    assert found.tzinfo is UTC


def test_today_is_the_persons_own_day() -> None:
    late = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)

    assert read_when("today 08:00", late, ZoneInfo("Asia/Tokyo")) == datetime(
        2026, 12, 1, 23, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T08:00Z",
        "2026-12-01T25:00Z",
        "2026-12-01T08:00+99:00",
        "2026-12-01T08:00 CET",
        "now",
        "P1D",
        "1764576000",
        "9999-12-31 23:59",
        "0001-01-01T00:00+05:00",
        "9999-12-31T23:59-05:00",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTime):
        read_when(text, NOW, BERLIN)


@given(st.text(max_size=24))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        found = read_when(text, NOW, BERLIN)
    except UnreadableTime as refused:
        found, line = NOW, str(refused)
    else:
        line = ""
    assert found.tzinfo is UTC
    assert len(line.splitlines()) <= 1


@given(st.integers(0, 130 * 365 * 86_400))
def test_an_instant_written_with_its_offset_is_read_back(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)

    assert read_when(at.astimezone(BERLIN).isoformat(), NOW, BERLIN) == at


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("yesterdy 8:00", "or yesterday, and then the time, such as 08:00"),
        ("yesterdy", "or yesterday"),
        ("Today 25:00", "no such time; use 00:00 to 23:59"),
        ("2026-13-01 08:00", "no such month; use 01 to 12"),
    ],
)
def test_a_misspelt_day_with_a_time_is_answered_with_both(text: str, wanted: str) -> None:
    with pytest.raises(UnreadableTime) as told:
        read_day_and_time(text, TODAY)
    assert str(told.value).endswith(wanted)
