"""A plan is adopted, found again, and its horizon is pushed forward."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.unit.services.plans import BEFORE, HORIZON, START, House

from medsched.domain.prescription import Status
from medsched.errors import InvalidValue
from medsched.services.plan import Order, UnknownPrescription, find_plan, push_horizon


def stored(house: House, number: int = 1) -> list[str]:
    with house.store.reading() as unit:
        return [str(row.due) for row in unit.plans.doses_of_days(number, 1, 3_000_000)]


def test_an_ordered_plan_is_active_with_its_doses_to_the_horizon() -> None:
    house = House()
    plan = house.start()

    assert (plan.status, plan.current, plan.draft) == (Status.ACTIVE, 1, 0)
    assert plan.stored_until == (START + timedelta(days=HORIZON)).toordinal()
    assert len(stored(house)) == 1 + 2 * HORIZON


def test_a_plan_that_nobody_ordered_is_a_draft_without_doses() -> None:
    house = House()
    plan = house.start(ordered_by="")

    assert (plan.status, plan.current, plan.draft) == (Status.DRAFT, 0, 1)
    assert stored(house) == []


def test_the_rules_are_kept_as_they_were() -> None:
    house = House()
    house.start()

    with house.reading() as book:
        prescription = book.revision(1, 1).prescription
        assert book.protocol(prescription).id == "milnacipran"
        assert book.unit.protocols.text(prescription.protocol_digest) is not None


def test_an_override_needs_an_order() -> None:
    assert Order().overrides((), BEFORE) == ()
    with pytest.raises(InvalidValue, match="say who ordered it as well"):
        Order(override="as discussed").overrides((), BEFORE)


def test_pushing_the_horizon_adds_what_is_missing_and_twice_adds_nothing() -> None:
    house = House()
    house.start()
    before = stored(house)

    for _twice in range(2):
        with house.writing() as book:
            push_horizon(book, house.plan(), date(2026, 12, 11), HORIZON)

    assert stored(house)[: len(before)] == before
    assert len(stored(house)) == len(before) + 20


@pytest.mark.parametrize("days", [0, 401])
def test_a_horizon_out_of_bounds_is_refused(days: int) -> None:
    house = House()
    house.start()

    with house.writing() as book, pytest.raises(InvalidValue, match="use 1 to 400 days"):
        push_horizon(book, house.plan(), START, days)


def test_a_plan_is_found_by_its_number_or_its_medicine() -> None:
    house = House()
    house.start()

    with house.store.reading() as unit:
        for text in ("1", "milnacipran", "Milnacipran"):
            assert find_plan(unit, house.person, text).number == 1


def test_two_plans_of_one_medicine_are_told_apart_by_number() -> None:
    house = House()
    house.start()
    house.start()

    with house.store.reading() as unit:
        assert find_plan(unit, house.person, "2").number == 2
        with pytest.raises(UnknownPrescription, match=r"1 \(milnacipran\), 2 \(milnacipran\)"):
            find_plan(unit, house.person, "milnacipran")
