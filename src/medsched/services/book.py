"""Stored rows explained: each by the revision that last changed it.

A row holds integers and a number; its medicine, phase, clock time and tablets come from
the revision it names. Revisions never change, so what is past always reads the same.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import Amount
from medsched.domain.co_medication import OtherPlan
from medsched.domain.course import resolve
from medsched.domain.dose import SECOND_PASS, TRACK_PLACES, DoseEvent, DoseKey
from medsched.domain.prescription import Status
from medsched.domain.tablets import pieces_for
from medsched.domain.timeline import doses_of_days
from medsched.frozen import frozen
from medsched.services.document import read_protocol
from medsched.services.ports import DoseRow, Plan, RowKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.medication import Pieces
    from medsched.domain.person import Person
    from medsched.domain.prescription import Prescription
    from medsched.domain.protocol import Protocol
    from medsched.services.ports import Revision, Unit

_COUNTS: Final = frozenset({Status.ACTIVE, Status.ON_HOLD, Status.STOPPED, Status.COMPLETED})

_PHASES: Final = 1000

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def phase_key(revision: int, phase: int) -> int:
    """Return one number for a phase of a revision: numbers start anew in each revision."""
    return revision * _PHASES + phase


def phase_of_key(key: int) -> tuple[int, int]:
    """Return revision and phase that a `phase_key` stands for."""
    return divmod(key, _PHASES)


def seconds(instant: datetime) -> int:
    """Return an aware instant as whole UTC seconds since 1970."""
    return int((instant - EPOCH).total_seconds())


def instant(at: int) -> datetime:
    """Return the aware UTC instant of whole seconds since 1970."""
    return EPOCH + timedelta(seconds=at)


def row_of(event: DoseEvent, number: int, revision: int, sequence: int = 0) -> DoseRow:
    """Return the row that stores an event."""
    return DoseRow(
        number,
        event.day.toordinal(),
        event.slot,
        seconds(event.due),
        event.amount.digits,
        event.phase,
        revision,
        sequence,
    )


def dose_id(row: DoseRow | RowKey) -> str:
    """Return the id of a row's dose, as people type it."""
    return str(DoseKey(str(row.prescription), date.fromordinal(row.day), row.slot))


def row_key(key: DoseKey) -> RowKey | None:
    """Return what names the row of a dose id, None when the prescription is no number."""
    if not key.prescription.isdecimal():
        return None
    return RowKey(int(key.prescription), key.day.toordinal(), key.slot)


@frozen
class ExplainedDose:
    """A stored dose with everything that explains it.

    Args:
        due: Aware UTC instant; `local` is the same on the person's clock.
        phase: The dated phase it belongs to, in the course of its own revision.
    """

    row: DoseRow
    id: str
    due: datetime
    local: datetime
    day: date
    amount: Amount
    pieces: tuple[Pieces, ...]
    prescription: Prescription
    course: Course
    phase: CoursePhase

    @property
    def slot(self) -> str:
        """The clock time it was meant for, as `08:00`."""
        place = (self.row.slot % SECOND_PASS) - self.phase.track * TRACK_PLACES
        if self.phase.places and 1 <= place <= len(self.phase.walls):
            return f"{self.phase.walls[place - 1]:%H:%M}"
        return f"{self.local:%H:%M}"


