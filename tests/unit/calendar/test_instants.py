"""Which local times every reader agrees on, and how instants are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contract.calendar_cases import entry, instants, zones

from medsched.calendar.instants import (
    STEP,
    UtcClock,
    as_written,
    changes,
    changes_of_year,
    text_of,
    unsettled,
)
from medsched.services.feed_entry import TimesForm


def test_a_year_of_new_york_has_two_changes() -> None:
    spring, autumn = changes_of_year("America/New_York", 2026)
    assert spring.at == datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert (spring.onset.hour, spring.name, spring.summer) == (2, "EDT", True)
    assert autumn.at == datetime(2026, 11, 1, 6, tzinfo=UTC)
    assert (autumn.onset.hour, autumn.name, autumn.summer) == (2, "EST", False)


@pytest.mark.parametrize(
    ("key", "year"),
    [
        *(("America/Recife", 2000), ("America/Noronha", 2000), ("America/Boa_Vista", 2000)),
        *(("Asia/Gaza", 2040), ("Asia/Gaza", 2054), ("Asia/Hebron", 2072)),
        *(("Africa/Casablanca", 2026), ("Pacific/Apia", 2011), ("Africa/Cairo", 2014)),
    ],
)
def test_a_look_every_few_days_finds_what_a_look_every_six_hours_finds(key: str, year: int) -> None:
    """Recife once kept its summer time for a week, and Gaza will."""
    zone, first = ZoneInfo(key), datetime(year, 1, 1, tzinfo=UTC)
    looks = [
        (first + timedelta(hours=6 * count)).astimezone(zone).utcoffset()
        for count in range(365 * 4 + 1)
    ]
    changed = sum(before != after for before, after in pairwise(looks))
    found = changes_of_year(key, year)
    assert len(found) == changed
    assert all(after.at - before.at > STEP for before, after in pairwise(found))


@given(zones, instants)
def test_a_local_time_that_comes_twice_is_unsettled(key: str, instant: datetime) -> None:
    zone = ZoneInfo(key)
    local = instant.astimezone(zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    assert unsettled(instant, zone) or not twice


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("America/New_York", "2026-03-08T07:00", "2026-03-08T08:00"),
        ("America/New_York", "2026-11-01T05:00", "2026-11-01T07:00"),
        ("Australia/Lord_Howe", "2026-04-04T14:30", "2026-04-04T15:30"),
        ("Australia/Lord_Howe", "2026-10-03T15:30", "2026-10-03T16:00"),
        ("Pacific/Apia", "2011-12-30T10:00", "2011-12-31T10:00"),
        ("Africa/Casablanca", "2026-02-15T01:00", "2026-02-15T03:00"),
    ],
)
def test_unsettled_are_both_passes_of_autumn_and_what_spring_moved(
    key: str, first: str, last: str
) -> None:
    zone, second = ZoneInfo(key), timedelta(seconds=1)
    begin = datetime.fromisoformat(first).replace(tzinfo=UTC)
    end = datetime.fromisoformat(last).replace(tzinfo=UTC)
    assert [unsettled(at, zone) for at in (begin - second, begin, end - second, end)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_change_at_new_year_is_seen_from_both_years() -> None:
    zone = ZoneInfo("Pacific/Apia")
    assert len(changes("Pacific/Apia", 2011, 2012)) == 5
    assert not unsettled(datetime(2012, 1, 1, tzinfo=UTC), zone)


@given(st.builds(entry, starts=instants, zone=zones, minutes=st.integers(1, 3000)))
def test_both_ends_are_written_in_one_way_and_mean_the_same_instants(given: object) -> None:
    each = given
    for times in (TimesForm.UTC, TimesForm.ZONED):
        span = as_written(each, times)  # type: ignore[arg-type] # built above
        assert span.start.tzinfo is span.end.tzinfo
        assert span.start.astimezone(UTC) == each.starts  # type: ignore[attr-defined]


def test_an_entry_of_which_one_end_is_unsettled_is_in_utc() -> None:
    each = entry(starts=datetime(2026, 11, 1, 4, 50, tzinfo=UTC), minutes=15)
    assert as_written(each, TimesForm.ZONED).start.tzinfo is UTC


def test_a_floating_entry_ends_after_it_starts_on_the_night_the_clock_goes_back() -> None:
    each = entry(starts=datetime(2026, 11, 1, 5, 50, tzinfo=UTC), minutes=15)
    span = as_written(each, TimesForm.FLOATING)
    assert text_of(span.start) == b"20261101T015000"
    assert text_of(span.end) == b"20261101T020500"


def test_utc_by_any_name_is_written_as_utc() -> None:
    assert as_written(entry(zone="Etc/UTC"), TimesForm.ZONED).start.tzinfo is UTC


@given(instants, st.integers(1, 100_000))
def test_the_clock_writes_what_strftime_writes(starts: datetime, minutes: int) -> None:
    form, clock = "%Y%m%dT%H%M%SZ", UtcClock()
    for day in range(3):
        at = starts + timedelta(days=day)
        end = at + timedelta(minutes=minutes)
        assert clock.ends(at, minutes) == (at.strftime(form).encode(), end.strftime(form).encode())
        assert clock.stamp(at) == at.strftime(form).encode()
