"""Record what happened: a dose taken, or deliberately not, or a record made in error.

One administration settles at most one dose, and each dose is settled at most once: the
domain says which, the store's constraint makes it so. Nothing that is stored is changed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from medsched.domain.administration import (
    Administration,
    AdministrationStatus,
    standing,
)
from medsched.domain.attribution import (
    Extra,
    NotThisDose,
    Settles,
    settle,
)
from medsched.domain.dose import UnknownDose, dose_key
from medsched.errors import InvalidValue
from medsched.frozen import replace
from medsched.services.agenda import chart_around
from medsched.services.book import ExplainedDose, instant, row_key, seconds
from medsched.services.choose import AROUND, attribution_of
from medsched.services.late_dose import move_back, move_later_doses
from medsched.services.outbox_changes import dose_reopened, dose_settled
from medsched.services.planning import beginning
from medsched.services.ports import AlreadySettled, Withdrawal
from medsched.services.record_refusals import (
    AlreadyRecorded,
    BeforeThePlan,
    NotAtThatTime,
    NothingToUndo,
    NotPlanned,
    NotYetTaken,
)
from medsched.services.taking import Recorded, Taking

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.chart import Chart
    from medsched.services.book import Book
    from medsched.services.ports import DoseRow, Plan, RowKey

_CLOCKS_DIFFER = timedelta(minutes=1)
"""A record made this little ahead of our clock counts as made now."""


def check_time(book: Book, plan: Plan, taking: Taking) -> Taking:
    """Refuse a time in the future, or before the plan began.

    Raises:
        NotYetTaken, BeforeThePlan: as they say.
    """
    zone = book.person.itinerary.zone_at(taking.now)
    if taking.at > taking.now + _CLOCKS_DIFFER:
        raise NotYetTaken(taking.at.astimezone(zone), taking.now.astimezone(zone))
    begin = beginning(book.course(plan.number, 1))
    if taking.at < begin:
        raise BeforeThePlan(taking.at.astimezone(zone), begin.astimezone(zone), plan.medication)
    return replace(taking, at=min(taking.at, taking.now))


def check_amount(book: Book, plan: Plan, amount: Amount | None) -> None:
    """Refuse an amount in another unit than the medicine's, or of nothing."""
    unit = book.revision(plan.number, plan.current).prescription.medication.unit
    if amount is not None and amount.unit is not unit:
        raise InvalidValue("amount", amount, f"say it in {unit}, as the plan does")
    if amount is not None and not amount:
        raise InvalidValue("amount", amount, "use `medsched skip` for a dose that was not taken")


def take_dose(book: Book, plan: Plan, text: str, taking: Taking) -> Recorded:
    """Record that the dose of an id was taken.

    Raises:
        AlreadyRecorded, NotAtThatTime, NotPlanned, UnknownDose: nothing is stored.
    """
    taking = check_time(book, plan, taking)
    check_amount(book, plan, taking.amount)
    book.unit.plans.lock(plan.number)
    key, row = row_of_dose(book, plan, text)
    low, high = sorted((taking.at, instant(row.due)))
    chart, rows = chart_around(book, plan, low - AROUND, high + AROUND)
    event = chart.dose(text)
    if event is None:
        raise UnknownDose(text)
    found = settle(event, taking.at, chart, taking.amount)
    dose = book.explain(next(one for one in rows if one[:3] == key))
    if isinstance(found, NotThisDose):
        raise _refusal(book, found, dose)
    return _settle(book, plan, taking, found, dose, chart)


def _refusal(
    book: Book, found: NotThisDose, dose: ExplainedDose
) -> AlreadyRecorded | NotAtThatTime:
    if found.settled_by is not None:
        zone = book.person.itinerary.zone_at(found.settled_by.at)
        return AlreadyRecorded(found.settled_by, dose.id, zone)
    return NotAtThatTime(dose, found.sentence)


def row_of_dose(book: Book, plan: Plan, text: str) -> tuple[RowKey, DoseRow]:
    """Return what names a dose of this plan, and its row.

    Raises:
        UnknownDose, NotPlanned: as they say.
    """
    key = row_key(dose_key(text))
    row = book.unit.plans.dose(key) if key is not None else None
    if key is None or key.prescription != plan.number:
        raise UnknownDose(text)
    if row is not None:
        return key, row
    gone = book.unit.plans.withdrawn_dose(key)
    if gone is None:
        raise UnknownDose(text)
    raise NotPlanned(text, "on hold" if gone.why is Withdrawal.HELD else "withdrawn")


def take_any(book: Book, plan: Plan, taking: Taking) -> Recorded:
    """Record that a plan's medicine was taken; the dose is found by the time.

    An intake at the time of a dose that is settled is refused, unless it is said to be an
    extra one; an intake that fits no dose is an extra dose: recorded, and loudly flagged.

    Raises:
        AlreadyRecorded: the dose of that time is settled; nothing is stored.
    """
    taking = check_time(book, plan, taking)
    check_amount(book, plan, taking.amount)
    book.unit.plans.lock(plan.number)
    found, chart = attribution_of(book, plan, taking)
    if isinstance(found, Settles):
        row = book.unit.plans.dose(_key(found.dose.id))
        if row is None:
            raise UnknownDose(found.dose.id)
        return _settle(book, plan, taking, found, book.explain(row), chart)
    if not taking.extra:
        _refuse_second(book, taking.at, chart)
    return _extra(book, plan, taking, found)


