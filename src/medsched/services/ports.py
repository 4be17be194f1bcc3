"""What the use cases need of the world, and the plain records that cross the border.

The store keeps facts: people, revisions, dose rows, administrations. It decides
nothing about dosing. One writing unit of work is one transaction: all or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from medsched.errors import MedschedError
from medsched.services.row_key import RowKey as RowKey  # noqa: PLC0414, TC001  # part of the ports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.person import Person
    from medsched.domain.prescription import Prescription, Status
    from medsched.services.feed_ports import Announcements, CalDavLinks, Feeds
    from medsched.services.outbox_ports import Channels, Daemons, Outbox, Tokens


Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
"""What a setting may hold."""


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class DoseRow(NamedTuple):
    """One stored dose: the hot row, integers and one short text.

    Attributes:
        prescription: Number of the prescription. day: Local day as proleptic ordinal.
        slot: Place in the day. These three are the key, for ever.
        due: UTC seconds since 1970. amount: Digits, in the medicine's unit.
        phase: Number of the phase in `revision`.
        revision: The revision that last changed this dose; its document explains the dose.
        sequence: 0 at first, one more with each change of its content (RFC 5545 SEQUENCE).
    """

    prescription: int
    day: int
    slot: int
    due: int
    amount: str
    phase: int
    revision: int
    sequence: int


class DoseRun(NamedTuple):
    """Dose rows that differ only by the day: `doses` of them, `step` days apart.

    The due instants are `step` times 86,400 seconds apart, so a run ends where the
    clocks change. The other fields are those of every row; `day` and `due` of the first.
    """

    prescription: int
    day: int
    doses: int
    step: int
    slot: int
    due: int
    amount: str
    phase: int
    revision: int
    sequence: int

    def rows(self) -> Iterator[DoseRow]:
        """Yield the rows, one by one."""
        for place in range(0, self.doses * self.step, self.step):
            yield DoseRow(
                self.prescription,
                self.day + place,
                self.slot,
                self.due + place * 86_400,
                self.amount,
                self.phase,
                self.revision,
                self.sequence,
            )


class Withdrawal(StrEnum):
    """Why a planned dose is no longer meant."""

    CANCELLED = "cancelled"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnDose:
    """A dose that was planned and is not meant any more, kept for calendars and history.

    Args:
        row: As it stood in the plan, its revision still the one that explains it; but
            its sequence is one more.
        by: The revision that withdrew it.
    """

    row: DoseRow
    by: int
    why: Withdrawal


class RevisionKind(StrEnum):
    """What made a revision."""

    START = "start"
    CONFIRM = "confirm"
    CHANGE = "change"
    HOLD = "hold"
    RESUME = "resume"
    SHIFT = "shift"
    EXTEND = "extend"
    STEP_BACK = "step-back"
    STOP = "stop"
    LATE_DOSE = "late dose"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A finding that somebody overruled, shown ever after."""

    rule: str
    reason: str
    ordered_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One stored revision.

    Args:
        prescription: The order as of this revision; its `status` says draft or active.
        created_at: When it was recorded. effective_from: the first instant it governs;
            doses due before it belong to earlier revisions and never change.
        kind, reason, ordered_by: What it is, why, and on whose word.
        overrides: Findings overruled with it.
    """

    prescription: Prescription
    created_at: datetime
    effective_from: datetime
    kind: RevisionKind
    reason: str = ""
    ordered_by: str = ""
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One prescription as it stands in the store.

    Args:
        number: Its number; `str(number)` is the first part of dose ids.
        key: UUID text, unique in the world. person: id of the person.
        current: Number of the revision in force, 0 while the first is a draft.
        draft: Number of a revision that waits for confirmation, 0 for none.
        tracked: Whether administrations are recorded; None until the first one.
        stored_until: Ordinal of the last local day whose doses are stored, 0 for none.
    """

    number: int
    key: str
    person: str
    protocol: str
    medication: str
    status: Status
    current: int
    draft: int
    tracked: bool | None
    stored_until: int
    created_at: datetime


class AlreadySettled(MedschedError):
    """A dose that another administration settled first."""

    def __init__(self, settled_by: Administration) -> None:
        """Keep the administration that settled it."""
        self.settled_by = settled_by
        super().__init__(f"dose {settled_by.dose}: already recorded")


class StaleRevision(MedschedError):
    """Somebody else changed the plan in between."""

    def __init__(self, number: int, expected: int, found: int) -> None:
        """Keep the plan's number and both revisions."""
        self.number, self.expected, self.found = number, expected, found
        super().__init__(
            f"prescription {number}: changed meanwhile (revision {found}, not {expected});"
            " look at it and try again"
        )


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


class Records(Protocol):
    """Administrations: append-only; and which dose each of them settles."""

    def append(self, administration: Administration) -> Administration:
        """Store a record and return it with its id.

        Raises:
            AlreadySettled: it names a dose that a standing record settles; nothing is stored.
        """
        ...

    def release(self, dose: str) -> None:
        """Let a dose be settled again, after its record was corrected."""
        ...

    def of_plans(
        self, numbers: Sequence[int], since: datetime | None = None
    ) -> list[Administration]:
        """Return all records, corrections too, by the time they were recorded, then id."""
        ...

    def settling(self, dose: str) -> Administration | None:
        """Return the standing record that settles a dose."""
        ...

    def by_token(self, token: str) -> Administration | None:
        """Return the record that a repeated request made before."""
        ...

    def gaps(self) -> list[tuple[datetime, datetime]]:
        """Return the stretches whose records are lost, because a backup was restored.

        From when the backup was made until it was restored: whether a dose due then was
        taken is not known, so it is asked, never advised on.
        """
        ...


class ProtocolTexts(Protocol):
    """The exact text of every protocol that a stored plan was made from."""

    def keep(self, digest: str, protocol: str, text: str) -> None:
        """Store a text under its digest; storing it again does nothing."""
        ...

    def text(self, digest: str) -> str | None:
        """Return a stored text."""
        ...


class Settings(Protocol):
    """Switches that somebody set for a person, such as which monitoring is shown."""

    def get(self, person: str, name: str) -> Json:
        """Return what was set, None when nothing was."""
        ...

    def put(self, person: str, name: str, value: Json, at: datetime) -> None:
        """Set it, or set it anew."""
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
