"""`export`: the calendar, the history or everything, as a file."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medsched.cli.files import write_private
from medsched.cli.session import Session, with_session
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.person import Person
    from medsched.services.book import Book
    from medsched.services.ports import Unit


@click.command()
@click.argument("form", type=click.Choice(["ics", "csv", "json"]))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it.")
@click.option("--days", type=int, default=90, help="Calendar: how many days ahead.")
@click.option("--times", type=click.Choice(["utc", "zoned", "floating"]), default="utc")
@click.option("--compact", is_flag=True, help="Calendar: series, for a file kept for ever.")
@with_session
def export(session: Session, form: str, output: Path | None, **options: Any) -> None:
    """Write the calendar (ics), the history (csv) or everything (json)."""
    with session.reading() as (unit, person, book):
        now = session.now(person.itinerary.home)
        if form == "ics":
            content = _calendar(unit, person, book, now, options)
        elif form == "csv":
            content = _history(book)
        else:
            content = _everything(unit, person, now)
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        write_private(output, content)
        session.say(f"Written to {output}.")


def _calendar(
    unit: Unit, person: Person, book: Book, now: datetime, options: dict[str, Any]
) -> bytes:
    from medsched.calendar.render import render
    from medsched.services.feed_entry import TimesForm
    from medsched.services.publish import file_form, plan_entries, withdrawn_entries

    days = options["days"]
    if not 1 <= days <= 400:  # noqa: PLR2004  # the farthest horizon
        raise InvalidValue("days", days, "use 1 to 400")
    plans = [one for one in unit.plans.of_person(person.id) if one.current]
    since = now - timedelta(days=400)
    until = now + timedelta(days=days)
    entries = plan_entries(book, plans, since, until)
    entries += withdrawn_entries(book, plans, since, until)
    form = file_form("Doses", TimesForm(options["times"]), compact=options["compact"])
    return render(entries, form)


def _history(book: Book) -> bytes:
    from medsched.services.history import history_csv

    return history_csv(book).encode()


def _everything(unit: Unit, person: Person, now: datetime) -> bytes:
    from medsched.services.everything import everything

    document = everything(unit, person, now)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
