"""The names of other medicines: double, mistaken for one another, misspelt, unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.display_rules import violations
from tests.unit.domain.milnacipran_rules import (
    MILNACIPRAN,
    PROTOCOL,
    at,
    course,
    person,
    phase,
    prescription,
)

from medsched.domain.person import OtherMedicine
from medsched.domain.protocol import PhaseKind
from medsched.domain.recognition import vocabulary
from medsched.domain.safety import OtherPlan, check
from medsched.domain.safety_rules import SafetyRules, Severity

if TYPE_CHECKING:
    from medsched.domain.finding import DetectedIssue


def found(*others: OtherMedicine) -> list[DetectedIssue]:
    who, order = person(*others), prescription()
    return list(check(PROTOCOL, order, course(order, who), who))


def told(issues: list[DetectedIssue]) -> list[tuple[str, str]]:
    return [(one.rule, one.severity.value) for one in issues]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("phenelzin", "phenelzine"),
        ("phenalzine 15 mg", "phenelzine"),
        ("linezolide", "linezolid"),
        ("milnacipram", "milnacipran"),
    ],
)
def test_a_name_that_is_nearly_known_is_asked_back(typed: str, meant: str) -> None:
    (issue,) = found(OtherMedicine(name=typed))
    assert told([issue]) == [("name-not-recognised", "warn")]
    assert issue.message.startswith(f"not recognised: {typed}. Is it {meant}")


def test_a_class_that_is_nearly_known_is_asked_back() -> None:
    (issue,) = found(OtherMedicine(name="Nardil", classes=frozenset({"maois"})))
    assert issue.severity is Severity.WARN
    assert "maoi" in issue.message


def test_a_name_that_no_rule_knows_is_not_checked_and_not_passed_in_silence() -> None:
    (issue,) = found(OtherMedicine(name="Wolfsbane"))
    assert told([issue]) == [("name-not-recognised", "info")]
    assert issue.message == (
        "not checked: Wolfsbane. These rules do not know it; ask a pharmacist whether it goes"
        " together with milnacipran."
    )


def test_a_name_that_was_looked_at_needs_no_word() -> None:
    assert found(OtherMedicine(name="Paracetamol 500 mg")) == []


def test_when_no_other_medicines_are_recorded_that_is_said() -> None:
    (issue,) = found()
    assert told([issue]) == [("other-medicines", "info")]
    assert "all medicines, supplements and herbal remedies" in issue.message
    assert not violations(issue.message)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("aspirin 81 mg", "R30"),
        ("Low-dose Aspirin", "R30"),
        ("Ibuprofen", "R30"),
        ("tramadol", "R27"),
    ],
)
def test_a_medicine_is_found_by_name_and_by_the_names_of_a_class(name: str, rule: str) -> None:
    assert told(found(OtherMedicine(name=name))) == [(rule, "warn")]


def test_a_look_alike_name_warns_and_is_no_double() -> None:
    issues = found(OtherMedicine(name="Levomilnacipran", classes=frozenset({"snri"})))
    assert told(issues) == [("L1", "warn"), ("R27", "warn")]


def test_the_same_ingredient_beside_the_plan_blocks() -> None:
    issues = found(OtherMedicine(name="Milnacipran 50 mg"))
    assert ("duplicate-ingredient", "block") in told(issues)


def test_two_plans_of_one_ingredient_at_a_time_block_and_one_after_the_other_does_not() -> None:
    who = person()
    order = prescription(start=date(2026, 4, 1))
    brand = replace(MILNACIPRAN, name="Brand")
    results = []
    for days in (30, 31):
        other = prescription(
            id="7", medication=brand, phases=(phase(PhaseKind.MAINTENANCE, "50 mg", 2, days),)
        )
        others = [OtherPlan(prescription=other, course=course(other, who))]
        issues = check(PROTOCOL, order, course(order, who), who, others)
        results.append([one.key for one in issues if one.rule == "duplicate-ingredient"])
    assert results == [[], ["duplicate-ingredient/brand (milnacipran) of plan 7"]]


def test_a_double_that_is_over_is_history_for_a_running_plan() -> None:
    who = person(OtherMedicine(name="milnacipran", until=date(2026, 3, 10)))
    order = prescription()
    issues = check(PROTOCOL, order, course(order, who), who, since=at("2026-04-01 08:00"))
    doubles = [one.severity for one in issues if one.rule == "duplicate-ingredient"]
    assert doubles == [Severity.INFO]


def test_a_protocol_without_such_rules_asks_for_no_names() -> None:
    protocol = replace(PROTOCOL, safety=SafetyRules())
    who, order = person(OtherMedicine(name="Wolfsbane")), prescription()
    assert check(protocol, order, course(order, who), who) == ()


def test_the_vocabulary_holds_every_name_and_class_of_the_rules() -> None:
    words = vocabulary(PROTOCOL)
    assert {"maoi", "phenelzine", "linezolid", "antacid", "levomilnacipran", "paracetamol"} <= words


@pytest.mark.parametrize(
    ("typed", "severity", "words"),
    [
        ("seizures", "warn", "not recognised: seizures. Is it seizure history?"),
        ("pregnant", "warn", "not recognised: pregnant. Is it pregnancy?"),
        ("cardiovascular", "warn", "Is it cardiovascular disease?"),
        ("hay fever", "info", "not checked: hay fever. These rules do not know it"),
    ],
)
def test_a_condition_that_no_rule_knows_is_told(typed: str, severity: str, words: str) -> None:
    who = person(OtherMedicine(name="paracetamol"), conditions=frozenset({"fibromyalgia", typed}))
    order = prescription()
    (issue,) = check(PROTOCOL, order, course(order, who), who)
    assert issue.severity.value == severity
    assert words in issue.message


@pytest.mark.parametrize("typed", ["seizure history", "liver disease", "alcohol", "dialysis"])
def test_a_condition_that_a_rule_or_a_fact_knows_is_not_asked_back(typed: str) -> None:
    who = person(conditions=frozenset({"fibromyalgia", typed}))
    order = prescription()
    rules = {one.rule for one in check(PROTOCOL, order, course(order, who), who)}
    assert "name-not-recognised" not in rules