def _key(text: str) -> RowKey:
    key = row_key(dose_key(text))
    assert key is not None  # noqa: S101  # the id of a stored dose
    return key


def _refuse_second(book: Book, at: datetime, chart: Chart) -> None:
    """Refuse an intake at the time of a dose that is settled already."""
    for dose in chart.doses:
        record = chart.settled.get(dose.id)
        window = chart.window(dose)
        if record is not None and window.on_time_from <= at <= window.take_until:
            zone = book.person.itinerary.zone_at(record.at)
            raise AlreadyRecorded(record, dose.id, zone, at)


def _settle(
    book: Book, plan: Plan, taking: Taking, found: Settles, dose: ExplainedDose, chart: Chart
) -> Recorded:
    record = _completed(plan, taking, dose.id)
    try:
        stored = book.unit.records.append(record)
    except AlreadySettled as taken:
        zone = book.person.itinerary.zone_at(taken.settled_by.at)
        raise AlreadyRecorded(taken.settled_by, dose.id, zone) from None
    dose_settled(book.unit, dose.row, stored.id, seconds(taking.now))
    move_later_doses(book, plan, found, chart, at=taking.at, now=taking.now)
    return Recorded(record=stored, sentence=found.sentence, dose=dose, finding=found.finding)


def _extra(book: Book, plan: Plan, taking: Taking, found: Extra) -> Recorded:
    stored = book.unit.records.append(_completed(plan, taking, ""))
    return Recorded(record=stored, sentence="Recorded as an extra dose.", finding=found.finding)


def _completed(plan: Plan, taking: Taking, dose: str) -> Administration:
    return Administration(
        prescription=str(plan.number),
        status=AdministrationStatus.COMPLETED,
        at=taking.at,
        recorded_at=taking.now,
        dose=dose,
        by=taking.by,
        amount=taking.amount,
        token=taking.token,
    )


def skip_dose(
    book: Book, plan: Plan, text: str, *, reason: str, by: str, now: datetime
) -> Recorded:
    """Record that a dose is deliberately not taken.

    Raises:
        AlreadyRecorded, NotPlanned, UnknownDose: nothing is stored.
    """
    book.unit.plans.lock(plan.number)
    _key_of_it, row = row_of_dose(book, plan, text)
    dose = book.explain(row)
    record = Administration(
        prescription=str(plan.number),
        status=AdministrationStatus.NOT_DONE,
        at=now,
        recorded_at=now,
        dose=dose.id,
        by=by,
        reason=reason,
    )
    try:
        stored = book.unit.records.append(record)
    except AlreadySettled as taken:
        zone = book.person.itinerary.zone_at(taken.settled_by.at)
        raise AlreadyRecorded(taken.settled_by, dose.id, zone) from None
    dose_settled(book.unit, row, stored.id, seconds(now))
    sentence = "Recorded as not taken. Never take two doses at once to make up for it."
    return Recorded(record=stored, sentence=sentence, dose=dose)


def undo(
    book: Book, plan: Plan, wrong: Administration, *, reason: str, by: str, now: datetime
) -> Recorded:
    """Mark a record as entered in error; the record stays, and its dose is open again."""
    book.unit.plans.lock(plan.number)
    correction = Administration(
        prescription=wrong.prescription,
        status=AdministrationStatus.ENTERED_IN_ERROR,
        at=now,
        recorded_at=now,
        dose=wrong.dose,
        by=by,
        reason=reason,
        corrects=wrong.id,
    )
    if wrong.dose:
        book.unit.records.release(wrong.dose)
    stored = book.unit.records.append(correction)
    locked = book.unit.plans.get(plan.number)
    if locked is not None and wrong.status is AdministrationStatus.COMPLETED:
        move_back(book, locked, wrong, now=now)
    row = book.unit.plans.dose(_key(wrong.dose)) if wrong.dose else None
    if row is not None:
        dose_reopened(book.unit, row)
    dose = None if row is None else book.explain(row)
    return Recorded(
        record=stored, sentence="The record stays, marked as entered in error.", dose=dose
    )


def last_record(book: Book, plans: list[Plan], text: str) -> Administration:
    """Return the standing record of a dose's id, or the one made last when none is named.

    A medicine's name stands for its last record.

    Raises:
        NothingToUndo: there is none.
    """
    named = [one for one in plans if one.medication.lower() == text.strip().lower()]
    records = standing(book.unit.records.of_plans([one.number for one in named or plans]))
    text = "" if named else text
    kept = [one for one in records if not text or one.dose == text or str(one.id) == text]
    if not kept:
        raise NothingToUndo(f"dose {text}" if text else "undo")
    return max(kept, key=lambda one: (one.recorded_at, one.id))
