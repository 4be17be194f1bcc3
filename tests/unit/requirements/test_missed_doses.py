"""Late and missed doses, as the source document has them and as its gaps are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.domain.advice import Ask, Skip, Take
from medsched.domain.chart import Chart, chart_of
from medsched.domain.missed import advise
from medsched.domain.titration import Advancing, HeldAtStep, titration_state

if TYPE_CHECKING:
    from tests.unit.requirements.conftest import Bench

    from medsched.domain.dose import DoseEvent


def taken(dose: DoseEvent, *, late: float = 0) -> Administration:
    """Return the record of a dose taken so many hours late."""
    at = dose.due + timedelta(hours=late)
    return Administration(
        id=dose.day.toordinal() * 10 + dose.slot,
        prescription="plan",
        status=AdministrationStatus.COMPLETED,
        dose=dose.id,
        at=at,
        recorded_at=at,
    )


def chart(bench: Bench, *missed: tuple[int, int], until: datetime) -> Chart:
    """Return the chart of the standard plan with all doses up to `until` taken but these.

    Args:
        missed: (therapy day, place in the day).
    """
    plan = bench.plan(days=40)
    course = plan.course
    records = [
        taken(one)
        for one in plan.events
        if one.due < until and (course.therapy_day(one.day), one.slot) not in missed
    ]
    titrating = frozenset(one.number for one in course.phases if one.kind.value == "titration")
    policy = bench.protocol.regimen().missed or bench.protocol.missed
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    return chart_of(plan.events, records, policy, tracked_since=begin, titrating=titrating)


def dose(bench: Bench, day: int, slot: int) -> DoseEvent:
    plan = bench.plan(days=40)
    return next(
        one for one in plan.events if plan.course.therapy_day(one.day) == day and one.slot == slot
    )


def test_r36_a_missed_dose_is_taken_as_soon_as_remembered(bench: Bench) -> None:
    now = bench.at(10, "10:30")
    advice = advise(dose(bench, 10, 1), chart(bench, (10, 1), until=now), now)
    assert isinstance(advice, Take)


def test_r37_unless_it_is_almost_time_for_the_next_dose(bench: Bench) -> None:
    now = bench.at(10, "17:00")
    advice = advise(dose(bench, 10, 1), chart(bench, (10, 1), until=now), now)
    assert isinstance(advice, Skip)


@pytest.mark.parametrize("hour", range(8, 32))
def test_r38_no_advice_is_ever_two_doses(bench: Bench, hour: int) -> None:
    now = bench.at(10, "00:00") + timedelta(hours=hour)
    seen = chart(bench, (9, 2), (10, 1), until=now)
    advices = [advise(one, seen, now) for one in seen.doses if one.due <= now]
    takes = [one for one in advices if isinstance(one, Take)]
    assert len(takes) <= 1
    assert all(one.units == 1 for one in takes)
    assert bench.protocol.missed.max_units_at_once == 1


def test_i05_one_miss_keeps_the_calendar_and_two_in_a_row_hold_the_titration(
    bench: Bench,
) -> None:
    now = bench.at(4, "07:00")
    once = titration_state(chart(bench, (3, 2), until=now), now)
    twice = titration_state(chart(bench, (3, 1), (3, 2), until=now), now)
    assert isinstance(once, Advancing)
    assert isinstance(twice, HeldAtStep)
    now = bench.at(4, "08:30")
    advice = advise(dose(bench, 4, 1), chart(bench, (3, 1), (3, 2), (4, 1), until=now), now)
    assert isinstance(advice, Ask)


@pytest.mark.parametrize(("clock", "kind"), [("13:59", Take), ("14:00", Take), ("14:01", Skip)])
def test_i09_exactly_six_hours_before_the_next_dose_still_counts_as_take(
    bench: Bench, clock: str, kind: type[Take | Skip]
) -> None:
    now = bench.at(10, clock)
    advice = advise(dose(bench, 10, 1), chart(bench, (10, 1), until=now), now)
    assert isinstance(advice, kind)


@pytest.mark.parametrize(("clock", "kind"), [("20:00", Take), ("20:01", Skip)])
def test_i09_from_day_1_to_day_2_the_half_is_twelve_hours(
    bench: Bench, clock: str, kind: type[Take | Skip]
) -> None:
    now = bench.at(1, clock)
    advice = advise(dose(bench, 1, 1), chart(bench, (1, 1), until=now), now)
    assert isinstance(advice, kind)


def test_i19_the_limit_counts_by_dosing_day_and_two_doses_in_18_hours(bench: Bench) -> None:
    """A late evening dose makes three doses in 24 hours, and the third one is still right."""
    rolling = bench.protocol.missed.rolling
    assert rolling is not None
    assert (rolling.max_doses, rolling.window_hours) == (2, Decimal(18))
    late = dose(bench, 10, 2)
    now = bench.at(11, "20:30")
    plan = chart(bench, (10, 2), (11, 2), until=now)
    records = [*plan.intakes, taken(late, late=5)]
    seen = chart_of(plan.doses, records, plan.policy, tracked_since=plan.tracked_since)
    assert isinstance(advise(dose(bench, 11, 2), seen, now), Take)
