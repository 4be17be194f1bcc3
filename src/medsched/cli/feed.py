"""`feed`: subscription addresses for phones; each is a secret, shown once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import click

from medsched.cli.feed_pages import added_page, feed_json, list_page
from medsched.cli.session import Session, with_session
from medsched.errors import InvalidValue
from medsched.services.publish_how import FeedKind, NamesShown

if TYPE_CHECKING:
    from medsched.services.feed_ports import Feed

HERE = "http://127.0.0.1:8765"
"""Where `medsched serve` listens unless told otherwise."""


@click.group()
def feed() -> None:
    """Publish the plan as a calendar that phones subscribe to; list, revoke."""


@feed.command("add")
@click.option("--links", is_flag=True, help="In each open dose a link to confirm it by.")
@click.option("--names", type=click.Choice([one.value for one in NamesShown]), default="hidden")
@click.option("--alarms", type=click.Choice(["on", "off"]), default="on")
@click.option("--kinds", default="doses", help="Any of doses, checkins, refills, with commas.")
@click.option("--label", default="", help="For whom it is; shown in the list only.")
@click.option("--address", default="", help="Where the server is reached: https://host.")
@with_session
def add(session: Session, **given: Any) -> None:
    """Make an address; it is shown once, and whoever has it can read the calendar."""
    from medsched.services.feeds import TOKEN_BYTES, FeedChoice, add_feed

    token = secrets.token_urlsafe(TOKEN_BYTES)
    choice = FeedChoice(
        label=given["label"],
        names=NamesShown(given["names"]),
        alarms=given["alarms"] == "on",
        links=given["links"],
        kinds=read_kinds(given["kinds"]),
        address=given["address"] or session.app.settings.public_address,
    )
    with session.writing() as (_unit, person, book):
        made = add_feed(book, token, choice, session.now(person.itinerary.home))
    address = f"{made.address or HERE}/feeds/{token}.ics"
    document = {"feed": feed_json(made), "address": address, "webcal": webcal(address)}
    session.print(document, lambda: added_page(made, address, webcal(address)))


@feed.command("list")
@with_session
def list_feeds(session: Session) -> None:
    """List the feeds: for whom, when last fetched, by which program."""
    with session.reading() as (unit, person, _book):
        zone = person.itinerary.zone_at(session.now(person.itinerary.home))
        found: list[Feed] = unit.feeds.of_person(person.id)
    session.print({"feeds": [feed_json(one) for one in found]}, lambda: list_page(found, zone))


@feed.command("revoke")
@click.argument("number", type=int)
@with_session
def revoke(session: Session, number: int) -> None:
    """Close a feed for ever; its address then answers as if it had never been."""
    from medsched.services.feeds import revoke_feed

    with session.writing() as (unit, person, _book):
        closed = revoke_feed(unit, person.id, number, session.now(person.itinerary.home))
    session.print(
        {"feed": feed_json(closed)},
        lambda: (
            f"Feed {number} is revoked. Calendars keep what they last fetched;"
            " delete the subscription there."
        ),
    )


def read_kinds(text: str) -> frozenset[FeedKind]:
    """Read kinds with commas between them.

    >>> sorted(read_kinds("doses, refills"))
    [<FeedKind.DOSES: 'doses'>, <FeedKind.REFILLS: 'refills'>]
    """
    words = [one.strip() for one in text.split(",") if one.strip()]
    unknown = [one for one in words if one not in set(FeedKind)]
    if unknown:
        raise InvalidValue("kinds", ", ".join(unknown), "use doses, checkins, refills")
    return frozenset(FeedKind(one) for one in words)


def webcal(address: str) -> str:
    """Return the address in the form that opens a calendar program."""
    return f"webcal:{address.partition(':')[2]}"
