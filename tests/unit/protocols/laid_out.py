"""A regimen of a protocol on a calendar, day by day, for comparison with published tables."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medsched.domain.amount import Amount, total
from medsched.domain.course import resolve
from medsched.domain.medication import count_by_strength
from medsched.domain.person import Person, at_home
from medsched.domain.prescription import Prescription
from medsched.domain.rhythm import USUAL_SLOTS, slot_count
from medsched.domain.tablets import pieces_for
from medsched.domain.timeline import all_doses
from medsched.domain.timing import OnDays, TimesADay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.domain.dose import DoseEvent
    from medsched.domain.protocol import Phase, Protocol

MONDAY = date(2026, 3, 2)
ZONE = ZoneInfo("America/New_York")


def slots_of(phases: Sequence[Phase]) -> tuple[time, ...]:
    """Return the usual slots of the busiest phase that leaves them to the person."""
    counts = [
        slot_count(one.dosage.times)
        for one in phases
        if isinstance(one.dosage, OnDays) and isinstance(one.dosage.times, TimesADay)
    ]
    return USUAL_SLOTS[max(counts, default=1)]


def doses_of(
    protocol: Protocol, phases: Sequence[Phase], days: int, start: date = MONDAY
) -> list[DoseEvent]:
    """Return every dose of the first `days` days."""
    order = Prescription(
        id="1",
        key="k",
        person="1",
        protocol=protocol.id,
        protocol_digest=protocol.digest,
        regimen="-",
        medication=protocol.medication,
        phases=tuple(phases),
        start=start,
        slots=slots_of(phases),
    )
    course = resolve(order, Person(name="Ada", itinerary=at_home(ZONE)))
    return all_doses(course, start + timedelta(days=days - 1))


def by_day(doses: Sequence[DoseEvent], days: int) -> list[dict[str, str]]:
    """Return the amount at each place of each day, from the first."""
    found: dict[date, dict[str, str]] = defaultdict(dict)
    for dose in doses:
        found[dose.day][str(dose.slot)] = dose.amount.digits
    return [found[MONDAY + timedelta(days=place)] for place in range(days)]


def tablets_of(
    protocol: Protocol, doses: Sequence[DoseEvent], on_hand: Sequence[str] = ()
) -> dict[str, Decimal]:
    """Return the count of pieces by strength."""
    unit = protocol.medication.unit
    held = frozenset(Amount(Decimal(one), unit) for one in on_hand)
    counts: dict[Amount, Decimal] = {}
    for dose in doses:
        counts = count_by_strength(pieces_for(dose.amount, protocol.medication, held), counts)
    return {strength.digits: count for strength, count in counts.items()}


def sum_of(protocol: Protocol, doses: Sequence[DoseEvent]) -> str:
    """Return the sum of all doses."""
    return total([one.amount for one in doses], protocol.medication.unit).digits
