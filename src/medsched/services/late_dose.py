"""What a late dose does to the later ones, where its policy moves them: a new revision."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from medsched.domain.after_late import later_doses
from medsched.domain.attribution import Punctuality, Settles
from medsched.domain.course import place_offset
from medsched.domain.dose import SECOND_PASS, TRACK_PLACES
from medsched.domain.missed_policy import AfterLate
from medsched.domain.prescription import Anchor, MovedDose
from medsched.domain.timing import AfterLastDose, EveryHours
from medsched.frozen import replace
from medsched.services.book import dose_id, phase_of_key
from medsched.services.ports import Revision, RevisionKind, RowKey
from medsched.services.revise import put_in_force

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.chart import Chart
    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.dose import DoseEvent
    from medsched.domain.prescription import Prescription
    from medsched.services.book import Book
    from medsched.services.ports import Plan

_AHEAD = timedelta(days=2)


def move_later_doses(
    book: Book, plan: Plan, found: Settles, chart: Chart, *, at: datetime, now: datetime
) -> None:
    """Move the doses after one taken at `at` as its policy says; most policies move none.

    Doses on the clock stay, or they would drift into the night. An interval counts from
    the dose that was taken.
    """
    if found.punctuality is Punctuality.EARLY:
        return
    prescription = book.revision(plan.number, plan.current).prescription
    moved = _moved(book, plan, found, chart, at)
    if moved is None or moved == prescription:
        return
    reason = "a late dose moved the later ones"
    _put_in_force(book, plan, moved, at=at, now=now, reason=reason)


def move_back(book: Book, plan: Plan, wrong: Administration, *, now: datetime) -> None:
    """Put the doses back that a record made in error had moved, but those settled since."""
    number = _moved_by(book, plan, wrong)
    if number is None:
        return
    prescription = book.revision(plan.number, plan.current).prescription
    then = book.revision(plan.number, number).prescription
    before = book.revision(plan.number, number - 1).prescription
    ours = set(then.moved) - set(before.moved)
    undone = {
        (one.day, one.slot)
        for one in ours & set(prescription.moved)
        if book.unit.records.settling(_dose_id(plan, one)) is None
    }
    kept = tuple(one for one in prescription.moved if (one.day, one.slot) not in undone)
    again = tuple(one for one in before.moved if (one.day, one.slot) in undone)
    anchor = before.anchor if prescription.anchor == then.anchor else prescription.anchor
    restored = replace(prescription, moved=(*kept, *again), anchor=anchor)
    if restored != prescription:
        reason = "the record that had moved the later doses was an error"
        _put_in_force(book, plan, restored, at=wrong.at, now=now, reason=reason)


def _moved_by(book: Book, plan: Plan, wrong: Administration) -> int | None:
    """Return the revision by which a record moved the later doses, None when it moved none."""
    found = (
        one.prescription.revision
        for one in book.unit.plans.revisions(plan.number)
        if one.kind is RevisionKind.LATE_DOSE
        and (one.created_at, one.effective_from) == (wrong.recorded_at, wrong.at)
    )
    return next(found, None)


def _dose_id(plan: Plan, moved: MovedDose) -> str:
    return dose_id(RowKey(plan.number, moved.day.toordinal(), moved.slot))


def _put_in_force(
    book: Book, plan: Plan, changed: Prescription, *, at: datetime, now: datetime, reason: str
) -> None:
    """Let a changed plan take effect at `at`; a draft that waits goes on waiting."""
    revision = Revision(
        prescription=replace(changed, revision=max(plan.current, plan.draft) + 1),
        created_at=now,
        effective_from=at,
        kind=RevisionKind.LATE_DOSE,
        reason=reason,
        ordered_by=changed.ordered_by,
    )
    day = now.astimezone(book.person.itinerary.zone_at(now)).date()
    draft = plan.draft
    after, _diff = put_in_force(book, plan, revision, until=day)
    if draft:
        book.unit.plans.save(replace(after, draft=draft))


def _moved(
    book: Book,
    plan: Plan,
    found: Settles,
    chart: Chart,
    at: datetime,
) -> Prescription | None:
    prescription = book.revision(plan.number, plan.current).prescription
    course = book.course(plan.number, plan.current)
    phase = _phase_now(course, found.dose)
    if phase is None:
        return None
    late = at - found.dose.due
    from_last = isinstance(phase.dosage, AfterLastDose)
    shifts = chart.policy.after_late is AfterLate.SHIFT and isinstance(phase.dosage, EveryHours)
    if from_last or (shifts and late > timedelta()):
        number = found.dose.slot - place_offset(phase)
        return replace(prescription, anchor=Anchor(at=at, dose=number, phase=phase.number))
    if found.punctuality is not Punctuality.LATE:
        return None
    later = [
        one
        for one in chart.doses
        if found.dose.due < one.due < found.dose.due + _AHEAD and one.id not in chart.settled
    ]
    new = later_doses(chart.policy, found.dose, at, later)
    changed = [after for before, after in zip(later, new, strict=True) if before.due != after.due]
    if not changed:
        return None
    keys = {(one.day, one.slot) for one in changed}
    kept = tuple(one for one in prescription.moved if (one.day, one.slot) not in keys)
    fresh = tuple(MovedDose(day=one.day, slot=one.slot, due=one.due) for one in changed)
    return replace(prescription, moved=(*kept, *fresh))


def _phase_now(course: Course, dose: DoseEvent) -> CoursePhase | None:
    """Return the phase of the course in force that a stored dose belongs to.

    The dose may have been written by an earlier revision, whose phases had other numbers.
    """
    revision, number = phase_of_key(dose.phase)
    if revision == course.revision:
        return course.phase(number)
    track = (dose.slot % SECOND_PASS - 1) // TRACK_PLACES
    for one in course.phases:
        if one.track == track and one.first_day <= dose.day <= one.last_day:
            return one
    return None
