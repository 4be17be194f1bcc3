"""Doses become entries of a calendar.

An entry's UID comes from the dose's id, its version from the revision that last changed
the dose and from what was recorded about it: the same facts always give the same entry,
and no clock is read.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from medsched.domain.administration import AdministrationStatus, standing
from medsched.domain.medication import pieces_words
from medsched.domain.words import date_words
from medsched.services.book import explain_draft, seconds
from medsched.services.dose_words import change_words, step_words
from medsched.services.feed_entry import CalendarForm, EntryStatus, FeedEntry, TimesForm
from medsched.services.ports import Withdrawal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medsched.domain.administration import Administration
    from medsched.domain.person import Person
    from medsched.domain.protocol import Protocol
    from medsched.services.book import Book, ExplainedDose
    from medsched.services.planning import DraftPlan
    from medsched.services.ports import Plan, WithdrawnDose

DISCLAIMER: Final = (
    "For information only, no medical advice. Ask your doctor or pharmacist before you"
    " start, stop or change a medicine."
)
_PROPOSED: Final = "Proposed, not confirmed by a prescriber."


def entry_uid(key: str, dose: str) -> str:
    """Return the UID of a dose's entry: the same in file, feed and CalDAV, for ever.

    It comes from the prescription's key and the dose's day and place, so a moved or
    changed dose keeps it.
    """
    return str(uuid5(UUID(key), dose.partition("-")[2]))


def draft_entries(plan: DraftPlan) -> list[FeedEntry]:
    """Return the entries of a plan that is only shown; its version is that of its rules."""
    dated = plan.protocol.dated or plan.prescription.start
    revised = datetime.combine(dated, time(0), tzinfo=UTC)
    doses = explain_draft(plan.events, plan.prescription, plan.course)
    return [
        _entry(one, plan.protocol, sequence=0, revised=revised, notes=(_PROPOSED,), alarms=(0,))
        for one in doses
    ]


def plan_entries(
    book: Book, plans: Sequence[Plan], since: datetime, until: datetime
) -> list[FeedEntry]:
    """Return the entries of stored, active plans with `since` <= due < `until`.

    A taken or skipped dose keeps its entry and loses its alarm.
    """
    found: list[FeedEntry] = []
    for plan in plans:
        records = _by_dose(book.unit.records.of_plans([plan.number]))
        for row in book.rows(plan, since, until):
            dose = book.explain(row)
            about = records.get(dose.id, [])
            changed = book.revision(plan.number, row.revision).created_at
            found.append(
                _entry(
                    dose,
                    book.protocol(dose.prescription),
                    sequence=row.sequence + len(about),
                    revised=_whole(max([changed, *(one.recorded_at for one in about)])),
                    notes=_settled_words(about, book.person),
                    alarms=() if standing(about) else (0,),
                )
            )
    return found


def withdrawn_entries(
    book: Book, plans: Sequence[Plan], since: datetime, until: datetime
) -> list[FeedEntry]:
    """Return CANCELLED entries of doses that were planned and are not meant any more."""
    numbers = [one.number for one in plans]
    gone = book.unit.plans.withdrawn(numbers, seconds(since), seconds(until))
    return [_withdrawn(book, one) for one in gone]


def _withdrawn(book: Book, gone: WithdrawnDose) -> FeedEntry:
    before = gone.row._replace(revision=max(gone.row.revision - 1, 1))
    dose = book.explain(before)
    revision = book.revision(gone.row.prescription, gone.row.revision)
    why = "on hold" if gone.why is Withdrawal.HELD else "no longer planned"
    return FeedEntry(
        uid=entry_uid(dose.prescription.key, dose.id),
        starts=dose.due,
        zone=str(dose.local.tzinfo),
        summary=f"Not to be taken: {dose.prescription.medication.name}",
        description=f"This dose is {why}.",
        sequence=gone.row.sequence,
        revised=_whole(revision.created_at),
        status=EntryStatus.CANCELLED,
        alarms=(),
    )


def file_form(
    name: str, times: TimesForm = TimesForm.UTC, *, compact: bool = False
) -> CalendarForm:
    """Return how a calendar file is written: no hint to refresh, for nobody fetches it again."""
    return CalendarForm(name=name, times=times, compact=compact, refresh_minutes=None)


def _entry(
    dose: ExplainedDose,
    protocol: Protocol,
    *,
    sequence: int,
    revised: datetime,
    notes: tuple[str, ...],
    alarms: tuple[int, ...],
) -> FeedEntry:
    medication = dose.prescription.medication
    pieces = pieces_words(dose.pieces, medication.form)
    return FeedEntry(
        uid=entry_uid(dose.prescription.key, dose.id),
        starts=dose.due,
        zone=str(dose.local.tzinfo),
        summary=f"{medication.name} {dose.amount}: {pieces}",
        description="\n".join(_lines(dose, protocol, notes)),
        sequence=sequence,
        revised=revised,
        alarms=alarms,
    )


def _lines(dose: ExplainedDose, protocol: Protocol, notes: tuple[str, ...]) -> Iterable[str]:
    medication, phase = dose.prescription.medication, dose.phase
    pieces = pieces_words(dose.pieces, medication.form)
    yield f"Take {pieces} ({dose.amount}) {medication.route.value}."
    yield f"{step_words(dose.course, phase).capitalize()} ({phase.kind.value})."
    change = _change(dose)
    if change:
        yield f"Change of dose: {change}."
    yield from notes
    if protocol.texts.late_line:
        yield protocol.texts.late_line
    yield protocol.texts.disclaimer or DISCLAIMER


def _change(dose: ExplainedDose) -> str:
    """Return the change of dose in words on the first day of a phase, else nothing."""
    phase = dose.phase
    if dose.day != phase.first_day:
        return ""
    before = [
        one for one in dose.course.phases if one.track == phase.track and one.number < phase.number
    ]
    if not before or before[-1].dosage == phase.dosage:
        return ""
    return change_words(before[-1], phase)


def _settled_words(records: list[Administration], person: Person) -> tuple[str, ...]:
    kept = standing(records)
    if not kept:
        return ()
    local = kept[-1].at.astimezone(person.itinerary.zone_at(kept[-1].at))
    done = kept[-1].status is AdministrationStatus.COMPLETED
    word = "Taken" if done else "Skipped"
    return (f"{word} on {date_words(local.date())} at {local:%H:%M}.",)


def _by_dose(records: Iterable[Administration]) -> dict[str, list[Administration]]:
    """Return the records of each dose, corrections with what they correct."""
    found: dict[str, list[Administration]] = {}
    for one in records:
        if one.dose:
            found.setdefault(one.dose, []).append(one)
    return found


def _whole(at: datetime) -> datetime:
    """Return an instant in whole seconds, never earlier than what it stands for."""
    return at.replace(microsecond=0) + (timedelta(seconds=1) if at.microsecond else timedelta())
