"""Feeds, announcements and CalDAV links in memory; held to the same suite as the real ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tests.fakes.memory_store import State

    from medsched.services.feed_ports import Announced, CalDavLink, Feed


@dataclass(slots=True)
class Publishing:
    """Everything that is stored about publishing."""

    feeds: dict[int, Feed] = field(default_factory=dict)
    announced: dict[tuple[str, str], Announced] = field(default_factory=dict)
    links: dict[int, CalDavLink] = field(default_factory=dict)
    last_link: list[int] = field(default_factory=lambda: [0])

    def copy(self) -> Publishing:
        """Return one that can be changed without changing this one."""
        return Publishing(*(getattr(self, name).copy() for name in self.__slots__))


class MemoryFeeds:
    """`feed_ports.Feeds` in memory."""

    def __init__(self, state: State) -> None:
        self._whole, self._feeds = state, state.publishing.feeds

    def add(self, feed: Feed) -> Feed:
        made = replace(feed, number=len(self._feeds) + 1)
        self._feeds[made.number] = made
        return made

    def of_person(self, person: str) -> list[Feed]:
        return [one for one in self._feeds.values() if one.person == person]

    def by_digest(self, digest: str) -> Feed | None:
        return next((one for one in self._feeds.values() if one.digest == digest), None)

    def get(self, number: int) -> Feed | None:
        return self._feeds.get(number)

    def revoke(self, number: int, at: datetime) -> None:
        one = self._feeds[number]
        self._feeds[number] = replace(one, revoked_at=one.revoked_at or at)

    def fetched(self, number: int, at: datetime, by: str) -> None:
        one = self._feeds[number]
        self._feeds[number] = replace(one, fetched_at=at, fetched_by=by, fetches=one.fetches + 1)

    def changed(self, number: int, etag: str, at: datetime) -> None:
        self._feeds[number] = replace(self._feeds[number], etag=etag, changed_at=at)

    def stamp(self, person: str) -> str:
        plans = [one for one in self._whole.plans.values() if one.person == person]
        numbers = {str(one.number) for one in plans}
        states = sorted((one.number, one.status.value, one.current) for one in plans)
        records = [n for n, one in self._whole.records.items() if one.prescription in numbers]
        settings = {k: v for k, v in self._whole.settings.items() if k[0] == person}
        return repr((states, max(records, default=0), settings, self._whole.people.get(person)))


class MemoryAnnouncements:
    """`feed_ports.Announcements` in memory."""

    def __init__(self, state: State) -> None:
        self._rows = state.publishing.announced

    def of(self, scope: str) -> dict[str, Announced]:
        return {uid: row for (where, uid), row in self._rows.items() if where == scope}

    def put(self, scope: str, rows: Iterable[Announced]) -> None:
        self._rows.update({(scope, row.uid): row for row in rows})

    def prune(self, scope: str, before: int) -> None:
        for key, row in list(self._rows.items()):
            if key[0] == scope and row.starts < before:
                del self._rows[key]


class MemoryCalDavLinks:
    """`feed_ports.CalDavLinks` in memory."""

    def __init__(self, state: State) -> None:
        self._links, self._last = state.publishing.links, state.publishing.last_link

    def add(self, link: CalDavLink) -> CalDavLink:
        self._last[0] += 1
        made = replace(link, number=self._last[0])
        self._links[made.number] = made
        return made

    def of_person(self, person: str) -> list[CalDavLink]:
        return [one for one in self._links.values() if one.person == person]

    def all(self) -> list[CalDavLink]:
        return [self._links[number] for number in sorted(self._links)]

    def get(self, number: int) -> CalDavLink | None:
        return self._links.get(number)

    def save(self, link: CalDavLink) -> None:
        if link.number not in self._links:
            raise KeyError(link.number)
        self._links[link.number] = link

    def remove(self, number: int) -> None:
        self._links.pop(number, None)
