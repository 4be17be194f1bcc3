"""What a decision about one dose looks at."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.unit.domain.charts import at, chart, daily, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.overdue import (
    Overdue,
    intakes_of_day,
    overdue_of,
    spaced_intakes,
    take_until,
    units_now,
)

if TYPE_CHECKING:
    from medsched.domain.chart import Chart

TWICE = ("08:00", "20:00")
DOSES = daily(TWICE, (0, 1, 2), amounts="15 mg")
EXCEPTION = POLICIES["rivaroxaban_15_bid"]


def overdue(on: Chart, place: int, clock: str, day: int = 0) -> Overdue:
    return overdue_of(on.doses[place], on, at(clock, day))


def test_it_knows_its_rule_its_neighbour_and_the_misses_before_it() -> None:
    on = chart(POLICIES["milnacipran"], DOSES, [take(DOSES[0])])
    found = overdue(on, 3, "20:30", 1)
    assert (found.rule, found.missed, found.next_due) == ("milnacipran", 2, DOSES[4].due)
    assert not found.superseded
    assert not found.is_late
    assert overdue(on, 2, "20:00", 1).superseded


def test_an_intake_counts_to_the_day_of_its_dose_and_an_extra_one_to_its_date() -> None:
    on = chart(EXCEPTION, DOSES, [take(DOSES[1], at("01:00", 1)), take(None, at("23:00"))])
    assert len(intakes_of_day(overdue(on, 0, "02:00", 1))) == 2
    assert intakes_of_day(overdue(on, 2, "08:00", 1)) == []


def test_a_dose_planned_for_the_same_instant_keeps_no_distance() -> None:
    twin = DOSES[0]._replace(id="1-20260302-21", slot=21)
    on = chart(EXCEPTION, [*DOSES, twin], [take(DOSES[0])])
    assert spaced_intakes(overdue(on, on.places[twin.id], "08:00")) == []
    assert len(spaced_intakes(overdue(on, on.places[DOSES[1].id], "20:00"))) == 1


def test_more_than_one_is_said_only_by_a_documented_daily_target() -> None:
    nothing = chart(EXCEPTION, DOSES)
    assert units_now(overdue(nothing, 0, "08:00")) == 1
    assert units_now(overdue(nothing, 1, "20:00")) == 2
    assert units_now(overdue(chart(POLICIES["milnacipran"], DOSES), 1, "20:00")) == 1
    assert units_now(overdue(chart(EXCEPTION, DOSES, tracked=False), 1, "20:00")) == 1
    once = chart(EXCEPTION, DOSES, [take(DOSES[0])])
    assert units_now(overdue(once, 1, "20:00")) == 1
    full = chart(EXCEPTION, DOSES, [take(DOSES[0]), take(None, at("09:00"))])
    assert units_now(overdue(full, 1, "20:00")) == 0


def test_take_it_holds_no_longer_than_until_the_next_is_due() -> None:
    on = chart(EXCEPTION, DOSES)
    assert take_until(overdue(on, 0, "10:00")) == at("19:59:59")
    assert take_until(overdue(on, 1, "20:00")) == at("23:59:59")


def test_a_target_below_one_dose_never_leaves_out_the_first() -> None:
    """The target is for making up; the planned dose itself is checked where it is planned."""
    low = replace(EXCEPTION, daily_target_mg=Decimal(1))
    assert units_now(overdue(chart(low, DOSES), 0, "08:00")) == 1
    assert units_now(overdue(chart(low, DOSES, [take(DOSES[0])]), 1, "20:00")) == 0
