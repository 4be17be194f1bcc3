"""Adherence of each plan, with its denominator."""

from __future__ import annotations

from datetime import time

from tests.unit.services.plans import House, local

from medsched.services.adherence import adherence_of


def test_the_denominator_is_the_doses_whose_time_is_over() -> None:
    house = House()
    house.start()
    for at in ("2026-12-01 08:03", "2026-12-02 13:00"):
        house.take(at)

    with house.reading() as book:
        [found] = adherence_of(book, local("2026-12-03 15:00"))

    total = found.figures.total
    assert (total.taken, total.due, total.late, total.missed) == (2, 4, 1, 2)
    assert found.slots == {1: "08:00", 2: "20:00"}


def test_a_plan_that_nobody_records_has_no_figure() -> None:
    house = House()
    house.start()

    with house.reading() as book:
        [found] = adherence_of(book, local("2026-12-03 15:00"))

    assert not found.figures.is_recorded


def test_figures_may_begin_later() -> None:
    house = House()
    house.start(slots=(time(8), time(20)))
    for at in ("2026-12-01 08:00", "2026-12-02 08:00", "2026-12-02 20:00", "2026-12-03 08:00"):
        house.take(at)

    with house.reading() as book:
        [found] = adherence_of(book, local("2026-12-03 15:00"), local("2026-12-03 00:00"))
        assert adherence_of(book, local("2026-11-30 12:00")) == []

    assert (found.figures.total.taken, found.figures.total.due) == (1, 1)
