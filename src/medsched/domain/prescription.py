"""What was ordered for one person from one protocol (FHIR: MedicationRequest).

A prescription is versioned: each amendment is a new revision that replaces the
future and leaves the past. Its phases are still relative ("for 4 days, then ...");
`course.resolve` lays them on the calendar.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.domain.person import DayRhythm
from medsched.frozen import field, frozen

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.domain.phase import Phase


class Status(StrEnum):
    """FHIR R4 medicationrequest-status, the codes used here."""

    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    STOPPED = "stopped"
    COMPLETED = "completed"
    ENTERED_IN_ERROR = "entered-in-error"


@frozen
class Anchor:
    """The instant from which an elapsed-hour phase counts, and the number of that dose.

    A late dose of an interval regimen moves it: `dose` 7 was taken at `at`, so dose 8
    is one interval later.
    """

    at: datetime
    dose: int = 1
    phase: int = 1


@frozen
class MovedDose:
    """One dose that a late one before it moved: its day and place stay, its instant does not."""

    day: date
    slot: int
    due: datetime


@frozen
class Prescription:
    """One revision of an order.

    Args:
        id: Short, typed by people, the first part of dose ids.
        key: Unique in the world (a UUID as text), for calendars; never shown.
        protocol, protocol_digest, regimen: Which rules, of which version, which way.
        revision: From 1.
        start: The local date of the first scheduled dose: therapy day `first_day`.
        starts_at: Doses before this wall time on `start` are not planned.
        first_day: Therapy day number of `start`: more than 1 when a running plan moves in.
        slots: The person's wall-clock times for this medicine, rising.
        rhythm: The person's day when this was ordered: moments of it become clock times.
        strengths: Strengths on hand or preferred; empty means no preference.
        target_per_day: The maintenance somebody chose, None for the regimen's own.
        ordered_by: Who ordered it, empty while nobody did.
        moved: Single doses that a late one moved, where the policy says so.
        min_gap_minutes: Between any two doses, by the policy it was made under: travel keeps it.
    """

    id: str
    key: str
    person: str
    protocol: str
    protocol_digest: str
    regimen: str
    medication: Medication
    phases: tuple[Phase, ...]
    start: date
    slots: tuple[time, ...]
    revision: int = 1
    status: Status = Status.DRAFT
    rhythm: DayRhythm = field(default_factory=DayRhythm)
    starts_at: time | None = None
    first_day: int = 1
    strengths: frozenset[Amount] = frozenset()
    target_per_day: Amount | None = None
    ordered_by: str = ""
    anchor: Anchor | None = None
    moved: tuple[MovedDose, ...] = ()
    min_gap_minutes: int = 0
    tracked: bool | None = None
