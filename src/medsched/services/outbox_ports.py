"""What reminding needs of the world: the outbox, channels, daemons, tokens, and plain values.

The outbox holds one row for each dose, step of the ladder and channel. Its instants are
whole UTC seconds since 1970, as those of dose rows. A row that was claimed carries a
fence; whoever records a result must know the newest fence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from medsched.services.outbox_rows import (
    LONGEST_HELD,
    OPEN,
    Channel,
    ClaimedRow,
    ClockMark,
    DaemonRow,
    Finished,
    Ladder,
    NamesShown,
    NewReminder,
    Reminder,
    ReminderRow,
    RowState,
    Step,
    Token,
    Waiting,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from medsched.services.row_key import RowKey

__all__ = [
    "LONGEST_HELD",
    "OPEN",
    "Channel",
    "Channels",
    "ClaimedRow",
    "ClockMark",
    "DaemonRow",
    "Daemons",
    "Finished",
    "Ladder",
    "NamesShown",
    "NewReminder",
    "Outbox",
    "Reminder",
    "ReminderRow",
    "RowState",
    "Step",
    "Token",
    "Tokens",
    "Waiting",
]


class Outbox(Protocol):
    """Reminders to send; every change is fenced or done for whole doses."""

    def server_time(self) -> datetime | None:
        """Return the database server's clock, None where the database has none of its own."""
        ...

    def plannable(self, before: int, limit: int) -> list[int]:
        """Return active prescriptions whose reminders are planned to less far than `before`."""
        ...

    def planned(self, prescription: int, until: int) -> None:
        """Remember how far a prescription's reminders are planned."""
        ...

    def forget(self, prescription: int) -> None:
        """Have a prescription's reminders planned anew; what is planned stays until then."""
        ...

    def plan(self, rows: Iterable[NewReminder]) -> int:
        """Add rows and return how many.

        A row that is there stays as it is, unless it was cancelled or its dose has moved:
        then it is opened again, and knows that it may have been seen.
        """
        ...

    def cancel(self, doses: Iterable[RowKey]) -> None:
        """Call off every row of these doses that could be sent, or gave way to another.

        A result still under way is fenced out. Planning opens the rows again, if the doses
        are meant then.
        """
        ...

    def cancel_person(self, person: int) -> None:
        """Close what was not yet sent for a person, and have it planned anew."""
        ...

    def start_over(self, now: int) -> None:
        """Have everything planned anew after a wrong clock.

        Cancels, whatever its state, what was not to be sent before `now`, what was closed
        as over though it is not, what gave way to another, and what is leased or put off
        for more than `LONGEST_HELD`; planning opens these rows again.
        """
        ...

    def snooze(self, dose: RowKey, until: int) -> None:
        """Supersede the open rows of a dose, but for its caregivers', up to `until`."""
        ...

    def of_dose(self, dose: RowKey) -> list[ReminderRow]:
        """Return all rows of a dose, by `send_after`, then id."""
        ...

    def row(self, number: int) -> ReminderRow | None:
        """Return one row."""
        ...

    def expire(self, now: int) -> int:
        """Close the open rows whose time is over and return how many."""
        ...

    def claim(
        self, owner: str, now: int, *, lease: int, margin: int, limit: int
    ) -> list[ClaimedRow]:
        """Lease rows that are ready, at least `margin` seconds before they expire.

        About `limit` rows; all that is ready for a channel comes together, to one owner
        at a time. Every row is claimed by one owner until its lease is over.
        """
        ...

    def record(self, results: Sequence[Finished]) -> list[int]:
        """Store results and log them; return the ids that were not ours any more."""
        ...

    def close(self, numbers: Iterable[int], state: RowState) -> None:
        """Close rows claimed in this same unit without sending them."""
        ...

    def give_back(self, numbers: Iterable[int]) -> None:
        """Undo the claim of rows claimed in this same unit; they are ready at once.

        That an earlier lease of them ended in nothing stays known.
        """
        ...

    def release(self, owner: str) -> int:
        """Give back every row that an owner holds."""
        ...

    def messages_since(self, person: int, since: int) -> int:
        """Return how many sends reached a person, or may have, from `since` on."""
        ...

    def waiting(self, now: int) -> Waiting:
        """Return what is ready and not sent."""
        ...

    def next_ready(self) -> int | None:
        """Return when the next row may be claimed."""
        ...

    def failed(self, since: int) -> list[ReminderRow]:
        """Return the rows that failed for good with a send time from `since` on."""
        ...

    def prune(self, before: int) -> int:
        """Delete closed rows of doses due before, and their log."""
        ...


class Channels(Protocol):
    """Where messages go; each change has the person's reminders planned anew."""

    def add(self, channel: Channel) -> Channel:
        """Store a new channel, last in order, and return it with its number."""
        ...

    def of_person(self, person: str) -> list[Channel]:
        """Return a person's channels, by order, then number."""
        ...

    def get(self, number: int) -> Channel | None:
        """Return one channel."""
        ...

    def save(self, channel: Channel) -> None:
        """Store what changed."""
        ...

    def remove(self, number: int) -> None:
        """Remove a channel; its open reminders are cancelled."""
        ...


class Daemons(Protocol):
    """Who runs, and what time it was."""

    def beat(self, daemon: DaemonRow) -> None:
        """Store or renew a daemon's row."""
        ...

    def all(self) -> list[DaemonRow]:
        """Return all, the one heard of last first."""
        ...

    def forget(self, before: datetime) -> None:
        """Drop the rows of daemons not heard of since."""
        ...

    def mark(self) -> ClockMark | None:
        """Return the latest time that was seen."""
        ...

    def set_mark(self, mark: ClockMark) -> None:
        """Store it."""
        ...


class Tokens(Protocol):
    """Permissions for one tap."""

    def add(self, tokens: Iterable[Token]) -> None:
        """Store new ones."""
        ...

    def get(self, digest: str) -> Token | None:
        """Return one."""
        ...

    def use(self, digest: str, at: datetime) -> bool:
        """Mark one as used; False when it was used before."""
        ...

    def prune(self, before: datetime) -> None:
        """Delete those that expired before."""
        ...
