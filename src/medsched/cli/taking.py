"""`take`, `skip`, `undo`, `history` and `adherence`: what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from medsched.cli.session import Session, with_session
from medsched.cli.shapes import administration_json, dose_json
from medsched.cli.taking_pages import adherence_page, history_page, recorded_page
from medsched.cli.when import read_date, read_moment
from medsched.domain.amount import amount as read_amount
from medsched.domain.walltime import instant_at
from medsched.errors import InvalidValue
from medsched.services import record
from medsched.services.agenda import followed, plan_lines
from medsched.services.choose import (
    as_needed_dosage,
    is_dated,
    is_dose_id,
    open_dose,
    plan_of_dose,
    plan_taken,
)
from medsched.services.history import history as read_history
from medsched.services.record_refusals import AlreadyRecorded
from medsched.services.taking import Recorded, Taking

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.services.book import Book


@click.command()
@click.argument("dose", default="")
@click.option("--at", "when", help="When it was taken: 08:15, 'yesterday 20:10'; now by default.")
@click.option("--amount", help="What was taken, when it was not the planned amount.")
@click.option("--by", default="", help="Who records it.")
@click.option("--extra", is_flag=True, help="A second one was taken, beyond the plan.")
@with_session
def take(session: Session, dose: str, when: str | None, *, extra: bool, **options: Any) -> None:
    """Record a DOSE as taken: an id, a medicine's name, or nothing when only one can be meant."""
    amount = None if options["amount"] is None else read_amount(options["amount"])
    try:
        with session.writing() as (_unit, person, book):
            zone = person.itinerary.home
            now = session.now(zone)
            zone = person.itinerary.zone_at(now)
            at = now if when is None else read_moment(when, now, zone, subject="at")
            taking = Taking(at=at, now=now, by=options["by"], amount=amount, extra=extra)
            done = _take(book, dose, taking)
            document = _document(book, done, now)
    except AlreadyRecorded as already:
        _print_already(session, already)
        raise
    session.print(document, lambda: recorded_page(done, document))


def _take(book: Book, text: str, taking: Taking) -> Recorded:
    from medsched.services.need import take_if_needed

    if is_dose_id(text):
        return record.take_dose(book, plan_of_dose(book, text), text, taking)
    plan = plan_taken(book, text, taking)
    day = taking.at.astimezone(book.person.itinerary.zone_at(taking.at)).date()
    dosage = as_needed_dosage(book, plan, day)
    if dosage is not None and not is_dated(book, plan, taking):
        return take_if_needed(book, plan, dosage, taking)
    return record.take_any(book, plan, taking)


def _print_already(session: Session, already: AlreadyRecorded) -> None:
    """Print the JSON answer of a take that recorded nothing; people get one line."""
    if not session.as_json:
        return
    with session.reading() as (_unit, person, book):
        now = session.now(person.itinerary.home)
        session.print(_shape(book, already.dose, already.record, now, recorded=False), str)


def _document(book: Book, done: Recorded, now: datetime) -> dict[str, Any]:
    dose = "" if done.dose is None else done.dose.id
    document = _shape(book, dose, done.record, now, recorded=not done.repeated)
    if done.finding is not None:
        document["findings"] = [
            {
                "rule": "R38",
                "severity": "warn",
                "message": done.finding.sentence,
                "source": "missed-dose rules",
                "provenance": "assumption",
            }
        ]
    return document


def _shape(book: Book, dose: str, stored: Any, now: datetime, *, recorded: bool) -> dict[str, Any]:
    line = _line(book, dose, now) if dose else None
    amount = None if line is None else line.dose.amount
    return {
        "recorded": recorded,
        "dose": None if line is None else dose_json(line.dose, line.status, line.advice),
        "administration": administration_json(stored, amount, book.person.itinerary),
        "findings": [],
    }


def _line(book: Book, dose: str, now: datetime) -> Any:
    from datetime import timedelta

    plan = plan_of_dose(book, dose)
    row = record.row_of_dose(book, plan, dose)[1]
    due = book.explain(row).due
    lines = plan_lines(book, plan, due, due + timedelta(seconds=1), now)
    return next(one for one in lines if one.dose.id == dose)


@click.command()
@click.argument("dose", default="")
@click.option("--reason", required=True, help="Why it is not taken.")
@click.option("--by", default="", help="Who records it.")
@with_session
def skip(session: Session, dose: str, reason: str, by: str) -> None:
    """Record that a DOSE is deliberately not taken."""
    if not reason.strip():
        raise InvalidValue("reason", repr(reason), "say why in a few words")
    with session.writing() as (_unit, person, book):
        now = session.now(person.itinerary.home)
        text = dose if is_dose_id(dose) else open_dose(book, dose, now).dose.id
        plan = plan_of_dose(book, text)
        done = record.skip_dose(book, plan, text, reason=reason.strip(), by=by, now=now)
        document = _document(book, done, now)
    session.print(document, lambda: recorded_page(done, document))


@click.command()
@click.argument("dose", default="")
@click.option("--reason", default="", help="What was wrong with the record.")
@click.option("--by", default="", help="Who corrects it.")
@with_session
def undo(session: Session, dose: str, reason: str, by: str) -> None:
    """Mark the record of a DOSE, or the last one made, as entered in error."""
    with session.writing() as (_unit, person, book):
        now = session.now(person.itinerary.home)
        plans = followed(book)
        wrong = record.last_record(book, plans, dose)
        plan = next(one for one in plans if str(one.number) == wrong.prescription)
        done = record.undo(book, plan, wrong, reason=reason, by=by, now=now)
        document = _document(book, done, now)
    session.print(document, lambda: recorded_page(done, document))


@click.command()
@with_session
def history(session: Session) -> None:
    """Show everything that was recorded, in the order in which it was written down."""
    with session.reading() as (_unit, _person, book):
        lines = read_history(book)
    document = {
        "history": [
            {
                "id": one.record.id,
                "prescription": one.record.prescription,
                "medication": one.medication,
                "dose": one.record.dose,
                "status": one.record.status.value,
                "at": one.at.isoformat(),
                "recorded_at": one.recorded_at.isoformat(),
                "by": one.record.by,
                "amount": one.amount or None,
                "unit": one.unit or None,
                "reason": one.record.reason,
                "corrected": one.corrected,
            }
            for one in lines
        ]
    }
    session.print(document, lambda: history_page(lines))


@click.command()
@click.option("--from", "first", help="Since which day; since each plan began when left out.")
@with_session
def adherence(session: Session, first: str | None) -> None:
    """Show taken of due, with its denominator, per medicine and per time of day."""
    from datetime import time

    from medsched.cli.taking_pages import adherence_document
    from medsched.services.adherence import adherence_of

    with session.reading() as (_unit, person, book):
        zone = person.itinerary.home
        now = session.now(zone)
        today = now.astimezone(zone).date()
        since = (
            instant_at(read_date(first, today, subject="from"), time(0), zone) if first else None
        )
        found = adherence_of(book, now, since)
    session.print(adherence_document(found, now, zone), lambda: adherence_page(found, zone))
