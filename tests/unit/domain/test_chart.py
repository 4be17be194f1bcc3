"""A chart: neighbours, what is settled, and nothing from the future."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.unit.domain.charts import at, chart, daily, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.domain.amount import amount
from medsched.domain.chart import chart_of, utc

POLICY = POLICIES["milnacipran"]


def test_doses_are_laid_in_order_and_know_their_neighbours() -> None:
    doses = daily(("08:00", "20:00"), (0, 1))
    on = chart_of(reversed(doses), (), POLICY, tracked_since=None)
    assert on.doses == tuple(doses)
    assert (on.before(doses[0]), on.after(doses[0])) == (None, doses[1])
    assert (on.before(doses[3]), on.after(doses[3])) == (doses[2], None)


def test_a_dose_at_the_same_instant_is_no_neighbour() -> None:
    doses = daily(("08:00",), (0, 1))
    twin = doses[0]._replace(id="1-20260302-21", slot=21)
    on = chart(POLICY, [*doses, twin])
    assert on.after(doses[0]) == on.after(twin) == doses[1]
    assert on.before(doses[1]) in {doses[0], twin}
    assert on.before(twin) is None


def test_what_happened_after_the_instant_in_question_is_not_seen() -> None:
    doses = daily(("08:00", "20:00"), (0,))
    on = chart(POLICY, doses, [take(doses[0]), take(doses[1])])
    assert on.settling(doses[1], at("19:59")) is None
    assert [one.dose for one in on.taken(at("08:00"))] == [doses[0].id]


def test_a_corrected_record_settles_nothing() -> None:
    doses = daily(("08:00",), (0,))
    wrong = take(doses[0])
    correction = Administration(
        id=wrong.id + 1000,
        prescription="1",
        status=AdministrationStatus.ENTERED_IN_ERROR,
        at=wrong.at,
        recorded_at=at("09:00"),
        corrects=wrong.id,
    )
    on = chart(POLICY, doses, [wrong, correction])
    assert not on.settled
    assert not on.intakes


def test_an_intake_amounts_to_what_was_recorded_else_to_its_dose() -> None:
    doses = daily(("08:00",), (0,))
    on = chart(POLICY, doses)
    assert on.amount_of(take(doses[0])) == amount("50 mg")
    assert on.amount_of(take(doses[0], much=amount("25 mg"))) == amount("25 mg")
    assert on.amount_of(take(None, at("09:00"))) is None


def test_a_plan_is_tracked_from_an_instant_on() -> None:
    doses = daily(("08:00",), (0, 1))
    on = chart_of(doses, (), POLICY, tracked_since=at("00:00", 1))
    assert [on.is_tracked(one) for one in doses] == [False, True]


def test_an_instant_without_a_zone_is_a_bug() -> None:
    with pytest.raises(TypeError, match="aware"):
        utc(datetime(2026, 3, 2, 8))  # noqa: DTZ001  # the mistake in question
