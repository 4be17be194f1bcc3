"""Facts about the database itself, such as its id and when it was made."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Table, Text

from medsched.store.tables.base import METADATA

META: Final = Table(
    "meta",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
