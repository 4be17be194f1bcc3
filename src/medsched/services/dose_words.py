"""Doses and phases in sentences for people: amount and pieces, old and new, from when.

Used by every surface (screen, calendar, message), so they all say the same.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from medsched.domain.amount import NBSP
from medsched.domain.course import NEVER
from medsched.domain.days import dose_days
from medsched.domain.dosage import largest_dose
from medsched.domain.medication import pieces_words
from medsched.domain.sig.clauses import not_daily
from medsched.domain.sig.write import sig_words
from medsched.domain.tablets import pieces_for
from medsched.domain.timing import AlternatingDose, AsNeeded, Cycle, OnDays, SameDose
from medsched.domain.words import date_words, days_words, frequency_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsched.domain.amount import Amount
    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.prescription import Prescription
    from medsched.domain.timing import Dosage


def dose_words(amount: Amount, prescription: Prescription) -> str:
    """Return amount and pieces: `25 mg: 1 tablet of 25 mg`."""
    medication = prescription.medication
    pieces = pieces_for(amount, medication, prescription.strengths)
    return f"{amount}: {pieces_words(pieces, medication.form)}"


def dosage_words(dosage: Dosage | None) -> str:
    """Return what is taken and how often: `25 mg twice a day`; amounts with their days."""
    if dosage is None:
        return "no doses"
    if isinstance(dosage, OnDays) and not isinstance(dosage.doses, SameDose):
        return sig_words(dosage, hours24=True).removeprefix("Take ")
    return f"{largest_dose(dosage)} {often_words(dosage)}"


def often_words(dosage: Dosage) -> str:
    """Return how often, and that it is not daily where somebody could think so."""
    if not isinstance(dosage, OnDays):
        return frequency_words(dosage)
    doses = dosage.doses
    if isinstance(doses, AlternatingDose) and None in doses.amounts:
        return f"{_turns_words(doses)}, NOT daily"
    return f"{frequency_words(dosage)}{not_daily(dosage)}"


def _turns_words(doses: AlternatingDose) -> str:
    """Return on which of its dose days a round of amounts has one."""
    taken = sum(1 for one in doses.amounts if one is not None)
    if (taken, len(doses.amounts)) == (1, 2):
        return "every other day"
    return f"on {taken} of every {len(doses.amounts)} days"


def step_words(course: Course, phase: CoursePhase) -> str:
    """Return the place of a phase in the plan: `step 3 of 4`."""
    return f"step{NBSP}{phase.number} of{NBSP}{course.phases[-1].number}"


def length_of(phase: CoursePhase) -> str:
    """Return how long a phase lasts: `4 days`, `21 doses`, or `until told otherwise`.

    A course of so many doses by the hour begins at any time of a day: 21 doses every 8 hours
    are 7 days, and on the calendar they touch 8.
    """
    if phase.doses is not None and phase.doses > 1:
        return f"{phase.doses}{NBSP}doses"
    if phase.last_day == NEVER:
        return "until told otherwise"
    return days_words((phase.last_day - phase.first_day).days + 1)


def pattern_words(phase: CoursePhase) -> str:
    """Return how a cycle and the like go on after a pause; empty where none does."""
    dosage = phase.dosage
    if phase.counted_from is None or not isinstance(dosage, OnDays):
        return ""
    since = f"counted from {date_words(phase.counted_from)}, as if there had been no pause"
    coming = next(dose_days(dosage.days, phase.pattern_day, phase.first_day, phase.last_day), None)
    first = "no dose is left" if coming is None else f"the next dose is on {date_words(coming[1])}"
    if not isinstance(dosage.days, Cycle):
        return f"The days go on by their calendar, {since}: {first}."
    on, off = dosage.days.on, dosage.days.off
    place = (phase.first_day - phase.counted_from).days % (on + off) + 1
    return (
        f"The cycle of {days_words(on)} with doses and {days_words(off)} without goes on by its"
        f" calendar, {since}: {date_words(phase.first_day)} is day {place} of {on + off}, and"
        f" {first}."
    )


def change_words(before: CoursePhase, after: CoursePhase) -> str:
    """Return a change of dose, old and new in words with its first date.

    The frequency is said once when it stays: `from 25 mg to 50 mg twice a day`.
    """
    first = date_words(after.first_day)
    old, new = before.dosage, after.dosage
    if old is not None and new is not None and _same_frequency(old, new):
        what = f"from {largest_dose(old)} to {largest_dose(new)} {often_words(new)}"
    else:
        before_words, after_words = (dosage_words(one) for one in (old, new))
        what = f"from {before_words} to {after_words}"
    return f"{what}, starting {first}"


def _same_frequency(old: Dosage, new: Dosage) -> bool:
    simple = all(
        not isinstance(one, AsNeeded)
        and (not isinstance(one, OnDays) or isinstance(one.doses, SameDose))
        for one in (old, new)
    )
    return simple and frequency_words(old) == frequency_words(new)


def changes(course: Course) -> Iterator[str]:
    """Yield every change of dose of a plan, in order."""
    for track in sorted({one.track for one in course.phases}):
        of_track = [one for one in course.phases if one.track == track]
        for before, after in pairwise(of_track):
            if before.dosage != after.dosage:
                yield change_words(before, after)
