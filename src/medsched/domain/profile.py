"""The person against the rules: age, liver, kidneys, conditions, and what it is taken for.

What nobody said is never taken for a no: the rule that needs it then says that it was
not checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.domain.amount import NBSP, number_words
from medsched.domain.finding import DetectedIssue, IssueCode, from_rule, not_checked
from medsched.domain.kidney import age_on, clearance_of, missing_for_clearance
from medsched.domain.person import HepaticClass, Sex
from medsched.domain.plain_words import and_words
from medsched.domain.safety_rules import RenalBand, Severity
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from medsched.domain.amount import Amount
    from medsched.domain.kidney import Clearance
    from medsched.domain.person import Facts, Person
    from medsched.domain.protocol import Protocol
    from medsched.domain.safety_rules import AgeRule, ConditionRule, HepaticRule, WeightRule

END_STAGE: Final = "end-stage renal disease"
DIALYSIS: Final = "dialysis"
LIVER_DISEASE: Final = "liver disease"

_RANK: Final = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2, None: 3}
_FACTS: Final = {
    "pregnancy": "pregnant",
    "breastfeeding": "breastfeeding",
    "alcohol": "alcohol",
    DIALYSIS: "dialysis",
    END_STAGE: "end_stage_renal",
}
FACT_CONDITIONS: Final = frozenset({*_FACTS, LIVER_DISEASE})
"""Conditions that a person's other facts answer."""

_CODES: Final = {"pregnancy": IssueCode.PREGNANCY, "breastfeeding": IssueCode.LACTATION}


class DoseLimits(NamedTuple):
    """What a person's kidneys and the drug's ceilings allow a day.

    Attributes:
        plateau: The maintenance of the band; None leaves the regimen's own.
        cap: Most in one dosing day; None for no limit.
        band: The renal band; None when it is not known.
    """

    plateau: Amount | None
    cap: Amount | None
    band: RenalBand | None


def has_condition(facts: Facts, condition: str) -> bool | None:
    """Return whether a person has a condition; None when nobody said."""
    field = _FACTS.get(condition)
    said: bool | None = getattr(facts, field) if field else None
    if said or condition in facts.conditions:
        return True
    if condition == LIVER_DISEASE and facts.hepatic is not None:
        return facts.hepatic is not HepaticClass.NORMAL
    if said is False or condition in facts.not_conditions:
        return False
    if condition in _CODES and facts.sex is Sex.MALE:
        return False
    return None


def limits_for(protocol: Protocol, person: Person, on: date) -> DoseLimits:
    """Return plateau and cap for this person's kidneys; the drug's own without a known band.

    Args:
        on: The day for which the age counts, when the clearance is computed.
    """
    band = renal_band(protocol, person.facts, on)
    ceilings = [one.per_day for one in protocol.safety.ceilings if one.per_day is not None]
    if band is not None and band.cap_per_day is not None:
        ceilings.append(band.cap_per_day)
    cap = min(ceilings, default=None)
    return DoseLimits(band.plateau_per_day if band else None, cap, band)


def renal_band(protocol: Protocol, facts: Facts, on: date) -> RenalBand | None:
    """Return the band of a person's kidneys; the lowest one for dialysis and end-stage disease."""
    bands = protocol.safety.renal
    if bands and any(has_condition(facts, one) for one in (DIALYSIS, END_STAGE)):
        return min(bands, key=lambda band: band.low)
    try:
        clearance = clearance_of(facts, on)
    except InvalidValue:
        return None
    return protocol.safety.band_of(clearance.value) if clearance else None


def check_profile(protocol: Protocol, facts: Facts, on: date) -> Iterator[DetectedIssue]:
    """Yield what the person's own facts say, and which of them are missing.

    Args:
        on: The day for which the age counts.
    """
    yield from _ages(protocol, facts, on)
    yield from _weights(protocol, facts)
    yield from _liver(protocol, facts)
    yield from _kidneys(protocol, facts, on)
    yield from _conditions(protocol, facts)
    yield from _indication(protocol, facts)


def _ages(protocol: Protocol, facts: Facts, on: date) -> Iterator[DetectedIssue]:
    rules = protocol.safety.ages
    if not rules:
        return
    if facts.born is None:
        yield not_checked(protocol, _strongest(rules), "age", "The date of birth is not known.")
        return
    try:
        age = age_on(facts.born, on)
    except InvalidValue as wrong:
        yield not_checked(protocol, _strongest(rules), "age", f"{wrong}.")
        return
    for rule in rules:
        if _applies(rule, age):
            message = f"age: {age} years. {rule.text}"
            yield from_rule(
                protocol, rule.rule, rule.severity, message, IssueCode.AGE, subject="age"
            )


def _applies(rule: AgeRule, age: int) -> bool:
    young = rule.under is not None and age < rule.under
    return young or (rule.from_age is not None and age >= rule.from_age)


