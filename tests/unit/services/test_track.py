"""Whether what is taken is recorded: from the first record on, or by choice."""

from __future__ import annotations

from tests.unit.services.plans import BEFORE, House, local

from medsched.services.track import track, tracked_since


def since(house: House) -> object:
    with house.reading() as book:
        return tracked_since(book, house.plan(), book.unit.records.of_plans([1]))


def test_nobody_records_until_somebody_does() -> None:
    house = House()
    house.start()
    assert since(house) is None

    house.take("2026-12-02 20:10")

    assert since(house) == local("2026-12-02 00:00")


def test_a_plan_tracked_by_choice_counts_from_its_making() -> None:
    house = House()
    house.start(tracked=True)

    assert since(house) == BEFORE


def test_a_plan_untracked_by_choice_never_counts() -> None:
    house = House()
    house.start(tracked=False)
    house.take("2026-12-02 20:10")

    assert since(house) is None


def test_switched_on_later_it_counts_from_then_and_switched_off_no_more() -> None:
    house = House()
    house.start()
    now = local("2026-12-05 12:00")

    with house.writing() as book:
        track(book, house.plan(), now, on=True)
    assert since(house) == now

    with house.writing() as book:
        track(book, house.plan(), now, on=False)
    assert since(house) is None


def test_switched_on_twice_it_forgets_no_dose_that_was_missed_before() -> None:
    house = House()
    house.start()
    first, second = local("2026-12-05 12:00"), local("2026-12-09 12:00")

    for now in (first, second):
        with house.writing() as book:
            track(book, house.plan(), now, on=True)

    assert since(house) == first
