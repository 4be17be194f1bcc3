"""Doses that a new rule of their zone would put elsewhere are found, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from tests.unit.services.reminded import MORNING, Reminded
from tests.zone_file import write_zone

from medsched.domain.person import at_home
from medsched.services.book import Book
from medsched.services.outbox_changes import key_of_row
from medsched.services.travel import Journey, adopt_journey
from medsched.services.zone_rules import displaced_everywhere, displaced_of, only_the_zone

if TYPE_CHECKING:
    from pathlib import Path

    from medsched.services.ports import DoseRow

HOUR = 3600


@pytest.fixture
def world() -> Reminded:
    world = Reminded()
    world.after(minutes=-30)
    return world


@pytest.fixture
def summer_for_ever(tmp_path: Path) -> ZoneInfo:
    """Return a zone of the same name as the person's, whose law has changed."""
    write_zone(tmp_path, "zone", "CEST-2", 2 * HOUR)
    with (tmp_path / "zone").open("rb") as file:
        return ZoneInfo.from_file(file, key="Europe/Berlin")


def moved_to(world: Reminded, zone: ZoneInfo) -> Book:
    """Return the book of somebody for whom another law holds now."""
    with world.store.reading() as unit:
        person = unit.people.by_id("1")
        assert person is not None
        return Book(unit, replace(person, itinerary=at_home(zone)))


def a_dose(world: Reminded) -> DoseRow:
    with world.store.reading() as unit:
        dose = unit.plans.dose(key_of_row(world.rows()[0]))
    assert dose is not None
    return dose


def test_without_a_new_rule_nothing_is_displaced(world: Reminded) -> None:
    with world.store.reading() as unit:
        assert displaced_everywhere(unit, MORNING) == []


def test_each_dose_to_come_is_counted_and_the_first_is_told(
    world: Reminded, summer_for_ever: ZoneInfo
) -> None:
    """Until the end of March the clock shows an hour more than what is meant."""
    [found] = displaced_of(moved_to(world, summer_for_ever), MORNING)
    assert (found.number, found.first, found.meant) == (1, MORNING, MORNING - timedelta(hours=1))
    last = 29
    to_come = (last - 2) * 2
    assert found.count == to_come


def test_a_journey_displaces_nothing(world: Reminded) -> None:
    with world.store.writing() as unit:
        book, _plan = world.book(unit)
        since = MORNING + timedelta(days=2)
        journey = Journey(zone=ZoneInfo("Asia/Tokyo"), since=since, until=since + timedelta(days=5))
        adopt_journey(book, journey, MORNING, 90)
    with world.store.reading() as unit:
        assert displaced_everywhere(unit, MORNING) == []


@pytest.mark.parametrize(
    ("apart", "amount", "fine"),
    [
        (HOUR, "", True),
        (-HOUR // 2, "", True),
        (3 * HOUR, "", True),
        (3 * HOUR + 900, "", False),
        (HOUR + 1, "", False),
        (HOUR, "9", False),
    ],
)
def test_only_a_shift_by_quarters_of_an_hour_with_all_else_the_same_is_a_rule(
    world: Reminded, apart: int, amount: str, fine: bool
) -> None:
    dose = a_dose(world)
    stored = dose._replace(due=dose.due + apart, amount=amount + dose.amount)
    assert only_the_zone(stored, [dose]) is fine


def test_a_reminder_of_a_displaced_dose_still_shows_its_amount(
    world: Reminded, summer_for_ever: ZoneInfo
) -> None:
    """A law must not make every stored amount look damaged."""
    with world.store.writing() as unit:
        person = unit.people.by_id("1")
        assert person is not None
        unit.people.save(replace(person, itinerary=at_home(summer_for_ever)), MORNING)
    world.after()
    [(_channel, message)] = world.sent
    assert "cannot be trusted" not in message.body
    assert "Dose due at 09:00" in message.body
