"""The statements of the outbox, as both databases take them.

The set of open states is written out and always the same, so that the partial indexes
serve. PostgreSQL locks what it picks and skips what another daemon holds; SQLite has one
writer at a time and needs no such words.
"""

from __future__ import annotations

from typing import Final

from medsched.services.outbox_ports import NewReminder, ReminderRow
from medsched.store.tables.outbox import IS_OPEN

COLUMNS: Final = ", ".join(ReminderRow._fields)
SKIP_LOCKED: Final = " FOR UPDATE SKIP LOCKED"
_OF_DOSE: Final = "prescription = ? AND day = ? AND slot = ?"

PLANNABLE: Final = (
    "SELECT number FROM prescription WHERE status = 'active' AND reminders_until < ?"
    " ORDER BY reminders_until, number LIMIT ?"
)
PLANNED: Final = "UPDATE prescription SET reminders_until = ? WHERE number = ?"
FORGET_PERSON: Final = "UPDATE prescription SET reminders_until = 0 WHERE person = ?"

_NEW: Final = ", ".join(NewReminder._fields)
PLAN: Final = (
    f"INSERT INTO outbox ({_NEW}, state, owner, ready_at, fence, attempts, stranded, shown,"  # noqa: S608  # own names
    " maybe_delivered, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', '', ?, 0, 0, 0, 0,"
    " false, '')"
    " ON CONFLICT (prescription, day, slot, step, channel) DO UPDATE SET"
    " person = excluded.person, due = excluded.due, send_after = excluded.send_after,"
    " expires_at = excluded.expires_at, state = 'pending', owner = '',"
    " ready_at = excluded.ready_at, fence = outbox.fence + 1, stranded = 0,"
    " maybe_delivered = outbox.maybe_delivered OR outbox.state IN ('sent', 'leased', 'unknown')"
    " WHERE outbox.state = 'cancelled' OR outbox.due <> excluded.due"
)

_CANCELLED: Final = (
    "UPDATE outbox SET maybe_delivered = maybe_delivered OR state = 'leased',"
    " state = 'cancelled', fence = fence + 1"
)


def cancel(where: str, lock: str) -> str:
    """Return how open rows are closed; locked in the order of their ids, against deadlocks."""
    picked = f"SELECT id FROM outbox WHERE {IS_OPEN} AND {where} ORDER BY id{lock}"  # noqa: S608
    return f"{_CANCELLED} WHERE id IN ({picked})"  # own names


CANCEL_DOSE: Final = _OF_DOSE
CANCEL_PERSON: Final = "person = ? AND shown = 0"
SNOOZE: Final = (
    "UPDATE outbox SET state = 'superseded', fence = fence + 1, maybe_delivered ="  # noqa: S608
    f" maybe_delivered OR state = 'leased' WHERE {IS_OPEN} AND {_OF_DOSE} AND send_after < ?"
    " AND step <> 'carer'"
)
OF_DOSE: Final = f"SELECT {COLUMNS} FROM outbox WHERE {_OF_DOSE} ORDER BY send_after, id"  # noqa: S608
ROW: Final = f"SELECT {COLUMNS} FROM outbox WHERE id = ?"  # noqa: S608


def expire(lock: str) -> str:
    """Return how rows are closed whose time is over; a running send is waited for."""
    over = f"{IS_OPEN} AND expires_at <= ? AND (state <> 'leased' OR ready_at <= ?)"
    picked = f"SELECT id FROM outbox WHERE {over}{lock}"  # noqa: S608  # own names
    return (
        "UPDATE outbox SET maybe_delivered = maybe_delivered OR state = 'leased',"  # noqa: S608  # own names
        f" state = 'expired' WHERE id IN ({picked})"
    )


def claim(lock: str) -> str:
    """Return how rows are leased: the oldest, and all that is ready for their channels."""
    ready = f"{IS_OPEN} AND ready_at <= ? AND expires_at > ?"
    return (
        "WITH oldest AS MATERIALIZED (SELECT channel FROM outbox"  # noqa: S608  # own names
        f" WHERE {ready} ORDER BY ready_at LIMIT ?{lock}),"
        f" picked AS MATERIALIZED (SELECT id FROM outbox WHERE {ready}"
        f" AND channel IN (SELECT channel FROM oldest){lock})"
        " UPDATE outbox SET stranded = stranded + CASE WHEN state = 'leased' THEN 1 ELSE 0 END,"
        " maybe_delivered = maybe_delivered OR state = 'leased',"
        " state = 'leased', owner = ?, ready_at = ?, fence = fence + 1, attempts = attempts + 1"
        f" WHERE id IN (SELECT id FROM picked) RETURNING {COLUMNS}"
    )


_RESULT: Final = (
    "(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT),"
    " CAST(? AS INTEGER), CAST(? AS INTEGER), CAST(? AS TEXT))"
)


def lock_rows(count: int) -> str:
    """Return how PostgreSQL locks so many rows in the order of their ids."""
    marks = ", ".join("?" * count)
    return f"SELECT id FROM outbox WHERE id IN ({marks}) ORDER BY id FOR UPDATE"  # noqa: S608


def record(count: int) -> str:
    """Return how so many results are stored at once, each only under its own fence."""
    names = "id, fence, state, ready_at, at, attempted, shown, outcome"
    results = ", ".join([_RESULT] * count)
    return (
        f"WITH told ({names}) AS (VALUES {results})"  # noqa: S608  # own names
        " UPDATE outbox SET state = told.state, ready_at = told.ready_at, owner = '', stranded = 0,"
        " attempts = outbox.attempts - 1 + told.attempted, shown = outbox.shown + told.shown,"
        " maybe_delivered = outbox.maybe_delivered OR told.shown = 1, outcome = told.outcome,"
        " sent_at = CASE WHEN told.state = 'sent' THEN told.at ELSE outbox.sent_at END"
        " FROM told WHERE outbox.id = told.id AND outbox.fence = told.fence"
        " AND outbox.state = 'leased' RETURNING outbox.id, outbox.person"
    )


LOG: Final = ("reminder", "fence", "person", "at", "state", "shown", "outcome")
CLOSE: Final = "UPDATE outbox SET state = ?, owner = '' WHERE id = ?"
RELEASE: Final = (
    "UPDATE outbox SET state = 'pending', owner = '', ready_at = ?, fence = fence + 1,"
    " attempts = attempts - 1 WHERE state = 'leased' AND owner = ? RETURNING id"
)
MESSAGES_SINCE: Final = "SELECT COUNT(*) FROM send_log WHERE person = ? AND at >= ? AND shown"
WAITING: Final = (
    f"SELECT COUNT(*), MIN(send_after) FROM outbox WHERE {IS_OPEN} AND send_after <= ?"  # noqa: S608
    " AND expires_at > ?"
)
NEXT_READY: Final = f"SELECT MIN(ready_at) FROM outbox WHERE {IS_OPEN}"  # noqa: S608
FAILED: Final = (
    f"SELECT {COLUMNS} FROM outbox WHERE state = 'failed' AND due >= ? ORDER BY send_after, id"  # noqa: S608
)
PRUNE_LOG: Final = (
    "DELETE FROM send_log WHERE reminder IN"  # noqa: S608
    f" (SELECT id FROM outbox WHERE due < ? AND NOT ({IS_OPEN}))"
)
PRUNE: Final = f"DELETE FROM outbox WHERE due < ? AND NOT ({IS_OPEN}) RETURNING id"  # noqa: S608
