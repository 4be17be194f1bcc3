"""Where a person is, from when on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from medsched.domain.person import BEGINNING, Itinerary, Person, Stay, at_home

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
LEAVES = datetime(2026, 3, 10, 14, tzinfo=UTC)


def test_the_zone_changes_at_the_very_instant_of_a_journey() -> None:
    itinerary = Itinerary((Stay(since=BEGINNING, zone=BERLIN), Stay(since=LEAVES, zone=TOKYO)))
    assert itinerary.home == BERLIN
    assert itinerary.zone_at(LEAVES - timedelta(seconds=1)) == BERLIN
    assert itinerary.zone_at(LEAVES) == TOKYO


def test_somebody_who_stays_is_at_home_for_ever() -> None:
    assert at_home(TOKYO).zone_at(datetime(1900, 1, 1, tzinfo=UTC)) == TOKYO


def test_initials_are_at_most_three_and_not_the_name() -> None:
    assert Person(name="ada b. king lovelace", itinerary=at_home(BERLIN)).initials == "ABK"
