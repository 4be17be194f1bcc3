"""Another amount at each time of the day."""

from __future__ import annotations

import pytest
from tests.unit.services.plans import drafted

from medsched.domain.amount import amount
from medsched.domain.tablets import CannotBeMade
from medsched.domain.timing import DosePerSlot, OnDays, UntilTold
from medsched.errors import InvalidValue
from medsched.services.slot_amounts import slot_amounts

PLAN = drafted().prescription


def test_each_slot_has_its_own_amount() -> None:
    phase = slot_amounts(PLAN, "50 mg, 25 mg")

    assert isinstance(phase.dosage, OnDays)
    assert phase.dosage.doses == DosePerSlot((amount("50 mg"), amount("25 mg")))
    assert phase.bounds == UntilTold()


@pytest.mark.parametrize("nothing", ["0", "none"])
def test_a_slot_may_have_none(nothing: str) -> None:
    phase = slot_amounts(PLAN, f"50 mg,{nothing}")

    assert isinstance(phase.dosage, OnDays)
    assert phase.dosage.doses == DosePerSlot((amount("50 mg"), None))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("50 mg", "name 2 amounts"),
        ("50 mg,25 mg,25 mg", "name 2 amounts"),
        ("0,0", "medsched hold"),
    ],
)
def test_as_many_amounts_as_slots_are_wanted(text: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        slot_amounts(PLAN, text)


def test_what_no_tablets_make_is_refused() -> None:
    with pytest.raises(CannotBeMade, match="cannot be made from"):
        slot_amounts(PLAN, "50 mg,18.75 mg")
