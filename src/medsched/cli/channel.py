"""`channel`: where reminders go, whether they get there, and when they come again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import click

from medsched.cli.session import Session, with_session
from medsched.cli.when import read_time
from medsched.domain.plain_words import counted_words
from medsched.errors import Exit, InvalidValue, MedschedError
from medsched.frozen import fields, replace
from medsched.services.outbox_ports import Channel, Ladder, NamesShown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import time

    from medsched.services.message import Delivery

DEADLINE: Final = 20.0
_NAME: Final = re.compile(r"[^\W_][\w .-]{0,39}")
_CAME_BACK: Final = {
    "delivered": "delivered: the endpoint took it",
    "not-delivered": "NOT delivered; it would be tried again",
    "unknown": "unknown: it may have arrived",
    "rejected": "REJECTED, until somebody mends the address",
}


class NoSuchChannel(MedschedError):
    """A channel's name that the person does not have."""

    def __init__(self, name: str, known: list[str]) -> None:
        """Keep the name and those that are there."""
        self.name, self.known = name, known
        wanted = f"use {' or '.join(known)}" if known else "add one with `medsched channel add`"
        super().__init__(f"channel {name!r}: not there; {wanted}")


@click.group()
def channel() -> None:
    """Say where reminders go, and try it."""


@channel.command("add")
@click.argument("name")
@click.argument("url")
@click.option(
    "--names",
    type=click.Choice([one.value for one in NamesShown]),
    help="Whether messages name the medicine; hidden unless the text stays in the house.",
)
@click.option("--caregiver", is_flag=True, help="It belongs to somebody who looks after you.")
@click.option(
    "--allow-host", "hosts", multiple=True, help="A host of your own network it may reach."
)
@with_session
def add(
    session: Session,
    name: str,
    url: str,
    names: str | None,
    caregiver: bool,
    hosts: tuple[str, ...],
) -> None:
    """Add the channel NAME: messages go to the address URL."""
    from medsched.notify.registry import abilities, sender_for

    check_name(name)
    sender_for(url, allow_hosts=(*session.app.settings.allow_hosts, *hosts))
    can = abilities(url)
    usual = NamesShown.HIDDEN if can.leaves_the_house else NamesShown.FULL
    new = Channel(
        person="",
        name=name,
        url=url,
        names=NamesShown(names) if names else usual,
        caregiver=caregiver,
        allow_hosts=hosts,
    )
    with session.writing() as (unit, person, _book):
        if any(one.name == name for one in unit.channels.of_person(person.id)):
            raise InvalidValue("channel", name, "it is there already; remove it first")
        stored = unit.channels.add(replace(new, person=person.id))
        unit.hurry()
        unit.outbox.cancel_person(int(person.id))
    document = {**channel_json(stored), "replaces": can.replaces, "clears": can.clears}
    session.print(document, lambda: "\n".join([channel_line(stored), *_advice(stored, can.clears)]))


def check_name(name: str) -> None:
    """Refuse a name that could not be typed again, or shown in one line."""
    if not _NAME.fullmatch(name):
        raise InvalidValue("channel name", name, "use 1 to 40 letters, digits, spaces, '-' or '.'")


def _advice(stored: Channel, clears: bool) -> list[str]:
    lines = [f"Try it: medsched channel test {stored.name!r}"]
    if not clears:
        lines.append("A message there stays after the dose was taken: look at its times.")
    if stored.names is NamesShown.FULL:
        lines.append("Messages there name the medicine and the amount.")
    return lines


@channel.command("list")
@with_session
def list_channels(session: Session) -> None:
    """List the channels in the order in which they are tried; addresses stay masked."""
    with session.reading() as (unit, person, _book):
        found = unit.channels.of_person(person.id)
    lines = [channel_line(one) for one in found] or ["No channel: nobody is reminded."]
    session.print({"channels": [channel_json(one) for one in found]}, lambda: "\n".join(lines))


@channel.command("remove")
@click.argument("name")
@with_session
def remove(session: Session, name: str) -> None:
    """Remove the channel NAME; what was not sent to it is sent to the others."""
    with session.writing() as (unit, person, _book):
        found = named(unit.channels.of_person(person.id), name)
        unit.channels.remove(found.number)
        unit.outbox.cancel_person(int(person.id))
    session.print({"removed": name}, lambda: f"Removed: {name}.")


@channel.command("test")
@click.argument("name")
@with_session
def test(session: Session, name: str) -> None:
    """Send one message to the channel NAME, and say what came back."""
    with session.reading() as (unit, person, _book):
        found = named(unit.channels.of_person(person.id), name)
    if session.as_of is not None:
        raise InvalidValue("as-of", session.as_of, "leave it out: nothing is ever sent under it")
    came = send_test(found, session.app.settings.allow_hosts)
    page = f"{found.name}: {_CAME_BACK[came.outcome.value]}" + (
        f" ({came.detail})." if came.detail else "."
    )
    document = {"channel": name, "outcome": came.outcome.value, "detail": came.detail}
    session.print(document, lambda: page)
    if came.outcome.value != "delivered":
        raise click.exceptions.Exit(Exit.REFUSED)


def send_test(found: Channel, hosts: tuple[str, ...]) -> Delivery:
    """Send the test message; `hosts` are those that every channel may reach."""
    from medsched.notify.registry import sender_for
    from medsched.services.message import Message

    message = Message(
        thread="medsched-test",
        title="Test message",
        body="Reminders of doses will arrive here. This is no reminder: there is nothing to take.",
    )
    sender = sender_for(found.url, allow_hosts=(*hosts, *found.allow_hosts))
    return sender.send(message, deadline=DEADLINE)


