"""`caldav`: the plan in a calendar of your own account, where doses can be ticked off."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from medsched.cli.session import Session, with_session
from medsched.domain.plain_words import counted_words, date_words
from medsched.errors import Exit, InvalidValue
from medsched.services.publish_how import NamesShown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from medsched.services.caldav_sync import Synced
    from medsched.services.feed_ports import CalDavLink

PASSWORD = "MEDSCHED_CALDAV_PASSWORD"  # noqa: S105  # the variable's name, not its value


@click.group()
def caldav() -> None:
    """Write the plan into a calendar of your own account; tick doses off there."""


@caldav.command("add")
@click.argument("url")
@click.option("--user", "username", required=True, help="Name of the account.")
@click.option("--as-todos", "as_tasks", is_flag=True, help="Tasks, which can be ticked off.")
@click.option("--names", type=click.Choice([one.value for one in NamesShown]), default="hidden")
@with_session
def add(session: Session, url: str, username: str, as_tasks: bool, names: str) -> None:
    """Add the calendar at URL; its password is asked for, or read from the environment."""
    from medsched.calendar.caldav_server import checked
    from medsched.services.feed_ports import CalDavLink

    address = checked(url)
    password = session.app.environment.get(PASSWORD) or _ask()
    with session.writing() as (unit, person, _book):
        link = CalDavLink(
            person=person.id,
            url=address,
            username=username,
            password=password,
            created_at=session.now(person.itinerary.home),
            as_tasks=as_tasks,
            names=NamesShown(names),
        )
        made = unit.caldav_links.add(link)
    session.print(
        {"calendar": link_json(made)},
        lambda: f"Calendar {made.number} is added. Fill it with: medsched caldav sync",
    )


def _ask() -> str:
    if not sys.stdin.isatty():
        raise InvalidValue("password", "none", f"give it in {PASSWORD}, or run this in a terminal")
    return str(click.prompt("Password", hide_input=True, err=True))


@caldav.command("list")
@with_session
def list_links(session: Session) -> None:
    """List the calendars, and when each was last synchronised."""
    with session.reading() as (unit, person, _book):
        zone = person.itinerary.zone_at(session.now(person.itinerary.home))
        found = unit.caldav_links.of_person(person.id)
    session.print({"calendars": [link_json(one) for one in found]}, lambda: links_page(found, zone))


@caldav.command("remove")
@click.argument("number", type=int)
@with_session
def remove(session: Session, number: int) -> None:
    """Forget a calendar and its password; what is written there stays there."""
    from medsched.services.caldav_sync import UnknownLink

    with session.writing() as (unit, person, _book):
        if number not in {one.number for one in unit.caldav_links.of_person(person.id)}:
            raise UnknownLink(number)
        unit.caldav_links.remove(number)
    session.print(
        {"removed": number},
        lambda: f"Calendar {number} is forgotten; what is in it stays until you delete it there.",
    )


@caldav.command("sync")
@with_session
def sync(session: Session) -> None:
    """Record what was ticked off, then bring every calendar up to the plan."""
    with session.reading() as (unit, person, _book):
        now = session.now(person.itinerary.home)
        links = unit.caldav_links.of_person(person.id)
    done = [(one.number, session.app.calendars.run(one.number, now)) for one in links]
    session.print({"calendars": [synced_json(*one) for one in done]}, lambda: synced_page(done))
    if any(one.trouble for _number, one in done):
        raise click.exceptions.Exit(int(Exit.REFUSED))


def link_json(link: CalDavLink) -> dict[str, Any]:
    """Return a calendar without its password."""
    return {
        "id": link.number,
        "url": link.url,
        "user": link.username,
        "as_todos": link.as_tasks,
        "names": link.names.value,
        "synced_at": None if link.synced_at is None else link.synced_at.isoformat(),
        "trouble": link.trouble,
    }


def links_page(links: Sequence[CalDavLink], zone: ZoneInfo) -> str:
    """Return the calendars, each with what it is and how it went last."""
    if not links:
        return "No calendars. Add one with: medsched caldav add URL --user NAME"
    return "\n".join(_line(one, zone) for one in links)


def _line(link: CalDavLink, zone: ZoneInfo) -> str:
    kind = "tasks" if link.as_tasks else "events"
    head = f"{link.number}: {link.url} as {link.username}, {kind}, names {link.names.value}"
    if link.synced_at is None:
        return f"{head}; never synchronised"
    local = link.synced_at.astimezone(zone)
    when = f"{date_words(local.date())} at {local:%H:%M}"
    return f"{head}; last tried on {when}: {link.trouble or 'all is well'}"


def synced_json(number: int, done: Synced) -> dict[str, Any]:
    """Return what one synchronisation did."""
    return {
        "id": number,
        "recorded": list(done.recorded),
        "refused": [{"uid": one.uid, "reason": one.reason} for one in done.refused],
        "created": done.created,
        "changed": done.changed,
        "withdrawn": done.withdrawn,
        "trouble": done.trouble,
    }


def synced_page(done: Sequence[tuple[int, Synced]]) -> str:
    """Return what every synchronisation did, in words."""
    if not done:
        return "No calendars. Add one with: medsched caldav add URL --user NAME"
    return "\n".join(line for number, one in done for line in _synced_lines(number, one))


def _synced_lines(number: int, done: Synced) -> list[str]:
    counts = (
        f"{counted_words(done.created, 'dose')} new, {done.changed} changed,"
        f" {done.withdrawn} removed, {len(done.recorded)} ticked off there and recorded"
    )
    lines = [f"Calendar {number}: {counts}."]
    lines += [f"  Not recorded: {one.reason}" for one in done.refused]
    if done.trouble:
        lines.append(f"  Stopped: {done.trouble}. Synchronise again to go on.")
    return lines
