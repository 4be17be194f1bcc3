"""A person's plan kept in a calendar on a CalDAV server, and what was ticked off there.

What was ticked off is recorded first, at the time that the phone noted, once; then the
calendar is made to hold the plan. Whatever stops half-way goes on the next time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.errors import MedschedError
from medsched.frozen import frozen, replace
from medsched.services.agenda import followed
from medsched.services.book import Book, dose_id
from medsched.services.feeds import FeedSettings, entries_between, versioned, window_of
from medsched.services.publish import rows_by_uid
from medsched.services.publish_how import NamesShown, Publication, alarms_of
from medsched.services.record import take_dose
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from medsched.services.feed_entry import FeedEntry
    from medsched.services.feed_ports import CalDavLink, CalendarServer, Done
    from medsched.services.ports import Plan, Store, Unit

_KEPT: Final = timedelta(days=400)
"""How long what is over stays on the server."""

_AHEAD: Final = timedelta(days=62)
"""How far ahead a task may be ticked off; so far doses are stored at least."""

BY: Final = "calendar"


class UnknownLink(MedschedError):
    """A number that no calendar of this person has."""

    def __init__(self, number: int) -> None:
        """Keep the number."""
        self.number = number
        super().__init__(f"calendar {number}: not found; `medsched caldav list` shows them")


@frozen
class NotRecorded:
    """A tick that could not be recorded, and why; the plan shows the dose as it was."""

    uid: str
    reason: str


@frozen
class Synced:
    """What one synchronisation did.

    Args:
        recorded: Ids of doses that were ticked off and are recorded now.
        refused: Ticks that could not be recorded.
        created, changed, withdrawn: How many resources were written or removed.
        trouble: What stopped it; empty when it came to its end.
    """

    recorded: tuple[str, ...] = ()
    refused: tuple[NotRecorded, ...] = ()
    created: int = 0
    changed: int = 0
    withdrawn: int = 0
    trouble: str = ""


class Sync:
    """The calendars of one database."""

    def __init__(
        self, store: Store, settings: FeedSettings, connect: Callable[[CalDavLink], CalendarServer]
    ) -> None:
        """Keep the store and the way to a server.

        Args:
            connect: Returns the server of a link; nothing is asked yet.
        """
        self._store, self._settings, self._connect = store, settings, connect

    def run(self, number: int, now: datetime) -> Synced:
        """Synchronise one calendar; no transaction is open while the server is asked.

        Raises:
            UnknownLink: there is none of that number.
        """
        with self._store.reading() as unit:
            link = unit.caldav_links.get(number)
        if link is None:
            raise UnknownLink(number)
        server = self._connect(link)
        done = Synced()
        try:
            done = self._ticked(link, list(server.completions()), now)
            link = replace(link, sync_token=server.sync_token or "")
            result = server.publish(self._entries(link, now), known=link.known)
        except MedschedError as why:
            return self._stopped(link, done, why, now)
        self._save(replace(link, known=result.known, synced_at=now, trouble=""))
        return replace(
            done,
            created=len(result.created),
            changed=len(result.changed),
            withdrawn=len(result.withdrawn),
        )

    def _ticked(self, link: CalDavLink, ticks: Iterable[Done], now: datetime) -> Synced:
        """Record what was ticked off, each tick in a transaction of its own."""
        recorded: list[str] = []
        refused: list[NotRecorded] = []
        for one in ticks if link.as_tasks else ():
            with self._store.writing() as unit:
                found = _meant(_book(unit, link.person), one, link.names, now)
            if isinstance(found, NotRecorded):
                refused.append(found)
            elif found:
                recorded.append(found)
        return Synced(recorded=tuple(recorded), refused=tuple(refused))

    def _entries(self, link: CalDavLink, now: datetime) -> list[FeedEntry]:
        since, until = window_of(now, self._settings)
        today = since + timedelta(days=self._settings.past_days)
        begin = max(link.created_at - timedelta(days=self._settings.past_days), now - _KEPT)
        how = Publication(
            names=link.names,
            alarms=alarms_of(self._settings.before),
            minutes=self._settings.minutes,
            hours24=self._settings.hours24,
        )
        with self._store.writing() as unit:
            book = _book(unit, link.person)
            entries = entries_between(book, begin, until, today, how)
            return versioned(unit, f"caldav:{link.number}", entries, now, begin)

    def _stopped(self, link: CalDavLink, done: Synced, why: MedschedError, now: datetime) -> Synced:
        """Keep what was done until it stopped, so that the next time goes on from there."""
        result = getattr(why, "published", None)
        known = link.known if result is None else result.known
        self._save(replace(link, known=known, synced_at=now, trouble=str(why)))
        return replace(done, trouble=str(why))

    def _save(self, link: CalDavLink) -> None:
        with self._store.writing() as unit:
            unit.caldav_links.save(link)


def _book(unit: Unit, person: str) -> Book:
    found = unit.people.by_id(person)
    assert found is not None  # noqa: S101  # persons are never deleted
    return Book(unit, found)


def _meant(book: Book, one: Done, names: NamesShown, now: datetime) -> str | NotRecorded:
    """Record the doses of a tick; return the id of the last, empty when nothing was new.

    With hidden names a task stands for every dose of its instant.
    """
    rows = rows_by_uid(book, followed(book), now - _KEPT, now + _AHEAD)
    if one.uid not in rows:
        return NotRecorded(uid=one.uid, reason="no dose of the plan has this name")
    found = rows[one.uid]
    if names is NamesShown.HIDDEN:
        wanted = [other for other in rows.values() if other[1].due == found[1].due]
    else:
        wanted = [found]
    last: str | NotRecorded = ""
    for plan, row in wanted:
        text = dose_id(row)
        if book.unit.records.settling(text) is None:
            last = _taken(book, plan, text, min(one.at, now), now)
    return last


def _taken(book: Book, plan: Plan, text: str, at: datetime, now: datetime) -> str | NotRecorded:
    token = f"caldav:{text}:{at.isoformat()}"
    if book.unit.records.by_token(token) is not None:
        return ""
    try:
        take_dose(book, plan, text, Taking(at=at, now=now, by=BY, token=token))
    except MedschedError as why:
        return NotRecorded(uid=text, reason=str(why))
    return text
