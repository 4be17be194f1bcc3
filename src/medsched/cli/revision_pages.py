"""The pages of amendments: what the plan is now, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.cli.pages import findings_part, step_sentence, wrapped
from medsched.domain.prescription import Status
from medsched.domain.timing import Cycle, OnDays
from medsched.domain.words import date_words, days_words
from medsched.services.dose_words import pattern_words
from medsched.services.ending import end_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.domain.course import Course, CoursePhase
    from medsched.services.amend import Amended
    from medsched.services.book import Book, ExplainedDose
    from medsched.services.ports import DoseRow
    from medsched.services.revise import Diff

_SHOWN: Final = "Shown only: nothing is stored."


def amended_page(book: Book, done: Amended, *, preview: bool = False) -> str:
    """Return what an amendment made: in force or draft, the steps from now on, the changes."""
    revision = done.revision
    number, prescription = done.plan.number, revision.prescription
    course = book.resolve(prescription)
    first = revision.effective_from.astimezone(course.itinerary.zone_at(revision.effective_from))
    head = f"Prescription {number}, revision {prescription.revision} ({revision.kind.value})"
    steps = [
        wrapped(f"Step {one.number} ({one.kind.value}): {step_sentence(one, prescription)}.", "  ")
        for one in course.phases
        if one.last_day >= first.date()
    ]
    patterns = [_pattern(one) for one in course.phases if one.last_day >= first.date()]
    parts = [
        f"{head}, from {date_words(first.date())}.",
        wrapped(_SHOWN if preview else _standing(done)),
        "Steps from then on\n" + ("\n".join(steps) or "  No more doses."),
        *(wrapped(one) for one in patterns),
        wrapped(_end(done, course)),
        diff_page(book, done.diff),
        *_once(book, done),
        findings_part(done.findings),
    ]
    return "\n\n".join(part for part in parts if part)


def _pattern(phase: CoursePhase) -> str:
    """Return how the pattern of a step goes on after a pause, and how it would begin anew."""
    words = pattern_words(phase)
    if (
        not words
        or not isinstance(phase.dosage, OnDays)
        or not isinstance(phase.dosage.days, Cycle)
    ):
        return words
    return f"{words} If the prescriber ordered a new cycle instead, say --new-cycle as well."


def _once(book: Book, done: Amended) -> list[str]:
    """Return which doses other clock times put off, or leave out, on the way from old to new."""
    before, after = done.before, done.revision.prescription
    if before.slots == after.slots:
        return []
    zone = book.person.itinerary.zone_at(done.revision.effective_from)
    lines = [
        f"Once, the dose of {date_words(one.day)} is at {one.due.astimezone(zone):%H:%M}: its new"
        " time is over by now, or too soon after the dose before it."
        for one in after.moved
        if one not in before.moved
    ]
    lines += [
        f"Left out, once: {_when(one)} {one.amount}. At its new time it would be too soon after"
        " the dose before it. Never take two doses to make up for it."
        for one in _old(book, done.diff.removed)
    ]
    return [wrapped(one) for one in lines]


def _end(done: Amended, course: Course) -> str:
    on_hold = done.revision.prescription.status is Status.ON_HOLD
    return end_words(done.end_before, course, on_hold=on_hold)


def _standing(done: Amended) -> str:
    number = done.plan.number
    if done.revision.prescription.status is Status.DRAFT:
        return (
            "This is a proposal, not confirmed by a prescriber: nothing has changed yet. Put it"
            f" in force with: medsched confirm {number} --ordered-by NAME"
        )
    by = done.revision.ordered_by
    return f"In force, ordered by {by}." if by else "In force."


def diff_page(book: Book, diff: Diff) -> str:
    """Return what changed in the doses, in counts and in the first of each."""
    if not diff:
        return "No dose changes."
    lines = [
        _group("added", [book.explain(one) for one in diff.added]),
        _group("removed", _old(book, diff.removed)),
        _changed(book, diff),
    ]
    return "What changes\n" + "\n".join(line for line in lines if line)


def _old(book: Book, rows: Sequence[DoseRow]) -> list[ExplainedDose]:
    return [book.explain(one) for one in rows]


def _group(word: str, doses: list[ExplainedDose]) -> str:
    if not doses:
        return ""
    days = len({one.day for one in doses})
    return wrapped(
        f"- {_count(len(doses))} {word} on {days_words(days)}, the first:"
        f" {_when(doses[0])} {doses[0].amount}",
        "  ",
    )


def _changed(book: Book, diff: Diff) -> str:
    if not diff.changed:
        return ""
    before, after = (book.explain(one) for one in diff.changed[0])
    return wrapped(
        f"- {_count(len(diff.changed))} changed, the first: from {_when(before)} {before.amount}"
        f" to {_when(after)} {after.amount}",
        "  ",
    )


def _count(doses: int) -> str:
    return "1 dose" if doses == 1 else f"{doses} doses"


def _when(dose: ExplainedDose) -> str:
    return f"{date_words(dose.day)}, {dose.local:%H:%M},"
