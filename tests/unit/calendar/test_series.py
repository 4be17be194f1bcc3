"""Which entries become one series, and which stay alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.contract.calendar_cases import entry, year_of

from medsched.calendar.series import series_of
from medsched.services.feed_entry import EntryStatus, FeedEntry


def days(*numbers: int, **given: object) -> list[FeedEntry]:
    start = datetime(2026, 5, 4, 12, tzinfo=UTC)
    return [
        entry(uid=f"{day}-{given}", starts=start + timedelta(days=day), **given) for day in numbers
    ]


def steps(entries: list[FeedEntry]) -> tuple[list[tuple[int, int]], int]:
    series, single = series_of(entries)
    return [(row.step, len(row.members)) for row in series], len(single)


def test_days_in_a_row_are_one_daily_series() -> None:
    assert steps(days(*range(20))) == ([(1, 20)], 0)


def test_the_same_weekday_of_weeks_in_a_row_is_one_weekly_series() -> None:
    assert steps(days(0, 7, 14, 21)) == ([(7, 4)], 0)


def test_two_days_in_a_row_each_week_are_two_weekly_series() -> None:
    assert steps(days(0, 1, 7, 8, 14, 15)) == ([(7, 3), (7, 3)], 0)


def test_a_missing_day_parts_a_series() -> None:
    assert steps(days(0, 1, 2, 4, 5, 6, 8)) == ([(1, 3), (1, 3)], 1)


def test_other_words_another_zone_or_another_alarm_are_another_series() -> None:
    for other in ({"summary": "b"}, {"zone": "Europe/Berlin"}, {"alarms": (5,)}, {"minutes": 20}):
        assert steps(days(0, 1, 2) + days(3, 4, 5, **other)) == ([(1, 3), (1, 3)], 0)


def test_a_cancelled_entry_stays_alone() -> None:
    entries = days(0, 1, 2, 3)
    entries[3] = replace(entries[3], status=EntryStatus.CANCELLED)
    assert steps(entries) == ([(1, 3)], 1)


def test_what_a_clock_change_touches_stays_alone() -> None:
    entries = year_of("America/New_York", (time(2, 30),), date(2026, 3, 1), days=20)
    series, single = series_of(entries)
    assert [len(row.members) for row in series] == [7, 12]
    assert [each.starts for each in single] == [datetime(2026, 3, 8, 7, 30, tzinfo=UTC)]


def test_the_first_pass_of_a_repeated_hour_stays_alone_because_readers_take_either() -> None:
    entries = year_of("America/New_York", (time(1, 30),), date(2026, 10, 20), days=20)
    series, single = series_of(entries)
    assert [len(row.members) for row in series] == [12, 7]
    assert [each.starts for each in single] == [datetime(2026, 11, 1, 5, 30, tzinfo=UTC)]


def test_a_series_is_as_new_as_its_newest_member_and_has_a_name_of_its_own() -> None:
    entries = days(0, 1, 2)
    entries[1] = replace(entries[1], sequence=4, revised=datetime(2027, 1, 1, tzinfo=UTC))
    first = series_of(entries)[0][0].first
    assert (first.sequence, first.revised) == (4, datetime(2027, 1, 1, tzinfo=UTC))
    assert first.uid not in {each.uid for each in entries}


@given(st.sets(st.integers(0, 400)), st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe"]))
def test_no_entry_is_lost_or_doubled(numbers: set[int], zone: str) -> None:
    entries = year_of(zone, (time(2, 15), time(8)), date(2026, 1, 1), days=401)
    chosen = [each for each in entries if int(each.uid[:4]) in numbers]
    series, single = series_of(chosen)
    found = [each for row in series for each in row.members] + single
    assert sorted(found, key=lambda each: each.uid) == sorted(chosen, key=lambda each: each.uid)
    for row in series:
        gaps = {
            (after.starts - before.starts).days
            for before, after in zip(row.members, row.members[1:], strict=False)
        }
        assert gaps <= {row.step, row.step - 1}
        assert row.last == row.members[-1].starts