class Book:
    """Revisions of one unit of work, read and resolved once each."""

    def __init__(self, unit: Unit, person: Person) -> None:
        """Open the book of one person."""
        self.unit, self.person = unit, person
        self._revisions: dict[tuple[int, int], Revision] = {}
        self._courses: dict[tuple[int, int], Course] = {}
        self._protocols: dict[str, Protocol] = {}
        self.damaged: set[str] = set()  # ids of doses whose stored rows are not what they should be

    def revision(self, number: int, revision: int) -> Revision:
        """Return a stored revision."""
        key = (number, revision)
        if key not in self._revisions:
            self._revisions[key] = self.unit.plans.revision(number, revision)
        return self._revisions[key]

    def remember(self, revision: Revision) -> None:
        """Let a revision that is not stored yet explain rows."""
        prescription = revision.prescription
        self._revisions[int(prescription.id), prescription.revision] = revision

    def course(self, number: int, revision: int) -> Course:
        """Return the course of a stored revision."""
        key = (number, revision)
        if key not in self._courses:
            self._courses[key] = self.resolve(self.revision(number, revision).prescription)
        return self._courses[key]

    def resolve(self, prescription: Prescription) -> Course:
        """Return the course of a prescription that may not be stored yet."""
        return resolve(prescription, self.person)

    def protocol(self, prescription: Prescription) -> Protocol:
        """Return the very rules that a prescription was made from."""
        digest = prescription.protocol_digest
        if digest not in self._protocols:
            text = self.unit.protocols.text(digest)
            if text is None:
                raise KeyError(digest)
            self._protocols[digest] = read_protocol(text)
        return self._protocols[digest]

    def explain(self, row: DoseRow) -> ExplainedDose:
        """Return a row with what explains it."""
        prescription = self.revision(row.prescription, row.revision).prescription
        return explained(row, prescription, self.course(row.prescription, row.revision))

    def event(self, row: DoseRow) -> DoseEvent:
        """Return a row as an event of the domain: cheaper than explaining it.

        Its phase is a `phase_key`: rows of several revisions meet on one chart.
        """
        prescription = self.revision(row.prescription, row.revision).prescription
        due = instant(row.due)
        return DoseEvent(
            due,
            dose_id(row),
            due.astimezone(self.person.itinerary.zone_at(due)),
            date.fromordinal(row.day),
            row.slot,
            Amount(Decimal(row.amount), prescription.medication.unit),
            phase_key(row.revision, row.phase),
        )

    def rows(self, plan: Plan, since: datetime, until: datetime) -> list[DoseRow]:
        """Return the rows due in `since` <= due < `until`, stored or not yet stored.

        What lies past the stored horizon is expanded from the revision in force, exactly
        as it will be stored.
        """
        if not plan.current:
            return []
        stored = self.unit.plans.doses([plan.number], seconds(since), seconds(until))
        return stored + self._beyond(plan, since, until)

    def _beyond(self, plan: Plan, since: datetime, until: datetime) -> list[DoseRow]:
        last = until.date() + timedelta(days=2)
        first = max(date.fromordinal(plan.stored_until + 1), since.date() - timedelta(days=2))
        if first > last:
            return []
        course = self.course(plan.number, plan.current)
        events = doses_of_days(course, first, last)
        wanted = (one for one in events if since <= one.due < until)
        return [row_of(one, plan.number, plan.current) for one in wanted]


def other_plans(book: Book, but: int = 0) -> list[OtherPlan]:
    """Return the person's other plans that have or had doses: a washout follows the last one."""
    return [
        OtherPlan(
            prescription=book.revision(one.number, one.current).prescription,
            course=book.course(one.number, one.current),
        )
        for one in book.unit.plans.of_person(book.person.id)
        if one.current
        and one.number != but
        and one.status in _COUNTS
        and book.course(one.number, one.current).phases
    ]


def explained(row: DoseRow, prescription: Prescription, course: Course) -> ExplainedDose:
    """Return a row with the prescription and the course that explain it."""
    due = instant(row.due)
    amount = Amount(Decimal(row.amount), prescription.medication.unit)
    return ExplainedDose(
        row=row,
        id=str(DoseKey(prescription.id, date.fromordinal(row.day), row.slot)),
        due=due,
        local=due.astimezone(course.itinerary.zone_at(due)),
        day=date.fromordinal(row.day),
        amount=amount,
        pieces=pieces_for(amount, prescription.medication, prescription.strengths),
        prescription=prescription,
        course=course,
        phase=course.phase(row.phase),
    )


def explain_draft(
    events: Iterable[DoseEvent], prescription: Prescription, course: Course
) -> list[ExplainedDose]:
    """Return the doses of a plan that is only shown, explained like stored ones."""
    rows = (row_of(one, 0, prescription.revision) for one in events)
    return [explained(one, prescription, course) for one in rows]


def rows_of(events: Iterable[DoseEvent], plan: Plan, revision: int) -> list[DoseRow]:
    """Return the rows that store events of a plan."""
    return [row_of(one, plan.number, revision) for one in events]
