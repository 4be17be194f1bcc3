"""Another amount at each time of the day, for a plan that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.amount import amount
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.tablets import pieces_for
from medsched.domain.timing import DosePerSlot, EveryDay, OnDays, TimesADay, UntilTold
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from medsched.domain.prescription import Prescription
    from medsched.domain.timing import Dosage


def slot_amounts(prescription: Prescription, text: str, running: Dosage | None = None) -> Phase:
    """Return the open maintenance with one amount for each slot, such as `50 mg,25 mg`.

    Args:
        running: What is taken until then; its days stay: a weekly dose never becomes daily.

    Raises:
        InvalidValue: as many amounts as slots are wanted, of doses that sit on clock times.
        CannotBeMade: no tablets make it.
    """
    if running is not None and not isinstance(running, OnDays):
        raise InvalidValue("amounts", repr(text), "its doses follow hours, not times of the day")
    days = running.days if running is not None else EveryDay()
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
    dosage = OnDays(times=times, doses=DosePerSlot(tuple(read)), days=days)
    return Phase(kind=PhaseKind.MAINTENANCE, dosage=dosage, bounds=UntilTold())
