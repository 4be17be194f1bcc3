"""Doses taken only if needed: whether one is allowed now, and recording it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from medsched.domain.administration import Administration, AdministrationStatus, intakes
from medsched.domain.as_needed import Allowed, AsNeededState, as_needed, intake_if_needed
from medsched.domain.attribution import ASK_ABOUT_EXTRA, ExtraDose, ExtraReason
from medsched.domain.words import date_words
from medsched.errors import MedschedError
from medsched.services.record import check_amount, check_time
from medsched.services.taking import Recorded, Taking

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.timing import AsNeeded
    from medsched.services.book import Book
    from medsched.services.ports import Plan


class NotAllowedYet(MedschedError):
    """A dose taken only if needed, before the next one is allowed."""

    def __init__(self, medication: str, sentence: str, next_at: datetime | None) -> None:
        """Keep when the next one is allowed, on the person's clock."""
        self.next_at = next_at
        again = f"; the next one is allowed at {_clock_and_day(next_at)}" if next_at else ""
        super().__init__(
            f"{medication}: {sentence[0].lower()}{sentence[1:].rstrip('.')}{again};"
            " if it was taken already, record it with --extra"
        )


def allowed(book: Book, plan: Plan, dosage: AsNeeded, taking: Taking) -> AsNeededState:
    """Return whether a dose is allowed at the time of `taking`, and when the next one is."""
    records = intakes(book.unit.records.of_plans([plan.number]))
    return as_needed(dosage, records, taking.at, _policy(book, plan), taking.amount)


def _policy(book: Book, plan: Plan) -> MissedPolicy:
    prescription = book.revision(plan.number, plan.current).prescription
    protocol = book.protocol(prescription)
    return protocol.regimen(prescription.regimen).missed or protocol.missed


def take_if_needed(book: Book, plan: Plan, dosage: AsNeeded, taking: Taking) -> Recorded:
    """Record a dose taken as needed.

    What is not allowed yet is refused, unless it is said to have been taken anyway: then
    it is recorded, and loudly flagged.

    Raises:
        NotAllowedYet: nothing is stored.
    """
    taking = check_time(book, plan, taking)
    check_amount(book, plan, taking.amount)
    book.unit.plans.lock(plan.number)
    record = Administration(
        prescription=str(plan.number),
        status=AdministrationStatus.COMPLETED,
        at=taking.at,
        recorded_at=taking.now,
        by=taking.by,
        amount=taking.amount or dosage.amount,
        token=taking.token,
    )
    records = intakes(book.unit.records.of_plans([plan.number]))
    state = intake_if_needed(dosage, records, record, _policy(book, plan))
    if not isinstance(state, Allowed) and not taking.extra:
        zone = book.person.itinerary.zone_at(taking.at)
        at = None if state.next_at is None else state.next_at.astimezone(zone)
        raise NotAllowedYet(plan.medication, state.sentence, at)
    done = Recorded(record=book.unit.records.append(record), sentence="")
    return _told(book, taking.at, done, state)


def _told(book: Book, at: datetime, done: Recorded, state: AsNeededState) -> Recorded:
    if not isinstance(state, Allowed):
        finding = ExtraDose(
            reason=ExtraReason.TOO_SOON, sentence=f"{state.sentence} {ASK_ABOUT_EXTRA}"
        )
        return replace(done, sentence="Recorded as an extra dose.", finding=finding)
    zone = book.person.itinerary.zone_at(at)
    after = state.next_at
    when = ""
    if after is not None:
        when = f" The next one is allowed at {_clock_and_day(after.astimezone(zone))}."
    return replace(done, sentence=f"Recorded.{when} {state.warning}".strip())


def _clock_and_day(at: datetime) -> str:
    """Return a time with its day: 09:00 alone could be heard as today's."""
    return f"{at:%H:%M} on {date_words(at.date())}"
