"""A regimen's way up, fitted to the maintenance that one person is to reach.

A lower plateau (kidneys, or a chosen target) stops the same ladder earlier; a higher
target follows the regimen's own maintenance after the days its rule asks for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import EXACT, Amount
from medsched.domain.dosage import daily_total
from medsched.domain.protocol import PhaseKind
from medsched.domain.rhythm import slot_count
from medsched.domain.tablets import CannotBeMade, can_be_made, nearest
from medsched.domain.timing import ForDays, OnDays, SameDose, TimesADay, UntilTold
from medsched.errors import InvalidValue
from medsched.frozen import replace

if TYPE_CHECKING:
    from medsched.domain.medication import Medication
    from medsched.domain.protocol import Phase, Regimen

_FINE: Final = Decimal("0.000001")
"""As fine as an amount is written."""


def fit(
    regimen: Regimen,
    medication: Medication,
    *,
    target: Amount | None = None,
    plateau: Amount | None = None,
) -> tuple[Phase, ...]:
    """Return the phases that lead to `target` a day, or to `plateau`, or to the regimen's own end.

    Args:
        target: Maintenance per day that somebody chose; wins over `plateau`.
        plateau: Largest maintenance per day without an order, such as for weak kidneys.

    Raises:
        InvalidValue: a target for a regimen that has no open maintenance.
        CannotBeMade: no tablets make one dose of the target; names the nearest.
    """
    last = regimen.phases[-1]
    own = daily_total(last.dosage)
    if target is None and (plateau is None or own is None or own <= plateau):
        return regimen.phases
    if not isinstance(last.bounds, UntilTold) or own is None:
        if target is not None:
            raise InvalidValue("target", target, "leave it out: this regimen has a fixed end")
        return regimen.phases
    wanted = target or plateau or own
    if own < wanted:
        return _above(regimen, last, wanted, medication)
    return _stopped_at(regimen, last, wanted, medication)


def _stopped_at(
    regimen: Regimen, last: Phase, wanted: Amount, medication: Medication
) -> tuple[Phase, ...]:
    """Return the ladder up to `wanted`, its last step kept open."""
    kept = [one for one in regimen.phases if (daily_total(one.dosage) or wanted) <= wanted]
    if kept and daily_total(kept[-1].dosage) == wanted:
        top = replace(kept[-1], bounds=UntilTold(), kind=PhaseKind.MAINTENANCE)
        return (*kept[:-1], top)
    return (*kept, _maintenance(last, wanted, medication))


def _above(
    regimen: Regimen, last: Phase, wanted: Amount, medication: Medication
) -> tuple[Phase, ...]:
    days = regimen.escalation.min_days if regimen.escalation else 1
    rule = regimen.escalation.rule if regimen.escalation else last.rule
    top = replace(_maintenance(last, wanted, medication), rule=rule)
    return (*regimen.phases[:-1], replace(last, bounds=ForDays(days)), top)


def _maintenance(last: Phase, wanted: Amount, medication: Medication) -> Phase:
    """Return the maintenance phase with `wanted` a day, the same at each of its slots.

    The smallest amount that can be taken is given once a day when it is all there is.
    """
    dosage = last.dosage
    if not isinstance(dosage, OnDays):
        raise InvalidValue("target", wanted, "leave it out: the doses do not sit on days")
    if wanted == medication.smallest and isinstance(dosage.times, TimesADay):
        once = OnDays(times=TimesADay(count=1), doses=SameDose(wanted), days=dosage.days)
        return replace(last, dosage=once, bounds=UntilTold(), kind=PhaseKind.MAINTENANCE)
    places = len(dosage.slots) or slot_count(dosage.times)
    one = _part(wanted, places, medication)
    return replace(last, dosage=replace(dosage, doses=SameDose(one)), kind=PhaseKind.MAINTENANCE)


def _part(wanted: Amount, places: int, medication: Medication) -> Amount:
    """Return one of `places` equal doses of `wanted`, which tablets must make."""
    if wanted.unit is not medication.unit:
        raise InvalidValue("target", wanted, f"use {medication.unit} a day")
    rounded = Amount((wanted.value / places).quantize(_FINE), wanted.unit)
    if rounded * places != wanted or not can_be_made(rounded, medication):
        raise CannotBeMade(rounded, medication, nearest(rounded, medication))
    return Amount(EXACT.divide(wanted.value, Decimal(places)), wanted.unit)
