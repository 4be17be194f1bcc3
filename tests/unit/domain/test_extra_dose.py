"""What makes an intake too much or too soon."""

from __future__ import annotations

import pytest
from tests.unit.domain.charts import at, chart, daily, dose, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.amount import Amount, amount
from medsched.domain.extra_dose import (
    ExtraReason,
    crowding,
    finding_about,
    recent_extras,
    too_much,
)

DOSES = daily(("08:00", "20:00"), (0, 1), amounts="15 mg")
POLICY = POLICIES["milnacipran"]


@pytest.mark.parametrize(
    ("name", "much", "too"),
    [
        ("milnacipran", "15 mg", False),
        ("milnacipran", "15.5 mg", True),
        ("rivaroxaban_15_bid", "30 mg", False),
        ("rivaroxaban_15_bid", "45 mg", True),
    ],
)
def test_more_than_the_policy_allows_at_once_is_too_much(name: str, much: str, too: bool) -> None:
    assert too_much(amount(much), DOSES[0], chart(POLICIES[name], DOSES)) is too


def test_an_unsaid_amount_is_the_planned_one() -> None:
    nothing: Amount | None = None
    assert not too_much(nothing, DOSES[0], chart(POLICY, DOSES))


def test_the_nearest_intake_on_either_side_crowds_within_the_gap_and_not_at_its_edge() -> None:
    before, after = take(DOSES[0], at("14:00")), take(DOSES[2], at("03:00", 1))
    on = chart(POLICY, DOSES, [before, after])
    assert crowding(at("19:59:59"), DOSES[1], on) == before
    assert crowding(at("20:00"), DOSES[1], on) is None
    assert crowding(at("21:00:01"), DOSES[1], on) == after


def test_companions_do_not_crowd_one_another_but_doses_pushed_together_do() -> None:
    twin = DOSES[0]._replace(id="1-20260302-21", slot=21)
    pushed = DOSES[0]._replace(id="1-20260302-3", slot=3)
    on = chart(POLICY, [*DOSES, twin, pushed], [take(DOSES[0])])
    assert finding_about(twin, at("08:00"), on, None) is None
    found = finding_about(pushed, at("08:00"), on, None)
    assert found is not None
    assert found.reason is ExtraReason.TOO_SOON
    assert "pharmacist or a poison centre" in found.sentence


def test_an_extra_dose_is_told_for_the_usual_interval_and_a_day_at_least() -> None:
    extra = take(None, at("08:05"))
    on = chart(POLICY, DOSES, [take(DOSES[0]), extra])
    assert recent_extras(on, at("08:04:59", 1)) == (extra,)
    assert recent_extras(on, at("08:05", 1)) == ()
    weekly = [dose("08:00", day) for day in (0, 7, 14)]
    on = chart(POLICIES["methotrexate_weekly"], weekly, [take(weekly[0]), extra])
    assert recent_extras(on, at("09:04:59", 7)) == (extra,)
    assert recent_extras(on, at("09:05", 7)) == ()  # the clocks changed in between


def test_too_much_at_once_is_told_like_an_extra_dose_and_the_planned_amount_is_not() -> None:
    much = take(DOSES[0], much=amount("30 mg"))
    on = chart(POLICY, DOSES, [much, take(DOSES[1], much=amount("15 mg"))])
    assert recent_extras(on, at("21:00")) == (much,)


def test_an_extra_dose_of_a_plan_without_dated_doses_is_told_for_a_day() -> None:
    extra = take(None, at("08:05"))
    on = chart(POLICY, [], [extra])
    assert recent_extras(on, at("08:00", 1)) == (extra,)
    assert recent_extras(on, at("08:05", 1)) == ()
