"""Every finding about every plan of a person."""

from __future__ import annotations

from tests.unit.services.plans import House, local

from medsched.services.check import check_all, check_plan


def test_plans_that_run_and_drafts_are_checked_against_one_another() -> None:
    house = House()
    house.start()
    house.start("sertraline", ordered_by="")

    with house.reading() as book:
        found = check_all(book, local("2026-12-01 09:00"))
        alone = check_plan(book, house.plan(1), local("2026-12-01 09:00"))

    assert [number for number, _findings in found] == [1, 2]
    assert found[0][1] == alone
    assert any("milnacipran" in one.message for one in found[1][1])
