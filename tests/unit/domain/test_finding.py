"""A finding is a value that says where it comes from, and only its own override lifts it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from tests.unit.domain.milnacipran_rules import PROTOCOL

from medsched.domain.finding import (
    GENERAL_SOURCE,
    DetectedIssue,
    IssueCode,
    blocking,
    from_rule,
    general,
    in_order,
    not_checked,
    with_overrides,
)
from medsched.domain.provenance import Provenance, Rule, Source
from medsched.domain.safety_rules import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    rule: str
    reason: str = "benefit"
    ordered_by: str = "Dr Gray"


def issue(
    rule: str = "R25",
    severity: Severity = Severity.BLOCK,
    subject: str = "",
    *,
    overridable: bool = True,
) -> DetectedIssue:
    return from_rule(
        PROTOCOL,
        rule,
        severity,
        "message",
        IssueCode.INTERACTION,
        subject=subject,
        overridable=overridable,
    )


def test_a_finding_cites_the_documents_of_its_rule_and_how_far_it_may_be_relied_on() -> None:
    found = issue("R22")
    assert (found.source, found.provenance) == (
        "The source document",
        Provenance.SOURCE_DOCUMENT,
    )
    assert found.label == ""


def test_two_documents_are_both_cited_and_an_unlisted_one_by_its_short_name() -> None:
    rule = Rule(id="X", text="x", provenance=Provenance.PUBLISHED, sources=("doc", "label"))
    protocol = replace(
        PROTOCOL, rules={"X": rule}, sources={"doc": Source(ref="doc", title="Paper")}
    )
    found = from_rule(protocol, "X", Severity.INFO, "m", IssueCode.DOSE)
    assert found.source == "Paper; label"


def test_a_rule_that_no_protocol_explains_is_labelled_an_assumption() -> None:
    assert issue("R99").label == "assumption"


def test_a_general_check_names_general_practice() -> None:
    assert general("x", Severity.WARN, "m", IssueCode.DOSE).source == GENERAL_SOURCE


def test_a_missing_fact_is_a_finding_that_informs() -> None:
    found = not_checked(PROTOCOL, "R14", "age", "The date of birth is not known.")
    assert found.message == "not checked: age. The date of birth is not known."
    assert found.severity is Severity.INFO


def test_blocks_come_first_then_warnings_then_the_rest_each_by_number_of_rule() -> None:
    given = [
        issue("R9", Severity.INFO),
        issue("R10", Severity.WARN),
        issue("R9", Severity.WARN),
        issue("R30"),
        issue("I2", Severity.WARN),
    ]
    order = [(one.severity.value, one.rule) for one in in_order(given)]
    assert order == [
        ("block", "R30"),
        ("warn", "I2"),
        ("warn", "R9"),
        ("warn", "R10"),
        ("info", "R9"),
    ]


def test_the_same_finding_twice_is_one_finding() -> None:
    assert len(in_order([issue(), issue()])) == 1


def test_only_blocks_block() -> None:
    findings = [issue("A", Severity.WARN), issue("B", Severity.INFO), issue("C")]
    assert [one.rule for one in blocking(findings, ())] == ["C"]


def test_an_override_lifts_the_finding_it_names_and_no_other_of_the_same_rule() -> None:
    first, second = issue(subject="linezolid"), issue(subject="methylene blue")
    assert first.key == "R25/linezolid"
    assert blocking([first, second], [Override(rule=first.key)]) == (second,)
    assert blocking([first, second], [Override(rule="R25")]) == (first, second)
    whole = issue()
    assert blocking([first, whole], [Override(rule=first.key)]) == (whole,)


def test_what_cannot_be_overridden_stays_a_block_under_its_override() -> None:
    firm = issue("R21", overridable=False)
    override = Override(rule=firm.key)
    assert blocking([firm], [override]) == (firm,)
    assert with_overrides([firm], [override]) == (firm,)


def test_an_overruled_finding_stays_listed_and_says_who_and_why() -> None:
    one, other = issue(subject="linezolid"), issue("R14")
    marked = with_overrides([one, other], [Override(rule=one.key)])
    assert [it.overruled for it in marked] == ["overruled by Dr Gray: benefit", ""]
    assert [replace(it, overruled="") for it in marked] == [one, other]


@pytest.mark.parametrize("code", IssueCode)
def test_the_codes_are_fhirs(code: IssueCode) -> None:
    """FHIR R4B, value set detectedissue-category."""
    assert code.value in {
        "AGE", "COND", "PREG", "LACT", "DOSE", "DOSEH", "DOSECOND", "DOSEIVL", "DRG",
        "DUPTHPGEN", "TIME", "TPROD", "OBSA", "DOSEHINDW",
    }  # fmt: skip


def test_a_unit_of_a_rules_sentence_never_parts_from_its_number() -> None:
    words = "At most 200 mg a day, 4 tablets or 1,000 units; 12 noon stays."
    found = from_rule(PROTOCOL, "R10", Severity.BLOCK, words, IssueCode.DOSE_HIGH)
    assert found.message == (
        "At most 200\u00a0mg a day, 4\u00a0tablets or 1,000\u00a0units; 12 noon stays."
    )
