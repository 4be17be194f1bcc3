"""What the parts of a file say about one another: ceilings, kidney bands, rules that exist."""

from __future__ import annotations

from decimal import Inexact
from typing import TYPE_CHECKING

from medsched.domain.amount import EXACT, Amount
from medsched.domain.dosage import daily_total, largest_dose
from medsched.domain.protocol import PhaseKind
from medsched.domain.rhythm import slot_count
from medsched.domain.safety_rules import Severity
from medsched.domain.tablets import can_be_made
from medsched.domain.timing import OnDays

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medsched.domain.medication import Medication
    from medsched.domain.protocol import Phase
    from medsched.domain.provenance import Rule
    from medsched.domain.safety_rules import RenalBand, SafetyRules
    from medsched.protocols.reading import Reading


def check_rules_exist(reading: Reading, rules: Mapping[str, Rule]) -> None:
    """Note each rule that is named and does not stand in the file."""
    for where, name in reading.named_rules:
        if name not in rules and not (reading.own and not rules):
            message = f"{name!r} is no rule of this file; add a [[rule]]"
            reading.note(where, "unknown-rule", message)


def check_ceilings(reading: Reading, safety: SafetyRules) -> None:
    """Note each dose and day above a ceiling, and a kidney cap above the normal one.

    Source:
        Section 6, check 4 of the clinical rules.
    """
    per_dose = _least(one.per_dose for one in safety.ceilings if one.severity is Severity.BLOCK)
    per_day = _least(one.per_day for one in safety.ceilings if one.severity is Severity.BLOCK)
    for where, phase in reading.phases:
        _check_limit(reading, where, largest_dose(phase.dosage), per_dose, "a dose")
        _check_limit(reading, where, daily_total(phase.dosage), per_day, "a day")
    for place, band in enumerate(safety.renal, 1):
        for key, amount in (
            ("plateau_per_day", band.plateau_per_day),
            ("cap_per_day", band.cap_per_day),
        ):
            _check_limit(reading, f"renal[{place}].{key}", amount, per_day, "a day")


def _least(limits: Iterable[Amount | None]) -> Amount | None:
    present = [one for one in limits if one is not None]
    return min(present, key=lambda one: one.value, default=None)


def _check_limit(
    reading: Reading, where: str, amount: Amount | None, most: Amount | None, per: str
) -> None:
    if amount is None or most is None or amount.unit is not most.unit:
        return
    if amount > most:
        reading.note(where, "ceiling", f"{amount} {per} is more than the ceiling of {most}")


def check_plateaus(reading: Reading, safety: SafetyRules, medication: Medication | None) -> None:
    """Note a kidney plateau that cannot be taken in the doses of the maintenance."""
    if medication is None:
        return
    counts = {_doses_a_day(phase) for _, phase in reading.phases if _is_plateau(phase)}
    for place, band in enumerate(safety.renal, 1):
        for count in sorted(counts):
            _check_plateau(reading, f"renal[{place}]", band, count, medication)


def _check_plateau(
    reading: Reading, where: str, band: RenalBand, count: int, medication: Medication
) -> None:
    plateau = band.plateau_per_day
    if plateau is None or plateau.unit is not medication.unit:
        return
    try:
        dose = Amount(EXACT.divide(plateau.value, count), plateau.unit)
    except Inexact:
        dose = Amount(EXACT.multiply(plateau.value, 0), plateau.unit)
    if not can_be_made(dose, medication):
        message = f"{plateau} a day cannot be taken in {count} equal doses of whole pieces"
        reading.note(f"{where}.plateau_per_day", "dispensable", message)


def _is_plateau(phase: Phase) -> bool:
    return phase.kind is PhaseKind.MAINTENANCE and isinstance(phase.dosage, OnDays)


def _doses_a_day(phase: Phase) -> int:
    dosage = phase.dosage
    if not isinstance(dosage, OnDays):
        return 1
    return len(dosage.slots) or slot_count(dosage.times)
