"""`events` and `stock`: dated events besides doses, and how long the tablets last."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from medsched.cli.pages import wrapped
from medsched.cli.session import Session, with_session
from medsched.cli.when import read_date
from medsched.domain.amount import decimal, number_words
from medsched.domain.monitoring_rules import MonitoringKind
from medsched.domain.plain_words import date_words
from medsched.errors import InvalidValue
from medsched.services import events as dated
from medsched.services.plan import find_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.domain.supply import Supply
    from medsched.services.events import DatedEvent

_KINDS = click.Choice([one.value for one in MonitoringKind])


@click.group()
def events() -> None:
    """Look at check-ins, readings and refills, and switch each kind on or off."""


@events.command("list")
@click.option("--from", "first", help="First day; today when left out.")
@click.option("--to", "last", help="Last day; 30 days after the first when left out.")
@with_session
def list_events(session: Session, first: str | None, last: str | None) -> None:
    """List the dated events of some days."""
    with session.reading() as (_unit, person, book):
        zone = person.itinerary.home
        now = session.now(zone)
        today = now.astimezone(zone).date()
        since = read_date(first, today, subject="from") if first else today
        until = read_date(last, today, subject="to") if last else since + timedelta(days=30)
        found = dated.events_of(book, since, until, now)
    session.print({"events": [event_json(one, zone) for one in found]}, lambda: events_page(found))


@events.command("on")
@click.argument("kind", type=_KINDS)
@with_session
def switch_on(session: Session, kind: str) -> None:
    """Switch a KIND of events on."""
    _switch(session, kind, on=True)


@events.command("off")
@click.argument("kind", type=_KINDS)
@with_session
def switch_off(session: Session, kind: str) -> None:
    """Switch a KIND of events off."""
    _switch(session, kind, on=False)


def _switch(session: Session, kind: str, *, on: bool) -> None:
    with session.writing() as (_unit, person, book):
        dated.switch(book, MonitoringKind(kind), session.now(person.itinerary.home), on=on)
    word = "on" if on else "off"
    session.print({"kind": kind, "on": on}, lambda: f"Switched {word}: {kind}.")


def event_json(one: DatedEvent, zone: ZoneInfo) -> dict[str, Any]:
    """Return a dated event, on the clock of `zone`."""
    event = one.event
    return {
        "id": event.id,
        "day": event.day.isoformat(),
        "at": None if event.at is None else event.at.astimezone(zone).isoformat(),
        "kind": event.kind.value,
        "prescription": str(one.plan.number),
        "medication": one.plan.medication,
        "text": event.text,
        "urgent": event.urgent_text,
        "rule": event.rule,
    }


def events_page(found: Sequence[DatedEvent]) -> str:
    """Return events, each with its day, what it asks and whom to call at once."""
    if not found:
        return "No check-ins, readings or refills in these days."
    return "\n".join(event_lines(one) for one in found)


def event_lines(one: DatedEvent) -> str:
    """Return one event."""
    event = one.event
    head = f"{date_words(event.day)}: {event.kind.value} ({one.plan.medication}). {event.text}"
    urgent = f"\n{wrapped(event.urgent_text, '    ')}" if event.urgent_text else ""
    return wrapped(head, "  ") + urgent


@click.command()
@click.argument("prescription")
@click.option("--count", "counted", help="What is there now, such as '50 mg: 42, 25 mg: 8'.")
@with_session
def stock(session: Session, prescription: str, counted: str | None) -> None:
    """Count the tablets of PRESCRIPTION, or see how long they last."""
    with session.writing() as (unit, person, book):
        now = session.now(person.itinerary.home)
        plan = find_plan(unit, person, prescription)
        medication = book.revision(plan.number, max(plan.current, 1)).prescription.medication
        if counted:
            dated.count_stock(book, plan, read_counts(counted, medication), now)
        left = dated.supply_of(book, plan, now)
    session.print(stock_json(left), lambda: stock_page(left, plan.medication))


def read_counts(text: str, medication: Medication) -> dict[Amount, Decimal]:
    """Read pieces per strength, such as `50 mg: 42, 25 mg: 8`."""
    from medsched.domain.amount import amount

    found = {}
    for part in text.split(","):
        strength, colon, count = part.partition(":")
        if not colon:
            raise InvalidValue("count", repr(part.strip()), "write it as '50 mg: 42'")
        one = amount(strength.strip(), subject="strength")
        if one not in medication.strengths:
            known = ", ".join(str(it) for it in medication.strengths)
            raise InvalidValue("strength", one, f"use one of {known}")
        found[one] = decimal(count.strip(), subject="count")
    return found


def stock_json(left: Supply | None) -> dict[str, Any]:
    """Return what is left and until when."""
    if left is None:
        return {"counted": False, "left": {}, "runs_out": None, "refill_on": None}
    return {
        "counted": True,
        "left": {one.digits: f"{count.normalize():f}" for one, count in left.left.items()},
        "runs_out": None if left.runs_out is None else left.runs_out.isoformat(),
        "refill_on": None if left.refill_on is None else left.refill_on.isoformat(),
    }


def stock_page(left: Supply | None, medication: str) -> str:
    """Return what is left in words."""
    if left is None:
        return f"{medication}: never counted. Count with: medsched stock NUMBER --count '50 mg: 42'"
    lines = [f"{medication}, left now:"]
    lines += [f"  {number_words(count)} of {one}" for one, count in left.left.items()]
    if left.runs_out is None:
        lines.append("Enough for all doses that are planned.")
    else:
        lines.append(f"Not enough from {date_words(left.runs_out)} on.")
        if left.refill_on is not None:
            lines.append(f"Get more by {date_words(left.refill_on)}.")
    return "\n".join(lines)
