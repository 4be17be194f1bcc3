"""Dated events besides doses, and the sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.monitoring_rules import MonitoringRule
from medsched.domain.protocol import Texts
from medsched.protocols.quantity import whole_days, years
from medsched.protocols.vocabulary import MONITORING

if TYPE_CHECKING:
    from medsched.protocols.table import Table

_FURTHEST: Final = 3660
_WHEN: Final = (
    "days",
    "at_dose_changes",
    "at_increases",
    "when_starting",
    "every",
    "after_last_dose",
    "before_supply_ends",
)


def read_monitoring(root: Table) -> tuple[MonitoringRule, ...]:
    """Return the dated events of a file."""
    return tuple(_event(table) for table in root.tables("monitoring"))


def _event(table: Table) -> MonitoringRule:
    if not any(table.has(key) for key in _WHEN):
        table.note("", "missing", f"does not say when; use {', '.join(_WHEN)}")
    rule = MonitoringRule(
        rule=table.rule(),
        kind=table.choice("kind", MONITORING),
        text=table.sentence("text"),
        days=table.wholes("days", 0, _FURTHEST),
        at_dose_changes=table.flag("at_dose_changes", default=False),
        at_increases=table.flag("at_increases", default=False),
        when_starting=frozenset(table.words("when_starting")),
        days_after_change=table.wholes("days_after_change", 1, _FURTHEST),
        every_days=table.may("every", whole_days),
        after_last_dose=table.wholes("after_last_dose", 0, _FURTHEST),
        before_supply_ends=table.may("before_supply_ends", whole_days),
        during_taper=table.flag("during_taper", default=True),
        only_if=frozenset(table.words("only_if")),
        denser_if=frozenset(table.words("denser_if")),
        denser_from_age=table.may("denser_from", years),
        denser_every_days=table.may("denser_every", whole_days),
        default_on=table.flag("default_on", default=True),
        urgent_text=table.sentence("urgent_text", ""),
    )
    asked = bool(rule.denser_if) or rule.denser_from_age is not None
    if asked != (rule.denser_every_days is not None) and table.sound:
        message = "belongs together with denser_if or denser_from"
        table.note("denser_every", "contradiction", message)
    table.close()
    return rule


def read_texts(root: Table) -> Texts:
    """Return the sentences of a file; all may be missing."""
    table = root.table("texts")
    if table is None:
        return Texts()
    others = table.table("others")
    texts = Texts(
        late_line=table.sentence("late_line", ""),
        warning_signs=table.sentence("warning_signs", ""),
        storage=table.sentence("storage", ""),
        disclaimer=table.sentence("disclaimer", ""),
        others=tuple((name, others.sentence(name)) for name in others.values) if others else (),
    )
    table.close()
    return texts
