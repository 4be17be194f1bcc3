"""What a late dose does to the later ones: nothing, unless its policy moves them."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.services.plans import House, local

from medsched.services.book import instant
from medsched.services.ports import RevisionKind


def dues(house: House, first: str, last: str) -> list[str]:
    with house.reading() as book:
        rows = book.rows(house.plan(), local(first), local(last))
    zone = house.person.itinerary.home
    return [f"{instant(row.due).astimezone(zone):%d %H:%M}" for row in rows]


def test_doses_on_the_clock_stay() -> None:
    house = House()
    house.start()
    before = dues(house, "2026-12-01 00:00", "2026-12-10 00:00")

    house.take("2026-12-01 08:00")
    house.take("2026-12-02 13:30")

    assert dues(house, "2026-12-01 00:00", "2026-12-10 00:00") == before
    assert house.plan().current == 1


def test_an_interval_respaces_the_doses_of_that_day() -> None:
    house = House()
    house.start("amoxicillin")
    house.take("2026-12-01 08:00")

    house.take("2026-12-01 18:00")

    with house.reading() as book:
        plan = house.plan()
        rows = book.rows(plan, local("2026-12-01 18:30"), local("2026-12-02 12:00"))
        found = [instant(row.due) for row in rows]
        kinds = [one.kind for one in book.unit.plans.revisions(1)]
    assert all(later - local("2026-12-01 18:00") >= timedelta(hours=4) for later in found)
    assert kinds[1:] in ([], [RevisionKind.LATE_DOSE])


def test_an_early_dose_moves_nothing() -> None:
    house = House()
    house.start("amoxicillin")
    before = dues(house, "2026-12-01 00:00", "2026-12-05 00:00")

    house.take("2026-12-01 07:30")

    assert dues(house, "2026-12-01 00:00", "2026-12-05 00:00") == before