def _weights(protocol: Protocol, facts: Facts) -> Iterator[DetectedIssue]:
    rules, weight = protocol.safety.weights, facts.weight_kg
    if rules and weight is None:
        yield not_checked(protocol, _strongest(rules), "weight", "The weight is not known.")
        return
    for one in rules:
        if weight is not None and _is_light(one, weight):
            message = f"weight: {number_words(weight)}{NBSP}kg. {one.text}"
            code = IssueCode.DOSE_FOR_WEIGHT
            yield from_rule(protocol, one.rule, one.severity, message, code, subject="weight")


def _is_light(rule: WeightRule, weight: Decimal) -> bool:
    light = rule.under is not None and weight < rule.under
    return light or (rule.up_to is not None and weight <= rule.up_to)


def _strongest(rules: Sequence[AgeRule | HepaticRule | WeightRule]) -> str:
    return min(rules, key=lambda one: _RANK[one.severity]).rule


def _liver(protocol: Protocol, facts: Facts) -> Iterator[DetectedIssue]:
    rules = protocol.safety.hepatic
    if rules and facts.hepatic is None:
        rule = _strongest(rules)
        yield not_checked(protocol, rule, "liver function", "Nobody said its Child-Pugh class.")
    for one in rules:
        if facts.hepatic is not None and one.hepatic == facts.hepatic.value:
            message = f"liver function: {one.hepatic} impairment. {one.text}"
            code = IssueCode.CONDITION
            yield from_rule(
                protocol, one.rule, one.severity, message, code, subject=f"liver {one.hepatic}"
            )


def _kidneys(protocol: Protocol, facts: Facts, on: date) -> Iterator[DetectedIssue]:
    bands = protocol.safety.renal
    if not bands:
        return
    stated = {rule.condition for rule in protocol.safety.conditions}
    yield from _flags(protocol, facts, [one for one in (DIALYSIS, END_STAGE) if one not in stated])
    try:
        clearance = clearance_of(facts, on)
    except InvalidValue as wrong:
        yield _kidneys_unknown(protocol, f"{wrong}.")
        return
    if clearance is None:
        missing = and_words(missing_for_clearance(facts))
        yield _kidneys_unknown(
            protocol, f"Give the creatinine clearance, or, to compute it, {missing}."
        )
        return
    band = protocol.safety.band_of(clearance.value)
    if band is None:
        yield _kidneys_unknown(protocol, f"{_clearance_words(clearance)} is in no band.")
    elif band.severity is not None:
        yield _band_finding(protocol, band, f"{_clearance_words(clearance)}: {band.name}.")


def _flags(protocol: Protocol, facts: Facts, flags: Sequence[str]) -> Iterator[DetectedIssue]:
    """Yield the lowest band's finding for dialysis and end-stage disease, or that nobody said."""
    lowest = min(protocol.safety.renal, key=lambda band: band.low)
    if lowest.severity is not Severity.BLOCK:
        return
    for flag in flags:
        match has_condition(facts, flag):
            case True:
                yield _band_finding(protocol, lowest, f"{flag}.")
            case None:
                yield not_checked(protocol, lowest.rule, flag, "Nobody said.")
            case False:
                pass


def _band_finding(protocol: Protocol, band: RenalBand, head: str) -> DetectedIssue:
    return from_rule(
        protocol,
        band.rule,
        band.severity or Severity.INFO,
        f"{head} {band.text}",
        IssueCode.DOSE_FOR_CONDITION,
        subject=f"kidneys {band.name}",
        overridable=band.overridable,
    )


def _kidneys_unknown(protocol: Protocol, why: str) -> DetectedIssue:
    band = min(protocol.safety.renal, key=lambda one: _RANK[one.severity])
    return not_checked(protocol, band.rule, "kidney function", why)


def _clearance_words(clearance: Clearance) -> str:
    value = f"{number_words(clearance.value)}{NBSP}mL per minute"
    return f"kidney function: creatinine clearance {value} ({clearance.origin})"


def _conditions(protocol: Protocol, facts: Facts) -> Iterator[DetectedIssue]:
    for rule in protocol.safety.conditions:
        match has_condition(facts, rule.condition):
            case True:
                yield _condition(protocol, rule)
            case None:
                yield not_checked(protocol, rule.rule, rule.condition, "Nobody said.")
            case False:
                pass


def _condition(protocol: Protocol, rule: ConditionRule) -> DetectedIssue:
    return from_rule(
        protocol,
        rule.rule,
        rule.severity,
        f"{rule.condition}. {rule.text}",
        _CODES.get(rule.condition, IssueCode.CONDITION),
        subject=rule.condition,
        overridable=rule.overridable,
    )


def _indication(protocol: Protocol, facts: Facts) -> Iterator[DetectedIssue]:
    rule = protocol.safety.indication
    if rule is None:
        return
    said = {has_condition(facts, one) for one in rule.approved}
    if True in said:
        return
    if None in said:
        approved = and_words(sorted(rule.approved))
        why = f"Nobody said that it is {approved}. {rule.text}"
        yield not_checked(protocol, rule.rule, "what it is taken for", why)
        return
    code = IssueCode.CONDITION
    message = f"taken for something else. {rule.text}"
    yield from_rule(protocol, rule.rule, rule.severity, message, code, subject="indication")
