"""All checks together: in order, the same every time, and never silent about what is missing."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.display_rules import violations
from tests.unit.domain.milnacipran_rules import (
    DAY_ONE,
    PHASES,
    PROTOCOL,
    at,
    course,
    person,
    phase,
    prescription,
)

from medsched.domain.finding import DetectedIssue, IssueCode, blocking, in_order, with_overrides
from medsched.domain.person import Facts, HepaticClass, OtherMedicine, Person, Sex
from medsched.domain.protocol import PhaseKind
from medsched.domain.provenance import Provenance
from medsched.domain.safety import check
from medsched.domain.safety_rules import SafetyRules, Severity
from medsched.services.ports import Override

WORDS = ("fibromyalgia", "seizure history", "pregnancy")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
MAYBE = st.sampled_from([None, True, False])


@st.composite
def somebody(draw: st.DrawFn) -> Person:
    """Return a person about whom some facts are known, with some other medicines."""
    male = draw(MAYBE)
    facts = Facts(
        born=draw(st.none() | st.dates(date(1930, 1, 1), date(2015, 1, 1))),
        sex=None if male is None else Sex.MALE if male else Sex.FEMALE,
        weight_kg=draw(st.none() | st.decimals(5, 150, places=1)),
        creatinine=draw(st.none() | st.decimals("0.1", 12, places=1)),
        creatinine_clearance=draw(st.none() | st.decimals(0, 140, places=1)),
        hepatic=draw(st.sampled_from([None, *HepaticClass])),
        dialysis=draw(MAYBE),
        end_stage_renal=draw(MAYBE),
        pregnant=None if male else draw(MAYBE),
        breastfeeding=None if male else draw(MAYBE),
        alcohol=draw(MAYBE),
        conditions=draw(st.frozensets(st.sampled_from(WORDS[:2]))),
        not_conditions=draw(st.frozensets(st.sampled_from(WORDS[:2]))),
    )
    names = ["phenelzine", "fenelzine", "linezolid", "aspirin", "Wolfsbane", "milnacipran"]
    days = st.none() | st.dates(date(2026, 2, 1), date(2026, 4, 1))
    others = st.builds(
        OtherMedicine, name=st.sampled_from(names), since=st.none() | days, until=days
    )
    taking = draw(st.lists(others, max_size=3))
    return replace(person(), facts=facts, taking=tuple(taking))


def found(who: Person, *, dose: str = "50 mg", ordered_by: str = "") -> tuple[DetectedIssue, ...]:
    phases = (*PHASES[:-1], phase(PhaseKind.MAINTENANCE, dose, 2, None))
    order = prescription(phases=phases, ordered_by=ordered_by)
    return check(PROTOCOL, order, course(order, who), who)


@given(who=somebody(), dose=st.sampled_from(["50 mg", "100 mg", "125 mg"]))
def test_the_same_facts_give_the_same_findings_in_the_same_order(who: Person, dose: str) -> None:
    first, second = found(who, dose=dose), found(who, dose=dose)
    turned = replace(who, taking=tuple(reversed(who.taking)))
    assert first == second == found(turned, dose=dose) == in_order(first)


@given(who=somebody(), dose=st.sampled_from(["50 mg", "125 mg"]), data=st.data())
def test_an_override_never_removes_a_finding(who: Person, dose: str, data: st.DataObject) -> None:
    findings = found(who, dose=dose)
    keys = data.draw(st.lists(st.sampled_from([one.key for one in findings] or ["R1"]), max_size=3))
    overrides = [Override(rule=key, reason="x", ordered_by="Dr Gray", at=NOW) for key in keys]
    marked = with_overrides(findings, overrides)
    assert [replace(one, overruled="") for one in marked] == list(findings)
    left = blocking(findings, overrides)
    assert set(left) <= set(blocking(findings, ()))
    assert {one for one in blocking(findings, ()) if not one.overridable} <= set(left)


@given(who=somebody(), name=st.sampled_from([one.name for one in fields(Facts)]))
def test_taking_a_fact_away_never_turns_a_block_into_silence(who: Person, name: str) -> None:
    """Each block stays, or something now says that it was not checked."""
    before = found(who)
    empty: Any = getattr(Facts(), name)
    nothing: dict[str, Any] = {name: empty}
    after = found(replace(who, facts=replace(who.facts, **nothing)))
    gone = {one.rule for one in blocking(before, ())} - {one.rule for one in blocking(after, ())}
    unchecked = {one.rule for one in after if one.code is IssueCode.NOT_CHECKED}
    if who.facts.creatinine_clearance is not None and name == "creatinine_clearance":
        gone -= {one.rule for one in after if one.code is IssueCode.DOSE_FOR_CONDITION}
        gone -= _computed(who)
    assert gone <= unchecked


def _computed(who: Person) -> set[str]:
    """Return the kidney rules that a computed clearance has answered instead."""
    facts = (who.facts.born, who.facts.sex, who.facts.weight_kg, who.facts.creatinine)
    return {"R19", "R21"} if None not in facts else set()


@given(who=somebody())
def test_another_medicine_never_removes_a_finding_about_the_person(who: Person) -> None:
    alone = replace(who, taking=())
    about = {one for one in found(alone) if one.rule != "other-medicines"}
    assert about <= set(found(who))


@given(who=somebody(), dose=st.sampled_from(["50 mg", "125 mg"]))
def test_every_sentence_can_be_shown_to_people(who: Person, dose: str) -> None:
    for one in found(who, dose=dose):
        assert not violations(one.message), one.message
        assert one.message.endswith((".", "?"))
        assert one.source or one.provenance is Provenance.ASSUMPTION


def test_blocks_come_first_then_warnings_then_the_rest() -> None:
    who = person(
        OtherMedicine(name="aspirin"),
        born=date(2010, 1, 1),
        alcohol=None,
    )
    severities = [one.severity for one in found(who)]
    assert severities == [Severity.BLOCK, Severity.WARN, Severity.INFO]


def test_nothing_known_at_all_is_a_list_of_what_was_not_checked() -> None:
    findings = found(replace(person(), facts=Facts()))
    assert not blocking(findings, ())
    facts = sorted(
        one.message.split(".")[0].removeprefix("not checked: ")
        for one in findings
        if one.code is IssueCode.NOT_CHECKED
    )
    assert facts == [
        "age",
        "alcohol",
        "breastfeeding",
        "dialysis",
        "end-stage renal disease",
        "kidney function",
        "liver function",
        "other medicines",
        "pregnancy",
        "seizure history",
        "what it is taken for",
    ]


def test_a_plan_written_by_hand_says_that_its_limits_are_not_known() -> None:
    own = replace(PROTOCOL, own=True, safety=SafetyRules(), rules={})
    who, order = person(), prescription()
    (one,) = check(own, order, course(order, who), who)
    assert one.message.startswith("not checked: limits of milnacipran.")


def test_a_plan_written_by_hand_of_a_known_medicine_says_that_its_rules_were_checked() -> None:
    own = replace(PROTOCOL, own=True, safety=SafetyRules())
    who, order = person(), prescription()
    (one,) = check(own, order, course(order, who), who)
    assert one.message.startswith("your own plan of milnacipran: it is checked by the rules")
    assert one.code is IssueCode.PRODUCT


@pytest.mark.parametrize("days", [0, 3000])
def test_the_age_at_the_first_dose_counts_however_late_it_is(days: int) -> None:
    start = DAY_ONE + timedelta(days=days)
    who, order = person(born=date(2010, 1, 1)), prescription(start=start)
    rules = [one.rule for one in check(PROTOCOL, order, course(order, who), who)]
    assert ("R14" in rules) is (days == 0)


def test_a_dose_above_the_cap_of_weak_kidneys_is_a_block_that_an_order_can_lift() -> None:
    who = person(creatinine_clearance=Decimal(20))
    (block,) = blocking(found(who, dose="75 mg", ordered_by="Dr Gray"), ())
    assert (block.rule, block.overridable) == ("R19", True)


def test_doses_of_phases_that_are_over_are_history_for_a_running_plan() -> None:
    """They were taken; a change of what is to come must not stumble over them."""
    over = phase(PhaseKind.MAINTENANCE, "125 mg", 2, 10)
    order = prescription(phases=(over, phase(PhaseKind.MAINTENANCE, "25 mg", 2, None)))
    who = person(creatinine_clearance=Decimal(20))
    plan = course(order, who)
    day_ten, day_eleven = (at(f"2026-03-{day} 12:00") for day in (11, 12))
    amounts = {"R10", "I1", "I6"}

    def told(since: datetime | None) -> set[str]:
        findings = check(PROTOCOL, order, plan, who, since=since)
        about_doses = {one.rule for one in findings} & amounts
        return about_doses | {one.rule for one in findings if "one day" in one.message}

    assert told(None) == told(day_ten) == amounts | {"R19"}
    assert told(day_eleven) == set()
