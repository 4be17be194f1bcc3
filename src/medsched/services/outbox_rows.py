"""What reminding keeps, as plain values: rows of the outbox, channels, ladders, daemons, tokens.

Instants of rows are whole UTC seconds since 1970, as those of dose rows. A row that was
claimed carries a fence; whoever records a result must know the newest fence.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime, time


class RowState(StrEnum):
    """Where a reminder stands; the first three are open: they may still be sent."""

    PENDING = "pending"
    LEASED = "leased"
    UNKNOWN = "unknown"
    SENT = "sent"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    FAILED = "failed"


OPEN: Final = frozenset({RowState.PENDING, RowState.LEASED, RowState.UNKNOWN})
LONGEST_HELD: Final = 3600
"""Seconds for which no lease holds a reminder and no failure puts it off: the clock was wrong."""


class Step(StrEnum):
    """What a reminder is for; a row's step may add a number: `repeat-2`."""

    PRE = "pre"
    DUE = "due"
    REPEAT = "repeat"
    SECOND = "second"
    CARER = "carer"
    SNOOZE = "snooze"
    MISSED = "missed"
    DONE = "done"


class NewReminder(NamedTuple):
    """A reminder to be planned.

    Attributes:
        prescription, day, slot: The dose; with `step` and `channel` the unique key.
        step: `due`, `repeat-1`: a `Step`, and which of them. channel: Number of the channel.
        person: Number of the person whose dose it is.
        due: When the dose is due. send_after: not before. expires_at: not from then on.
    """

    prescription: int
    day: int
    slot: int
    step: str
    channel: int
    person: int
    due: int
    send_after: int
    expires_at: int


class ReminderRow(NamedTuple):
    """A row of the outbox.

    Attributes:
        ready_at: When it may be claimed first, or tried again.
        lease_ends: Until when somebody may be sending it; 0 when nobody has it. A row that
            was called off meanwhile keeps it, and is not claimed before.
        fence: One more with each claim and each cancellation. attempts: claims that may
            have reached the wire. stranded: leases that ended without a result, in a row.
        shown: Sends that arrived, or may have. maybe_delivered: somebody may have seen it.
        outcome: Class of the last result, such as `http 429`.
    """

    id: int
    prescription: int
    day: int
    slot: int
    step: str
    channel: int
    person: int
    due: int
    send_after: int
    expires_at: int
    state: str
    owner: str
    ready_at: int
    lease_ends: int
    fence: int
    attempts: int
    stranded: int
    shown: int
    maybe_delivered: bool
    sent_at: int | None
    outcome: str

    @property
    def kind(self) -> Step:
        """The step without its number."""
        return _kind(self.step)


class ClaimedRow(NamedTuple):
    """A row in somebody's hands: no more than sending it takes, for there may be thousands.

    Attributes:
        id, step, ...: As those of `ReminderRow`, which the last look reads anew.
    """

    id: int
    prescription: int
    day: int
    slot: int
    step: str
    channel: int
    person: int
    due: int
    send_after: int
    expires_at: int
    fence: int
    attempts: int
    stranded: int

    @property
    def kind(self) -> Step:
        """The step without its number."""
        return _kind(self.step)


@lru_cache(maxsize=256)
def _kind(step: str) -> Step:
    return Step(step.partition("-")[0])


Reminder: TypeAlias = ReminderRow | ClaimedRow
"""A row of the outbox, claimed or only read."""


class Finished(NamedTuple):
    """What became of a claimed row.

    Attributes:
        fence: The fence of the claim; another one in the store means that it is not ours.
        ready_at: The next try of a row that stays open.
        attempted: Whether anything may have reached the wire.
        shown: Whether the message arrived, or may have.
    """

    id: int
    fence: int
    state: RowState
    ready_at: int
    at: int
    attempted: bool
    shown: bool
    outcome: str


class NamesShown(StrEnum):
    """Whether a channel may carry names of medicines and amounts."""

    FULL = "full"
    HIDDEN = "hidden"


@frozen
class Channel:
    """Where messages about one person go.

    Args:
        number: 0 before it is stored. person: id of the person whose doses it is about.
        url: The address; a secret. allow_hosts: hosts on the own network it may reach.
        caregiver: It belongs to somebody who looks after the person.
        order: The first in order is reminded first, the second when nobody answers.
    """

    person: str
    name: str
    url: str
    number: int = 0
    names: NamesShown = NamesShown.HIDDEN
    caregiver: bool = False
    order: int = 0
    allow_hosts: tuple[str, ...] = ()


@frozen
class Ladder:
    """When a dose reminds again, and whom; minutes count from its due time.

    Args:
        repeat_minutes, repeats: Again after so many minutes, so many times.
        second_after, carer_after: The second channel, the caregivers; None for never.
        pre_alert_minutes: So long before; 0 for none. snooze_minutes: what Snooze means.
        quiet_from, quiet_until: On the person's clock: only the reminder at the due time
            itself, and softly; the rest waits for the end. None for no quiet hours.
        missed_note: Tell once when a recorded plan's dose was missed.
        most_per_dose, most_per_hour: Messages about one dose; to one person.
    """

    repeat_minutes: int = 15
    repeats: int = 2
    second_after: int | None = 30
    carer_after: int | None = 60
    pre_alert_minutes: int = 0
    snooze_minutes: int = 10
    quiet_from: time | None = None
    quiet_until: time | None = None
    missed_note: bool = True
    most_per_dose: int = 8
    most_per_hour: int = 30


class Waiting(NamedTuple):
    """What could be sent now and was not: how many, and since when the oldest waits."""

    reminders: int
    oldest: int | None


@frozen
class DaemonRow:
    """A daemon as it last told of itself.

    Args:
        id: Owner of its leases, unique for each start. boot: id of the machine's boot.
        last_tick: The last cycle that was completed.
    """

    id: str
    host: str
    pid: int
    boot: str
    version: str
    started_at: datetime
    heartbeat_at: datetime
    last_tick: datetime | None = None


@frozen
class ClockMark:
    """The latest time any daemon saw.

    Args:
        boot, elapsed: The machine's boot, and seconds since it, sleep included.
        held: The clock jumped; nothing is sent until somebody confirms it.
    """

    wall: datetime
    boot: str
    elapsed: float
    held: bool = False


@frozen
class Token:
    """A single-use permission to do one thing about one dose; stored under its digest.

    Args:
        action: `taken`, `snooze` or `skip`. expires_at: With the dose's window.
    """

    digest: str
    dose: str
    person: str
    action: str
    expires_at: datetime
    used_at: datetime | None = None
