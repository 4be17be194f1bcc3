"""Another amount at each time of the day, for a plan that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.amount import amount
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.tablets import pieces_for
from medsched.domain.timing import DosePerSlot, OnDays, TimesADay, UntilTold
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from medsched.domain.prescription import Prescription


def slot_amounts(prescription: Prescription, text: str) -> Phase:
    """Return the open maintenance with one amount for each slot, such as `50 mg,25 mg`.

    Raises:
        InvalidValue: as many amounts as slots are wanted. CannotBeMade: no tablets make it.
    """
    given = [part.strip() for part in text.split(",")]
    if len(given) != len(prescription.slots):
        wanted = f"name {len(prescription.slots)} amounts, one for each time of the day"
        raise InvalidValue("amounts", repr(text), wanted)
    read = [None if part in {"0", "none"} else amount(part) for part in given]
    for one in read:
        if one is not None:
            pieces_for(one, prescription.medication, prescription.strengths)
    if all(one is None for one in read):
        raise InvalidValue("amounts", repr(text), "use `medsched hold` or `medsched stop`")
    times = TimesADay(count=len(read))
    dosage = OnDays(times=times, doses=DosePerSlot(tuple(read)))
    return Phase(kind=PhaseKind.MAINTENANCE, dosage=dosage, bounds=UntilTold())
