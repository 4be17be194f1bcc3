"""Two plans of one person, checked by the rules of both.

The rules of a new plan know what it must not meet. So do the rules of the plans that are
there: a medicine that no rules come with, or whose rules are silent, is stopped by theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.co_medication import OtherPlan, stretch_of_plan
from medsched.domain.finding import in_order
from medsched.domain.safety import Severity, check, check_between
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from medsched.domain.finding import DetectedIssue
    from medsched.domain.person import Person
    from medsched.domain.prescription import Prescription
    from medsched.domain.protocol import Protocol
    from medsched.services.ports import Override

_SPOKEN: Final = frozenset({Severity.BLOCK, Severity.WARN})


def check_both_ways(
    protocol: Protocol,
    plan: OtherPlan,
    person: Person,
    others: Sequence[OtherPlan],
    rules_of: Callable[[Prescription], Protocol],
    *,
    since: datetime | None = None,
) -> tuple[DetectedIssue, ...]:
    """Return every finding about a plan, and what the rules of the other plans say about it.

    A warning that the plan's own rules give as well is not said twice; a block is, so that
    whoever overrules it overrules both.

    Args:
        protocol: The plan's rules. rules_of: gives those of another prescription.
        since: As in `safety.check`.
    """
    own = check(protocol, plan.prescription, plan.course, person, others, since=since)
    theirs = [
        issue
        for other in others
        for issue in _theirs(rules_of(other.prescription), other, plan, since)
        if not any(_covers(one, issue, other) for one in own)
    ]
    return in_order([*own, *theirs])


def _theirs(
    rules: Protocol, other: OtherPlan, plan: OtherPlan, since: datetime | None
) -> Iterator[DetectedIssue]:
    for one in check_between(rules, other.course, plan, since=since):
        if one.severity in _SPOKEN:
            subject = f"{one.subject}, {_by(other.prescription)}"
            yield replace(one, subject=subject)


def _by(prescription: Prescription) -> str:
    return f"by the rules of {prescription.protocol}"


def _covers(own: DetectedIssue, theirs: DetectedIssue, other: OtherPlan) -> bool:
    if theirs.severity is Severity.BLOCK:
        return False
    name = stretch_of_plan(other).name.lower()
    same = own.code is theirs.code and own.subject.startswith(name)
    return same and own.severity in _SPOKEN


def lifted_beside(prescription: Prescription, overrides: Sequence[Override]) -> list[Override]:
    """Return what other plans' overrides lift of this plan's own findings about them.

    Somebody who overruled this plan's rules when another plan began has overruled them here.
    """
    mark = f", {_by(prescription)}"
    return [
        replace(one, rule=one.rule.removesuffix(mark))
        for one in overrides
        if one.rule.endswith(mark)
    ]
