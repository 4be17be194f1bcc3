"""Published calendars, the versions they showed, and calendars on CalDAV servers."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text

from medsched.store.tables.base import METADATA, NUMBER
from medsched.store.types import Instant

FEED: Final = Table(
    "feed",
    METADATA,
    Column("number", NUMBER, primary_key=True),
    Column("person", NUMBER, ForeignKey("person.id"), nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("label", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("alarms", Boolean, nullable=False),
    Column("links", Boolean, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("revoked_at", Instant, nullable=True),
    Column("fetched_at", Instant, nullable=True),
    Column("fetched_by", Text, nullable=False),
    Column("fetches", Integer, nullable=False),
    Column("etag", Text, nullable=False),
    Column("changed_at", Instant, nullable=True),
    sqlite_autoincrement=True,
)
"""`digest` is SHA-256 of the token; the token itself is kept nowhere."""

ANNOUNCED: Final = Table(
    "announced",
    METADATA,
    Column("scope", Text, primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("starts", BigInteger, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("revised", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("gone", Boolean, nullable=False),
)
"""The version of each entry as it was last published."""

CALDAV_LINK: Final = Table(
    "caldav_link",
    METADATA,
    Column("number", NUMBER, primary_key=True),
    Column("person", NUMBER, ForeignKey("person.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("as_tasks", Boolean, nullable=False),
    Column("names", Text, nullable=False),
    Column("sync_token", Text, nullable=False),
    Column("known", Text, nullable=False),
    Column("synced_at", Instant, nullable=True),
    Column("trouble", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""`password` is a secret; the file is the owner's alone."""
