"""Two plans of one person are checked by the rules of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.unit.services.plans import drafted

from medsched.domain.co_medication import OtherPlan
from medsched.domain.finding import IssueCode
from medsched.domain.safety import Severity
from medsched.domain.safety_rules import SafetyRules
from medsched.services.both_ways import check_both_ways, lifted_beside
from medsched.services.ports import Override

if TYPE_CHECKING:
    from medsched.domain.finding import DetectedIssue
    from medsched.services.planning import DraftPlan


def beside(one: DraftPlan, *others: DraftPlan) -> tuple[DetectedIssue, ...]:
    """Return what is found about a plan beside others."""
    plans = [OtherPlan(prescription=it.prescription, course=it.course) for it in (one, *others)]
    rules = {it.protocol.id: it.protocol for it in others}
    return check_both_ways(
        one.protocol, plans[0], one.person, plans[1:], lambda it: rules[it.protocol]
    )


def silent(plan: DraftPlan) -> DraftPlan:
    """Return a plan whose own rules say nothing."""
    return replace(plan, protocol=replace(plan.protocol, safety=SafetyRules()))


def between(found: tuple[DetectedIssue, ...]) -> list[tuple[Severity, str]]:
    wanted = {IssueCode.INTERACTION, IssueCode.TIMING}
    return [(one.severity, one.subject) for one in found if one.code in wanted]


def test_the_rules_of_the_other_plan_speak_where_the_own_ones_are_silent() -> None:
    found = beside(silent(drafted("apixaban")), drafted("warfarin"))
    assert between(found) == [(Severity.BLOCK, "apixaban, by the rules of warfarin")]


def test_a_block_is_said_by_both_so_that_overruling_it_lifts_both() -> None:
    found = beside(drafted("apixaban"), drafted("warfarin"))
    blocks = [one.subject for one in found if one.severity is Severity.BLOCK]
    assert blocks == ["apixaban, by the rules of warfarin", "warfarin"]


def test_a_warning_that_both_rules_give_is_said_once() -> None:
    found = beside(drafted("sertraline"), drafted("milnacipran"))
    assert between(found) == [(Severity.WARN, "milnacipran")]


def test_a_plan_alone_is_checked_by_its_own_rules_only() -> None:
    assert between(beside(drafted("sertraline"))) == []


def test_what_was_overruled_beside_another_plan_is_lifted_of_this_plan_only() -> None:
    when = datetime(2026, 12, 1, tzinfo=UTC)
    said = [
        Override(rule=rule, reason="watched", ordered_by="Dr Gray", at=when)
        for rule in ("3/apixaban, by the rules of warfarin", "3/aspirin", "R25/linezolid")
    ]
    lifted = lifted_beside(drafted("warfarin").prescription, said)
    assert [one.rule for one in lifted] == ["3/apixaban"]
    assert lifted_beside(drafted("milnacipran").prescription, said) == []
