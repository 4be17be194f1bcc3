"""Which plan and which dose a person means who names a medicine, an id, or nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.attribution import Punctuality, Settles, attribute
from medsched.domain.dose import DoseStatus, UnknownDose, dose_key
from medsched.domain.timing import AsNeeded
from medsched.domain.words import date_words
from medsched.services.agenda import chart_around, followed, plan_lines
from medsched.services.plan import find_plan
from medsched.services.record_refusals import NoneIsOpen, WhichDose

if TYPE_CHECKING:
    from datetime import date, datetime

    from medsched.domain.attribution import Extra
    from medsched.domain.chart import Chart
    from medsched.domain.course import Course
    from medsched.services.agenda import AgendaLine
    from medsched.services.book import Book
    from medsched.services.ports import Plan
    from medsched.services.taking import Taking

AROUND: Final = timedelta(days=2)
"""An intake is about doses that are no further from it."""

_DOSE_ID: Final = r"[A-Za-z0-9]+-\d{8}-\d{1,5}"
_OPEN: Final = frozenset({DoseStatus.DUE, DoseStatus.LATE})


def is_dose_id(text: str) -> bool:
    """Return whether a text is written like the id of a dose."""
    return re.fullmatch(_DOSE_ID, text) is not None


def plan_of_dose(book: Book, text: str) -> Plan:
    """Return the plan of a dose id, when it is this person's.

    Raises:
        UnknownDose: it is somebody else's, or nobody's.
    """
    number = dose_key(text).prescription
    for one in followed(book):
        if str(one.number) == number:
            return one
    raise UnknownDose(text)


def plan_taken(book: Book, text: str, taking: Taking) -> Plan:
    """Return the plan whose medicine was taken, named or found by the time.

    A dose that is due is meant before one that would be early.

    Raises:
        WhichDose: more than one plan has a dose at that time, or none and several run.
    """
    if text:
        return _plan_named(book, text, taking.at)
    plans = [
        one
        for one in followed(book)
        if not ended(book.course(one.number, one.current), book, taking.at)
    ]
    if len(plans) == 1:
        return plans[0]
    found = [(one, attribution_of(book, one, taking)[0]) for one in plans]
    settling = [(one, it) for one, it in found if isinstance(it, Settles)]
    fitting = [one for one, _it in settling]
    timely = [one for one, it in settling if it.punctuality is not Punctuality.EARLY]
    for only in (timely, fitting):
        if len(only) == 1:
            return only[0]
    raise WhichDose([f"{one.number} ({one.medication})" for one in fitting or plans])


def _plan_named(book: Book, text: str, at: datetime) -> Plan:
    """Return the plan of a medicine; of an earlier one that is over and a new one the new one."""
    going = [
        one
        for one in followed(book)
        if one.medication.lower() == text.lower()
        and not ended(book.course(one.number, one.current), book, at)
    ]
    return going[0] if len(going) == 1 else find_plan(book.unit, book.person, text)


def ended(course: Course, book: Book, at: datetime) -> bool:
    """Return whether a course was over for good two days before an instant."""
    day = at.astimezone(book.person.itinerary.zone_at(at)).date()
    return course.last_day < day - timedelta(days=2)


def open_dose(book: Book, text: str, now: datetime) -> AgendaLine:
    """Return the one dose that is open now, of a named medicine or of any.

    One that is still to come is named by its id: a command that is given twice must not
    go on to the next dose.

    Raises:
        WhichDose: several are open, or none is planned.
        NoneIsOpen: the next one is still to come.
    """
    plans = [_plan_named(book, text, now)] if text else followed(book)
    lines = [line for plan in plans for line in _near(book, plan, now)]
    waiting = [one for one in lines if one.status in _OPEN]
    coming = [one for one in lines if one.status is DoseStatus.UPCOMING]
    if coming and not waiting:
        first = min(one.dose.due for one in coming)
        raise NoneIsOpen([_named(one) for one in coming if one.dose.due == first])
    if len(waiting) == 1:
        return waiting[0]
    raise WhichDose([_named(one) for one in waiting])


def _near(book: Book, plan: Plan, now: datetime) -> list[AgendaLine]:
    return plan_lines(book, plan, now - timedelta(days=2), now + timedelta(days=2), now)


def _named(one: AgendaLine) -> str:
    dose = one.dose
    when = f"{date_words(dose.day)}, {dose.local:%H:%M}"
    return f"{dose.id} ({dose.prescription.medication.name}, {when})"


def as_needed_dosage(book: Book, plan: Plan, day: date) -> AsNeeded | None:
    """Return the dosage of a plan that is taken only if needed on a day, else None."""
    for phase in book.course(plan.number, plan.current).phases:
        if phase.first_day <= day <= phase.last_day and isinstance(phase.dosage, AsNeeded):
            return phase.dosage
    return None


def is_dated(book: Book, plan: Plan, taking: Taking) -> bool:
    """Return whether an intake would settle a dated dose of a plan, not one only if needed.

    Far ahead of a dated dose it is one only if needed: that dose is still meant.
    """
    found, _chart = attribution_of(book, plan, taking)
    return isinstance(found, Settles) and found.punctuality is not Punctuality.EARLY


def attribution_of(book: Book, plan: Plan, taking: Taking) -> tuple[Settles | Extra, Chart]:
    """Return what an intake of a plan's medicine would settle, and the chart it was read from."""
    chart, _rows = chart_around(book, plan, taking.at - AROUND, taking.at + AROUND)
    return attribute(taking.at, chart, taking.amount), chart
