"""Doses taken only if needed: whether one is allowed now, and recording it.

What counts against the limits is the ingredient, from whichever plan it was taken.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.domain.as_needed import (
    Allowed,
    AsNeededState,
    NotYet,
    as_needed,
    intake_if_needed,
)
from medsched.domain.attribution import ASK_ABOUT_EXTRA, ExtraDose, ExtraReason
from medsched.domain.late_window import hours
from medsched.domain.words import date_words
from medsched.errors import MedschedError
from medsched.frozen import replace
from medsched.services.check import STOPPED, is_stopped
from medsched.services.lost_records import LOST, lost_until
from medsched.services.record import check_amount, check_time
from medsched.services.same_ingredient import intakes_of_ingredient, planned_is_due
from medsched.services.taking import Recorded, Taking

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.timing import AsNeeded
    from medsched.services.book import Book
    from medsched.services.ports import Plan

_PLANNED: Final = "Not now: a planned dose of it is due; take that one, and never both."


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
    """Return whether a dose is allowed at the time of `taking`, and when the next one is.

    None is while a planned dose of the same ingredient is to be taken, where records of the
    last hours that count may be lost, or while a safety finding stops the plan.
    """
    policy = _policy(book, plan)
    records = _records(book, plan, dosage, policy, taking.at)
    state = as_needed(dosage, records, taking.at, policy, taking.amount)
    if not isinstance(state, Allowed):
        return state
    lost = lost_until(book.unit.records.gaps(), taking.at, _longest(dosage, policy))
    if lost is not None:
        return NotYet(next_at=lost, sentence=LOST)
    if planned_is_due(book, plan, taking.at):
        return NotYet(next_at=None, sentence=_PLANNED)
    if is_stopped(book, plan, taking.at):
        return NotYet(next_at=None, sentence=STOPPED)
    return state


def _records(
    book: Book, plan: Plan, dosage: AsNeeded, policy: MissedPolicy, at: datetime
) -> tuple[Administration, ...]:
    """Return what was taken of this ingredient, from all plans together."""
    return intakes_of_ingredient(book, plan, at, _longest(dosage, policy))


def _longest(dosage: AsNeeded, policy: MissedPolicy) -> timedelta:
    """Return how far back an intake can matter."""
    rolling = policy.rolling
    return max(
        timedelta(hours=max(dosage.window_hours, dosage.min_gap_hours)),
        hours(policy.min_gap_hours),
        hours(rolling.window_hours) if rolling is not None else timedelta(),
    )


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
    policy = _policy(book, plan)
    records = _records(book, plan, dosage, policy, taking.at)
    state = intake_if_needed(dosage, records, record, policy)
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
