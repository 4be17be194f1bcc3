"""A change of zone brings no dose too close, none too many, and no id twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from tests.unit.domain.courses import course_of, phase, twice_a_day

from medsched.domain.person import BEGINNING, Itinerary, Stay, ZonePolicy
from medsched.domain.timeline import doses_of_days

NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
LOS_ANGELES, AUCKLAND = ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Auckland")
LOCAL, HOME, ELAPSED = ZonePolicy.FOLLOW_LOCAL, ZonePolicy.HOME_TIME, ZonePolicy.ELAPSED


def doses(
    home: ZoneInfo,
    away: ZoneInfo,
    policy: ZonePolicy,
    leaves: datetime,
    returns: datetime,
) -> list[str]:
    """Return UTC instants from the day before leaving to the day after the return."""
    stays = (
        Stay(since=BEGINNING, zone=home),
        Stay(since=leaves, zone=away, policy=policy),
        Stay(since=returns, zone=home),
    )
    course = course_of(phase(twice_a_day()), start=date(2026, 1, 1), itinerary=Itinerary(stays))
    first = (leaves - timedelta(days=1)).astimezone(home).date()
    last = (returns + timedelta(days=1)).astimezone(home).date()
    found = doses_of_days(course, first, last)
    assert len({one.id for one in found}) == len(found)
    for before, after in pairwise(found):
        assert after.due - before.due >= timedelta(hours=6)
        assert after.due - before.due <= timedelta(hours=24)
    return [f"{one.due:%d %H:%M}" for one in found]


SPRING_TRIP = (datetime(2026, 3, 7, 23, tzinfo=UTC), datetime(2026, 3, 10, 21, tzinfo=UTC))
AUTUMN_TRIP = (datetime(2026, 10, 30, 22, tzinfo=UTC), datetime(2026, 11, 2, 21, tzinfo=UTC))
LINE_TRIP = (datetime(2026, 3, 11, 5, tzinfo=UTC), datetime(2026, 3, 14, 23, tzinfo=UTC))

GOLDEN = {
    ("NY spring", LOCAL): "06 13:00,07 01:00,07 13:00,08 08:00,08 20:00,09 08:00,09 20:00,"
    "10 08:00,10 20:00,11 12:00,12 00:00",
    ("NY spring", HOME): "06 13:00,07 01:00,07 13:00,08 01:00,08 12:00,09 00:00,09 12:00,"
    "10 00:00,10 12:00,11 00:00,11 12:00,12 00:00",
    ("NY spring", ELAPSED): "06 13:00,07 01:00,07 13:00,08 01:00,08 13:00,09 01:00,09 13:00,"
    "10 01:00,10 13:00,11 00:00,11 12:00,12 00:00",
    ("NY autumn", LOCAL): "29 12:00,30 00:00,30 12:00,31 08:00,31 20:00,01 08:00,01 20:00,"
    "02 08:00,02 20:00,03 13:00,04 01:00",
    ("NY autumn", HOME): "29 12:00,30 00:00,30 12:00,31 00:00,31 12:00,01 00:00,01 13:00,"
    "02 01:00,02 13:00,03 01:00,03 13:00,04 01:00",
    ("NY autumn", ELAPSED): "29 12:00,30 00:00,30 12:00,31 00:00,31 12:00,01 00:00,01 12:00,"
    "02 00:00,02 12:00,03 01:00,03 13:00,04 01:00",
    ("line", LOCAL): "09 15:00,10 03:00,10 15:00,11 03:00,11 19:00,12 07:00,12 19:00,13 07:00,"
    "13 19:00,14 07:00,14 19:00,15 15:00,16 03:00",
    ("line", HOME): "09 15:00,10 03:00,10 15:00,11 03:00,11 15:00,12 03:00,12 15:00,13 03:00,"
    "13 15:00,14 03:00,14 15:00,15 03:00,15 15:00,16 03:00",
    ("line", ELAPSED): "09 15:00,10 03:00,10 15:00,11 03:00,11 15:00,12 03:00,12 15:00,13 03:00,"
    "13 15:00,14 03:00,14 15:00,15 03:00,15 15:00,16 03:00",
}
"""Instants in UTC, worked out by hand from the wall clocks of both places."""

TRIPS = {
    "NY spring": (NEW_YORK, LONDON, SPRING_TRIP),
    "NY autumn": (NEW_YORK, LONDON, AUTUMN_TRIP),
    "line": (LOS_ANGELES, AUCKLAND, LINE_TRIP),
}


@pytest.mark.parametrize(("trip", "policy"), list(GOLDEN))
def test_a_journey_has_these_instants(trip: str, policy: ZonePolicy) -> None:
    home, away, (leaves, returns) = TRIPS[trip]
    assert doses(home, away, policy, leaves, returns) == GOLDEN[trip, policy].split(",")


@pytest.mark.parametrize("hour", range(0, 48, 5))
@pytest.mark.parametrize("policy", list(ZonePolicy))
@pytest.mark.parametrize(("home", "away"), [(NEW_YORK, LONDON), (LOS_ANGELES, AUCKLAND)])
def test_whenever_somebody_leaves_no_gap_is_too_short_or_over_a_day(
    home: ZoneInfo, away: ZoneInfo, policy: ZonePolicy, hour: int
) -> None:
    leaves = datetime(2026, 3, 6, tzinfo=UTC) + timedelta(hours=hour)
    assert doses(home, away, policy, leaves, leaves + timedelta(days=4, hours=hour))
