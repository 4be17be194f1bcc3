"""Doses that lie too near to one another are found, of one plan and of two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.display_rules import violations
from tests.unit.domain.milnacipran_rules import (
    DAY_ONE,
    MILNACIPRAN,
    NEW_YORK,
    PROTOCOL,
    at,
    course,
    person,
    phase,
    prescription,
)

from medsched.domain.amount import amount
from medsched.domain.person import DayRhythm, OtherMedicine
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.safety import OtherPlan, check
from medsched.domain.safety_rules import Severity
from medsched.domain.timing import (
    AtMoment,
    AtMoments,
    AtTimes,
    DayMoment,
    ForDays,
    OnDays,
    SameDose,
    UntilTold,
)

if TYPE_CHECKING:
    from medsched.domain.finding import DetectedIssue

ANTACID = replace(
    MILNACIPRAN, name="chalk", ingredient="calcium carbonate", classes=frozenset({"antacid"})
)


def beside(*slots: time, first: date = DAY_ONE) -> list[DetectedIssue]:
    """Return the findings of the spacing rule beside another plan at these times."""
    who, order = person(), prescription()
    other = prescription(
        id="2",
        medication=ANTACID,
        start=first,
        slots=slots,
        phases=(phase(PhaseKind.MAINTENANCE, "25 mg", len(slots), None),),
    )
    others = [OtherPlan(prescription=other, course=course(other, who))]
    issues = check(PROTOCOL, order, course(order, who), who, others)
    return [one for one in issues if one.rule == "S1"]


@pytest.mark.parametrize(
    ("slots", "near"),
    [
        ((time(12), time(16)), False),
        ((time(11, 59), time(16)), True),
        ((time(16, 1),), True),
        ((time(8),), True),
    ],
)
def test_doses_of_two_plans_keep_the_hours_of_the_rule(
    slots: tuple[time, ...], *, near: bool
) -> None:
    assert [one.severity for one in beside(*slots)] == ([Severity.WARN] if near else [])


def test_the_message_says_how_near_they_come() -> None:
    (issue,) = beside(time(9, 30))
    words = "chalk (calcium carbonate) and milnacipran: 1 hour 30 minutes apart; at least 4 hours."
    assert issue.message.startswith(words)
    assert not violations(issue.message)


def test_a_plan_that_comes_later_is_compared_from_its_start() -> None:
    assert beside(time(9), first=date(2027, 1, 1))


def test_plans_that_run_are_compared_from_the_day_of_asking_on() -> None:
    """The other plan moves near on day 121: seen then, and not any more once it is over."""
    far, near = (
        Phase(
            kind=PhaseKind.MAINTENANCE,
            dosage=OnDays(times=AtTimes(times=(clock,)), doses=SameDose(amount("25 mg"))),
            bounds=ForDays(days),
        )
        for clock, days in ((time(14), 120), (time(9), 10))
    )
    who, order = person(), prescription()
    other = prescription(id="2", medication=ANTACID, slots=(), phases=(far, near, far))
    others = [OtherPlan(prescription=other, course=course(other, who))]
    for day, found in ((10, []), (115, ["S1"]), (140, [])):
        since = at("2026-03-02 12:00") + timedelta(days=day)
        issues = check(PROTOCOL, order, course(order, who), who, others, since=since)
        assert [one.rule for one in issues if one.rule == "S1"] == found


def test_a_medicine_without_known_times_is_told_to_be_kept_apart() -> None:
    who, order = person(OtherMedicine(name="Chalk", classes=frozenset({"antacid"}))), prescription()
    issues = check(PROTOCOL, order, course(order, who), who)
    (issue,) = [one for one in issues if one.rule == "S1"]
    assert issue.message.startswith("not checked: times of Chalk. Keep at least 4 hours between")
    over = replace(who, taking=(replace(who.taking[0], until=date(2025, 1, 1)),))
    assert not [
        one for one in check(PROTOCOL, order, course(order, over), over) if one.rule == "S1"
    ]


@pytest.mark.parametrize(
    ("slots", "near"),
    [((time(8), time(14)), False), ((time(8), time(13, 59)), True), ((time(2), time(23)), True)],
)
def test_dose_times_of_one_plan_keep_the_minimum_gap(
    slots: tuple[time, ...], *, near: bool
) -> None:
    who, order = person(), prescription(slots=slots)
    issues = check(PROTOCOL, order, course(order, who), who)
    found = [one.severity for one in issues if one.rule == "minimum-gap"]
    assert found == ([Severity.BLOCK] if near else [])


def test_a_clock_change_is_no_reason_to_call_dose_times_too_near() -> None:
    """01:00 and 07:00 lie five hours apart on the spring day; the plan did not move."""
    who, order = (
        person(zone=NEW_YORK),
        prescription(slots=(time(1), time(7)), start=date(2026, 3, 5)),
    )
    issues = check(PROTOCOL, order, course(order, who), who)
    assert not [one for one in issues if one.rule == "minimum-gap"]


def test_the_gap_of_the_regimens_own_missed_dose_rule_counts_and_is_cited() -> None:
    policy = replace(PROTOCOL.missed, min_gap_hours=Decimal(13), rule="R22")
    regimen = replace(PROTOCOL.regimens[0], missed=policy)
    who, order = person(), prescription()
    issues = check(replace(PROTOCOL, regimens=(regimen,)), order, course(order, who), who)
    (issue,) = [one for one in issues if "dose times" in one.message]
    assert (issue.rule, issue.source) == ("R22", "The source document")
    assert "12 hours apart; at least 13 hours" in issue.message


def test_tracks_of_one_plan_may_fall_together() -> None:
    side = replace(phase(PhaseKind.MAINTENANCE, "25 mg", 2, None), track=1)
    who = person()
    order = prescription(phases=(phase(PhaseKind.MAINTENANCE, "12.5 mg", 2, None), side))
    issues = check(PROTOCOL, order, course(order, who), who)
    assert not [one for one in issues if one.rule == "minimum-gap"]


@pytest.mark.parametrize(
    ("bed", "near"), [(time(22), False), (time(21, 30), False), (time(21, 20), True)]
)
def test_moments_of_the_day_may_come_as_near_as_half_the_gap(bed: time, *, near: bool) -> None:
    """After dinner is 18:30; the gap asked for is six hours."""
    moments = AtMoments(
        moments=(
            AtMoment(moment=DayMoment.AFTER_DINNER),
            AtMoment(moment=DayMoment.BEDTIME),
        )
    )
    meals = Phase(
        kind=PhaseKind.MAINTENANCE,
        dosage=OnDays(times=moments, doses=SameDose(amount("25 mg"))),
        bounds=UntilTold(),
    )
    who, order = person(), prescription(phases=(meals,), slots=(), rhythm=DayRhythm(bed=bed))
    issues = check(PROTOCOL, order, course(order, who), who)
    assert ("minimum-gap" in {one.rule for one in issues}) is near


def test_a_pause_between_meals_does_not_ask_for_more_than_the_meals_do() -> None:
    """Doses at moments of the day may come near; days without doses change nothing of that."""
    from tests.unit.services.plans import drafted

    from medsched.domain.course import resolve
    from medsched.domain.spacing import check_slots
    from medsched.services.rephase import followed_by, hold_phase, left_from

    plan = drafted("methylprednisolone-pack")
    assert not list(check_slots(plan.protocol, plan.prescription, plan.course))
    day = plan.course.start + timedelta(days=2)
    left = left_from(plan.prescription, plan.course, day)
    laid = followed_by(plan.prescription, plan.course, day, (hold_phase(1), *left))
    held = replace(plan.prescription, phases=laid)
    assert not list(check_slots(plan.protocol, held, resolve(held, plan.person)))
