"""Dated events besides doses, as data: check-ins, readings, reviews, refills.

They ask and route; they never score a risk and never advise a dose.
"""

from __future__ import annotations

from enum import StrEnum

from medsched.frozen import frozen


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
    DOSE_CHANGE = "dose change"
    LAST_DOSE = "last dose"


@frozen
class MonitoringRule:
    """When one kind of event falls.

    Args:
        days: Therapy days on which it falls (day 1 is the first day; 0 is the day before).
        at_dose_changes: Also on the first day of each phase with another amount.
        at_increases: Also on the first day of each phase with a larger amount.
        days_after_change: And so many days after each such change.
        when_starting: Also on the day when a medicine of one of these names or classes begins.
        every_days: And every so many days after the last of `days`.
        after_last_dose: And so many days after the last dose.
        before_supply_ends: And so many days before the supply runs out (refills).
        during_taper: Whether changes inside a taper count.
        only_if: Conditions of which the person must have one; empty for everybody.
        denser_if: With one of these conditions, every `denser_every_days` from day 1 instead
            of `days` after day 1 and `every_days`.
        denser_from_age: The same from this age in years on.
        default_on: False: only when somebody switches it on; that also lifts `only_if`.
        text: What it asks. urgent_text: The signs for which somebody is called at once,
            and who.
    """

    rule: str
    kind: MonitoringKind
    text: str
    days: tuple[int, ...] = ()
    at_dose_changes: bool = False
    at_increases: bool = False
    days_after_change: tuple[int, ...] = ()
    when_starting: frozenset[str] = frozenset()
    every_days: int | None = None
    after_last_dose: tuple[int, ...] = ()
    before_supply_ends: int | None = None
    during_taper: bool = True
    only_if: frozenset[str] = frozenset()
    denser_if: frozenset[str] = frozenset()
    denser_every_days: int | None = None
    denser_from_age: int | None = None
    default_on: bool = True
    urgent_text: str = ""
