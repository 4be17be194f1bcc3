"""What was taken of one ingredient, by all plans of a person together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.unit.services.plans import House, local

from medsched.services.same_ingredient import intakes_of_ingredient, planned_is_due

if TYPE_CHECKING:
    from medsched.domain.amount import Amount

DAY = timedelta(days=1)


def counted(house: House, at: str, window: timedelta = DAY) -> list[str]:
    """Return the amounts that count for the first plan at a time."""
    with house.reading() as book:
        found = intakes_of_ingredient(book, house.plan(), local(at), window)
    amounts: list[Amount | None] = [one.amount for one in found]
    return [str(one).replace("\u00a0", " ") for one in amounts]


def test_a_planned_dose_counts_with_the_amount_of_its_own_row() -> None:
    house = House()
    house.start()
    house.take("2026-12-01 08:00")
    house.take("2026-12-02 08:00")
    assert counted(house, "2026-12-02 09:00") == ["12.5 mg", "12.5 mg"]


def test_planned_doses_that_nobody_records_count_from_when_they_were_due() -> None:
    house = House()
    house.start(tracked=False)
    assert counted(house, "2026-12-02 07:59") == ["12.5 mg"]
    assert counted(house, "2026-12-02 08:00") == ["12.5 mg"]
    assert counted(house, "2026-12-02 08:00", DAY + timedelta(seconds=1)) == ["12.5 mg"] * 2


def test_doses_that_were_missed_do_not_count() -> None:
    house = House()
    house.start(tracked=True)
    assert counted(house, "2026-12-02 07:59") == []


def test_a_medicine_of_another_ingredient_does_not_count() -> None:
    house = House()
    house.start("paracetamol")
    house.start("sertraline", tracked=False)
    assert counted(house, "2026-12-02 09:00") == []


def test_a_planned_dose_is_due_while_it_is_to_be_taken() -> None:
    house = House()
    house.start(tracked=True)
    with house.reading() as book:
        said = [
            planned_is_due(book, house.plan(), local(at))
            for at in ("2026-12-02 07:59", "2026-12-02 08:00", "2026-12-02 14:01")
        ]
    assert said == [False, True, False]
