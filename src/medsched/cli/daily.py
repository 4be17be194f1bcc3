"""`today` and `agenda`: doses with what became of them, and what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from medsched.cli.agenda_pages import agenda_page, today_page
from medsched.cli.events import event_json
from medsched.cli.session import Session, with_session
from medsched.cli.shapes import dose_json, findings_json
from medsched.cli.when import read_date
from medsched.errors import InvalidValue
from medsched.frozen import replace
from medsched.services import agenda as agendas
from medsched.services.beside import beside
from medsched.services.check import asked_first, stopping
from medsched.services.events import events_of
from medsched.services.folding import folded, paused
from medsched.services.plan import push_horizon
from medsched.services.sound_rows import NOTICE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medsched.domain.person import Itinerary
    from medsched.services.agenda import Agenda
    from medsched.services.beside import Beside, Needed
    from medsched.services.book import Book
    from medsched.services.events import DatedEvent

MOST_DAYS = 400


@click.command()
@with_session
def today(session: Session) -> None:
    """Show what is due today, what was taken, and what to do now."""
    _push(session)
    with session.reading() as (_unit, person, book):
        now = session.now(person.itinerary.home)
        found = agendas.today(book, now)
        local = now.astimezone(person.itinerary.zone_at(now)).date()
        dated = events_of(book, local, local, now)
        more = beside(book, now, {int(one.dose.prescription.id) for one in found.lines})
        stopped = stopping(book, now)
        found = replace(found, lines=asked_first(found.lines, stopped))
        stops = [one for _plan, one in stopped]
        lines, folds = folded(book, found.lines)
        folds += paused(book, local, {one.dose.prescription.id for one in found.lines})
        warn_of_damage(session, book)
    document = agenda_document(found, dated) | beside_document(more, person.itinerary, found.zone)
    document["findings"] = findings_json(stops)
    shown, held = replace(found, lines=lines), [one for one in folds if one.on_hold]
    session.print(document, lambda: today_page(shown, dated, more, stops, held))


@click.command()
@click.option("--from", "first", help="First day; today when left out.")
@click.option("--to", "last", help="Last day; six days after the first when left out.")
@with_session
def agenda(session: Session, first: str | None, last: str | None) -> None:
    """Show the doses of some days, with what became of them."""
    _push(session)
    with session.reading() as (_unit, person, book):
        zone = person.itinerary.home
        now = session.now(zone)
        local = now.astimezone(zone).date()
        since = read_date(first, local, subject="from") if first else local
        until = read_date(last, local, subject="to") if last else since + timedelta(days=6)
        if until < since:
            raise InvalidValue("to", until.isoformat(), f"use {since.isoformat()} or later")
        if (until - since).days >= MOST_DAYS:
            raise InvalidValue("to", until.isoformat(), f"show at most {MOST_DAYS} days at once")
        found = agendas.agenda(book, since, until, now)
        found = replace(found, lines=asked_first(found.lines, stopping(book, now)))
        dated = events_of(book, since, until, now)
        lines, folds = folded(book, found.lines)
        warn_of_damage(session, book)
    shown = replace(found, lines=lines)
    session.print(agenda_document(found, dated), lambda: agenda_page(shown, dated, folds))


def _push(session: Session) -> None:
    """Push the horizon of every plan forward once a day; under `--as-of` nothing is stored."""
    if session.as_of is not None:
        return
    with session.reading() as (_unit, person, book):
        now = session.now(person.itinerary.home)
        stale = _stale(session, book, now)
    if not stale:
        return
    with session.writing() as (unit, person, book):
        local = now.astimezone(person.itinerary.zone_at(now)).date()
        for plan in unit.plans.of_person(person.id):
            push_horizon(book, plan, local, session.app.settings.horizon_days)


def _stale(session: Session, book: Any, now: datetime) -> bool:
    local = now.astimezone(book.person.itinerary.zone_at(now)).date()
    until = (local + timedelta(days=session.app.settings.horizon_days)).toordinal()
    return any(one.stored_until < until for one in agendas.running(book))


def warn_of_damage(session: Session, book: Book) -> None:
    """Say on standard error when stored doses are not what their plan gives."""
    if book.damaged:
        session.say(f"{NOTICE} Doses: {', '.join(sorted(book.damaged))}.")


def beside_document(more: Beside, itinerary: Itinerary, name: str) -> dict[str, Any]:
    """Return what stands beside the doses: `next_at` is null while one is allowed now."""
    from zoneinfo import ZoneInfo

    from medsched.cli.shapes import administration_json
    from medsched.domain.as_needed import Allowed

    zone = ZoneInfo(name)

    def shown(one: Needed) -> dict[str, Any]:
        allowed = isinstance(one.state, Allowed)
        at = None if allowed else one.state.next_at
        return {
            "prescription": str(one.plan.number),
            "medication": one.plan.medication,
            "allowed": allowed,
            "next_at": None if at is None else at.astimezone(zone).isoformat(),
            "reason": one.state.sentence,
            "last": administration_json(one.last, None, itinerary),
        }

    return {
        "needed": [shown(one) for one in more.needed],
        "extra": [
            {
                "prescription": str(plan.number),
                "administration": administration_json(one, None, itinerary),
            }
            for plan, one in more.extras
        ],
        "coming": [dose_json(one.dose, one.status, one.advice) for one in more.coming],
    }


def agenda_document(found: Agenda, dated: Sequence[DatedEvent] = ()) -> dict[str, Any]:
    """Return the JSON document of an agenda."""
    from zoneinfo import ZoneInfo

    return {
        "as_of": found.as_of.astimezone(ZoneInfo(found.zone)).isoformat(),
        "zone": found.zone,
        "doses": [dose_json(one.dose, one.status, one.advice) for one in found.lines],
        "events": [event_json(one, ZoneInfo(found.zone)) for one in dated],
    }
