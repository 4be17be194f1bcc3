"""Dated events besides doses, of all plans of a person: check-ins, readings, refills.

They ask and route; they never score and never advise a dose. Each kind can be switched
off by itself. Agenda, calendar and reminders take them from here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import Amount
from medsched.domain.monitoring import MonitoringEvent, monitoring_events
from medsched.domain.monitoring_rules import MonitoringKind
from medsched.domain.prescription import Status
from medsched.domain.supply import Supply, supply, used_since
from medsched.domain.timeline import doses_of_days
from medsched.frozen import frozen
from medsched.services.agenda import chart_around, followed
from medsched.services.book import instant, seconds

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.chart import Chart
    from medsched.services.book import Book
    from medsched.services.ports import Json, Plan

SWITCHES: Final = "events"
STOCK: Final = "stock"
_FAR: Final = timedelta(days=400)


@frozen
class DatedEvent:
    """One event with the plan that it belongs to."""

    plan: Plan
    event: MonitoringEvent


def events_of(book: Book, first: date, last: date, now: datetime) -> list[DatedEvent]:
    """Return the events of the local days `first` to `last`, inclusive, by day, then kind."""
    switches = switches_of(book)
    found = [
        DatedEvent(plan=plan, event=one)
        for plan in followed(book)
        for one in _of_plan(book, plan, first, _last_asked(book, plan, last), now, switches)
    ]
    return sorted(found, key=lambda one: (one.event.day, one.event.kind, one.event.id))


def _last_asked(book: Book, plan: Plan, last: date) -> date:
    """Return up to which day a plan asks anything: one on hold asks no more.

    One that was stopped has its last check-ins and the end of its washout ahead.
    """
    if plan.status is not Status.ON_HOLD:
        return last
    until = book.revision(plan.number, plan.current).effective_from
    day = until.astimezone(book.person.itinerary.zone_at(until)).date()
    return min(last, day - timedelta(days=1))


def _of_plan(
    book: Book,
    plan: Plan,
    first: date,
    last: date,
    now: datetime,
    switches: dict[MonitoringKind, bool],
) -> tuple[MonitoringEvent, ...]:
    prescription = book.revision(plan.number, plan.current).prescription
    left = supply_of(book, plan, now)
    ends = None if left is None or left.runs_out is None else left.runs_out - timedelta(days=1)
    return monitoring_events(
        book.protocol(prescription),
        book.course(plan.number, plan.current),
        book.person,
        ends,
        since=first,
        until=last + timedelta(days=1),
        switches=switches,
    )


def switches_of(book: Book) -> dict[MonitoringKind, bool]:
    """Return the kinds that the person switched on or off."""
    stored = book.unit.settings.get(book.person.id, SWITCHES)
    named = stored if isinstance(stored, dict) else {}
    return {kind: bool(named[kind.value]) for kind in MonitoringKind if kind.value in named}


def switch(book: Book, kind: MonitoringKind, now: datetime, *, on: bool) -> None:
    """Switch one kind of events on or off for the person."""
    named: dict[str, Json] = {one.value: value for one, value in switches_of(book).items()}
    named[kind.value] = on
    book.unit.settings.put(book.person.id, SWITCHES, named, now)


def count_stock(book: Book, plan: Plan, counted: dict[Amount, Decimal], now: datetime) -> None:
    """Note how many pieces of each strength are there now."""
    stored = book.unit.settings.get(book.person.id, STOCK)
    named = dict(stored) if isinstance(stored, dict) else {}
    named[str(plan.number)] = {
        "at": seconds(now),
        "pieces": {strength.digits: f"{count:f}" for strength, count in counted.items()},
    }
    book.unit.settings.put(book.person.id, STOCK, named, now)


def supply_of(book: Book, plan: Plan, now: datetime) -> Supply | None:
    """Return what is left of a plan's medicine and when it runs out; None when never counted."""
    stored = book.unit.settings.get(book.person.id, STOCK)
    named = stored.get(str(plan.number)) if isinstance(stored, dict) else None
    if not isinstance(named, dict):
        return None
    prescription = book.revision(plan.number, plan.current).prescription
    medication = prescription.medication
    pieces = named["pieces"]
    assert isinstance(pieces, dict)  # noqa: S101  # written by `count_stock`
    counted = {
        Amount(Decimal(digits), medication.unit): Decimal(str(count))
        for digits, count in pieces.items()
    }
    at = instant(int(str(named["at"])))
    chart: Chart = chart_around(book, plan, at, now)[0]
    course = book.course(plan.number, plan.current)
    today = now.astimezone(book.person.itinerary.zone_at(now)).date()
    planned = [one for one in doses_of_days(course, today, today + _FAR) if one.due > now]
    used = used_since(chart, at, now)
    return supply(counted, used, planned, medication, prescription.strengths)
