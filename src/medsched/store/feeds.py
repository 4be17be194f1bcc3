"""Published calendars: who may fetch which, and a cheap answer to "did anything change?"."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from medsched.services.feed_ports import Feed
from medsched.services.publish_how import FeedKind, NamesShown
from medsched.store.cells import instant_of, instant_or_none

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.store.driver import Cells, Driver

_COLUMNS: Final = (
    "person",
    "digest",
    "created_at",
    "label",
    "names",
    "alarms",
    "links",
    "kinds",
    "address",
    "revoked_at",
    "fetched_at",
    "fetched_by",
    "fetches",
    "etag",
    "changed_at",
)
_ALL: Final = f"SELECT number, {', '.join(_COLUMNS)} FROM feed"  # noqa: S608  # own names
_ADD: Final = (
    f"INSERT INTO feed ({', '.join(_COLUMNS)})"  # noqa: S608  # own names
    f" VALUES ({', '.join('?' * len(_COLUMNS))}) RETURNING number"
)
_REVOKE: Final = "UPDATE feed SET revoked_at = ? WHERE number = ? AND revoked_at IS NULL"
_FETCHED: Final = (
    "UPDATE feed SET fetched_at = ?, fetched_by = ?, fetches = fetches + 1 WHERE number = ?"
)
_CHANGED: Final = "UPDATE feed SET etag = ?, changed_at = ? WHERE number = ?"

_STAMPS: Final = (
    "SELECT number, status, current FROM prescription WHERE person = ? ORDER BY number",
    (
        "SELECT MAX(administration.id) FROM administration"
        " JOIN prescription ON prescription.number = administration.prescription"
        " WHERE prescription.person = ?"
    ),
    "SELECT MAX(updated_at) FROM setting WHERE person = ?",
    "SELECT updated_at FROM person WHERE id = ?",
)
"""What only ever gets newer when anything about a person is stored; no dose row is read."""


class SqlFeeds:
    """`feed_ports.Feeds` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def add(self, feed: Feed) -> Feed:
        """Store a new one and return it with its number."""
        [(number,)] = self._driver.rows(_ADD, self._cells(feed))
        found = self.get(number)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    def of_person(self, person: str) -> list[Feed]:
        """Return a person's feeds, by number, revoked ones too."""
        query = f"{_ALL} WHERE person = ? ORDER BY number"
        return [_feed(row) for row in self._driver.rows(query, (int(person),))]

    def by_digest(self, digest: str) -> Feed | None:
        """Return the feed of a token's digest."""
        found = self._driver.rows(f"{_ALL} WHERE digest = ?", (digest,))
        return _feed(found[0]) if found else None

    def get(self, number: int) -> Feed | None:
        """Return one feed."""
        found = self._driver.rows(f"{_ALL} WHERE number = ?", (number,))
        return _feed(found[0]) if found else None

    def revoke(self, number: int, at: datetime) -> None:
        """Close a feed for ever; when it was closed before, that time stays."""
        self._driver.each(_REVOKE, [(self._driver.instant(at), number)])

    def fetched(self, number: int, at: datetime, by: str) -> None:
        """Count one fetch."""
        self._driver.each(_FETCHED, [(self._driver.instant(at), by, number)])

    def changed(self, number: int, etag: str, at: datetime) -> None:
        """Note that the calendar is another one since `at`."""
        self._driver.each(_CHANGED, [(etag, self._driver.instant(at), number)])

    def stamp(self, person: str) -> str:
        """Return a text that is another one after anything stored about a person changed."""
        found = [self._driver.rows(one, (int(person),)) for one in _STAMPS]
        return sha256(repr(found).encode()).hexdigest()

    def _cells(self, feed: Feed) -> Cells:
        at = self._driver.instant
        return (
            int(feed.person),
            feed.digest,
            at(feed.created_at),
            feed.label,
            feed.names.value,
            feed.alarms,
            feed.links,
            ",".join(sorted(feed.kinds)),
            feed.address,
            at(feed.revoked_at) if feed.revoked_at else None,
            at(feed.fetched_at) if feed.fetched_at else None,
            feed.fetched_by,
            feed.fetches,
            feed.etag,
            at(feed.changed_at) if feed.changed_at else None,
        )


def _feed(row: tuple[Any, ...]) -> Feed:
    number, *cells = row
    told = dict(zip(_COLUMNS, cells, strict=True))
    return Feed(
        number=number,
        person=str(told["person"]),
        digest=told["digest"],
        created_at=instant_of(told["created_at"]),
        label=told["label"],
        names=NamesShown(told["names"]),
        alarms=bool(told["alarms"]),
        links=bool(told["links"]),
        kinds=frozenset(FeedKind(one) for one in told["kinds"].split(",") if one),
        address=told["address"],
        revoked_at=instant_or_none(told["revoked_at"]),
        fetched_at=instant_or_none(told["fetched_at"]),
        fetched_by=told["fetched_by"],
        fetches=told["fetches"],
        etag=told["etag"],
        changed_at=instant_or_none(told["changed_at"]),
    )
