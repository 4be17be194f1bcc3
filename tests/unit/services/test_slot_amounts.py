"""Another amount at each time of the day: as many as there are times, and tablets make them."""

from __future__ import annotations

import pytest
from tests.unit.services.plans import drafted

from medsched.domain.amount import amount
from medsched.domain.protocol import PhaseKind
from medsched.domain.tablets import CannotBeMade
from medsched.domain.timing import Cycle, DosePerSlot, EveryHours, OnDays, SameDose, TimesADay
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


def test_the_days_of_what_is_taken_now_stay() -> None:
    """A pill of 21 days on and 7 off does not become one of every day."""
    cycle = Cycle(on=21, off=7)
    now = OnDays(times=TimesADay(count=2), doses=SameDose(amount("50 mg")), days=cycle)
    phase = slot_amounts(PRESCRIPTION, "50 mg, 0", now)
    assert isinstance(phase.dosage, OnDays)
    assert phase.dosage.days == cycle


def test_doses_by_the_hour_have_no_times_of_the_day() -> None:
    with pytest.raises(InvalidValue, match="its doses follow hours"):
        slot_amounts(PRESCRIPTION, "50 mg, 0", EveryHours(hours=8, amount=amount("50 mg")))
