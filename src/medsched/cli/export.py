"""`export`: the calendar, the history or everything, as a file."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from medsched.cli.daily import warn_of_damage
from medsched.cli.files import write_private
from medsched.cli.session import Session, with_session
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.person import Person
    from medsched.services.book import Book
    from medsched.services.ports import Unit
    from medsched.services.publish_how import Publication

_FARTHEST: Final = timedelta(days=400)
"""How far back a calendar file begins, and how far ahead it may reach."""


@click.command()
@click.argument("form", type=click.Choice(["ics", "csv", "json"]))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it.")
@click.option("--days", type=int, default=90, help="Calendar: how many days ahead.")
@click.option("--times", type=click.Choice(["utc", "zoned", "floating"]), default="utc")
@click.option("--compact", is_flag=True, help="Calendar: series, for a file kept for ever.")
@click.option("--names", type=click.Choice(["full", "hidden"]), default="full")
@click.option("--alarms", type=click.Choice(["on", "off"]), default="on")
@click.option("--kinds", default="doses", help="Calendar: any of doses, checkins, refills.")
@with_session
def export(session: Session, form: str, output: Path | None, **options: Any) -> None:
    """Write the calendar (ics), the history (csv) or everything (json)."""
    opened = session.writing() if form == "ics" else session.reading()
    with opened as (unit, person, book):
        now = session.now(person.itinerary.home)
        if form == "ics":
            content = _calendar(session, book, now, options)
            warn_of_damage(session, book)
        elif form == "csv":
            content = _history(book)
        else:
            content = _everything(unit, person, now)
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        write_private(output, content)
        session.say(f"Written to {output}.")


def _calendar(session: Session, book: Book, now: datetime, options: dict[str, Any]) -> bytes:
    """Return the calendar file; its days begin 400 days ago, so that what is over stays."""
    from medsched.calendar.render import render
    from medsched.services.discreet import NAME
    from medsched.services.exporting import file_entries, lasting_entries
    from medsched.services.feed_entry import TimesForm
    from medsched.services.feeds import OPEN_NAME
    from medsched.services.publish import file_form
    from medsched.services.publish_how import NamesShown

    days = options["days"]
    if not 1 <= days <= _FARTHEST.days:
        raise InvalidValue("days", days, f"use 1 to {_FARTHEST.days}")
    how = _publication(session, options)
    make = lasting_entries if options["compact"] else file_entries
    entries = make(book, now - _FARTHEST, now + timedelta(days=days), now, how)
    name = NAME if how.names is NamesShown.HIDDEN else OPEN_NAME
    return render(entries, file_form(name, TimesForm(options["times"]), compact=options["compact"]))


def _publication(session: Session, options: dict[str, Any]) -> Publication:
    from medsched.cli.feed import read_kinds
    from medsched.services.publish_how import NamesShown, Publication, alarms_of

    settings = session.app.settings
    return Publication(
        names=NamesShown(options["names"]),
        kinds=read_kinds(options["kinds"]),
        alarms=alarms_of(settings.alarm_before_minutes, on=options["alarms"] == "on"),
        minutes=settings.entry_minutes,
        hours24=settings.clock_24_hours,
    )


def _history(book: Book) -> bytes:
    from medsched.services.history import history_csv

    return history_csv(book).encode()


def _everything(unit: Unit, person: Person, now: datetime) -> bytes:
    from medsched.services.everything import everything

    document = everything(unit, person, now)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
