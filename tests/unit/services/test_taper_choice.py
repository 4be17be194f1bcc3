"""A chosen way down keeps the rules of the medicine, and is made from what is there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.services.plans import drafted

from medsched.domain.amount import amount
from medsched.domain.taper import (
    Hyperbolic,
    Linear,
    LinearIn,
    PercentOfCurrent,
    PercentOfFirst,
    TaperRefused,
    TaperStart,
)
from medsched.errors import InvalidValue
from medsched.services.taper_choice import TaperChoice, read_strengths, taper_of

PLAN = drafted()
MEDICATION, STOPPING = PLAN.protocol.medication, PLAN.protocol.stopping
FIFTY = amount("50 mg")
START = TaperStart(medication=MEDICATION, slots=(FIFTY, FIFTY))


def steps(choice: TaperChoice, start: TaperStart = START) -> list[tuple[str, int]]:
    taper = taper_of(start, STOPPING, choice)
    return [(one.per_day.digits, one.days) for one in taper.steps]


def test_without_a_choice_the_rules_own_taper_is_laid() -> None:
    assert steps(TaperChoice()) == [("50", 7), ("25", 7), ("12.5", 7)]
    assert steps(TaperChoice(days=28)) == [("50", 9), ("25", 9), ("12.5", 10)]


def test_a_linear_taper_falls_by_the_same_amount() -> None:
    wanted = [("75", 7), ("50", 7), ("25", 7)]
    assert steps(TaperChoice(shape=Linear(amount("25 mg")))) == wanted
    assert steps(TaperChoice(shape=LinearIn(4), days=21)) == wanted


def test_a_step_lasts_as_long_as_somebody_says() -> None:
    by_steps = TaperChoice(shape=LinearIn(4), step_days=9)
    assert steps(by_steps) == [("75", 9), ("50", 9), ("25", 9)]


def test_percent_is_of_the_dose_now_or_of_the_first() -> None:
    first = TaperChoice(shape=PercentOfFirst(Decimal(25)))
    assert [mg for mg, _days in steps(first)] == ["75", "50", "25"]
    now = TaperChoice(shape=PercentOfCurrent(Decimal(50)), days=28)
    assert [mg for mg, _days in steps(now)] == ["50", "25", "12.5"]


def test_equal_steps_of_effect_are_larger_where_the_dose_is_high() -> None:
    choice = TaperChoice(shape=Hyperbolic(half_maximum=amount("100 mg"), steps=3))
    assert [mg for mg, _days in steps(choice)] == ["50", "25"]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (TaperChoice(shape=Linear(amount("30 mg"))), "70 mg a day cannot be made from"),
        (TaperChoice(shape=LinearIn(4), step_days=2), "keep each step for at least 7 days"),
        (TaperChoice(shape=LinearIn(4), step_days=12), "use 14 to 28 days"),
        (TaperChoice(days=10), "use 14 to 28 days"),
        (
            TaperChoice(shape=Hyperbolic(half_maximum=amount("10 mg"), steps=4)),
            "fall by at most 50 percent",
        ),
    ],
)
def test_no_choice_breaks_a_rule_of_the_medicine(choice: TaperChoice, said: str) -> None:
    with pytest.raises(TaperRefused, match=said.replace("\u00a0", ".").replace(" ", ".")):
        taper_of(START, STOPPING, choice)


def test_only_what_is_on_hand_is_used() -> None:
    some = frozenset({amount("25 mg"), amount("50 mg")})
    start = TaperStart(medication=MEDICATION, slots=(FIFTY, FIFTY), on_hand=some)
    assert [mg for mg, _days in steps(TaperChoice(), start)] == ["50", "25"]


def test_an_own_plan_without_rules_keeps_the_arithmetic_alone() -> None:
    choice = TaperChoice(shape=LinearIn(4), step_days=2)
    taper = taper_of(START, None, choice)
    assert (taper.days, len(taper.steps)) == (6, 3)
    assert taper_of(START, None, TaperChoice()).days == 14


def test_lengths_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(InvalidValue, match="not both"):
        taper_of(START, STOPPING, TaperChoice(shape=LinearIn(4), days=21, step_days=7))
    with pytest.raises(InvalidValue, match="name a --taper"):
        taper_of(START, STOPPING, TaperChoice(step_days=7))


def test_strengths_are_read_with_their_unit_or_the_medicines_own() -> None:
    wanted = {amount("25 mg"), amount("50 mg")}
    assert read_strengths("25 mg, 50 mg", MEDICATION) == wanted
    assert read_strengths("25, 50", MEDICATION) == wanted


@pytest.mark.parametrize(
    ("text", "said"), [("30 mg", "comes in 12.5"), (" , ", "name some of 12.5"), ("pill", "pill")]
)
def test_strengths_that_the_medicine_does_not_have_are_refused(text: str, said: str) -> None:
    with pytest.raises(Exception, match=said):
        read_strengths(text, MEDICATION)
