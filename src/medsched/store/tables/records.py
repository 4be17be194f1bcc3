"""What happened: append-only administrations, and which dose each of them settles.

The two constraints of `settlement` are the promise that nothing is counted twice:
its key lets one administration settle a dose, the unique column lets an
administration settle one dose.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from medsched.store.tables.base import METADATA, NUMBER
from medsched.store.types import Digits, Instant

ADMINISTRATION: Final = Table(
    "administration",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("prescription", NUMBER, ForeignKey("prescription.number"), nullable=False),
    Column("status", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("day", Integer, nullable=True),
    Column("slot", Integer, nullable=True),
    Column("recorded_by", Text, nullable=False),
    Column("amount", Digits, nullable=True),
    Column("unit", Text, nullable=True),
    Column("reason", Text, nullable=False),
    Column("corrects", NUMBER, ForeignKey("administration.id"), nullable=True),
    Column("token", Text, nullable=True, unique=True),
    Index(None, "prescription", "recorded_at"),
    sqlite_autoincrement=True,
)
"""Append-only: triggers refuse every UPDATE and DELETE."""

SETTLEMENT: Final = Table(
    "settlement",
    METADATA,
    Column("prescription", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("administration", NUMBER, ForeignKey("administration.id"), nullable=False, unique=True),
    PrimaryKeyConstraint("prescription", "day", "slot"),
    sqlite_with_rowid=False,
)
