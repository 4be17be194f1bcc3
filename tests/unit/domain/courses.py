"""Courses to expand: a small prescription of any phases, laid on a calendar."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medsched.domain.amount import amount
from medsched.domain.course import Course, resolve
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.person import Itinerary, Person, at_home
from medsched.domain.prescription import Anchor, Prescription
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.timing import Bounds, Dosage, OnDays, SameDose, TimesADay, UntilTold

if TYPE_CHECKING:
    from collections.abc import Sequence

BERLIN = ZoneInfo("Europe/Berlin")
MG = amount("50 mg")
MEDICINE = Medication(
    name="testamine",
    ingredient="testamine",
    form=Form.FILM_COATED_TABLET,
    route=Route.ORAL,
    strengths=(amount("12.5 mg"), amount("25 mg"), amount("50 mg"), amount("100 mg")),
)


def twice_a_day(text: str = "50 mg") -> OnDays:
    """Return a dose in the morning and one in the evening."""
    return OnDays(times=TimesADay(count=2), doses=SameDose(amount(text)))


def phase(
    dosage: Dosage | None,
    bounds: Bounds | None = None,
    *,
    kind: PhaseKind = PhaseKind.MAINTENANCE,
    starts: date | None = None,
    track: int = 0,
) -> Phase:
    """Return a phase, open unless it is bounded."""
    return Phase(kind=kind, dosage=dosage, bounds=bounds or UntilTold(), starts=starts, track=track)


def course_of(
    *phases: Phase,
    start: date = date(2026, 3, 2),
    slots: Sequence[time] = (time(8), time(20)),
    zone: ZoneInfo = BERLIN,
    itinerary: Itinerary | None = None,
    starts_at: time | None = None,
    first_day: int = 1,
    anchor: Anchor | None = None,
    min_gap_minutes: int = 360,
) -> Course:
    """Return the phases laid on the calendar of somebody in `zone`."""
    prescription = Prescription(
        id="1",
        key="00000000-0000-0000-0000-000000000001",
        person="1",
        protocol="own",
        protocol_digest="",
        regimen="standard",
        medication=MEDICINE,
        phases=phases,
        start=start,
        slots=tuple(slots),
        starts_at=starts_at,
        first_day=first_day,
        anchor=anchor,
        min_gap_minutes=min_gap_minutes,
    )
    return resolve(prescription, Person(name="me", itinerary=itinerary or at_home(zone)))
