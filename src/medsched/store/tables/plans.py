"""Prescriptions, their revisions, and the hot table: one narrow row a dose.

Hot columns are integers and one short text. A dose's key is its place in the
calendar, so a person's doses lie side by side, and the index on `due` is there for
reminders, which ask for everybody's. There is no foreign key on the hot rows: on 1.8
million of them it costs more than the check is worth. The index of what is to be
reminded is in `everything`: naming PostgreSQL here would load it for every command.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from medsched.store.tables.base import METADATA, NUMBER
from medsched.store.types import Instant

PRESCRIPTION: Final = Table(
    "prescription",
    METADATA,
    Column("number", NUMBER, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("person", NUMBER, ForeignKey("person.id"), nullable=False),
    Column("protocol", Text, nullable=False),
    Column("medication", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("current", Integer, nullable=False),
    Column("draft", Integer, nullable=False),
    Column("tracked", Boolean, nullable=True),
    Column("stored_until", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("reminders_until", BigInteger, nullable=False, server_default="0"),
    Index(None, "person"),
    sqlite_autoincrement=True,
)

REVISION: Final = Table(
    "revision",
    METADATA,
    Column("prescription", NUMBER, ForeignKey("prescription.number"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("effective_from", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("overrides", Text, nullable=False),
    PrimaryKeyConstraint("prescription", "number"),
)
"""Append-only. `digest` is over the document and everything else that stands in the row."""

DOSE: Final = Table(
    "dose",
    METADATA,
    Column("prescription", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("slot", SmallInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("amount", Text, nullable=False),
    Column("phase", SmallInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    PrimaryKeyConstraint("prescription", "day", "slot"),
    Index("ix_dose_due", "due"),
    sqlite_with_rowid=False,
)

WITHDRAWN_DOSE: Final = Table(
    "withdrawn_dose",
    METADATA,
    Column("prescription", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("slot", SmallInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("amount", Text, nullable=False),
    Column("phase", SmallInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("withdrawn_by", Integer, nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("prescription", "day", "slot"),
    sqlite_with_rowid=False,
)
