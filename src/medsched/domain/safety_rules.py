"""Who may take it, as data: the checks of a protocol. `domain.safety` carries them out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.frozen import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from medsched.domain.amount import Amount


class Severity(StrEnum):
    """How strongly a finding speaks: a block stops, a warning is shown, the rest informs."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@frozen
class AgeRule:
    """Finding below `under` years or from `from_age` years on (exactly one is set)."""

    rule: str
    severity: Severity
    text: str
    under: int | None = None
    from_age: int | None = None


@frozen
class WeightRule:
    """Finding below `under` kilograms, or at `up_to` and below (exactly one is set)."""

    rule: str
    severity: Severity
    text: str
    under: Decimal | None = None
    up_to: Decimal | None = None


@frozen
class HepaticRule:
    """Finding for one Child-Pugh class (`mild`, `moderate`, `severe`)."""

    rule: str
    hepatic: str
    severity: Severity
    text: str


@frozen
class RenalBand:
    """A band of creatinine clearance in mL/min: `low` inclusive, `high` exclusive.

    Args:
        low: 0 for the lowest band. high: None for the highest.
        severity: None when nothing is to be said.
        plateau_per_day: The maintenance of this band; None leaves the regimen's own.
        cap_per_day: Most in one dosing day in this band; above the plateau it needs an order.
        overridable: False only where no order lifts a block from the command line.
    """

    rule: str
    name: str
    low: Decimal
    high: Decimal | None
    severity: Severity | None = None
    text: str = ""
    plateau_per_day: Amount | None = None
    cap_per_day: Amount | None = None
    overridable: bool = True


class WashoutDirection(StrEnum):
    """Which medicine must be gone before the other starts."""

    OTHER_FIRST = "other then this"
    THIS_FIRST = "this then other"


@frozen
class Washout:
    """Least elapsed hours between the last dose of one and the first of the other.

    `match` names medicines or classes (lower case) of the other side; exactly `hours`
    is allowed.
    """

    rule: str
    direction: WashoutDirection
    match: frozenset[str]
    hours: int
    severity: Severity
    text: str
    overridable: bool = True


@frozen
class Interaction:
    """Finding when any medicine or class of `match` is taken during the plan."""

    rule: str
    match: frozenset[str]
    severity: Severity
    text: str
    overridable: bool = True


@frozen
class ConditionRule:
    """Finding when the person has `condition` (`pregnancy`, `breastfeeding`, `alcohol`, ...)."""

    rule: str
    condition: str
    severity: Severity
    text: str
    overridable: bool = True


@frozen
class Spacing:
    """Least elapsed hours between doses of this and of any medicine or class of `match`."""

    rule: str
    match: frozenset[str]
    hours: Decimal
    severity: Severity
    text: str


@frozen
class Ceiling:
    """A limit on amounts: per single dose or per dosing day; equality is allowed."""

    rule: str
    per_dose: Amount | None = None
    per_day: Amount | None = None
    severity: Severity = Severity.BLOCK
    text: str = ""


@frozen
class FirstDose:
    """The largest first dose for somebody who is not on it already; more needs an order."""

    rule: str
    most: Amount
    text: str


@frozen
class LookAlike:
    """Medicines whose names are mistaken for this one, by name, lower case."""

    rule: str
    match: frozenset[str]
    text: str
    severity: Severity = Severity.WARN


@frozen
class IndicationRule:
    """What it is approved for: conditions, of which the person should have one.

    `text` is said to somebody who has none of them.
    """

    rule: str
    approved: frozenset[str]
    text: str
    severity: Severity = Severity.WARN


@frozen
class SafetyRules:
    """All checks of one protocol.

    Args:
        classes: Names of medicines, lower case, by class: `maoi` holds `phenelzine`. A rule
            that names a class finds each of them, whether or not somebody said its class.
        known: Names of other medicines that were looked at and need no finding.
    """

    ages: tuple[AgeRule, ...] = ()
    weights: tuple[WeightRule, ...] = ()
    hepatic: tuple[HepaticRule, ...] = ()
    renal: tuple[RenalBand, ...] = ()
    washouts: tuple[Washout, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    conditions: tuple[ConditionRule, ...] = ()
    spacings: tuple[Spacing, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    first_dose: FirstDose | None = None
    look_alikes: tuple[LookAlike, ...] = ()
    indication: IndicationRule | None = None
    classes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def band_of(self, clearance: Decimal) -> RenalBand | None:
        """Return the band of a creatinine clearance in mL/min; None without bands."""
        for band in self.renal:
            if band.low <= clearance and (band.high is None or clearance < band.high):
                return band
        return None
