"""What a safety check found: a value, never an exception (FHIR: DetectedIssue).

A finding says which rule spoke, how strongly, one sentence for people, where the rule
was read and how far it may be relied on. A block stops a plan until somebody overrules
that very finding; an overruled finding stays listed, marked.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from medsched.domain.amount import NBSP, Unit
from medsched.domain.provenance import Provenance
from medsched.domain.safety_rules import Severity
from medsched.frozen import frozen, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.domain.protocol import Protocol as DrugProtocol

GENERAL_SOURCE: Final = "general dosing practice"
"""What is cited for a check that every medicine gets, whatever its protocol says."""

_RANK: Final = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}
_PARTS: Final = re.compile(r"(\d+)")
_UNIT_WORD: Final = "|".join(sorted((one.value for one in Unit), key=len, reverse=True))
_LOOSE_UNIT: Final = re.compile(rf"(?<=\d) (?=(?:kg|{_UNIT_WORD})(?:e?s)?\b)")


class IssueCode(StrEnum):
    """What a finding is about.

    Source:
        FHIR R4, value set detectedissue-category (codes of v3-ActCode).
    """

    AGE = "AGE"
    CONDITION = "COND"
    PREGNANCY = "PREG"
    LACTATION = "LACT"
    DOSE = "DOSE"
    DOSE_HIGH = "DOSEH"
    DOSE_FOR_CONDITION = "DOSECOND"
    DOSE_FOR_WEIGHT = "DOSEHINDW"
    DOSE_INTERVAL = "DOSEIVL"
    INTERACTION = "DRG"
    DUPLICATE = "DUPTHPGEN"
    TIMING = "TIME"
    PRODUCT = "TPROD"
    NOT_CHECKED = "OBSA"


@frozen
class DetectedIssue:
    """One finding.

    Args:
        rule: Id of the rule, such as `R22`, or the name of a general check.
        message: One or a few sentences for people, subject first.
        source: The documents the rule was read in, for people.
        overridable: False: no order lifts this block from the command line.
        subject: What in particular it is about (a medicine, an amount), so that overruling
            one finding never overrules another of the same rule.
        overruled: Who overruled it and why, empty while nobody did.
    """

    rule: str
    severity: Severity
    message: str
    source: str
    provenance: Provenance
    code: IssueCode
    overridable: bool = True
    subject: str = ""
    overruled: str = ""

    @property
    def key(self) -> str:
        """What an override names: the rule and its subject, `R25/linezolid`."""
        return f"{self.rule}/{self.subject}" if self.subject else self.rule

    @property
    def label(self) -> str:
        """Return `assumption`, or nothing: the mark people see beside it."""
        return "assumption" if self.provenance.is_assumption else ""


class Overruling(Protocol):
    """A recorded override, as findings see it: `rule` holds the `key` of one finding."""

    @property
    def rule(self) -> str:
        """The `key` of the finding that is overruled."""
        ...

    @property
    def reason(self) -> str:
        """Why."""
        ...

    @property
    def ordered_by(self) -> str:
        """On whose word."""
        ...


def tied(text: str) -> str:
    r"""Return `text` with every unit tied to its number by a no-break space.

    >>> tied("At most 200 mg a day")
    'At most 200\xa0mg a day'
    """
    return _LOOSE_UNIT.sub(NBSP, text)


def from_rule(  # a finding has these parts, and all but two are optional
    protocol: DrugProtocol,
    rule: str,
    severity: Severity,
    message: str,
    code: IssueCode,
    *,
    subject: str = "",
    overridable: bool = True,
) -> DetectedIssue:
    """Return a finding of one of the protocol's rules, with the rule's own source.

    A rule that the protocol does not explain counts as an assumption.
    """
    stated = protocol.rules.get(rule)
    refs = stated.sources if stated else ()
    titles = [protocol.sources[ref].title if ref in protocol.sources else ref for ref in refs]
    return DetectedIssue(
        rule=rule,
        severity=severity,
        message=tied(message),
        source="; ".join(titles),
        provenance=stated.provenance if stated else Provenance.ASSUMPTION,
        code=code,
        overridable=overridable,
        subject=subject,
    )


def general(
    name: str, severity: Severity, message: str, code: IssueCode, *, subject: str = ""
) -> DetectedIssue:
    """Return a finding of a check that every medicine gets."""
    return DetectedIssue(
        rule=name,
        severity=severity,
        message=message,
        source=GENERAL_SOURCE,
        provenance=Provenance.KNOWLEDGE,
        code=code,
        subject=subject,
    )


def not_checked(protocol: DrugProtocol, rule: str, fact: str, why: str) -> DetectedIssue:
    """Return the finding that a rule could not be checked, because nobody gave a fact."""
    message = f"not checked: {fact}. {why}"
    return from_rule(
        protocol, rule, Severity.INFO, message, IssueCode.NOT_CHECKED, subject=f"unknown {fact}"
    )


def in_order(findings: Iterable[DetectedIssue]) -> tuple[DetectedIssue, ...]:
    """Return findings without repeats: blocks, warnings, the rest; each by rule, then message."""
    return tuple(sorted(set(findings), key=_place))


def _place(one: DetectedIssue) -> tuple[int, list[tuple[int, str]], str, str]:
    parts = [
        (int(part), "") if part.isdigit() else (-1, part) for part in _PARTS.split(one.rule) if part
    ]
    return _RANK[one.severity], parts, one.subject, one.message


def blocking(
    findings: Iterable[DetectedIssue], overrides: Iterable[Overruling]
) -> tuple[DetectedIssue, ...]:
    """Return the findings that stop a plan: blocks that nobody overruled, or nobody can.

    Args:
        overrides: Each names one finding by its `key`.
    """
    lifted = {one.rule for one in overrides}
    return tuple(
        one
        for one in findings
        if one.severity is Severity.BLOCK and not (one.overridable and one.key in lifted)
    )


def with_overrides(
    findings: Iterable[DetectedIssue], overrides: Iterable[Overruling]
) -> tuple[DetectedIssue, ...]:
    """Return all findings, those that were overruled marked with who and why."""
    said = {one.rule: f"overruled by {one.ordered_by}: {one.reason}" for one in overrides}
    return tuple(
        replace(one, overruled=said[one.key]) if one.overridable and one.key in said else one
        for one in findings
    )
