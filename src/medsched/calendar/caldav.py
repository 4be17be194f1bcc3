"""The plan pushed to a CalDAV server, one resource a dose, and what was done with it there.

Every write says what it stands on: a new dose is only put where nothing is, a change
only over what was read before, so neither a second run nor a phone that writes at the
same moment is overwritten. Any server that speaks RFC 4791 will do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from medsched.calendar.caldav_server import GONE, Account, CalDavRefused, CalDavServer
from medsched.calendar.resource import Completion, completion_of, component, merged, written
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medsched.services.feed_entry import FeedEntry

TRIES: Final = 4
_OK: Final = range(200, 300)
_STALE: Final = (*GONE, 409, 412)


@frozen
class Published:
    """What a publication did.

    Args:
        known: To be stored, and given to the next `publish`: each UID of ours on the
            server with a mark of what was published and of what the server then held.
        created: UIDs that are new on the server.
        changed: UIDs that were updated.
        withdrawn: UIDs that were removed.
        kept: UIDs that are withdrawn but were changed on the server since the last
            publication; they stay this time, so that no completion is lost.
    """

    known: Mapping[str, str]
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


class PublicationStopped(CalDavRefused):
    """A publication that ended half-way; `published` is what was done until then."""

    def __init__(self, why: CalDavRefused, published: Published) -> None:
        """Keep what was done; storing its `known` and publishing again completes it."""
        super().__init__(why.host, why.reason)
        self.published = published


class CalDavCollection:
    """One calendar of one account on a CalDAV server, in which we keep our own doses."""

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        *,
        as_todos: bool = False,
        sync_token: str | None = None,
        ca_file: str | None = None,
        timeout_seconds: int = 30,
    ) -> None:
        """Remember the address; nothing is asked yet.

        Args:
            url: The calendar itself, https; http on this machine only.
            username: The account.
            password: Its password; it is in no message and no log of ours.
            as_todos: Publish tasks, which can be completed, rather than events.
            sync_token: What `sync_token` was after the last `completions`, or None.
            ca_file: Certificates to trust instead of the machine's own.
            timeout_seconds: How long each request may take.

        Raises:
            InvalidValue: the address is none that can be used.
        """
        account = Account(username, password)
        self.server = CalDavServer(url, account, ca_file=ca_file, timeout_seconds=timeout_seconds)
        self.as_todos = as_todos
        self.sync_token = sync_token

    def publish(self, entries: Iterable[FeedEntry], *, known: Mapping[str, str]) -> Published:
        """Make the server hold `entries`, and of what is `known` nothing else.

        What others wrote into our resources stays, and what is not in `known` is not
        touched. Call `completions` first: what it returns is on record before a task
        is withdrawn or reset.

        Args:
            entries: All that is to be there.
            known: `Published.known` of the last publication; empty at the first.

        Raises:
            PublicationStopped: the server cannot be reached or does not comply.
        """
        run = _Run(self.server, self.as_todos, known)
        try:
            run.publish({entry.uid: entry for entry in entries})
        except CalDavRefused as why:
            raise PublicationStopped(why, run.published()) from None
        return run.published()

    def completions(self) -> list[Completion]:
        """Return the tasks that are completed, of those that changed since the last call.

        The first call returns all, and so does one after the server forgot the token.
        `sync_token` is where the next call goes on; store it once they are recorded.

        Raises:
            CalDavRefused: the server cannot be reached or does not comply.
        """
        token, held = self.server.changed(self.sync_token)
        found = [completion for data in held if (completion := completion_of(data))]
        self.sync_token = token
        return sorted(found, key=lambda each: (each.at, each.uid))

    def close(self) -> None:
        """End the connections."""
        self.server.close()


@dataclass(slots=True)
class _Run:
    """One publication as far as it has come."""

    server: CalDavServer
    as_todos: bool
    before: Mapping[str, str]
    known: dict[str, str] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def published(self) -> Published:
        return Published(
            known=dict(self.known),
            created=tuple(self.created),
            changed=tuple(self.changed),
            withdrawn=tuple(self.withdrawn),
            kept=tuple(self.kept),
        )

    def publish(self, entries: Mapping[str, FeedEntry]) -> None:
        self.known = dict(self.before)
        etags = self.server.etags()
        for uid, entry in entries.items():
            digest = self._digest(entry)
            etag = etags.get(uid, "")
            if not etag or self.before.get(uid) != f"{digest} {etag}":
                self.known[uid] = f"{digest} {self._put(entry, exists=bool(etag))}"
        for uid in sorted(self.before.keys() - entries.keys()):
            self._withdraw(uid, etags.get(uid, ""))

    def _digest(self, entry: FeedEntry) -> str:
        ours = written(component(entry, as_todo=self.as_todos))
        return hashlib.sha256(ours).hexdigest()[:16]

    def _seen(self, uid: str) -> str:
        """Return the ETag that the server gave when we last published a UID."""
        return self.before.get(uid, "").partition(" ")[2]

    def _put(self, entry: FeedEntry, *, exists: bool) -> str:
        """Write one entry over what is there, and return the ETag it then has."""
        for _ in range(TRIES):
            etag = self._changed(entry) if exists else self._created(entry)
            if etag is not None:
                return etag
            exists = not exists or self.server.ask("GET", entry.uid).status in _OK
        reason = "it refuses a dose; it may hold a copy of it under another name"
        raise CalDavRefused(self.server.host, reason)

    def _created(self, entry: FeedEntry) -> str | None:
        """Put a new resource; None if something is there."""
        body = written(component(entry, as_todo=self.as_todos))
        answer = self.server.ask("PUT", entry.uid, body, If_None_Match="*")
        if answer.status in _STALE:
            return None
        self._must(answer.status)
        self.created.append(entry.uid)
        return answer.etag

    def _changed(self, entry: FeedEntry) -> str | None:
        """Merge into what is there; None if that changed meanwhile, or is gone."""
        held = self.server.ask("GET", entry.uid)
        if held.status in GONE:
            return None
        self._must(held.status)
        seen = bool(held.etag) and held.etag == self._seen(entry.uid)
        body = merged(held.body, entry, as_todo=self.as_todos, seen=seen)
        if body is None:
            return held.etag
        answer = self.server.ask("PUT", entry.uid, body, If_Match=held.etag or "*")
        if answer.status in _STALE:
            return None
        self._must(answer.status)
        self.changed.append(entry.uid)
        return answer.etag

    def _withdraw(self, uid: str, etag: str) -> None:
        """Remove a resource of ours, unless somebody changed it since we wrote it."""
        if etag and self._seen(uid) not in {"", etag}:
            self._keep(uid, etag)
            return
        if etag:
            answer = self.server.ask("DELETE", uid, If_Match=etag)
            if answer.status == _STALE[-1]:
                self._keep(uid, self.server.ask("GET", uid).etag)
                return
            if answer.status not in GONE:
                self._must(answer.status)
            self.withdrawn.append(uid)
        self.known.pop(uid, None)

    def _keep(self, uid: str, etag: str) -> None:
        self.known[uid] = f"withdrawn {etag}"
        self.kept.append(uid)

    def _must(self, status: int) -> None:
        if status not in _OK:
            raise CalDavRefused(self.server.host, f"it answered {status}")
