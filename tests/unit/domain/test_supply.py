"""How long the tablets last."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.unit.domain.charts import MONDAY, at, chart, daily, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.amount import amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.supply import supply, used_since

SMALL, LARGE = amount("25 mg"), amount("50 mg")
MEDICINE = Medication(
    name="milnacipran",
    ingredient="milnacipran",
    form=Form.FILM_COATED_TABLET,
    route=Route.ORAL,
    strengths=(SMALL, LARGE),
)
DOSES = daily(("08:00", "20:00"), range(30))
POLICY = POLICIES["milnacipran"]


def test_the_first_day_that_cannot_be_made_is_the_day_it_runs_out() -> None:
    found = supply({LARGE: Decimal(29)}, [], DOSES, MEDICINE)
    assert found.runs_out == MONDAY + timedelta(days=14)
    assert found.refill_on == MONDAY + timedelta(days=7)
    assert found.doses == 29


def test_what_covers_all_planned_doses_does_not_run_out() -> None:
    found = supply({LARGE: Decimal(60)}, [], DOSES, MEDICINE)
    assert (found.runs_out, found.refill_on) == (None, None)
    assert found.left == {LARGE: Decimal(60)}


def test_other_strengths_make_the_dose_when_the_usual_one_is_gone() -> None:
    found = supply({LARGE: Decimal(2), SMALL: Decimal(4)}, [], DOSES, MEDICINE)
    assert found.doses == 4
    assert found.runs_out == MONDAY + timedelta(days=2)


def test_what_was_used_since_the_count_is_gone() -> None:
    found = supply({LARGE: Decimal(30)}, [LARGE, SMALL, amount("7 mg")], DOSES, MEDICINE)
    assert found.left == {LARGE: Decimal(29), SMALL: Decimal(0)}


def test_used_is_what_was_taken_with_extra_doses_and_other_amounts() -> None:
    on = chart(
        POLICY,
        DOSES,
        [
            take(DOSES[0]),
            take(DOSES[2], much=amount("25 mg")),
            take(None, at("09:00", 1), much=LARGE),
        ],
    )
    assert used_since(on, at("00:00", 1), at("12:00", 1)) == [amount("25 mg"), LARGE]


def test_where_nobody_records_the_plan_is_presumed_used() -> None:
    on = chart(POLICY, DOSES, tracked=False)
    assert used_since(on, at("12:00"), at("08:00", 1)) == [LARGE, LARGE]


def test_what_was_taken_at_the_very_moment_of_the_count_is_not_counted_twice() -> None:
    moment, before = at("08:00"), at("07:59:59")
    recorded = chart(POLICY, DOSES, [take(DOSES[0])])
    presumed = chart(POLICY, DOSES, tracked=False)
    for on in (recorded, presumed):
        assert used_since(on, moment, at("09:00")) == []
        assert used_since(on, before, at("09:00")) == [LARGE]
