"""What the use cases need of the world, and the plain records that cross the border.

The store keeps facts: people, revisions, dose rows, administrations. It decides
nothing about dosing. One writing unit of work is one transaction: all or nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from medsched.services.fact_ports import Json, ProtocolTexts, Records, Settings
from medsched.services.row_key import RowKey
from medsched.services.stored import (
    AlreadySettled,
    DoseRow,
    DoseRun,
    Override,
    Plan,
    Revision,
    RevisionKind,
    StaleRevision,
    Withdrawal,
    WithdrawnDose,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from medsched.domain.person import Person
    from medsched.services.feed_ports import Announcements, CalDavLinks, Feeds
    from medsched.services.outbox_ports import Channels, Daemons, Outbox, Tokens


__all__ = [
    "AlreadySettled",
    "Clock",
    "DoseRow",
    "DoseRun",
    "Json",
    "Loader",
    "Override",
    "People",
    "Plan",
    "Plans",
    "ProtocolTexts",
    "Records",
    "Revision",
    "RevisionKind",
    "RowKey",
    "Settings",
    "StaleRevision",
    "Store",
    "Unit",
    "Withdrawal",
    "WithdrawnDose",
]


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class People(Protocol):
    """Persons, each with all that rules ask about them."""

    def add(self, person: Person, at: datetime) -> Person:
        """Store a new person and return it with its id."""
        ...

    def by_id(self, person: str) -> Person | None:
        """Return the person of that id."""
        ...

    def by_name(self, name: str) -> Person | None:
        """Return the person of that name, exactly as written."""
        ...

    def all(self) -> list[Person]:
        """Return everybody, by id."""
        ...

    def save(self, person: Person, at: datetime) -> None:
        """Store what changed about a person; the earlier state stays in the log."""
        ...


class Plans(Protocol):
    """Prescriptions, their revisions and their dose rows."""

    def add(self, person: str, key: str, protocol: str, medication: str, at: datetime) -> Plan:
        """Make a new prescription without revisions and return it with its number."""
        ...

    def get(self, number: int) -> Plan | None:
        """Return the prescription of that number."""
        ...

    def of_person(self, person: str) -> list[Plan]:
        """Return a person's prescriptions, by number."""
        ...

    def numbers(self, after: int = 0) -> Iterable[int]:
        """Yield the numbers of all prescriptions above `after`, rising, not held all at once."""
        ...

    def lock(self, number: int) -> Plan:
        """Return the prescription and keep other writers off it until the unit ends."""
        ...

    def save(self, plan: Plan) -> None:
        """Store status, current, draft, tracked and stored_until."""
        ...

    def add_revision(self, revision: Revision) -> None:
        """Append a revision; its number must be one more than the last.

        Raises:
            StaleRevision: another revision of that number is there.
        """
        ...

    def revision(self, number: int, revision: int) -> Revision:
        """Return one revision. Raises KeyError when there is none."""
        ...

    def revisions(self, number: int) -> list[Revision]:
        """Return all revisions of a prescription, in order."""
        ...

    def insert_doses(self, rows: Iterable[DoseRow]) -> int:
        """Store new dose rows and return how many; a key that is there already is an error."""
        ...

    def update_doses(self, rows: Iterable[DoseRow]) -> None:
        """Replace the rows of the same keys."""
        ...

    def withdraw_doses(self, doses: Iterable[WithdrawnDose]) -> None:
        """Take dose rows out of the plan and keep them as withdrawn."""
        ...

    def restore_doses(self, rows: Iterable[DoseRow]) -> None:
        """Put withdrawn doses back into the plan, with their new content."""
        ...

    def doses(self, numbers: Sequence[int], since: int, until: int) -> list[DoseRow]:
        """Return rows with `since` <= due < `until` (UTC seconds), by due, then key."""
        ...

    def doses_of_days(self, number: int, first: int, last: int) -> list[DoseRow]:
        """Return the rows of the local days `first` to `last` (ordinals), by due."""
        ...

    def dose(self, key: RowKey) -> DoseRow | None:
        """Return one row."""
        ...

    def withdrawn(self, numbers: Sequence[int], since: int, until: int) -> list[WithdrawnDose]:
        """Return withdrawn doses with `since` <= due < `until`."""
        ...

    def withdrawn_dose(self, key: RowKey) -> WithdrawnDose | None:
        """Return one withdrawn dose."""
        ...


class Loader(Protocol):
    """Many people at once, the fastest way there is: a clinic's import.

    Give some hundreds at a time; nothing is held from one call to the next.
    """

    def people(self, new: Sequence[Person], at: datetime) -> list[Person]:
        """Store new persons and return them with their ids, in the same order."""
        ...

    def plans(self, new: Sequence[Plan]) -> list[Plan]:
        """Store new prescriptions as they stand; return them with their numbers, in order."""
        ...

    def revisions(self, new: Iterable[Revision]) -> None:
        """Store the first revisions of new prescriptions."""
        ...

    def doses(self, rows: Iterable[DoseRow]) -> int:
        """Store dose rows and return how many; any iterable, consumed as it comes."""
        ...

    def runs(self, runs: Iterable[DoseRun]) -> int:
        """Store the rows of runs, several times faster than one by one; return how many."""
        ...


class Unit(Protocol):
    """One unit of work: what is done in it is stored together or not at all."""

    @property
    def people(self) -> People:
        """The persons."""
        ...

    @property
    def plans(self) -> Plans:
        """The prescriptions with their doses."""
        ...

    @property
    def records(self) -> Records:
        """The administrations."""
        ...

    @property
    def protocols(self) -> ProtocolTexts:
        """The protocol texts."""
        ...

    @property
    def settings(self) -> Settings:
        """The switches of persons."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The reminders to send."""
        ...

    @property
    def channels(self) -> Channels:
        """Where messages go."""
        ...

    @property
    def daemons(self) -> Daemons:
        """Who runs, and what time it was."""
        ...

    @property
    def tokens(self) -> Tokens:
        """The permissions for one tap."""
        ...

    @property
    def feeds(self) -> Feeds:
        """The published calendars."""
        ...

    @property
    def announcements(self) -> Announcements:
        """What was published where."""
        ...

    @property
    def caldav_links(self) -> CalDavLinks:
        """The calendars on CalDAV servers."""
        ...

    def hurry(self) -> None:
        """Have daemons look at once when this unit is stored: a hint that may get lost."""
        ...

    def loading(self) -> AbstractContextManager[Loader]:
        """Open the way for very many at once; for a writing unit that does only this."""
        ...


class Store(Protocol):
    """Where facts are kept."""

    def reading(self) -> AbstractContextManager[Unit]:
        """Open a consistent view; nothing can be changed in it."""
        ...

    def writing(self) -> AbstractContextManager[Unit]:
        """Open a transaction that excludes lost updates; it ends stored or undone."""
        ...
