"""One rule turns a clock on the wall into an instant, in every zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.unit.domain.charts import exists

from medsched.domain.walltime import (
    ClockChange,
    arithmetic_at,
    instant_at,
    minutes_between,
    wall_after,
    wall_year,
)
from medsched.errors import InvalidValue

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")


def test_a_time_that_spring_skips_moves_forward_by_the_gap() -> None:
    assert instant_at(date(2026, 3, 8), time(2, 30), NEW_YORK) == datetime(
        2026, 3, 8, 7, 30, tzinfo=UTC
    )


def test_a_half_hour_gap_moves_by_half_an_hour() -> None:
    local = instant_at(date(2026, 10, 4), time(2, 15), LORD_HOWE).astimezone(LORD_HOWE)
    assert (local.hour, local.minute) == (2, 45)


def test_a_time_that_autumn_repeats_is_the_first_of_the_two_whatever_its_fold() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert instant_at(date(2026, 11, 1), time(1, 30), NEW_YORK) == first
    assert instant_at(date(2026, 11, 1), time(1, 30, fold=1), NEW_YORK) == first


def test_a_day_that_never_was_has_no_moment() -> None:
    assert date(2011, 12, 30) not in wall_year(2011, time(8), APIA).days


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Casablanca",
        "America/Sao_Paulo",
        "Africa/Cairo",
        "Asia/Gaza",
        "Pacific/Kwajalein",
        "Asia/Kolkata",
        "Antarctica/Troll",
    ],
)
@pytest.mark.parametrize("year", [1950, 1993, 2010, 2011, 2018, 2026, 2037, 2100])
def test_a_year_resolved_at_once_is_the_rule_day_by_day(zone: str, year: int) -> None:
    place = ZoneInfo(zone)
    for wall in (time(0), time(2, 30), time(12), time(23, 45)):
        found = wall_year(year, wall, place)
        expected = [
            (day, due := instant_at(day, wall, place), due.astimezone(place))
            for day in (date(year, 1, 1) + timedelta(days=n) for n in range(366))
            if day.year == year and exists(day, place)
        ]
        assert list(zip(found.days, found.dues, found.locals, strict=True)) == expected
        assert [f"{one:%Y%m%d}" for one in found.days] == list(found.codes)


@pytest.mark.parametrize("year", [1949, 2201])
def test_years_outside_the_calendar_are_refused(year: int) -> None:
    with pytest.raises(InvalidValue, match="use the years 1950 to 2200"):
        wall_year(year, time(8), BERLIN)


def test_the_arithmetic_names_what_the_clocks_did() -> None:
    skipped = arithmetic_at(date(2026, 3, 29), time(2, 30), BERLIN)
    repeated = arithmetic_at(date(2026, 10, 25), time(2, 30), BERLIN)
    plain = arithmetic_at(date(2026, 6, 1), time(8), BERLIN)
    assert (skipped.change, skipped.moved) == (ClockChange.SKIPPED, timedelta(hours=1))
    assert (repeated.change, repeated.moved) == (ClockChange.REPEATED, timedelta())
    assert (plain.change, plain.offset) == (ClockChange.NONE, timedelta(hours=2))


def test_wall_clock_arithmetic_goes_round_the_clock() -> None:
    assert minutes_between(time(20), time(8)) == -720
    assert wall_after(time(0, 15), -30) == time(23, 45)
