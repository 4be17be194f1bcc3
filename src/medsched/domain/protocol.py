"""One drug's reusable rules, as a value (FHIR: PlanDefinition, ClinicalUseDefinition).

Written as a TOML file that a pharmacist could review, read by `protocols`. Nothing
here knows any drug's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.phase import Phase, PhaseKind  # rules are made of phases
from medsched.domain.safety_rules import SafetyRules
from medsched.frozen import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.monitoring_rules import MonitoringRule
    from medsched.domain.provenance import Rule, Source

__all__ = ["Escalation", "Phase", "PhaseKind", "Protocol", "Regimen", "Stopping", "Texts"]


@frozen
class Escalation:
    """Going above a regimen's own maintenance.

    Args:
        min_days: Days at the maintenance before it. needs_order: only as somebody ordered it.
    """

    rule: str
    min_days: int
    needs_order: bool = True


@frozen
class Regimen:
    """One way to take the drug: a sequence of phases.

    Args:
        id: Such as `standard`, `with valproate`. when_taking: Classes or names of other
            medicines for which this regimen is the right one.
        optional_titration: The way up is an example; an order may replace it.
    """

    id: str
    title: str
    phases: tuple[Phase, ...]
    optional_titration: bool = False
    when_taking: frozenset[str] = frozenset()
    escalation: Escalation | None = None
    missed: MissedPolicy | None = None


@frozen
class Stopping:
    """How the drug is ended.

    Args:
        taper_after_days: Exposure of more than so many days asks for a taper; None: never.
        min_days, max_days, default_days: Length of the taper, first reduced day to last
            non-zero day, inclusive.
        min_step_days: Shortest step. max_drop_percent: Largest fall of a step but the last.
        plan: Explicit daily totals and days of a published taper, instead of a made one.
        short_text: What is said at a shorter exposure. abrupt_text: about stopping at once.
        stop_rule: The rule that speaks at any stop, whatever the exposure; empty: `rule`.
    """

    rule: str
    taper_after_days: int | None = None
    min_days: int = 1
    max_days: int = 365
    default_days: int = 14
    min_step_days: int = 7
    max_drop_percent: int = 50
    once_daily_smallest: bool = True
    plan: tuple[tuple[Amount, int], ...] = ()
    short_text: str = ""
    abrupt_text: str = ""
    stop_rule: str = ""
    assumption: bool = False


@frozen
class Texts:
    """Sentences for people, from the source.

    `late_line` is the missed-dose line on calendar entries; `warning_signs` says whom to call.
    """

    late_line: str = ""
    warning_signs: str = ""
    storage: str = ""
    disclaimer: str = ""
    others: tuple[tuple[str, str], ...] = ()


@frozen
class Protocol:
    """All rules of one drug.

    Args:
        id: File name without its ending. version: Of the rules, such as `1.0.0`.
        digest: SHA-256 of the file it was read from, so that a plan knows its rules.
        dated: When the rules were last reviewed; None in a person's own regimen without a date.
        also_called: Other names of the medicine, such as brands, by which it is found.
        own: True for a person's own regimen: no limits that only a drug's rules would know.
    """

    id: str
    title: str
    version: str
    dated: date | None
    digest: str
    medication: Medication
    regimens: tuple[Regimen, ...]
    missed: MissedPolicy
    indication: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    safety: SafetyRules = field(default_factory=SafetyRules)
    stopping: Stopping | None = None
    monitoring: tuple[MonitoringRule, ...] = ()
    texts: Texts = field(default_factory=Texts)
    also_called: tuple[str, ...] = ()
    own: bool = False

    def regimen(self, name: str | None = None) -> Regimen:
        """Return the regimen of that id, the first one when none is named.

        Raises:
            KeyError: there is none of that id.
        """
        if name is None:
            return self.regimens[0]
        for one in self.regimens:
            if one.id == name:
                return one
        raise KeyError(name)
