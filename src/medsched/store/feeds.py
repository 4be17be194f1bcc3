"""Published calendars: who may fetch which, and a cheap answer to "did anything change?"."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from medsched.services.feed_ports import Feed
from medsched.services.publish_how import FeedKind, NamesShown
from medsched.store.tables.feeds import FEED
from medsched.store.tables.people import PERSON, SETTING
from medsched.store.tables.plans import PRESCRIPTION
from medsched.store.tables.records import ADMINISTRATION

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection, RowMapping


class SqlFeeds:
    """`feed_ports.Feeds` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, feed: Feed) -> Feed:
        """Store a new one and return it with its number."""
        made = insert(FEED).values(**_row(feed)).returning(FEED.c.number)
        number = self._connection.execute(made).scalar_one()
        found = self.get(number)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    def of_person(self, person: str) -> list[Feed]:
        """Return a person's feeds, by number, revoked ones too."""
        query = select(FEED).where(FEED.c.person == int(person)).order_by(FEED.c.number)
        return [_feed(row) for row in self._connection.execute(query).mappings()]

    def by_digest(self, digest: str) -> Feed | None:
        """Return the feed of a token's digest."""
        query = select(FEED).where(FEED.c.digest == digest)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _feed(row)

    def get(self, number: int) -> Feed | None:
        """Return one feed."""
        query = select(FEED).where(FEED.c.number == number)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _feed(row)

    def revoke(self, number: int, at: datetime) -> None:
        """Close a feed for ever; when it was closed before, that time stays."""
        one = update(FEED).where(FEED.c.number == number, FEED.c.revoked_at.is_(None))
        self._connection.execute(one.values(revoked_at=at))

    def fetched(self, number: int, at: datetime, by: str) -> None:
        """Count one fetch."""
        one = update(FEED).where(FEED.c.number == number)
        self._connection.execute(
            one.values(fetched_at=at, fetched_by=by, fetches=FEED.c.fetches + 1)
        )

    def changed(self, number: int, etag: str, at: datetime) -> None:
        """Note that the calendar is another one since `at`."""
        one = update(FEED).where(FEED.c.number == number)
        self._connection.execute(one.values(etag=etag, changed_at=at))

    def stamp(self, person: str) -> str:
        """Return a text that is another one after anything stored about a person changed.

        Revisions, records, settings and the person only ever get newer, so the newest of
        each says it; no dose row is read.
        """
        number = int(person)
        plan = PRESCRIPTION.c
        plans = select(plan.number, plan.status, plan.current).where(plan.person == number)
        newest = (
            select(func.max(ADMINISTRATION.c.id))
            .join(PRESCRIPTION, plan.number == ADMINISTRATION.c.prescription)
            .where(plan.person == number)
        )
        setting = select(func.max(SETTING.c.updated_at)).where(SETTING.c.person == number)
        changed = select(PERSON.c.updated_at).where(PERSON.c.id == number)
        found: list[Any] = [
            tuple(row) for row in self._connection.execute(plans.order_by(plan.number))
        ]
        found += [self._connection.execute(one).scalar() for one in (newest, setting, changed)]
        return sha256(repr(found).encode()).hexdigest()


def _row(feed: Feed) -> dict[str, Any]:
    return {
        "person": int(feed.person),
        "digest": feed.digest,
        "created_at": feed.created_at,
        "label": feed.label,
        "names": feed.names.value,
        "alarms": feed.alarms,
        "links": feed.links,
        "kinds": ",".join(sorted(feed.kinds)),
        "address": feed.address,
        "revoked_at": feed.revoked_at,
        "fetched_at": feed.fetched_at,
        "fetched_by": feed.fetched_by,
        "fetches": feed.fetches,
        "etag": feed.etag,
        "changed_at": feed.changed_at,
    }


def _feed(row: RowMapping) -> Feed:
    given = dict(row)
    kinds = frozenset(FeedKind(one) for one in given.pop("kinds").split(",") if one)
    names = NamesShown(given.pop("names"))
    return Feed(**{**given, "person": str(row["person"]), "kinds": kinds, "names": names})
