"""The statements of the outbox, as both databases take them.

The set of open states is written out and always the same, so that the partial indexes
serve. PostgreSQL locks what it picks and skips what another daemon holds; SQLite has one
writer at a time and needs no such words.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from medsched.services.outbox_ports import ClaimedRow, NewReminder, ReminderRow

IS_OPEN: Final = "is_open"
"""Written the same in every query, or the indexes of open rows are not used.

It says of a row what its state says: pending, leased and unknown are open. As a column of
its own it does not change with a claim, so a claim writes no index; and SQLite tests
`state IN (...)` anew for each row of each index, which took longer than all the rest of a
claim.
"""

COLUMNS: Final = ", ".join(ReminderRow._fields)
SKIP_LOCKED: Final = " FOR UPDATE SKIP LOCKED"
SKIP_LOCKED_CHANNELS: Final = " FOR NO KEY UPDATE OF channel SKIP LOCKED"
_READY: Final = f"{IS_OPEN} AND ready_at <= ? AND lease_ends <= ? AND expires_at > ?"
_OF_DOSE: Final = "prescription = ? AND day = ? AND slot = ?"

PLANNABLE: Final = (
    "SELECT number FROM prescription WHERE status = 'active' AND reminders_until < ?"
    " ORDER BY reminders_until, number LIMIT ?"
)
PLANNED: Final = "UPDATE prescription SET reminders_until = ? WHERE number = ?"
FORGET_PERSON: Final = "UPDATE prescription SET reminders_until = 0 WHERE person = ?"

_NEW: Final = ", ".join(NewReminder._fields)
PLAN: Final = (
    f"INSERT INTO outbox ({_NEW}, state, is_open, owner, ready_at, fence, attempts,"  # noqa: S608  # own names
    " stranded, shown, maybe_delivered, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending',"
    " true, '', ?, 0, 0, 0, 0, false, '')"
    " ON CONFLICT (prescription, day, slot, step, channel) DO UPDATE SET"
    " person = excluded.person, due = excluded.due, send_after = excluded.send_after,"
    " expires_at = excluded.expires_at, state = 'pending', is_open = true, owner = '',"
    " ready_at = excluded.ready_at, fence = outbox.fence + 1, stranded = 0,"
    " maybe_delivered = outbox.maybe_delivered OR outbox.state IN ('sent', 'leased', 'unknown')"
    " WHERE outbox.state = 'cancelled' OR outbox.due <> excluded.due"
)
"""A row that was called off in somebody's hands keeps the end of that lease.

Were it ready at once, the repeat could arrive before the message that it repeats.
"""

_CANCELLED: Final = (
    "UPDATE outbox SET maybe_delivered = maybe_delivered OR state = 'leased',"
    " state = 'cancelled', is_open = false, fence = fence + 1"
)


def cancel(where: str, lock: str) -> str:
    """Return how rows are called off; locked in the order of their ids, against deadlocks.

    Those that gave way to a snooze, too: it is called off with them, and planning opens
    none but cancelled rows again.
    """
    picked = f"SELECT id FROM outbox WHERE {where} ORDER BY id{lock}"  # noqa: S608  # own names
    return f"{_CANCELLED} WHERE id IN ({picked})"  # own names


_WRONG_CLOCK: Final = (
    "send_after > ? OR (state = 'expired' AND expires_at > ?)"
    " OR (state = 'superseded' AND expires_at > ?)"
    f" OR (({IS_OPEN} OR state = 'cancelled') AND (ready_at > ? OR lease_ends > ?))"
)
START_OVER: Final = (
    "UPDATE outbox SET maybe_delivered = maybe_delivered OR shown > 0 OR state = 'leased',"  # noqa: S608  # own names
    " state = 'cancelled', is_open = false, lease_ends = 0, fence = fence + 1"
    f" WHERE id IN (SELECT id FROM outbox WHERE {_WRONG_CLOCK} ORDER BY id{{lock}})"
)
FORGET_ALL: Final = "UPDATE prescription SET reminders_until = 0"
CANCEL_DOSE: Final = f"({IS_OPEN} OR state = 'superseded') AND {_OF_DOSE}"
CANCEL_PERSON: Final = f"{IS_OPEN} AND person = ? AND shown = 0"
CANCEL_SNOOZED: Final = (
    "state = 'superseded' AND shown = 0"
    " AND prescription IN (SELECT number FROM prescription WHERE person = ?)"
)
SNOOZE: Final = (
    "UPDATE outbox SET state = 'superseded', is_open = false, fence = fence + 1,"  # noqa: S608
    f" maybe_delivered = maybe_delivered OR state = 'leased' WHERE {IS_OPEN} AND {_OF_DOSE}"
    " AND send_after < ? AND step <> 'carer'"
)
OF_DOSE: Final = f"SELECT {COLUMNS} FROM outbox WHERE {_OF_DOSE} ORDER BY send_after, id"  # noqa: S608
ROW: Final = f"SELECT {COLUMNS} FROM outbox WHERE id = ?"  # noqa: S608


def expire(lock: str) -> str:
    """Return how rows are closed whose time is over; a running send is waited for."""
    over = f"{IS_OPEN} AND ready_at <= ? AND lease_ends <= ? AND expires_at <= ?"
    picked = f"SELECT id FROM outbox WHERE {over}{lock}"  # noqa: S608  # own names
    return (
        "UPDATE outbox SET maybe_delivered = maybe_delivered OR state = 'leased',"  # noqa: S608  # own names
        f" state = 'expired', is_open = false WHERE id IN ({picked})"
    )


def ready_channels(lock: str) -> str:
    """Return whose turn it is: the channels of the oldest rows that are ready.

    PostgreSQL locks the channels and passes over those that another daemon has in hand, so
    what goes to a channel at a time is one message, and daemons do not wait for one another.
    Without a lock each channel is looked up once, and not for each of its rows.
    """
    if not lock:
        oldest = f"SELECT channel FROM outbox WHERE {_READY} ORDER BY ready_at LIMIT ?"  # noqa: S608
        return f"SELECT number FROM channel WHERE number IN ({oldest}) ORDER BY number"  # noqa: S608
    return (
        "SELECT DISTINCT number FROM (SELECT channel.number AS number FROM outbox"  # noqa: S608
        " JOIN channel ON channel.number = outbox.channel"
        f" WHERE {_READY} ORDER BY ready_at LIMIT ?{lock}) AS turn ORDER BY number"
    )


_CLAIMED: Final = {
    "stranded": "stranded + CASE WHEN state = 'leased' THEN 1 ELSE 0 END",
    "maybe_delivered": "(maybe_delivered OR state = 'leased')",
    "state": "'leased'",
    "owner": "CAST(? AS TEXT)",
    "lease_ends": "CAST(? AS BIGINT)",
    "fence": "fence + 1",
    "attempts": "attempts + 1",
}
"""What a claim makes of a row, told once: as it is returned, and as it is stored.

