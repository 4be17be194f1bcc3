"""Who may take it: ages, kidney and liver, other medicines, conditions, limits on amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from medsched.domain.safety_rules import (
    AgeRule,
    Ceiling,
    ConditionRule,
    FirstDose,
    HepaticRule,
    IndicationRule,
    Interaction,
    LookAlike,
    SafetyRules,
    Severity,
    Spacing,
    Washout,
    WeightRule,
)
from medsched.protocols.quantity import hours, kilograms, whole_hours, years
from medsched.protocols.renal import read_renal
from medsched.protocols.totals import check_dispensable, check_unit
from medsched.protocols.vocabulary import DIRECTIONS, HEPATIC, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.domain.medication import Medication
    from medsched.protocols.table import Table

T = TypeVar("T")


def read_safety(root: Table, medication: Medication | None) -> SafetyRules:
    """Return all checks of a file; amounts are checked against `medication` when it is known."""
    first, indication = root.table("first_dose"), root.table("indication")
    return SafetyRules(
        ages=_each(root, "age", _age),
        weights=_each(root, "weight", _weight),
        hepatic=_each(root, "hepatic", _hepatic),
        renal=read_renal(root, medication),
        washouts=_each(root, "washout", _washout),
        interactions=_each(root, "interaction", _interaction),
        conditions=_each(root, "condition", _condition),
        spacings=_each(root, "spacing", _spacing),
        ceilings=_each(root, "ceiling", lambda table: _ceiling(table, medication)),
        first_dose=_first_dose(first, medication) if first else None,
        look_alikes=_each(root, "look_alike", _look_alike),
        indication=_indication(indication) if indication else None,
        classes=_classes(root),
    )


def _each(root: Table, key: str, read: Callable[[Table], T]) -> tuple[T, ...]:
    found = []
    for table in root.tables(key):
        one = read(table)
        table.close()
        if table.sound:
            found.append(one)
    return tuple(found)


def _severity(table: Table) -> Severity:
    return table.choice("severity", SEVERITIES)


def _match(table: Table) -> frozenset[str]:
    words = table.words("match")
    if not words and not table.has("match"):
        table.note("match", "missing", "is missing; name medicines or classes")
    return _lower(table, "match", words)


def _lower(table: Table, key: str, words: tuple[str, ...]) -> frozenset[str]:
    for place, word in enumerate(words, 1):
        if word != word.lower():
            message = f"{word!r} cannot be used; write it in lower case"
            table.note(f"{key}[{place}]", "case", message)
    return frozenset(words)


def _overridable(table: Table) -> bool:
    return table.flag("order_lifts", default=True)


def _age(table: Table) -> AgeRule:
    table.which(("under", "from"), needed="does not say which ages")
    return AgeRule(
        rule=table.rule(),
        severity=_severity(table),
        text=table.sentence("text"),
        under=table.may("under", years),
        from_age=table.may("from", years),
    )


def _weight(table: Table) -> WeightRule:
    table.which(("under", "up_to"), needed="does not say which weights")
    return WeightRule(
        rule=table.rule(),
        severity=_severity(table),
        text=table.sentence("text"),
        under=table.may("under", kilograms),
        up_to=table.may("up_to", kilograms),
    )


def _hepatic(table: Table) -> HepaticRule:
    return HepaticRule(
        rule=table.rule(),
        hepatic=table.choice("class", HEPATIC),
        severity=_severity(table),
        text=table.sentence("text"),
    )


def _washout(table: Table) -> Washout:
    return Washout(
        rule=table.rule(),
        direction=table.choice("direction", DIRECTIONS),
        match=_match(table),
        hours=table.need("least", whole_hours, 1),
        severity=_severity(table),
        text=table.sentence("text"),
        overridable=_overridable(table),
    )


def _interaction(table: Table) -> Interaction:
    return Interaction(
        rule=table.rule(),
        match=_match(table),
        severity=_severity(table),
        text=table.sentence("text"),
        overridable=_overridable(table),
    )


def _condition(table: Table) -> ConditionRule:
    return ConditionRule(
        rule=table.rule(),
        condition=table.text("condition"),
        severity=_severity(table),
        text=table.sentence("text"),
        overridable=_overridable(table),
    )


def _look_alike(table: Table) -> LookAlike:
    return LookAlike(
        rule=table.rule(),
        match=_match(table),
        text=table.sentence("text"),
        severity=table.choice("severity", SEVERITIES, Severity.WARN),
    )


def _indication(table: Table) -> IndicationRule:
    rule = IndicationRule(
        rule=table.rule(),
        approved=frozenset(table.words("approved")),
        text=table.sentence("text"),
        severity=table.choice("severity", SEVERITIES, Severity.WARN),
    )
    if not rule.approved:
        table.note("approved", "missing", "is missing; name at least one condition")
    table.close()
    return rule


def _classes(root: Table) -> dict[str, frozenset[str]]:
    """Return the names of medicines by class."""
    table = root.table("classes")
    if table is None:
        return {}
    return {name: _lower(table, name, table.words(name)) for name in table.values}


def _spacing(table: Table) -> Spacing:
    return Spacing(
        rule=table.rule(),
        match=_match(table),
        hours=table.need("least", hours, Decimal(1)),
        severity=_severity(table),
        text=table.sentence("text"),
    )


def _ceiling(table: Table, medication: Medication | None) -> Ceiling:
    for key in ("per_dose", "per_day"):
        check_unit(table, key, medication)
    if not table.has("per_dose") and not table.has("per_day"):
        table.note("", "missing", "has no limit; give per_dose, per_day, or both")
    return Ceiling(
        rule=table.rule(),
        per_dose=table.may_amount("per_dose"),
        per_day=table.may_amount("per_day"),
        severity=table.choice("severity", SEVERITIES, Severity.BLOCK),
        text=table.sentence("text", ""),
    )


def _first_dose(table: Table, medication: Medication | None) -> FirstDose:
    first = FirstDose(rule=table.rule(), most=table.amount("most"), text=table.sentence("text"))
    table.close()
    if table.sound and medication is not None:
        check_dispensable(table, "most", first.most, medication)
    return first
