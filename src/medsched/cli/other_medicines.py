"""`taking`: other medicines, which rules ask about and which are not planned here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from medsched.cli.session import Session, with_session
from medsched.cli.when import read_day_and_time
from medsched.domain.person import OtherMedicine
from medsched.domain.plain_words import class_words
from medsched.domain.walltime import instant_at
from medsched.domain.words import date_words
from medsched.errors import InvalidValue
from medsched.frozen import replace

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo


@click.group()
def taking() -> None:
    """Keep the other medicines that a person takes or took, with their dates."""


@taking.command("add")
@click.argument("name")
@click.option("--class", "classes", multiple=True, help="What it is, such as maoi or nsaid.")
@click.option("--from", "since", help="First day, with a time if known.")
@click.option("--until", help="Last day, with the time of the last dose if known.")
@with_session
def add(session: Session, name: str, classes: tuple[str, ...], **options: Any) -> None:
    """Note that NAME is taken; the same name again replaces its dates."""
    wanted = name.strip()
    if not wanted:
        raise InvalidValue("name", repr(name), "write the medicine's name")
    with session.writing() as (unit, person, _book):
        zone = person.itinerary.home
        now = session.now(zone)
        today = now.astimezone(zone).date()
        since, until = (
            _when(options[one], today, zone, subject=word)
            for one, word in (("since", "from"), ("until", "until"))
        )
        if since is not None and until is not None and _day(until, zone) < _day(since, zone):
            raise InvalidValue("until", _day(until, zone).isoformat(), "use a day after --from")
        one = OtherMedicine(
            name=wanted,
            classes=frozenset(word.strip().lower() for word in classes),
            since=since,
            until=until,
        )
        kept = tuple(it for it in person.taking if it.name.lower() != wanted.lower())
        unit.people.save(replace(person, taking=(*kept, one)), now)
    session.print(
        {"taking": _shape(one, zone)}, lambda: f"Noted: {_words(one, zone)}. Run: medsched check"
    )


@taking.command("list")
@with_session
def list_medicines(session: Session) -> None:
    """List the other medicines."""
    with session.reading() as (_unit, person, _book):
        known = person.taking
    document = {"taking": [_shape(one, person.itinerary.home) for one in known]}
    lines = (
        "\n".join(_words(one, person.itinerary.home) for one in known)
        or "No other medicines are noted."
    )
    session.print(document, lambda: lines)


@taking.command("remove")
@click.argument("name")
@with_session
def remove(session: Session, name: str) -> None:
    """Forget NAME, which was noted by mistake; a medicine that ended gets --until instead."""
    with session.writing() as (unit, person, _book):
        now = session.now(person.itinerary.home)
        kept = tuple(it for it in person.taking if it.name.lower() != name.strip().lower())
        if len(kept) == len(person.taking):
            known = ", ".join(it.name for it in person.taking) or "nothing is noted"
            raise InvalidValue("name", repr(name), f"use one of: {known}")
        unit.people.save(replace(person, taking=kept), now)
    session.print({"removed": name}, lambda: f"Forgotten: {name}.")


def _when(text: str | None, today: date, zone: ZoneInfo, *, subject: str) -> date | datetime | None:
    if text is None:
        return None
    day, wall = read_day_and_time(text, today, subject=subject)
    return day if wall is None else instant_at(day, wall, zone)


def _day(when: date | datetime, zone: ZoneInfo) -> date:
    from datetime import datetime

    return when.astimezone(zone).date() if isinstance(when, datetime) else when


def _shape(one: OtherMedicine, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": one.name,
        "classes": sorted(one.classes),
        "from": _when_text(one.since, zone),
        "until": _when_text(one.until, zone),
    }


def _when_text(when: date | datetime | None, zone: ZoneInfo) -> str | None:
    """Return a day, or an instant on the person's clock."""
    from datetime import datetime

    if isinstance(when, datetime):
        return when.astimezone(zone).isoformat()
    return None if when is None else when.isoformat()


def _words(one: OtherMedicine, zone: ZoneInfo) -> str:
    named = ", ".join(class_words(it) for it in sorted(one.classes))
    classes = f" ({named})" if named else ""
    since = f" from {date_words(_day(one.since, zone))}" if one.since is not None else ""
    until = (
        f" until {date_words(_day(one.until, zone))}" if one.until is not None else ", still taken"
    )
    return f"{one.name}{classes}{since}{until}"
