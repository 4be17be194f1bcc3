"""What a taper has to keep is checked in one place, and each breach says what would be right."""

from dataclasses import replace

import pytest

from medsched.domain.amount import Amount, amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.protocol import Stopping
from medsched.domain.taper_plan import (
    ANY_LENGTH,
    Pattern,
    Taper,
    TaperLimits,
    TaperRefused,
    TaperStart,
    TaperStep,
    check_length,
    kept,
    rises,
    split_days,
)


def mg(number: str) -> Amount:
    return amount(f"{number} mg")


MEDICINE = Medication(
    name="medicine",
    ingredient="ingredient",
    form=Form.TABLET,
    route=Route.ORAL,
    strengths=(mg("10"), mg("20")),
)
START = TaperStart(medication=MEDICINE, slots=(mg("20"), mg("20")))


def step(first: str, second: str, days: int = 7) -> TaperStep:
    slots: Pattern = tuple(None if one == "0" else mg(one) for one in (first, second))
    return TaperStep(per_day=mg(str(int(first) + int(second))), slot_doses=slots, days=days)


def test_days_are_split_evenly_and_the_lowest_steps_get_the_rest() -> None:
    assert split_days(28, 3) == (9, 9, 10)
    assert split_days(7, 7) == (1,) * 7
    assert sum(split_days(100, 7)) == 100


def test_a_good_taper_is_kept_as_it_is() -> None:
    taper = Taper(steps=(step("20", "10"), step("10", "10"), step("10", "0")))
    assert kept(taper, START, TaperLimits()) is taper
    assert taper.days == 21


@pytest.mark.parametrize(
    ("steps", "limits", "said"),
    [
        ([step("20", "20")], ANY_LENGTH, "less than the one before"),
        ([step("10", "10"), step("20", "0")], ANY_LENGTH, "less than the one before"),
        ([step("10", "10"), step("0", "10"), step("0", "0")], TaperLimits(), "at most 50 percent"),
        ([step("30", "0")], ANY_LENGTH, "no single dose be more"),
        ([step("10", "10", 3)], TaperLimits(), "at least 7 days"),
        ([step("10", "0")], TaperLimits(), "at most 50 percent"),
        ([step("10", "10")], TaperLimits(min_days=14), "use 14 to 3,650 days"),
        ([step("10", "10", 15)], TaperLimits(max_days=14), "use 7 to 14 days"),
        ([], ANY_LENGTH, "0 days long"),
    ],
)
def test_a_broken_rule_is_named(steps: list[TaperStep], limits: TaperLimits, said: str) -> None:
    with pytest.raises(TaperRefused, match=said):
        kept(Taper(steps=tuple(steps)), START, limits)


def test_a_length_is_refused_with_the_nearest_that_is_allowed() -> None:
    limits = TaperLimits(min_days=14, max_days=28)
    for days, nearest in ((0, 14), (13, 14), (29, 28)):
        with pytest.raises(TaperRefused) as refused:
            check_length(days, limits)
        assert refused.value.nearest == (nearest,)
    check_length(14, limits)
    check_length(28, limits)


def test_a_slot_rises_also_from_nothing() -> None:
    assert rises((None, mg("20")), (mg("10"), mg("10")))
    assert not rises((mg("10"), mg("20")), (mg("10"), None))


def test_only_known_strengths_on_hand_narrow_the_medicine() -> None:
    assert START.makes is MEDICINE
    on_hand = replace(START, on_hand=frozenset({mg("10"), mg("5")}))
    assert on_hand.makes.strengths == (mg("10"),)
    unknown = replace(START, on_hand=frozenset({mg("5")}))
    assert unknown.makes.strengths == MEDICINE.strengths


def test_the_limits_are_those_of_the_drugs_rules() -> None:
    rules = Stopping(rule="stop", min_days=14, max_days=28, min_step_days=3, max_drop_percent=25)
    assert TaperLimits.of(rules) == TaperLimits(
        min_days=14, max_days=28, min_step_days=3, max_drop_percent=25
    )
