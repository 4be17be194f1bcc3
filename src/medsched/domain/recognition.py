"""Names of other medicines: known, nearly known, unknown, mistaken for one another.

A name that no rule knows is never passed in silence, because the rule that it should
have met may only be a letter away.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from medsched.domain.co_medication import dose_within, matches, named_in, plain_name
from medsched.domain.finding import DetectedIssue, IssueCode, from_rule, general
from medsched.domain.profile import FACT_CONDITIONS
from medsched.domain.safety_rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsched.domain.co_medication import Stretch
    from medsched.domain.medication import Medication
    from medsched.domain.person import Facts
    from medsched.domain.protocol import Protocol
    from medsched.domain.safety_rules import SafetyRules
    from medsched.domain.washout import Taken

DUPLICATE: Final = "duplicate-ingredient"
UNRECOGNISED: Final = "name-not-recognised"
NONE_RECORDED: Final = "other-medicines"

_NEAR: Final = 0.8
"""Share of letters in common from which a name counts as a misspelling."""

_NEAR_CONDITION: Final = 0.6
"""The same for conditions, which people word freely: `seizures` is near `seizure history`."""

_SHORTEST: Final = 4


def check_names(taken: Taken) -> Iterator[DetectedIssue]:
    """Yield what the names of the other medicines say: double, mistaken, unknown, or none."""
    for other in taken.others:
        yield from _duplicate(taken, other)
        yield from _look_alike(taken, other)
        yield from _unrecognised(taken, other)
    if _needs_names(taken.protocol.safety) and not taken.others:
        message = (
            "not checked: other medicines. None are recorded; tell the prescriber or pharmacist"
            " about all medicines, supplements and herbal remedies."
        )
        yield general(NONE_RECORDED, Severity.INFO, message, IssueCode.NOT_CHECKED)


def _needs_names(rules: SafetyRules) -> bool:
    return bool(rules.washouts or rules.interactions or rules.spacings)


def _duplicate(taken: Taken, other: Stretch) -> Iterator[DetectedIssue]:
    medication = taken.protocol.medication
    if not _same_ingredient(medication, other):
        return
    if dose_within(taken.course, other.first, other.last) is None:
        return
    message = (
        f"{other.name}: holds {medication.ingredient}, as this plan does. Two plans of one"
        " ingredient at the same time are a double dose."
    )
    yield general(
        DUPLICATE,
        taken.severity(Severity.BLOCK, other.last),
        message,
        IssueCode.DUPLICATE,
        subject=_subject(other),
    )


def duplicate_key(other: Stretch) -> str:
    """Return the key of the finding that a plan holds the same ingredient as `other`."""
    return f"{DUPLICATE}/{_subject(other)}"


def _subject(other: Stretch) -> str:
    number = f" of plan {other.plan.prescription.id}" if other.plan else ""
    return f"{other.name.lower()}{number}"


def _same_ingredient(medication: Medication, other: Stretch) -> bool:
    if other.plan is not None:
        theirs = other.plan.prescription.medication.ingredient
        return theirs.lower() == medication.ingredient.lower()
    return named_in(plain_name(other.name), {medication.ingredient, medication.name})


def _look_alike(taken: Taken, other: Stretch) -> Iterator[DetectedIssue]:
    for rule in taken.protocol.safety.look_alikes:
        if named_in(plain_name(other.name), rule.match):
            message = f"{other.name} and {taken.medicine}: names that are mistaken. {rule.text}"
            severity = taken.severity(rule.severity, other.last)
            yield from_rule(
                taken.protocol,
                rule.rule,
                severity,
                message,
                IssueCode.PRODUCT,
                subject=other.name.lower(),
            )


def _unrecognised(taken: Taken, other: Stretch) -> Iterator[DetectedIssue]:
    rules = taken.protocol.safety
    if other.plan is not None or not _needs_names(rules):
        return
    known = vocabulary(taken.protocol)
    if matches(other, known, rules.classes):
        return
    near = near_names(other, known)
    subject = other.name.lower()
    if near:
        message = (
            f"not recognised: {other.name}. Is it {' or '.join(near)}? Write the name as it is on"
            " the package, so that it can be checked."
        )
        code = IssueCode.NOT_CHECKED
        yield general(UNRECOGNISED, Severity.WARN, message, code, subject=subject)
        return
    message = (
        f"not checked: {other.name}. These rules do not know it; ask a pharmacist whether it"
        f" goes together with {taken.medicine}."
    )
    yield general(UNRECOGNISED, Severity.INFO, message, IssueCode.NOT_CHECKED, subject=subject)


def check_conditions(protocol: Protocol, facts: Facts) -> Iterator[DetectedIssue]:
    """Yield the conditions that somebody named and no rule of this protocol knows."""
    known = condition_words(protocol)
    if not known:
        return
    for condition in sorted(facts.conditions - known):
        near = get_close_matches(condition, sorted(known), n=3, cutoff=_NEAR_CONDITION)
        if near:
            message = (
                f"not recognised: {condition}. Is it {' or '.join(near)}? Name it so, that it can"
                " be checked."
            )
        else:
            message = (
                f"not checked: {condition}. These rules do not know it; ask a pharmacist whether"
                f" it goes together with {protocol.medication.name}."
            )
        severity = Severity.WARN if near else Severity.INFO
        code = IssueCode.NOT_CHECKED
        yield general(UNRECOGNISED, severity, message, code, subject=condition)


def condition_words(protocol: Protocol) -> frozenset[str]:
    """Return every condition that a protocol's rules speak of."""
    rules = protocol.safety
    if not rules.conditions:
        return frozenset()
    words = {one.condition for one in rules.conditions} | FACT_CONDITIONS
    if rules.indication is not None:
        words |= rules.indication.approved
    return frozenset(words.union(*(one.only_if | one.denser_if for one in protocol.monitoring)))


def vocabulary(protocol: Protocol) -> frozenset[str]:
    """Return every name and class that a protocol's rules speak of, lower case."""
    rules = protocol.safety
    words = {protocol.medication.name.lower(), protocol.medication.ingredient.lower()}
    words |= rules.known | set(rules.classes)
    words = words.union(
        *(one.match for one in rules.washouts),
        *(one.match for one in rules.interactions),
        *(one.match for one in rules.spacings),
        *(one.match for one in rules.look_alikes),
        *rules.classes.values(),
    )
    return frozenset(words)


def near_names(other: Stretch, known: frozenset[str]) -> tuple[str, ...]:
    """Return up to three known names that a medicine's name or class nearly is."""
    parts = {plain_name(other.name), *plain_name(other.name).split(), *other.classes}
    found = [
        match
        for part in sorted(parts)
        if len(part) >= _SHORTEST
        for match in get_close_matches(part, sorted(known), n=3, cutoff=_NEAR)
    ]
    return tuple(dict.fromkeys(found))[:3]
