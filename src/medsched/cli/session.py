"""What every command has: the options after its name, the person, the time, the output."""

from __future__ import annotations

import functools
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from medsched.bootstrap import App, UnknownPerson, machine_zone, zone_or_none
from medsched.cli.when import UnreadableTime, read_when
from medsched.clock import FixedClock
from medsched.errors import InvalidValue, MedschedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from medsched.domain.person import Person
    from medsched.services.book import Book
    from medsched.services.ports import Unit


_LONGEST_NAME: Final = 200


class NothingStored(MedschedError):
    """A home without a database."""

    def __init__(self, home: Path) -> None:
        """Keep the home."""
        self.home = home
        super().__init__(
            f"home {home}: nothing is stored here yet; begin with `medsched person set`"
            " or with `medsched start`"
        )


@dataclass
class Session:
    """One run of one command.

    Attributes:
        as_of: The text of `--as-of`: the instant of this run. Under it nothing is ever sent;
            looking stores nothing, and what is recorded is recorded as of that instant.
    """

    app: App
    person_name: str | None = None
    as_of: str | None = None
    as_json: bool = False
    yes: bool = False
    said: list[str] = field(default_factory=list)

    def print(self, document: dict[str, Any], page: Callable[[], str]) -> None:
        """Print the result: one JSON document, or the page for people."""
        if self.as_json:
            click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            click.echo(page())

    def say(self, sentence: str) -> None:
        """Say something that is not the result, on standard error."""
        click.echo(sentence, err=True)

    def now(self, zone: ZoneInfo) -> datetime:
        """Return the instant of this run, or that of `--as-of` in the person's zone."""
        now = self.app.clock.now()
        if self.as_of is None:
            return now
        at = read_when(self.as_of, now, zone, subject="as-of")
        self.app.clock = FixedClock(at)
        self.as_of = at.isoformat()
        return at

    def stored_person(self) -> Person | None:
        """Return the person when there is a database that knows them."""
        if not self.app.has_store:
            return None
        with self.app.store.reading() as unit:
            return self.app.find_person(unit, self.person_name)

    def person_or_new(self, zone: str | None) -> tuple[Person, tuple[str, ...]]:
        """Return the stored person, or a new one, and what was assumed about them."""
        from medsched.domain.person import at_home
        from medsched.frozen import replace

        stored = self.stored_person()
        named = read_zone(zone) if zone else None
        if stored is not None:
            if named is None or named.key == stored.itinerary.home.key:
                return stored, ()
            return replace(stored, itinerary=at_home(named)), ()
        if named is not None:
            return self.app.new_person(self.person_name, named), ()
        machine = machine_zone(self.app.environment)
        sentence = f"No time zone was given: this machine's own, {machine.key}, is assumed."
        return self.app.new_person(self.person_name, machine), (sentence,)

    @contextmanager
    def reading(self) -> Iterator[tuple[Unit, Person, Book]]:
        """Open the store to look at one person's plans.

        Raises:
            NothingStored: there is no database yet, and looking makes none.
        """
        if not self.app.has_store:
            raise NothingStored(self.app.home)
        with self.app.store.reading() as unit:
            person = self._required(unit)
            yield unit, person, self.app.book(unit, person)

    @contextmanager
    def writing(self) -> Iterator[tuple[Unit, Person, Book]]:
        """Open the store to change one person's plans: all of it is stored, or nothing.

        Raises:
            NothingStored: there is no database yet.
        """
        if not self.app.has_store:
            raise NothingStored(self.app.home)
        with self.app.store.writing() as unit:
            person = self._required(unit)
            yield unit, person, self.app.book(unit, person)

    def _required(self, unit: Unit) -> Person:
        person = self.app.find_person(unit, self.person_name)
        if person is None:
            raise UnknownPerson(self.person_name or "me")
        return person


def read_zone(name: str) -> ZoneInfo:
    """Read the IANA name of a time zone; an unknown one is answered with the nearest."""
    zone = zone_or_none(name)
    if zone is not None:
        return zone
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    known = {one.lower(): one for one in available_timezones()}
    cities = {one.rpartition("/")[2].lower(): one for one in sorted(available_timezones())}
    asked = name.lower().replace(" ", "_")
    near = [known[one] for one in get_close_matches(asked, known, n=2)]
    near += [cities[one] for one in get_close_matches(asked, cities, n=2)]
    wanted = " or ".join(dict.fromkeys(near)) or "a name such as Europe/Berlin"
    raise UnreadableTime("zone", name, f"there is no such time zone; use {wanted}")


def _name(given: str | None) -> str | None:
    """Return the name of a person, without spaces around it; None for the only person."""
    if given is None:
        return None
    name = given.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        shown = repr(given if len(given) <= _LONGEST_NAME else f"{given[:40]}...")
        raise InvalidValue("person", shown, f"write a name of 1 to {_LONGEST_NAME} signs")
    return name


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.option("--home", type=click.Path(path_type=Path), help="Where everything lives."),
            click.option("--database", help="SQLAlchemy address of the database."),
            click.option("--person", "person_name", help="Whose plan."),
            click.option("--as-of", help="Answer as if it were this instant."),
            click.option("--json", "as_json", is_flag=True, help="Print one JSON document."),
            click.option("--yes", is_flag=True, help="Do not ask."),
        )
    ):
        command = option(command)
    return command


def with_session(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that every command has, as a `Session`."""

    @_options
    @functools.wraps(command)
    def run(
        *,
        home: Path | None,
        database: str | None,
        person_name: str | None,
        as_of: str | None,
        as_json: bool,
        yes: bool,
        **rest: Any,  # the command's own options
    ) -> None:
        person_name = _name(person_name)
        app = App(home=home, database=database)
        session = Session(app=app, person_name=person_name, as_of=as_of, as_json=as_json, yes=yes)
        command(session, **rest)

    return run
