"""What publishing needs of the world: feeds, what they announced, calendars elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from medsched.frozen import field, frozen
from medsched.services.feed_entry import FeedKind
from medsched.services.outbox_ports import NamesShown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from medsched.services.feed_entry import FeedEntry


@frozen
class Feed:
    """One published calendar of one person for one recipient, behind a secret token.

    Args:
        digest: SHA-256 of the token; the token itself is kept nowhere.
        number: 0 before it is stored. label: for whom it is; shown in lists only.
        alarms: Whether open doses ring. links: whether each has a link to confirm it by.
        address: where the server is reached, as
            `https://host`, empty when not known.
        fetched_at, fetched_by, fetches: Last time, by which program, how often.
        etag: Digest of the calendar as it was last made; changed_at: since when it is so.
    """

    person: str
    digest: str
    created_at: datetime
    number: int = 0
    label: str = ""
    names: NamesShown = NamesShown.HIDDEN
    alarms: bool = True
    links: bool = False
    kinds: frozenset[FeedKind] = frozenset({FeedKind.DOSES})
    address: str = ""
    revoked_at: datetime | None = None
    fetched_at: datetime | None = None
    fetched_by: str = ""
    fetches: int = 0
    etag: str = ""
    changed_at: datetime | None = None


class Announced(NamedTuple):
    """The version in which an entry was last published somewhere.

    Attributes:
        starts, revised: Whole UTC seconds since 1970. digest: of all that it showed.
        gone: It was last published as withdrawn.
    """

    uid: str
    starts: int
    sequence: int
    revised: int
    digest: str
    gone: bool = False


@frozen
class CalDavLink:
    """A calendar on a CalDAV server that a person's plan is written into.

    Args:
        password: A secret: shown nowhere. as_tasks: doses can be ticked off there.
        sync_token, known: What the last publication left, for the next one.
        trouble: What went wrong last time; empty when all is well.
    """

    person: str
    url: str
    username: str
    password: str = field(repr=False)
    created_at: datetime
    number: int = 0
    as_tasks: bool = False
    names: NamesShown = NamesShown.HIDDEN
    sync_token: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    synced_at: datetime | None = None
    trouble: str = ""


class Feeds(Protocol):
    """Published calendars."""

    def add(self, feed: Feed) -> Feed:
        """Store a new one and return it with its number."""
        ...

    def of_person(self, person: str) -> list[Feed]:
        """Return a person's feeds, by number, revoked ones too."""
        ...

    def by_digest(self, digest: str) -> Feed | None:
        """Return the feed of a token's digest."""
        ...

    def get(self, number: int) -> Feed | None:
        """Return one feed."""
        ...

    def revoke(self, number: int, at: datetime) -> None:
        """Close a feed for ever."""
        ...

    def fetched(self, number: int, at: datetime, by: str) -> None:
        """Count one fetch."""
        ...

    def changed(self, number: int, etag: str, at: datetime) -> None:
        """Note that the calendar is another one since `at`."""
        ...

    def stamp(self, person: str) -> str:
        """Return a text that is another one after anything stored about a person changed."""
        ...


class Announcements(Protocol):
    """Which versions of entries were published where; a scope is a feed, or a person's files."""

    def of(self, scope: str) -> dict[str, Announced]:
        """Return all of a scope, by UID."""
        ...

    def put(self, scope: str, rows: Iterable[Announced]) -> None:
        """Store new and changed ones."""
        ...

    def prune(self, scope: str, before: int) -> None:
        """Forget what starts before."""
        ...


class CalDavLinks(Protocol):
    """Calendars on CalDAV servers."""

    def add(self, link: CalDavLink) -> CalDavLink:
        """Store a new one and return it with its number."""
        ...

    def of_person(self, person: str) -> list[CalDavLink]:
        """Return a person's links, by number."""
        ...

    def all(self) -> list[CalDavLink]:
        """Return the links of everybody, by number."""
        ...

    def get(self, number: int) -> CalDavLink | None:
        """Return one link."""
        ...

    def save(self, link: CalDavLink) -> None:
        """Store what the last publication left. Raises KeyError when there is none."""
        ...

    def remove(self, number: int) -> None:
        """Forget a link and its password."""
        ...


class Done(Protocol):
    """A task that was completed on a server."""

    @property
    def uid(self) -> str:
        """The dose's UID."""
        ...

    @property
    def at(self) -> datetime:
        """When, as the phone noted it."""
        ...


class Result(Protocol):
    """What a publication did: UIDs, and what is to be given to the next one."""

    @property
    def known(self) -> Mapping[str, str]:
        """For the next publication."""
        ...

    @property
    def created(self) -> tuple[str, ...]:
        """New on the server."""
        ...

    @property
    def changed(self) -> tuple[str, ...]:
        """Updated."""
        ...

    @property
    def withdrawn(self) -> tuple[str, ...]:
        """Removed."""
        ...


class CalendarServer(Protocol):
    """One calendar on a CalDAV server."""

    sync_token: str | None

    def completions(self) -> Iterable[Done]:
        """Return the tasks completed since the last call."""
        ...

    def publish(self, entries: Iterable[FeedEntry], *, known: Mapping[str, str]) -> Result:
        """Make the server hold these entries."""
        ...