def named(channels: list[Channel], name: str) -> Channel:
    """Return the channel of a name.

    Raises:
        NoSuchChannel: there is none.
    """
    for one in channels:
        if one.name == name:
            return one
    raise NoSuchChannel(name, [one.name for one in channels])


def channel_json(one: Channel) -> dict[str, Any]:
    """Return a channel with its address masked."""
    from medsched.notify.registry import masked

    return {
        "name": one.name,
        "address": masked(one.url),
        "names": one.names.value,
        "caregiver": one.caregiver,
        "allow_hosts": list(one.allow_hosts),
    }


def channel_line(one: Channel) -> str:
    """Return a channel as one line."""
    from medsched.notify.registry import masked

    who = ", of a caregiver" if one.caregiver else ""
    return f"{one.name}: {masked(one.url)}, names {one.names.value}{who}"


# --- the ladder -----------------------------------------------------------------------

_WORDS: Final[dict[str, str]] = {
    "repeat_minutes": "Remind again after so many minutes.",
    "repeats": "So many times, 0 to 7.",
    "second_after": "The second channel after so many minutes; 'never'.",
    "carer_after": "The caregivers' channels after so many minutes; 'never'.",
    "pre_alert_minutes": "A word so many minutes before; 0 for none.",
    "snooze_minutes": "What Snooze means.",
    "quiet_from": "Quiet hours begin, such as 22:00: one soft reminder; 'never'.",
    "quiet_until": "Quiet hours end, such as 07:00; 'never'.",
    "missed_note": "Tell once when a dose was missed: yes or no.",
    "most_per_dose": "At most so many messages about one dose, 1 to 8.",
    "most_per_hour": "At most so many messages an hour, 1 to 30.",
}
_TIMES: Final = frozenset({"quiet_from", "quiet_until"})
_MAY_BE_NEVER: Final = frozenset({"second_after", "carer_after", *_TIMES})


def _ladder_options(command: Callable[..., None]) -> Callable[..., None]:
    for name, words in reversed(_WORDS.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, help=words)(command)
    return command


@channel.command("ladder")
@click.option("--of", "of", help="Only for this prescription; for all of them when left out.")
@_ladder_options
@with_session
def ladder(session: Session, of: str | None, **options: str | None) -> None:
    """Show or change when a dose reminds again, and whom."""
    from medsched.services.ladder_settings import ladder_of, put_ladder
    from medsched.services.plan import find_plan

    named_ones = {name: text for name, text in options.items() if text is not None}
    opened = session.writing() if named_ones else session.reading()
    with opened as (unit, person, _book):
        number = find_plan(unit, person, of).number if of else 0
        found = ladder_of(unit, person.id, number)
        if named_ones:
            found = changed(found, named_ones)
            put_ladder(unit, person.id, found, session.app.clock.now(), number)
    session.print(ladder_json(found), lambda: ladder_page(found))


def changed(before: Ladder, named_ones: dict[str, str]) -> Ladder:
    """Return the ladder with the options that were named; bounds are checked when it is stored."""
    values = {name: read_step(name, text) for name, text in named_ones.items()}
    return replace(before, **values)


def read_step(name: str, text: str) -> Any:
    """Read one option of the ladder."""
    subject = name.replace("_", " ")
    if name in _MAY_BE_NEVER and text.lower() == "never":
        return None
    if name in _TIMES:
        return read_time(text, subject=subject)
    if name == "missed_note":
        if text.lower() not in {"yes", "no"}:
            raise InvalidValue(subject, text, "say yes or no")
        return text.lower() == "yes"
    if not (text.isascii() and text.isdecimal() and len(text) < 6):  # noqa: PLR2004  # minutes
        raise InvalidValue(subject, text, "give a whole number")
    return int(text)


def ladder_json(found: Ladder) -> dict[str, Any]:
    """Return the JSON document of a ladder."""
    values = {one.name: getattr(found, one.name) for one in fields(Ladder)}
    return {name: _clock(value) if name in _TIMES else value for name, value in values.items()}


def _clock(at: time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"


def ladder_page(found: Ladder) -> str:
    """Return a ladder as lines, step by step."""
    lines = []
    if found.pre_alert_minutes:
        lines.append(f"before:      {_minutes(found.pre_alert_minutes)} before the dose is due")
    lines.append("due:         the first channel, when the dose is due")
    if found.repeats:
        times = counted_words(found.repeats, "time")
        lines.append(f"again:       every {_minutes(found.repeat_minutes)}, {times}")
    lines.append(f"second:      {_after(found.second_after, 'the second channel')}")
    lines.append(f"caregivers:  {_after(found.carer_after, 'the channels of caregivers')}")
    lines.append(f"snooze:      {_minutes(found.snooze_minutes)}")
    if found.quiet_from is not None and found.quiet_until is not None:
        lines.append(f"quiet:       {found.quiet_from:%H:%M} to {found.quiet_until:%H:%M}")
    lines.append(f"missed:      {'told once' if found.missed_note else 'not told'}")
    lines.append(
        f"at most:     {found.most_per_dose} about one dose, {found.most_per_hour} an hour"
    )
    return "\n".join(lines)


def _minutes(count: int) -> str:
    return counted_words(count, "minute")


def _after(minutes: int | None, whom: str) -> str:
    return "never" if minutes is None else f"{whom}, {_minutes(minutes)} after the due time"
