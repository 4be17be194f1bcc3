"""A person's feeds: who may fetch what, and which entries it holds now.

The token is the whole permission: 256 bits, shown once, kept nowhere. Unknown, revoked
and malformed ones are told apart by nobody.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from medsched.errors import InvalidValue, MedschedError
from medsched.frozen import frozen, replace
from medsched.services.agenda import followed
from medsched.services.announce import announce
from medsched.services.book import seconds
from medsched.services.discreet import NAME, hidden
from medsched.services.feed_entry import CalendarForm, FeedEntry
from medsched.services.feed_links import Links
from medsched.services.feed_ports import Feed
from medsched.services.publish import plan_entries
from medsched.services.publish_events import event_entries
from medsched.services.publish_how import FeedKind, NamesShown, Publication, alarms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.services.book import Book
    from medsched.services.ports import Unit

TOKEN_BYTES: Final = 32
"""Bytes of a token: 256 bits, more than anybody can guess."""

OPEN_NAME: Final = "Doses"
_DAY: Final = timedelta(days=1)


class UnknownFeed(MedschedError):
    """A number that no feed of this person has."""

    def __init__(self, number: int) -> None:
        """Keep the number."""
        self.number = number
        super().__init__(f"feed {number}: not found; `medsched feed list` shows them")


@frozen
class FeedSettings:
    """What the settings say about entries and feeds; days are whole days in UTC."""

    minutes: int = 15
    before: int = 0
    hours24: bool = True
    past_days: int = 7
    future_days: int = 60


@frozen
class FeedChoice:
    """What somebody chose for a new feed; see `Feed`."""

    label: str = ""
    names: NamesShown = NamesShown.HIDDEN
    alarms: bool = True
    links: bool = False
    kinds: frozenset[FeedKind] = frozenset({FeedKind.DOSES})
    address: str = ""


def digest_of_token(token: str) -> str:
    """Return what is stored of a token."""
    return sha256(token.encode(errors="replace")).hexdigest()


def add_feed(book: Book, token: str, choice: FeedChoice, now: datetime) -> Feed:
    """Store a new feed for the book's person; the token is not stored.

    Raises:
        InvalidValue: nothing is to be shown, the address is none, or links lead nowhere.
    """
    if not choice.kinds:
        raise InvalidValue("kinds", "nothing", "use doses, checkins, refills")
    if choice.links and (choice.names is NamesShown.HIDDEN or not choice.address):
        raise InvalidValue("links", "on", "use it with --names full and --address https://host")
    feed = Feed(
        person=book.person.id,
        digest=digest_of_token(token),
        created_at=now,
        label=choice.label,
        names=choice.names,
        alarms=choice.alarms,
        links=choice.links,
        kinds=choice.kinds,
        address=checked_address(choice.address),
    )
    return book.unit.feeds.add(feed)


def checked_address(address: str) -> str:
    """Return an address of a server, without a path; empty when none is known.

    Raises:
        InvalidValue: it is not https, nor http on this machine, or it holds more than a host.

    >>> checked_address("https://meds.example.org/")
    'https://meds.example.org'
    """
    if not address:
        return ""
    wanted = "give it as https://host, without a path"
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidValue("address", address, wanted) from None
    near = host in {"localhost", "127.0.0.1", "::1"}
    if not host or parts.scheme not in ({"https", "http"} if near else {"https"}):
        raise InvalidValue("address", address, wanted)
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise InvalidValue("address", address, wanted)
    return f"{parts.scheme}://{parts.netloc}"


def revoke_feed(unit: Unit, person: str, number: int, now: datetime) -> Feed:
    """Close a feed for ever: its address is answered as if it had never been.

    Raises:
        UnknownFeed: this person has none of that number.
    """
    found = unit.feeds.get(number)
    if found is None or found.person != person:
        raise UnknownFeed(number)
    unit.feeds.revoke(number, now)
    closed = unit.feeds.get(number)
    assert closed is not None  # noqa: S101  # it was there, and nothing deletes feeds
    return closed


def open_feed(unit: Unit, token: str) -> Feed | None:
    """Return the feed that a token opens; the same nothing for every other token."""
    digest = digest_of_token(token)
    found = unit.feeds.by_digest(digest)
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    return None if found.revoked_at is not None else found


def window_of(now: datetime, settings: FeedSettings) -> tuple[datetime, datetime]:
    """Return the first instant and the end of what a feed shows: whole days in UTC.

    The same for a whole day, so that a feed changes once a day at most by itself.
    """
    day = now.astimezone(UTC).date()
    since = datetime.combine(day - timedelta(days=settings.past_days), time(0), tzinfo=UTC)
    until = datetime.combine(day + timedelta(days=settings.future_days + 1), time(0), tzinfo=UTC)
    return since, until


def publication_of(feed: Feed, settings: FeedSettings) -> Publication:
    """Return how the entries of a feed are made."""
    return Publication(
        names=feed.names,
        kinds=feed.kinds,
        alarms=alarms_of(settings.before, on=feed.alarms),
        minutes=settings.minutes,
        hours24=settings.hours24,
    )


def form_of(feed: Feed) -> CalendarForm:
    """Return how a feed is written; hidden names are not in the calendar's name either."""
    return CalendarForm(name=NAME if feed.names is NamesShown.HIDDEN else OPEN_NAME)


def entries_between(
    book: Book, since: datetime, until: datetime, today: datetime, how: Publication
) -> list[FeedEntry]:
    """Return what is published of all plans of the book's person, in an order that lasts.

    Args:
        today: The instant from which refills are reckoned.
    """
    found: list[FeedEntry] = []
    if FeedKind.DOSES in how.kinds:
        found += plan_entries(book, followed(book), since, until, how)
    found += event_entries(book, since, until, today, how)
    return hidden(found) if how.names is NamesShown.HIDDEN else found


def feed_entries(
    book: Book, feed: Feed, settings: FeedSettings, now: datetime, token: str = ""
) -> list[FeedEntry]:
    """Return the entries of a feed as it is to be published now, and remember their versions.

    Needs a writing unit: what was published is announced by a higher version for ever.

    Args:
        token: The feed's secret, from which the links of its doses are made.
    """
    since, until = window_of(now, settings)
    today = since + timedelta(days=settings.past_days)
    how = publication_of(feed, settings)
    if feed.links and token:
        how = replace(how, link=Links(book.unit, feed, token, now))
    entries = entries_between(book, since, until, today, how)
    return versioned(book.unit, f"feed:{feed.number}", entries, now, since)


def versioned(
    unit: Unit, scope: str, entries: Iterable[FeedEntry], now: datetime, since: datetime
) -> list[FeedEntry]:
    """Return entries with the versions to publish, and store those versions."""
    published, news = announce(entries, unit.announcements.of(scope), now)
    unit.announcements.put(scope, news)
    unit.announcements.prune(scope, seconds(since - _DAY))
    return published
