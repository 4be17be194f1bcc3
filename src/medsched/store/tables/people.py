"""Persons, what they were before, and the switches that somebody set for them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from medsched.store.tables.base import METADATA, NUMBER
from medsched.store.types import Instant

PERSON: Final = Table(
    "person",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("document", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

PERSON_LOG: Final = Table(
    "person_log",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("person", NUMBER, ForeignKey("person.id"), nullable=False),
    Column("document", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "person"),
    sqlite_autoincrement=True,
)
"""Append-only: every state of a person, the present one too."""

SETTING: Final = Table(
    "setting",
    METADATA,
    Column("person", NUMBER, ForeignKey("person.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
