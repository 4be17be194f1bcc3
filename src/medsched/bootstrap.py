"""The composition root: the only place that knows every room and joins them.

Nothing is opened before it is needed: a command that stores nothing opens no database.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medsched.clock import SystemClock
from medsched.domain.person import Person, at_home
from medsched.errors import MedschedError
from medsched.services.book import Book
from medsched.settings import database_url, default_home, make_home, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from medsched.domain.protocol import Protocol
    from medsched.services.caldav_sync import Sync
    from medsched.services.feed_ports import CalDavLink, CalendarServer
    from medsched.services.feeds import FeedSettings
    from medsched.services.ports import Clock, Store, Unit
    from medsched.services.remind_ports import Hints
    from medsched.services.status import Status
    from medsched.settings import Settings
    from medsched.store.copies import Copies

ME = "me"
"""The name of the person when nobody named one."""


class WhichPerson(MedschedError):
    """Several persons, and none was named."""

    def __init__(self, count: int) -> None:
        """Keep how many there are; their names stay out of messages."""
        self.count = count
        super().__init__(f"person: {count} persons are stored here; name one with --person")


class UnknownPerson(MedschedError):
    """A name that nobody here has."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        self.name = name
        super().__init__(
            f"person {name!r}: not stored here; add somebody with"
            " `medsched person set --person NAME --zone ZONE`"
        )


class App:
    """Everything one run of the program may need, made when it is first asked for."""

    def __init__(
        self,
        *,
        home: Path | None = None,
        database: str | None = None,
        clock: Clock | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the choices of one run; open nothing."""
        self.environment = os.environ if environment is None else environment
        self.home = home or default_home(self.environment)
        self.database = database_url(self.home, database, self.environment)
        self.clock: Clock = clock or SystemClock()

    @cached_property
    def settings(self) -> Settings:
        """The settings of this home."""
        return read_settings(self.home)

    @property
    def feed_settings(self) -> FeedSettings:
        """What the settings say about entries and feeds."""
        from medsched.services.feeds import FeedSettings

        given = self.settings
        return FeedSettings(
            minutes=given.entry_minutes,
            before=given.alarm_before_minutes,
            hours24=given.clock_24_hours,
            past_days=given.feed_past_days,
            future_days=given.feed_future_days,
        )

    @cached_property
    def store(self) -> Store:
        """The database, opened and brought to the newest schema; made when missing."""
        from medsched.store.opening import open_store

        if self.database.startswith("sqlite:"):
            make_home(self.home)
        return open_store(self.database, clock=self.clock)

    @cached_property
    def calendars(self) -> Sync:
        """What synchronises calendars on CalDAV servers."""
        from medsched.services.caldav_sync import Sync

        return Sync(self.store, self.feed_settings, connect)

    def hints(self) -> Hints:
        """Return what tells that reminders changed: on a server its own word, else nothing."""
        from medsched.store.listen import hints_of

        return hints_of(self.database)

    def copies(self) -> Copies | None:
        """Return the backups that are made by themselves; None when none are.

        Raises:
            InvalidValue: the settings ask for less than none.
        """
        from medsched.store.copies import copies_of

        hours, keep = self.settings.backup_hours, self.settings.backups_kept
        return copies_of(self.database, self.home, hours=hours, keep=keep, clock=self.clock)

    def status(self, disk_free: int | None, *, thorough: bool = False) -> Status:
        """Return how the daemon, the database and this machine are now.

        Args:
            thorough: Look at every stored dose, too: too much to do every minute.
        """
        from medsched.services.status import status_of

        copies = self.copies()
        return status_of(
            self.store,
            self.clock.now(),
            disk_free=disk_free,
            backups=None if copies is None else copies.state,
            thorough=thorough,
        )

    @property
    def has_store(self) -> bool:
        """Whether there is a database already: showing a plan makes none."""
        if not self.database.startswith("sqlite:///"):
            return True
        from pathlib import Path

        return Path(self.database.removeprefix("sqlite:///")).exists()

    def find_person(self, unit: Unit, name: str | None) -> Person | None:
        """Return the person named, or the only one; None when nobody is stored yet.

        Raises:
            WhichPerson: several are stored and none was named.
        """
        if name is not None:
            return unit.people.by_name(name)
        everybody = unit.people.all()
        if len(everybody) <= 1:
            return everybody[0] if everybody else None
        found = unit.people.by_name(ME)
        if found is None:
            raise WhichPerson(len(everybody))
        return found

    def new_person(self, name: str | None, zone: ZoneInfo) -> Person:
        """Return somebody who is not stored yet."""
        return Person(name=name or ME, itinerary=at_home(zone))

    def book(self, unit: Unit, person: Person) -> Book:
        """Return the book of a person's stored plans."""
        return Book(unit, person)

    def protocol(self, name: str) -> Protocol:
        """Return a shipped protocol, or the one in a person's own file."""
        from medsched.protocols import load

        return load(name)[0]

    def new_key(self) -> str:
        """Return a new key that is unique in the world."""
        from uuid import uuid4

        return str(uuid4())


def connect(link: CalDavLink) -> CalendarServer:
    """Return the CalDAV server of a link; nothing is asked yet."""
    from medsched.calendar.caldav import CalDavCollection

    return CalDavCollection(
        link.url,
        link.username,
        link.password,
        as_todos=link.as_tasks,
        sync_token=link.sync_token or None,
    )


def machine_zone(environment: Mapping[str, str]) -> ZoneInfo:
    """Return the machine's own time zone, UTC when it tells none."""
    from pathlib import Path

    named = environment.get("TZ", "").lstrip(":")
    candidates = [named] if named else []
    link = Path("/etc/localtime")
    if not named and link.is_symlink():
        parts = link.resolve().parts
        if "zoneinfo" in parts:
            candidates.append("/".join(parts[parts.index("zoneinfo") + 1 :]))
    name = Path("/etc/timezone")
    if not named and name.is_file():
        candidates.append(name.read_text(encoding="utf-8").strip())
    for one in candidates:
        zone = zone_or_none(one)
        if zone is not None:
            return zone
    return ZoneInfo("UTC")


def zone_or_none(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, None when there is none of that name."""
    from zoneinfo import ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
