"""Dated events besides doses, as data: check-ins, readings, reviews, refills.

They ask and route; they never score a risk and never advise a dose.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MonitoringKind(StrEnum):
    """What a dated event is about; each kind can be switched off by itself."""

    MOOD = "mood check-in"
    SYMPTOMS = "symptom check-in"
    BLOOD_PRESSURE = "blood pressure and heart rate"
    LIVER = "liver function test"
    KIDNEY = "kidney function test"
    BLOOD_TEST = "blood test"
    REVIEW = "review with the prescriber"
    REFILL = "refill"
    WASHOUT = "washout"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringRule:
    """When one kind of event falls.

    Args:
        days: Therapy days on which it falls (day 1 is the first day; 0 is the day before).
        at_dose_changes: Also on the first day of each phase with another amount.
        days_after_change: And so many days after each such change.
        every_days: And every so many days after the last of `days`.
        after_last_dose: And so many days after the last dose.
        before_supply_ends: And so many days before the supply runs out (refills).
        during_taper: Whether changes inside a taper count.
        only_if: Conditions of which the person must have one; empty for everybody.
        denser_if: With one of these conditions, every `denser_every_days` instead.
        default_on: False: only when somebody switches it on.
        text: What it asks. urgent_text: The signs for which somebody is called at once,
            and who.
    """

    rule: str
    kind: MonitoringKind
    text: str
    days: tuple[int, ...] = ()
    at_dose_changes: bool = False
    days_after_change: tuple[int, ...] = ()
    every_days: int | None = None
    after_last_dose: tuple[int, ...] = ()
    before_supply_ends: int | None = None
    during_taper: bool = True
    only_if: frozenset[str] = frozenset()
    denser_if: frozenset[str] = frozenset()
    denser_every_days: int | None = None
    default_on: bool = True
    urgent_text: str = ""
