"""Doses taken only if needed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.unit.domain.charts import BERLIN, at, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.amount import amount
from medsched.domain.as_needed import Allowed, NotYet, as_needed, intake_if_needed
from medsched.domain.timing import AsNeeded

PAIN = AsNeeded(
    amount=amount("1000 mg"),
    min_gap_hours=4,
    most_doses=4,
    most_amount=amount("4 g"),
    reason="pain",
)
POLICY = POLICIES["paracetamol_prn"]
AUTUMN = date(2026, 10, 25)


def test_the_first_one_is_allowed_and_says_when_the_next_is() -> None:
    found = as_needed(PAIN, [], at("08:00"), POLICY)
    assert found == Allowed(
        left=4, next_at=at("12:00"), sentence="One dose of 1,000\u00a0mg is allowed now."
    )


@pytest.mark.parametrize(("clock", "allowed"), [("11:59:59", False), ("12:00", True)])
def test_the_gap_is_kept_to_the_second(clock: str, allowed: bool) -> None:
    found = as_needed(PAIN, [take(None, at("08:00"))], at(clock), POLICY)
    assert isinstance(found, Allowed if allowed else NotYet)
    if isinstance(found, NotYet):
        assert found.next_at == at("12:00")
        assert "at least 4 hours" in found.sentence


def test_the_one_before_the_last_and_the_last_are_warned_about() -> None:
    taken = [take(None, at(clock)) for clock in ("08:00", "12:00", "16:00")]
    third = as_needed(PAIN, taken[:2], at("16:00"), POLICY)
    assert isinstance(third, Allowed)
    assert third.warning == "After this one, only one more is allowed within 24 hours."
    last = as_needed(PAIN, taken, at("20:00"), POLICY)
    assert isinstance(last, Allowed)
    assert last.warning == "This is the last one that is allowed within 24 hours."
    assert last.next_at == at("08:00", 1)
    assert as_needed(PAIN, [], at("08:00"), POLICY).warning == ""  # type: ignore[union-attr]


def test_the_window_rolls_across_midnight() -> None:
    clocks = (("18:00", 0), ("22:00", 0), ("02:00", 1), ("06:00", 1))
    taken = [take(None, at(clock, day)) for clock, day in clocks]
    found = as_needed(PAIN, taken, at("17:59", 1), POLICY)
    assert isinstance(found, NotYet)
    assert found.next_at == at("18:00", 1)
    assert isinstance(as_needed(PAIN, taken, at("18:00", 1), POLICY), Allowed)


def test_hours_are_elapsed_hours_on_a_night_when_the_clocks_change() -> None:
    taken = [take(None, at("23:00", -1, BERLIN, AUTUMN))]
    found = as_needed(PAIN, taken, at("01:30", 0, BERLIN, AUTUMN), POLICY)
    assert isinstance(found, NotYet)
    assert found.next_at == taken[0].at + timedelta(hours=4)
    assert found.next_at.astimezone(BERLIN).hour == 2


def test_a_smaller_amount_may_still_fit_and_a_larger_never() -> None:
    taken = [take(None, at(clock), much=amount("1500 mg")) for clock in ("08:00", "12:00")]
    assert isinstance(as_needed(PAIN, taken, at("16:00"), POLICY), Allowed)
    assert isinstance(as_needed(PAIN, taken, at("16:00"), POLICY, amount("1.5 g")), NotYet)
    never = as_needed(PAIN, [], at("16:00"), POLICY, amount("5 g"))
    assert isinstance(never, NotYet)
    assert never.next_at is None


def test_the_stricter_of_dosage_and_policy_holds() -> None:
    strict = AsNeeded(amount=amount("500 mg"), min_gap_hours=6, most_doses=8)
    found = as_needed(strict, [take(None, at("08:00"))], at("12:00"), POLICY)
    assert isinstance(found, NotYet)
    assert found.next_at == at("14:00")
    taken = [take(None, at(clock)) for clock in ("00:00", "06:00", "12:00", "18:00")]
    full = as_needed(strict, taken, at("23:59"), POLICY)
    assert isinstance(full, NotYet)
    assert isinstance(as_needed(strict, taken, at("00:00", 1)), Allowed)


def test_what_is_recorded_after_the_instant_is_not_seen() -> None:
    assert isinstance(as_needed(PAIN, [take(None, at("09:00"))], at("08:00"), POLICY), Allowed)


def test_one_taken_at_this_very_instant_counts() -> None:
    assert isinstance(as_needed(PAIN, [take(None, at("08:00"))], at("08:00"), POLICY), NotYet)


def test_one_written_down_late_must_leave_room_for_those_after_it() -> None:
    later = [take(None, at("12:00"))]
    close = intake_if_needed(PAIN, later, take(None, at("08:01")), POLICY)
    assert isinstance(close, NotYet)
    assert isinstance(intake_if_needed(PAIN, later, take(None, at("08:00")), POLICY), Allowed)


def test_exactly_one_dose_is_no_more_than_one() -> None:
    one = take(None, at("08:00"), much=amount("1000 mg"))
    assert isinstance(intake_if_needed(PAIN, [], one, POLICY), Allowed)
    more = take(None, at("08:00"), much=amount("1000.5 mg"))
    assert isinstance(intake_if_needed(PAIN, [], more, POLICY), NotYet)


def test_the_limits_of_the_policy_hold_beside_wider_ones_of_the_dosage() -> None:
    wide = AsNeeded(amount=amount("1000 mg"), min_gap_hours=1, most_doses=20)
    taken = [take(None, at(clock)) for clock in ("08:00", "12:00", "16:00")]
    assert isinstance(as_needed(wide, taken[:1], at("11:59"), POLICY), NotYet)
    assert isinstance(as_needed(wide, taken[:1], at("11:59")), Allowed)
    last = [*taken, take(None, at("20:00"))]
    assert isinstance(as_needed(wide, last, at("07:00", 1), POLICY), NotYet)
    assert isinstance(as_needed(wide, last, at("07:00", 1)), Allowed)