`UPDATE ... RETURNING` would do both at once, and takes twice as long on SQLite.
"""


@cache
def as_claimed(channels: int, lock: str) -> str:
    """Return what is ready for so many channels, as the claim will leave it."""
    cells = ", ".join(_CLAIMED.get(name, name) for name in ClaimedRow._fields)
    wanted = f"{_READY} AND channel IN ({marks(channels)})"
    return f"SELECT {cells} FROM outbox WHERE {wanted}{lock}"  # noqa: S608  # own names


@cache
def claim(count: int) -> str:
    """Return how so many rows are leased."""
    changes = ", ".join(f"{name} = {value}" for name, value in _CLAIMED.items())
    return f"UPDATE outbox SET {changes} WHERE id IN ({marks(count)})"  # noqa: S608  # own names


@cache
def lock(count: int) -> str:
    """Return how PostgreSQL locks so many rows in the order of their ids, against deadlocks."""
    wanted = f"SELECT id FROM outbox WHERE id IN ({marks(count)}) ORDER BY id FOR UPDATE"  # noqa: S608
    return f"SELECT COUNT(*) FROM ({wanted}) AS locked"  # noqa: S608  # own names


@cache
def held(count: int) -> str:
    """Return how to ask which of so many rows are leased under one fence."""
    return f"SELECT id FROM outbox WHERE {_held(count)}"  # noqa: S608  # own names


def _held(count: int) -> str:
    return f"id IN ({marks(count)}) AND fence = ? AND state = 'leased'"


@cache
def record(count: int) -> str:
    """Return how one result is stored for so many rows, which are held."""
    return (
        "UPDATE outbox SET state = ?, is_open = ?, ready_at = ?, owner = '', lease_ends = 0,"  # noqa: S608
        " stranded = 0, attempts = attempts - 1 + ?, shown = shown + ?,"
        " maybe_delivered = maybe_delivered OR ? = 1, outcome = ?,"
        " sent_at = CASE WHEN ? = 'sent' THEN ? ELSE sent_at END"
        f" WHERE id IN ({marks(count)})"
    )


@cache
def log(count: int) -> str:
    """Return how one attempt is logged for those of so many rows that are held."""
    return (
        "INSERT INTO send_log (reminder, fence, person, at, state, shown, outcome)"  # noqa: S608  # own names
        f" SELECT id, fence, person, ?, ?, ?, ? FROM outbox WHERE {_held(count)}"
    )


def marks(count: int) -> str:
    """Return so many places for values."""
    return ", ".join("?" * count)


CLOSE: Final = (
    "UPDATE outbox SET state = ?, is_open = false, owner = '', lease_ends = 0 WHERE id = ?"
)
_GIVEN_BACK: Final = (
    "UPDATE outbox SET state = 'pending', owner = '', lease_ends = 0, fence = fence + 1,"  # noqa: S608
    f" attempts = attempts - 1 WHERE {IS_OPEN} AND state = 'leased'"
)
RELEASE: Final = f"{_GIVEN_BACK} AND owner = ? RETURNING id"
GIVE_BACK: Final = f"{_GIVEN_BACK} AND id = ?"
MESSAGES_SINCE: Final = "SELECT COUNT(*) FROM send_log WHERE person = ? AND at >= ? AND shown"
WAITING: Final = (
    f"SELECT COUNT(*), MIN(send_after) FROM outbox WHERE {IS_OPEN} AND send_after <= ?"  # noqa: S608
    " AND expires_at > ?"
)
NEXT_FREE: Final = f"SELECT MIN(ready_at) FROM outbox WHERE {IS_OPEN} AND lease_ends = 0"  # noqa: S608
NEXT_HELD: Final = (
    "SELECT MIN(CASE WHEN lease_ends > ready_at THEN lease_ends ELSE ready_at END)"  # noqa: S608
    f" FROM outbox WHERE {IS_OPEN} AND lease_ends > 0 AND ready_at < ?"
)
"""Of rows in somebody's hands that come before the next free one: no others need be seen."""
FAILED: Final = (
    f"SELECT {COLUMNS} FROM outbox WHERE state = 'failed' AND due >= ? ORDER BY send_after, id"  # noqa: S608
)
PRUNE_LOG: Final = (
    "DELETE FROM send_log WHERE reminder IN"  # noqa: S608
    f" (SELECT id FROM outbox WHERE due < ? AND NOT ({IS_OPEN}))"
)
PRUNE: Final = f"DELETE FROM outbox WHERE due < ? AND NOT ({IS_OPEN}) RETURNING id"  # noqa: S608
