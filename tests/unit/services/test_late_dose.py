"""What a late dose does to the later ones: nothing, unless its policy moves them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tests.unit.services.plans import BEFORE, START, House, local

from medsched.protocols import load
from medsched.services.book import instant
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft
from medsched.services.ports import RevisionKind
from medsched.services.record import last_record, undo

if TYPE_CHECKING:
    from pathlib import Path


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


def correct(house: House, at: str, text: str = "") -> None:
    """Say at a time that the record of a dose, or the last one, was made in error."""
    with house.writing() as book:
        wrong = last_record(book, [house.plan()], text)
        undo(book, house.plan(), wrong, reason="", by="", now=local(at))


def every_eight_hours() -> House:
    """Return a house with doses at 06:00, 14:00 and 22:00."""
    house = House()
    house.start("amoxicillin", starts_at=time(6))
    return house


def test_a_dose_that_is_on_time_moves_nothing() -> None:
    house = every_eight_hours()
    before = dues(house, "2026-12-01 00:00", "2026-12-05 00:00")

    house.take("2026-12-01 07:00")

    assert dues(house, "2026-12-01 00:00", "2026-12-05 00:00") == before
    assert house.plan().current == 1


def test_a_record_made_in_error_puts_back_what_it_had_moved() -> None:
    house = every_eight_hours()
    before = dues(house, "2026-12-01 00:00", "2026-12-05 00:00")
    house.take("2026-12-01 09:50")
    assert dues(house, "2026-12-01 12:00", "2026-12-01 23:00") == ["01 15:55", "01 22:00"]

    correct(house, "2026-12-01 15:00")

    assert dues(house, "2026-12-01 00:00", "2026-12-05 00:00") == before


def test_a_dose_taken_since_keeps_the_time_to_which_it_was_moved() -> None:
    house = every_eight_hours()
    house.take("2026-12-01 09:50")
    house.take("2026-12-01 15:55")

    correct(house, "2026-12-01 16:00", "1-20261201-1")

    assert dues(house, "2026-12-01 12:00", "2026-12-01 23:00") == ["01 15:55", "01 22:00"]


def test_another_record_made_in_error_leaves_what_a_late_dose_had_moved() -> None:
    house = every_eight_hours()
    house.take("2026-12-01 09:50")
    house.take("2026-12-01 15:55")

    correct(house, "2026-12-01 16:00")

    assert dues(house, "2026-12-01 12:00", "2026-12-01 23:00") == ["01 15:55", "01 22:00"]


def test_an_interval_counts_again_from_the_intake_before_one_made_in_error(tmp_path: Path) -> None:
    house = House()
    path = tmp_path / "own.toml"
    path.write_text(
        'own = true\n[medication]\nname = "testamine"\nform = "tablet"\nstrengths = ["10 mg"]\n'
        '[[phase]]\ndays = "1-"\nafter_last_dose_hours = 8\ndose = "10 mg"\n',
        encoding="utf-8",
    )
    choices = Choices(start=START, starts_at=time(6), ordered_by="Dr Gray")
    plan = draft(load(str(path))[0], house.person, choices, today=START, days=28)
    with house.store.writing() as unit:
        order = Order(ordered_by="Dr Gray")
        adopt(unit, plan, key=str(UUID(int=77)), order=order, now=BEFORE)
    house.take("2026-12-01 06:10")
    before = dues(house, "2026-12-01 06:00", "2026-12-02 12:00")
    house.take("2026-12-01 15:40")
    assert dues(house, "2026-12-01 16:00", "2026-12-02 12:00") != before[1:]

    correct(house, "2026-12-01 15:45")

    assert dues(house, "2026-12-01 06:00", "2026-12-02 12:00") == before
