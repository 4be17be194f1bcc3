"""A way up does not march on over missed doses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.domain.charts import at, chart, daily, skip, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.advice import Ask, Step, Take
from medsched.domain.amount import amount
from medsched.domain.missed import advise
from medsched.domain.titration import Advancing, AskToResume, HeldAtStep, titration_state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.domain.administration import Administration
    from medsched.domain.chart import Chart

POLICY = POLICIES["milnacipran"]
TWICE = ("08:00", "20:00")
WAY_UP = [
    *daily(("08:00",), (0,), amounts="12.5 mg", phase=1),
    *daily(TWICE, (1, 2), amounts="12.5 mg", phase=2),
    *daily(TWICE, (3, 4, 5, 6), amounts="25 mg", phase=3),
    *daily(TWICE, (7, 8, 9), amounts="50 mg", phase=4),
]


def on(records: Iterable[Administration], decided: str | None = None, day: int = 0) -> Chart:
    decided_at = None if decided is None else at(decided, day)
    return chart(POLICY, WAY_UP, records, titrating=(1, 2, 3), decided_at=decided_at)


def test_one_missed_dose_keeps_the_calendar() -> None:
    taken = [take(one) for place, one in enumerate(WAY_UP) if place != 4]
    assert titration_state(on(taken), at("08:00", 3)) == Advancing()


def test_two_missed_in_a_row_hold_the_last_taken_step() -> None:
    taken = [take(one) for one in WAY_UP[:3]]
    state = titration_state(on(taken), at("02:01", 3))
    assert isinstance(state, HeldAtStep)
    assert (state.step, state.missed) == (amount("12.5 mg"), 2)
    assert state.since == at("08:00", 2)
    assert "before the next increase" in state.sentence
    assert state.holds(WAY_UP[5])
    assert not state.holds(WAY_UP[4])


def test_a_higher_dose_is_asked_about_and_the_held_step_is_not() -> None:
    records = [*(take(one) for one in WAY_UP[:9]), take(WAY_UP[11])]
    held = on(records)  # both doses of day 5 of the plan are missing
    assert isinstance(titration_state(held, at("08:00", 6)), HeldAtStep)
    same = advise(WAY_UP[12], held, at("20:00", 6))
    assert isinstance(same, Take)
    higher = advise(WAY_UP[13], held, at("08:00", 7))
    assert isinstance(higher, Ask)
    assert higher.step is Step.TITRATION
    assert "25" in higher.reason


def test_taking_the_held_step_lifts_nothing_but_a_decision_does() -> None:
    records = [*(take(one) for one in WAY_UP[:9]), *(take(one) for one in WAY_UP[11:13])]
    assert isinstance(titration_state(on(records), at("08:00", 7)), HeldAtStep)
    assert titration_state(on(records, "12:00", 6), at("08:00", 7)) == Advancing()


def test_doses_deliberately_not_taken_hold_as_well() -> None:
    records = [*(take(one) for one in WAY_UP[:3]), skip(WAY_UP[3]), skip(WAY_UP[4])]
    assert isinstance(titration_state(on(records), at("20:30", 2)), HeldAtStep)


def test_misses_right_before_an_increase_hold_though_no_phase_is_called_titration() -> None:
    taken = [take(one) for one in WAY_UP[:11]]
    held = chart(POLICY, WAY_UP, taken)
    assert isinstance(titration_state(held, at("02:01", 7)), HeldAtStep)


def test_misses_on_a_plateau_hold_nothing() -> None:
    doses = daily(TWICE, range(5))
    records = [take(doses[0]), take(doses[3])]
    assert titration_state(chart(POLICY, doses, records), at("20:00", 2)) == Advancing()


def test_a_different_evening_dose_is_no_increase() -> None:
    doses = [
        one._replace(amount=amount("25 mg" if one.slot == 1 else "50 mg"))
        for one in daily(TWICE, range(4))
    ]
    records = [take(one) for one in doses[:2]]
    assert titration_state(chart(POLICY, doses, records), at("08:00", 2)) == Advancing()


def test_two_tablets_at_once_make_no_higher_step() -> None:
    records = [*(take(one) for one in WAY_UP[:2]), take(WAY_UP[2], much=amount("50 mg"))]
    state = titration_state(on(records), at("02:01", 3))
    assert isinstance(state, HeldAtStep)
    assert state.step == amount("12.5 mg")


def test_before_the_first_dose_was_taken_every_step_is_asked_about() -> None:
    state = titration_state(on([]), at("20:00", 1))
    assert isinstance(state, HeldAtStep)
    assert state.step is None
    assert state.holds(WAY_UP[2])


def test_after_the_restart_gap_it_says_so() -> None:
    taken = [take(one) for one in WAY_UP[:3]]
    state = titration_state(on(taken), at("20:01", 4))
    assert isinstance(state, AskToResume)
    assert state.sentence == "No dose for more than 3 days: call before you take it again."


def test_where_nobody_records_nothing_is_held() -> None:
    held = chart(POLICY, WAY_UP, tracked=False, titrating=(1, 2, 3))
    assert titration_state(held, at("20:00", 8)) == Advancing()
