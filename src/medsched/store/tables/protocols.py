"""The exact text of every protocol that a stored plan was made from."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Table, Text

from medsched.store.tables.base import METADATA

PROTOCOL_TEXT: Final = Table(
    "protocol_text",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("protocol", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_digest", Text, nullable=False),
)
"""`digest` is the protocol's own; `text_digest` is over the text as it is stored here."""
