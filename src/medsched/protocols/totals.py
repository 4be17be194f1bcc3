"""What a day or a week holds in all, and whether the medicine's pieces make each dose.

A total is written beside the doses so that a slip in either shows: "50 mg a day (50 mg
twice a day)" is refused, because the total of a day is its doses times their count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.amount import Amount, total
from medsched.domain.rhythm import slot_count
from medsched.domain.tablets import CannotBeMade, pieces_for
from medsched.domain.timing import (
    AlternatingDose,
    AsNeeded,
    DosePerSlot,
    DosePerWeekday,
    EveryDay,
    EveryHours,
    OnDays,
    OnWeekdays,
    SameDose,
)

if TYPE_CHECKING:
    from medsched.domain.medication import Medication
    from medsched.domain.timing import Dosage
    from medsched.protocols.table import Table

TOTALS: Final = ("daily_total", "weekly_total", "round_total")
_DAY: Final = 24
_PLACED: Final = ("doses", "alternating")
_KEY: Final = {
    SameDose: "dose",
    DosePerSlot: "doses",
    AlternatingDose: "alternating",
    DosePerWeekday: "by_weekday",
}


def read_totals(table: Table, dosage: Dosage | None) -> None:
    """Check each total that is written in a phase; note when a medicine's file has none."""
    written = {key: amount for key in TOTALS if (amount := table.may_amount(key)) is not None}
    if dosage is None:
        return
    sums = sums_of(dosage)
    for key, amount in written.items():
        if key in sums:
            _check(table, key, amount, sums[key])
        else:
            table.note(key, "total", "has no meaning for this dosage; leave it out")
    if sums and not any(table.has(key) for key in TOTALS) and not table.reading.own:
        key = next(iter(sums))
        table.note(key, "missing", f"is missing; the doses sum to {sums[key]}")


def sums_of(dosage: Dosage) -> dict[str, Amount]:
    """Return the totals that this dosage can have, with what they must be."""
    match dosage:
        case EveryHours(hours=hours) if _DAY % hours == 0:
            return {"daily_total": dosage.amount * (_DAY // hours)}
        case OnDays():
            return _of_days(dosage)
        case _:
            return {}


def _of_days(dosage: OnDays) -> dict[str, Amount]:
    doses, days = dosage.doses, dosage.days
    places = len(dosage.slots) or slot_count(dosage.times)
    match doses:
        case SameDose():
            daily = doses.amount * places
        case DosePerSlot():
            daily = _sum(doses.amounts)
        case AlternatingDose():
            return {"round_total": _sum(doses.amounts) * places}
        case DosePerWeekday():
            return {"weekly_total": _sum(doses.amounts) * places}
    sums = {"daily_total": daily}
    if isinstance(days, OnWeekdays) and days.weeks == 1:
        sums["weekly_total"] = daily * len(days.weekdays)
    elif isinstance(days, EveryDay):
        sums["weekly_total"] = daily * 7
    return sums


def _sum(amounts: tuple[Amount | None, ...]) -> Amount:
    taken = [one for one in amounts if one is not None]
    return total(taken, taken[0].unit)


def _check(table: Table, key: str, written: Amount, wanted: Amount) -> None:
    if written != wanted:
        message = f"{written} is not the sum of the doses, which is {wanted}"
        table.note(key, "total", message, "correct the total or the dose")


def amounts_of(dosage: Dosage) -> list[tuple[str, Amount]]:
    """Return every amount of a dosage with its key inside the phase."""
    if not isinstance(dosage, OnDays):
        return [("dose", dosage.amount)]
    doses = dosage.doses
    key = _KEY[type(doses)]
    if isinstance(doses, SameDose):
        return [(key, doses.amount)]
    numbered = enumerate(doses.amounts, 1)
    return [(f"{key}[{place}]" if key in _PLACED else key, one) for place, one in numbered if one]


def check_doses(table: Table, dosage: Dosage, medication: Medication) -> None:
    """Note each dose that the medicine's pieces do not make, with the nearest that they do.

    Source:
        Section 6, check 3 of the clinical rules: every dose is dispensable.
    """
    for key, amount in amounts_of(dosage):
        check_dispensable(table, key, amount, medication)
    most = dosage.most_amount if isinstance(dosage, AsNeeded) else None
    if most is not None and most.unit is not medication.unit:
        table.note("as_needed.most", "unit", f"{most} is not in {medication.unit}")


def check_dispensable(table: Table, key: str, amount: Amount, medication: Medication) -> None:
    """Note an amount that no allowed pieces of the medicine make."""
    if amount.unit is not medication.unit:
        message = f"{amount} is not in {medication.unit}, the unit of the strengths"
        table.note(key, "unit", message)
        return
    try:
        pieces_for(amount, medication)
    except CannotBeMade as refused:
        table.note(key, "dispensable", str(refused))


def check_unit(table: Table, key: str, medication: Medication | None) -> None:
    """Note an amount under a key that is not in the unit of the medicine's strengths."""
    amount = table.may_amount(key) if medication is not None else None
    if amount is not None and medication is not None and amount.unit is not medication.unit:
        table.note(key, "unit", f"{amount} is not in {medication.unit}, the unit of the strengths")
