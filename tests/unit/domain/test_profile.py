"""A person's facts meet the rules about them; what nobody said is never taken for a no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.display_rules import violations
from tests.unit.domain.milnacipran_rules import (
    DAY_ONE,
    HEALTHY,
    PROTOCOL,
    SAFETY,
    at,
    course,
    person,
    prescription,
)

from medsched.domain.amount import amount
from medsched.domain.finding import DetectedIssue, IssueCode, blocking
from medsched.domain.person import HepaticClass, Sex
from medsched.domain.profile import check_profile, has_condition, limits_for, renal_band
from medsched.domain.safety import check
from medsched.domain.safety_rules import ConditionRule, Severity, WeightRule


def found(**facts: Any) -> list[DetectedIssue]:
    return list(check_profile(PROTOCOL, replace(HEALTHY, **facts), DAY_ONE))


def told(issues: list[DetectedIssue]) -> list[tuple[str, str]]:
    return [(one.rule, one.severity.value) for one in issues]


def test_healthy_facts_leave_nothing_to_say() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2008, 3, 3), [("R14", "block")]),
        (date(2008, 3, 2), []),
        (date(1961, 3, 3), []),
        (date(1961, 3, 2), [("R33", "info")]),
    ],
)
def test_age_counts_on_the_day_of_the_first_dose(
    born: date, expected: list[tuple[str, str]]
) -> None:
    assert told(found(born=born)) == expected


def test_a_running_plan_counts_the_age_of_today() -> None:
    who, order = person(born=date(1961, 6, 1)), prescription()
    plan = course(order, who)
    before = check(PROTOCOL, order, plan, who, since=at("2026-05-31 23:59"))
    after = check(PROTOCOL, order, plan, who, since=at("2026-06-01 00:00"))
    assert [one.rule for one in after if one not in before] == ["R33"]


LIGHT = WeightRule(rule="W", severity=Severity.WARN, text="Less.", under=Decimal(50))
UP_TO = replace(LIGHT, under=None, up_to=Decimal(60))


def of_weight(rule: WeightRule, weight: Decimal | None) -> list[DetectedIssue]:
    rules = replace(PROTOCOL, safety=replace(PROTOCOL.safety, weights=(rule,)))
    said = check_profile(rules, replace(HEALTHY, weight_kg=weight), DAY_ONE)
    return [one for one in said if one.rule == "W"]


@pytest.mark.parametrize(("rule", "weight"), [(LIGHT, "49.9"), (UP_TO, "60")])
def test_a_light_person_is_told(rule: WeightRule, weight: str) -> None:
    [said] = of_weight(rule, Decimal(weight))
    assert said.code is IssueCode.DOSE_FOR_WEIGHT
    assert said.message == f"weight: {weight}\u00a0kg. Less."


@pytest.mark.parametrize(("rule", "weight"), [(LIGHT, "50"), (UP_TO, "60.1")])
def test_who_weighs_enough_is_told_nothing(rule: WeightRule, weight: str) -> None:
    assert of_weight(rule, Decimal(weight)) == []


def test_a_weight_that_nobody_said_is_not_checked() -> None:
    [said] = of_weight(LIGHT, None)
    assert (said.code, said.subject) == (IssueCode.NOT_CHECKED, "unknown weight")


@pytest.mark.parametrize(
    ("hepatic", "expected"),
    [
        (HepaticClass.MILD, []),
        (HepaticClass.MODERATE, []),
        (HepaticClass.SEVERE, [("R16", "warn")]),
    ],
)
def test_only_a_severe_liver_class_has_a_finding(
    hepatic: HepaticClass, expected: list[tuple[str, str]]
) -> None:
    assert told(found(hepatic=hepatic)) == expected


@pytest.mark.parametrize(
    ("clearance", "rule", "severity", "words"),
    [
        ("30", "R18", "warn", "moderate"),
        ("29.5", "R19", "warn", "severe"),
        ("29", "R19", "warn", "severe"),
        ("15", "R19", "warn", "maintenance dose is reduced"),
        ("14.9", "R19", "warn", "Confirm that it is not end-stage renal disease"),
        ("5", "R19", "warn", "Confirm that it is not end-stage renal disease"),
        ("4.9", "R21", "block", "Not recommended"),
        ("4", "R21", "block", "Not recommended"),
    ],
)
def test_every_clearance_has_its_band(clearance: str, rule: str, severity: str, words: str) -> None:
    (issue,) = found(creatinine_clearance=Decimal(clearance))
    assert told([issue]) == [(rule, severity)]
    assert words in issue.message
    assert not violations(issue.message)


@pytest.mark.parametrize("clearance", ["50", "80", "80.1", "140"])
def test_mild_and_normal_kidneys_need_no_word(clearance: str) -> None:
    assert found(creatinine_clearance=Decimal(clearance)) == []


def test_a_computed_clearance_says_that_it_is_computed() -> None:
    facts = {"creatinine_clearance": None, "weight_kg": Decimal(60), "creatinine": Decimal("2.5")}
    (issue,) = found(**facts)
    assert issue.message.startswith(
        "kidney function: creatinine clearance 26.9\u00a0mL per minute"
        " (computed by Cockcroft-Gault): severe."
    )


@pytest.mark.parametrize("fact", ["dialysis", "end_stage_renal"])
def test_dialysis_and_end_stage_disease_block_and_no_order_lifts_it(fact: str) -> None:
    (issue,) = found(**{fact: True})
    assert (issue.rule, issue.severity, issue.overridable) == ("R21", Severity.BLOCK, False)


def test_a_condition_rule_about_dialysis_replaces_the_lowest_band() -> None:
    rule = ConditionRule(
        rule="D1", condition="dialysis", severity=Severity.WARN, text="Dose after it."
    )
    protocol = replace(PROTOCOL, safety=replace(SAFETY, conditions=(*SAFETY.conditions, rule)))
    issues = list(check_profile(protocol, replace(HEALTHY, dialysis=True), DAY_ONE))
    assert told(issues) == [("D1", "warn")]


@pytest.mark.parametrize(
    ("facts", "rule", "code"),
    [
        ({"pregnant": True}, "R32", IssueCode.PREGNANCY),
        ({"breastfeeding": True}, "R32", IssueCode.LACTATION),
        ({"alcohol": True}, "R34", IssueCode.CONDITION),
        (
            {"conditions": frozenset({"fibromyalgia", "seizure history"})},
            "R31",
            IssueCode.CONDITION,
        ),
    ],
)
def test_a_condition_of_a_rule_warns(facts: dict[str, Any], rule: str, code: IssueCode) -> None:
    (issue,) = found(**facts)
    assert (issue.rule, issue.severity, issue.code) == (rule, Severity.WARN, code)


@pytest.mark.parametrize(
    ("fact", "rule", "words"),
    [
        ("born", "R14", "not checked: age."),
        ("hepatic", "R16", "not checked: liver function."),
        ("creatinine_clearance", "R21", "not checked: kidney function."),
        ("dialysis", "R21", "not checked: dialysis."),
        ("end_stage_renal", "R21", "not checked: end-stage renal disease."),
        ("pregnant", "R32", "not checked: pregnancy."),
        ("breastfeeding", "R32", "not checked: breastfeeding."),
        ("alcohol", "R34", "not checked: alcohol."),
    ],
)
def test_a_fact_that_nobody_gave_is_a_finding(fact: str, rule: str, words: str) -> None:
    (issue,) = found(**{fact: None})
    assert (issue.rule, issue.severity) == (rule, Severity.INFO)
    assert issue.message.startswith(words)
    assert not violations(issue.message)


def test_a_condition_that_nobody_spoke_of_is_not_checked() -> None:
    (issue,) = found(not_conditions=frozenset())
    assert issue.message.startswith("not checked: seizure history.")


def test_what_is_missing_for_the_clearance_is_named() -> None:
    (issue,) = found(creatinine_clearance=None, weight_kg=Decimal(60))
    assert issue.message.endswith(
        "Give the creatinine clearance, or, to compute it, serum creatinine."
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"born": date(2030, 1, 1)}, "date of birth"),
        (
            {"creatinine_clearance": None, "weight_kg": Decimal(60), "creatinine": Decimal(90)},
            "creatinine: 90",
        ),
        ({"creatinine_clearance": Decimal(-3)}, "is in no band"),
    ],
)
def test_a_fact_that_cannot_be_is_not_checked_and_says_why(
    facts: dict[str, Any], words: str
) -> None:
    (issue,) = [one for one in found(**facts) if words in one.message]
    assert issue.code is IssueCode.NOT_CHECKED


@pytest.mark.parametrize(
    ("conditions", "absent", "expected"),
    [
        ({"fibromyalgia"}, set(), []),
        (set(), {"fibromyalgia"}, [("R01", "warn")]),
        (set(), set(), [("R01", "info")]),
    ],
)
def test_another_use_than_the_approved_one_warns(
    conditions: set[str], absent: set[str], expected: list[tuple[str, str]]
) -> None:
    absent = absent | {"seizure history"}
    issues = found(conditions=frozenset(conditions), not_conditions=frozenset(absent))
    assert told(issues) == expected


@pytest.mark.parametrize(
    ("clearance", "plateau", "cap"),
    [
        (Decimal(95), None, "200 mg"),
        (Decimal(30), None, "200 mg"),
        (Decimal("29.5"), "50 mg", "100 mg"),
        (Decimal(5), "50 mg", "100 mg"),
        (None, None, "200 mg"),
    ],
)
def test_limits_for_planning(clearance: Decimal | None, plateau: str | None, cap: str) -> None:
    found_plateau, found_cap, _band = limits_for(
        PROTOCOL, person(creatinine_clearance=clearance), DAY_ONE
    )
    assert found_plateau == (amount(plateau) if plateau else None)
    assert found_cap == amount(cap)


def test_without_any_rule_there_are_no_limits_and_no_findings() -> None:
    protocol = replace(PROTOCOL, safety=type(SAFETY)())
    assert limits_for(protocol, person(), DAY_ONE) == (None, None, None)
    assert not list(check_profile(protocol, type(HEALTHY)(), DAY_ONE))


@pytest.mark.parametrize("facts", [{"dialysis": True}, {"creatinine_clearance": Decimal(3)}])
def test_dialysis_lies_in_the_lowest_band_whatever_the_clearance(facts: dict[str, Any]) -> None:
    band = renal_band(PROTOCOL, replace(HEALTHY, **facts), DAY_ONE)
    assert band is not None
    assert band.low == 0


def test_a_fact_that_cannot_be_leaves_the_band_unknown() -> None:
    facts = replace(HEALTHY, creatinine_clearance=None, weight_kg=Decimal(6), creatinine=Decimal(1))
    assert renal_band(PROTOCOL, facts, DAY_ONE) is None


def test_nobody_asks_men_about_pregnancy() -> None:
    facts = replace(HEALTHY, sex=Sex.MALE, pregnant=None, breastfeeding=None)
    assert has_condition(facts, "pregnancy") is False
    assert has_condition(replace(facts, sex=None), "pregnancy") is None


def test_a_condition_may_be_said_as_a_fact_or_by_name() -> None:
    by_name = replace(HEALTHY, alcohol=None, conditions=frozenset({"alcohol"}))
    assert has_condition(by_name, "alcohol") is True
    assert has_condition(HEALTHY, "alcohol") is False


def test_a_block_on_age_stops_the_plan_until_it_is_overruled() -> None:
    (issue,) = found(born=date(2012, 1, 1))
    assert blocking([issue], ()) == (issue,)
    assert issue.overridable


@pytest.mark.parametrize(
    ("hepatic", "said"), [(None, None), (HepaticClass.NORMAL, False), (HepaticClass.MILD, True)]
)
def test_the_class_of_the_liver_answers_for_liver_disease(
    hepatic: HepaticClass | None, *, said: bool | None
) -> None:
    assert has_condition(replace(HEALTHY, hepatic=hepatic), "liver disease") is said
