"""Reminders to send, what was sent, where to, who sends, and permissions for one tap.

The hot columns are integers. Open rows have two small indexes of their own, so claiming
costs the same however many rows are closed.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from medsched.store.outbox_sql import IS_OPEN
from medsched.store.tables.base import METADATA, NUMBER
from medsched.store.types import Instant

CHANNEL: Final = Table(
    "channel",
    METADATA,
    Column("number", NUMBER, primary_key=True),
    Column("person", NUMBER, ForeignKey("person.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("caregiver", Boolean, nullable=False),
    Column("place", Integer, nullable=False),
    Column("allow_hosts", Text, nullable=False),
    UniqueConstraint("person", "name"),
    sqlite_autoincrement=True,
)
"""`url` is a secret. `place` is the order; `allow_hosts` are lines."""

OUTBOX: Final = Table(
    "outbox",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("prescription", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("slot", SmallInteger, nullable=False),
    Column("step", Text, nullable=False),
    Column("channel", Integer, nullable=False),
    Column("person", Integer, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("send_after", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    Column("owner", Text, nullable=False),
    Column("ready_at", BigInteger, nullable=False),
    Column("lease_ends", BigInteger, nullable=False, server_default=text("0")),
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("stranded", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("maybe_delivered", Boolean, nullable=False),
    Column("sent_at", BigInteger, nullable=True),
    Column("outcome", Text, nullable=False),
    UniqueConstraint("prescription", "day", "slot", "step", "channel"),
    Index(
        "ix_outbox_ready_at", "ready_at", sqlite_where=text(IS_OPEN), postgresql_where=text(IS_OPEN)
    ),
    Index(
        "ix_outbox_channel",
        "channel",
        sqlite_where=text(IS_OPEN),
        postgresql_where=text(IS_OPEN),
    ),
    Index("ix_outbox_due", "due"),
)
"""`ready_at` is the next try of a row; `lease_ends` is in no index, for each claim changes it."""

SEND_LOG: Final = Table(
    "send_log",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("reminder", NUMBER, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("person", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("ix_send_log_person", "person", "at"),
)
"""Appended only; rows older than the outbox keeps are pruned with it."""

DAEMON: Final = Table(
    "daemon",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("boot", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("heartbeat_at", Instant, nullable=False),
    Column("last_tick", Instant, nullable=True),
)

CLOCK_MARK: Final = Table(
    "clock_mark",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("wall", Instant, nullable=False),
    Column("boot", Text, nullable=False),
    Column("elapsed", Float, nullable=False),
    Column("held", Boolean, nullable=False),
)
"""One row, of id 1."""

ACTION_TOKEN: Final = Table(
    "action_token",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("dose", Text, nullable=False),
    Column("person", NUMBER, nullable=False),
    Column("action", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=True),
    Index("ix_action_token_expires_at", "expires_at"),
)
"""The digest is SHA-256 of the token; the token itself is only in the message."""
