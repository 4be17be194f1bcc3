"""One stretch of a plan with one dosage: what rules and orders are made of."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.timing import Bounds, Dosage


class PhaseKind(StrEnum):
    """What a stretch of a plan is for."""

    TITRATION = "titration"
    MAINTENANCE = "maintenance"
    TAPER = "taper"
    HOLD = "hold"


@frozen
class Phase:
    """A stretch with one dosage (FHIR: Dosage.sequence and its bounds).

    Args:
        dosage: None for a hold: days without doses.
        bounds: How long it lasts.
        starts: The first day when it is fixed; None: right after the phase before it on
            the same track (or with the plan).
        track: Phases of one track follow one another; tracks run side by side. From 0.
        rule: Id of the rule that says so; empty in a person's own plan.
        counted_from: The day from which a cycle, every other day and the like count, when
            that is not the phase's own first day: after a pause the calendar goes on.
    """

    kind: PhaseKind
    dosage: Dosage | None
    bounds: Bounds
    starts: date | None = None
    track: int = 0
    rule: str = ""
    title: str = ""
    counted_from: date | None = None
