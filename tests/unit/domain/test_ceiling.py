"""What a plan reaches is held against ceilings, kidneys, the first dose and the way up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.display_rules import violations
from tests.unit.domain.milnacipran_rules import (
    DAY_ONE,
    PHASES,
    PROTOCOL,
    SAFETY,
    course,
    person,
    phase,
    prescription,
)

from medsched.domain.amount import amount
from medsched.domain.ceiling import day_totals, most_in_a_day
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.safety import check
from medsched.domain.safety_rules import Ceiling, Severity
from medsched.domain.timing import AsNeeded, UntilTold

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.finding import DetectedIssue

TITRATION, UP = PhaseKind.TITRATION, PhaseKind.MAINTENANCE


def found(
    *phases: Phase,
    rules: str,
    ordered_by: str = "",
    first_day: int = 1,
    target: Amount | None = None,
    **facts: Any,
) -> list[DetectedIssue]:
    """Return the findings of some rules for a plan of these phases."""
    who = person(**facts)
    order = prescription(
        phases=phases, ordered_by=ordered_by, first_day=first_day, target_per_day=target
    )
    findings = check(PROTOCOL, order, course(order, who), who)
    return [one for one in findings if one.rule in rules.split()]


def up_to(dose: str, *, days: int = 7) -> tuple[Phase, ...]:
    """Return the standard way up, some days at its maintenance, and then this dose twice a day."""
    return (*PHASES[:-1], phase(UP, "50 mg", 2, days), phase(UP, dose, 2, None))


def test_the_ceiling_itself_is_allowed() -> None:
    assert not found(*up_to("100 mg"), rules="R10")


def test_more_than_a_ceiling_blocks_and_says_which_amount_from_which_day() -> None:
    issues = found(*up_to("112.5 mg"), rules="R10")
    assert [one.severity for one in issues] == [Severity.BLOCK, Severity.BLOCK]
    per_day = next(one for one in issues if "one day" in one.message)
    assert per_day.message.startswith(
        "one day: 225\u00a0mg, from Monday 16 March 2026; at most 200\u00a0mg."
    )
    assert not violations(per_day.message)


def test_one_large_dose_is_over_the_single_ceiling_even_when_the_day_is_not() -> None:
    issues = found(phase(UP, "150 mg", 1, None), rules="R10")
    assert [one.subject for one in issues] == ["150 per dose"]


def test_tracks_that_run_side_by_side_add_up() -> None:
    side = replace(phase(UP, "50 mg", 1, None), track=1)
    issues = found(phase(UP, "100 mg", 2, None), side, rules="R10")
    assert [one.subject for one in issues] == ["250 per day"]


def test_an_override_of_one_amount_does_not_cover_a_larger_one() -> None:
    keys = {
        issue.key
        for dose in ("112.5 mg", "125 mg")
        for issue in found(*up_to(dose), rules="R10")
        if "per day" in issue.subject
    }
    assert keys == {"R10/225 per day", "R10/250 per day"}


def test_a_limit_in_another_unit_is_not_checked_and_says_so() -> None:
    rule = Ceiling(rule="R10", per_day=amount("4 tablets"))
    protocol = replace(PROTOCOL, safety=replace(SAFETY, ceilings=(rule,)))
    who, order = person(), prescription()
    issues = check(protocol, order, course(order, who), who)
    assert [one.message for one in issues if one.rule == "R10"] == [
        "not checked: largest amount. Its limit is not in mg, as the doses are."
    ]


@pytest.mark.parametrize(
    ("most_doses", "window", "most_amount", "expected"),
    [
        (4, 24, None, "200 mg"),
        (1, 6, None, "200 mg"),
        (4, 24, "150 mg", "150 mg"),
        (2, 48, None, "100 mg"),
    ],
)
def test_doses_only_if_needed_count_with_the_most_they_can_be(
    most_doses: int, window: int, most_amount: str | None, expected: str
) -> None:
    dosage = AsNeeded(
        amount=amount("50 mg"),
        min_gap_hours=4,
        most_doses=most_doses,
        window_hours=window,
        most_amount=amount(most_amount) if most_amount else None,
    )
    assert most_in_a_day(dosage) == amount(expected)


def test_doses_only_if_needed_are_held_against_the_ceiling() -> None:
    needed = Phase(
        kind=UP,
        dosage=AsNeeded(amount=amount("50 mg"), min_gap_hours=4, most_doses=5),
        bounds=UntilTold(),
    )
    assert [one.subject for one in found(needed, rules="R10")] == ["250 per day"]


def test_a_hold_holds_nothing() -> None:
    held = replace(phase(PhaseKind.HOLD, "50 mg", 2, 3), dosage=None)
    order = prescription(phases=(PHASES[2], held, PHASES[3]))
    totals = day_totals(course(order, person()))
    assert [(one.day.day, one.amount.digits) for one in totals] == [(2, "50"), (9, "100")]


@pytest.mark.parametrize(
    ("dose", "ordered_by", "target", "expected"),
    [
        ("25 mg", "", None, []),
        ("37.5 mg", "", None, [Severity.WARN]),
        ("50 mg", "", None, [Severity.WARN]),
        ("50 mg", "Dr Gray", "100 mg", [Severity.INFO]),
        ("50 mg", "Dr Gray", None, [Severity.WARN]),
        ("62.5 mg", "Dr Gray", "125 mg", [Severity.BLOCK]),
    ],
)
def test_weak_kidneys_lower_the_plateau_and_the_cap(
    dose: str, ordered_by: str, target: str | None, expected: list[Severity]
) -> None:
    """R19 and R20: 50 mg a day, up to 100 mg a day on an order of just that, never more."""
    issues = found(
        *PHASES[:2],
        phase(UP, dose, 2, None),
        rules="R19",
        ordered_by=ordered_by,
        target=amount(target) if target else None,
        creatinine_clearance=Decimal("29.5"),
    )
    assert [one.severity for one in issues if "one day" in one.message] == expected


def test_a_naive_first_dose_above_the_titrations_warns_and_needs_an_order() -> None:
    """R03 and I1."""
    (issue,) = found(phase(UP, "50 mg", 2, None), rules="I1")
    assert issue.severity is Severity.WARN
    assert issue.message.startswith("first dose: 50\u00a0mg, more than 12.5\u00a0mg. It needs a")
    assert not violations(issue.message)


def test_an_ordered_first_dose_is_told_with_who_ordered_it() -> None:
    (issue,) = found(phase(UP, "50 mg", 2, None), rules="I1", ordered_by="Dr Gray")
    assert (issue.severity, "Ordered by Dr Gray." in issue.message) == (Severity.INFO, True)


def test_the_titrations_own_first_dose_and_a_running_plan_need_no_word() -> None:
    assert not found(*PHASES, rules="I1")
    assert not found(phase(UP, "50 mg", 2, None), rules="I1", first_day=40)


def test_going_above_the_maintenance_needs_an_order() -> None:
    """R09 and I6."""
    (issue,) = found(*up_to("75 mg"), rules="I6")
    assert issue.severity is Severity.WARN
    assert "150\u00a0mg, from Monday 16 March 2026, more than 100\u00a0mg" in issue.message
    (ordered,) = found(*up_to("75 mg"), rules="I6", ordered_by="Dr Gray")
    assert ordered.severity is Severity.INFO


@pytest.mark.parametrize(("days", "early"), [(6, True), (7, False), (8, False)])
def test_seven_days_at_the_maintenance_come_before_it(days: int, *, early: bool) -> None:
    issues = found(*up_to("75 mg", days=days), rules="I6", ordered_by="Dr Gray")
    assert [one.severity for one in issues if "come before it" in one.message] == (
        [Severity.WARN] if early else []
    )


def test_days_of_a_hold_are_no_days_at_the_maintenance() -> None:
    held = replace(phase(PhaseKind.HOLD, "50 mg", 2, 7), dosage=None)
    phases = (*PHASES[:-1], phase(UP, "50 mg", 2, 3), held, phase(UP, "75 mg", 2, None))
    issues = found(*phases, rules="I6", ordered_by="Dr Gray")
    assert any("after 0 days at 100" in one.message for one in issues)


def test_days_before_a_running_plan_moved_in_count() -> None:
    phases = (phase(UP, "50 mg", 2, 20), phase(UP, "75 mg", 2, None))
    issues = found(*phases, rules="I6", ordered_by="Dr Gray", first_day=18)
    assert [one.severity for one in issues] == [Severity.INFO]


def test_a_plan_that_stays_at_the_maintenance_escalates_nothing() -> None:
    assert not found(*PHASES, rules="I6")


def test_a_regimen_that_nobody_knows_is_no_reason_to_fail() -> None:
    who, order = person(), prescription(regimen="own", start=date(2026, 3, 2))
    assert not [one for one in check(PROTOCOL, order, course(order, who), who) if one.rule == "I6"]


def test_the_standard_plan_of_a_healthy_person_has_nothing_but_its_unknown_medicines() -> None:
    who, order = person(), prescription(start=DAY_ONE)
    issues = check(PROTOCOL, order, course(order, who), who)
    assert [one.rule for one in issues] == ["other-medicines"]


def test_a_window_that_does_not_divide_the_day_counts_as_often_as_it_begins() -> None:
    """Two doses in 16 hours can be four doses on one day."""
    needed = AsNeeded(amount=amount("50 mg"), min_gap_hours=6, most_doses=2, window_hours=16)
    assert most_in_a_day(needed) == amount("200 mg")


def test_a_phase_of_one_day_counts_on_that_day() -> None:
    order, who = prescription(), person()
    first = day_totals(course(order, who))[0]
    assert (first.day, first.amount) == (order.start, amount("12.5 mg"))


def test_whoever_moves_in_on_the_second_day_has_no_first_dose_any_more() -> None:
    who = person()
    big = (phase(PhaseKind.MAINTENANCE, "50 mg", 2, None),)
    for day, asked in ((1, True), (2, False)):
        order = prescription(phases=big, first_day=day)
        rules = [one.rule for one in check(PROTOCOL, order, course(order, who), who)]
        assert ("I1" in rules) is asked
