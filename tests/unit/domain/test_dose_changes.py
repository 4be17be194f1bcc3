"""A change is a day whose amount is another than the day before, over all tracks and holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.unit.domain.milnacipran_rules import DAY_ONE, PHASES, course, person, phase, prescription

from medsched.domain.dose_changes import dose_changes
from medsched.domain.protocol import Phase, PhaseKind

UP = PhaseKind.MAINTENANCE


def changes(*phases: Phase) -> list[tuple[int, str, str]]:
    """Return therapy day, amount before and amount after of each change."""
    plan = course(prescription(phases=phases), person())
    return [
        (plan.therapy_day(one.day), one.before.digits, one.after.digits)
        for one in dose_changes(plan)
    ]


def test_the_way_up_changes_on_days_2_4_and_8() -> None:
    assert changes(*PHASES) == [(2, "12.5", "25"), (4, "25", "50"), (8, "50", "100")]


def test_another_split_of_the_same_day_is_no_change() -> None:
    assert changes(phase(UP, "50 mg", 2, 5), phase(UP, "100 mg", 1, None)) == []


def test_a_hold_goes_to_nothing_and_comes_back() -> None:
    held = replace(phase(PhaseKind.HOLD, "50 mg", 2, 3), dosage=None)
    assert changes(phase(UP, "50 mg", 2, 5), held, phase(UP, "50 mg", 2, None)) == [
        (6, "100", "0"),
        (9, "0", "100"),
    ]


def test_tracks_side_by_side_count_together() -> None:
    later = replace(phase(UP, "25 mg", 1, None), track=1, starts=DAY_ONE + timedelta(days=9))
    assert changes(phase(UP, "50 mg", 2, None), later) == [(10, "100", "125")]


def test_a_change_knows_its_direction_and_whether_it_is_of_a_taper() -> None:
    phases = (phase(UP, "50 mg", 2, 5), phase(PhaseKind.TAPER, "25 mg", 2, 7))
    (one,) = dose_changes(course(prescription(phases=phases), person()))
    assert (one.is_increase, one.taper, one.phase) == (False, True, 2)


def test_a_plan_of_holds_only_has_no_amounts_and_no_changes() -> None:
    assert changes(replace(phase(PhaseKind.HOLD, "50 mg", 2, 3), dosage=None)) == []
