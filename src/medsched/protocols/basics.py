"""What the medicine is, and where its rules come from: medication, sources, rules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from medsched.domain.medication import NEVER_SPLIT, Form, Medication, Route
from medsched.domain.provenance import Rule, Source
from medsched.errors import InvalidValue
from medsched.frozen import frozen
from medsched.protocols.vocabulary import FORMS, PROVENANCES, ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from medsched.protocols.table import Table

_MOST_PIECES: Final = 100


@frozen
class Head:
    """The table `[protocol]`: which rules these are."""

    id: str
    title: str
    version: str
    dated: date | None
    indication: str
    also_called: tuple[str, ...]
    known: tuple[str, ...]


def read_head(root: Table, *, stem: str) -> Head:
    """Return the table `[protocol]`; a person's own regimen can do without it.

    Args:
        stem: The file's name without `.toml`, which a medicine's id must be.
    """
    own = root.reading.own
    table = root.table("protocol")
    if table is None:
        if not own:
            root.note("protocol", "missing", "is missing")
        return _named(stem)
    head = Head(
        id=table.text("id", stem if own else None),
        title=table.sentence("title", "" if own else None),
        version=table.text("version", "1" if own else None),
        dated=table.day("dated"),
        indication=table.text("indication", ""),
        also_called=table.words("also_called"),
        known=table.words("known"),
    )
    if head.dated is None and not own and not table.has("dated"):
        table.note("dated", "missing", "is missing; write a date such as 2026-12-01")
    if head.id != stem and not own and table.sound:
        table.note("id", "name", f"{head.id!r} is not the file's name; use {stem!r}")
    table.close()
    return head


def _named(stem: str) -> Head:
    return Head(id=stem, title="", version="1", dated=None, indication="", also_called=(), known=())


def read_medication(root: Table) -> Medication | None:
    """Return the medicine; None after noting a mistake."""
    table = root.table("medication")
    if table is None:
        if not root.has("medication"):
            root.note("medication", "missing", "is missing")
        return None
    name = table.text("name")
    make = partial(
        Medication,
        name=name,
        ingredient=table.text("ingredient", name.lower()),
        form=table.choice("form", FORMS, Form.TABLET if root.reading.own else None),
        route=table.choice("route", ROUTES, Route.ORAL),
        strengths=table.amounts("strengths"),
        classes=frozenset(table.words("classes")),
        divisible_by=table.whole("divisible_by", 1, _MOST_PIECES, 1),
        most_pieces=table.whole("most_pieces", 1, _MOST_PIECES, 10),
    )
    table.close()
    return _made(table, make) if table.sound else None


def _made(table: Table, make: Callable[[], Medication]) -> Medication | None:
    try:
        medication = make()
    except InvalidValue as refused:
        message = f"{refused.given} cannot be used; {refused.wanted}"
        table.note(refused.subject, "value", message)
        return None
    if list(medication.strengths) != sorted(medication.strengths):
        table.note("strengths", "order", "are not in rising order; write the smallest first")
    if medication.divisible_by > 1 and medication.form in NEVER_SPLIT:
        message = f"{medication.divisible_by} cannot be used; {medication.form} is never split"
        table.note("divisible_by", "form", message)
    return medication if table.sound else None


def read_sources(root: Table) -> dict[str, Source]:
    """Return the documents that rules point at, by their short name."""
    found: dict[str, Source] = {}
    for table in root.tables("source"):
        source = Source(
            ref=table.text("ref"), title=table.sentence("title"), section=table.text("section", "")
        )
        table.close()
        if source.ref in found and table.sound:
            table.note("ref", "duplicate", f"{source.ref!r} names two sources")
        found[source.ref] = source
    return found


def read_rules(root: Table, sources: dict[str, Source]) -> dict[str, Rule]:
    """Return the numbered rules; each says where it comes from.

    Source:
        Section 6, check 7 of the clinical rules.
    """
    found: dict[str, Rule] = {}
    for table in root.tables("rule"):
        rule = Rule(
            id=table.text("id"),
            text=table.sentence("text"),
            provenance=table.choice("provenance", PROVENANCES),
            sources=table.words("sources"),
        )
        table.close()
        _check_rule(table, rule, sources)
        if rule.id in found and table.sound:
            table.note("id", "duplicate", f"{rule.id!r} names two rules")
        found[rule.id] = rule
    return found


def _check_rule(table: Table, rule: Rule, sources: dict[str, Source]) -> None:
    if not rule.sources and not rule.provenance.is_assumption and table.sound:
        message = "is missing; only an assumption has no source"
        table.note("sources", "missing", message)
    for place, ref in enumerate(rule.sources, 1):
        if ref not in sources:
            message = f"{ref!r} is no source of this file; add a [[source]]"
            table.note(f"sources[{place}]", "unknown-source", message)
