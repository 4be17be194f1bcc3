"""Another amount at each time of the day: as many as there are times, and tablets make them."""

from __future__ import annotations

import pytest
from tests.unit.services.plans import drafted

from medsched.domain.amount import amount
from medsched.domain.protocol import PhaseKind
from medsched.domain.tablets import CannotBeMade
from medsched.domain.timing import DosePerSlot, OnDays
from medsched.errors import InvalidValue
from medsched.services.slot_amounts import slot_amounts

PRESCRIPTION = drafted().prescription


def test_each_time_of_the_day_gets_its_amount_and_none_is_left_out() -> None:
    phase = slot_amounts(PRESCRIPTION, "50 mg, 0")
    assert phase.kind is PhaseKind.MAINTENANCE
    assert isinstance(phase.dosage, OnDays)
    assert phase.dosage.doses == DosePerSlot((amount("50 mg"), None))


def test_as_many_amounts_as_times_are_wanted() -> None:
    with pytest.raises(InvalidValue, match="name 2 amounts"):
        slot_amounts(PRESCRIPTION, "50 mg")


def test_an_amount_that_no_tablets_make_is_refused() -> None:
    with pytest.raises(CannotBeMade):
        slot_amounts(PRESCRIPTION, "50 mg,30 mg")


def test_nothing_at_all_is_a_hold_or_a_stop() -> None:
    with pytest.raises(InvalidValue, match="medsched hold"):
        slot_amounts(PRESCRIPTION, "0,none")
