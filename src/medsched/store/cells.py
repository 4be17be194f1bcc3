"""How instants stand in a cell: TIMESTAMPTZ on PostgreSQL, fixed-width text in UTC on SQLite."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def utc(at: datetime) -> datetime:
    """Return an instant in UTC.

    Raises:
        TypeError: it is naive, so that nobody knows when it is.
    """
    if at.tzinfo is None:
        message = "an instant has a zone; this one is naive"
        raise TypeError(message)
    return at.astimezone(UTC)


@lru_cache(maxsize=1024)
def instant_text(at: datetime) -> str:
    """Return an instant in UTC as it stands in SQLite, such as `2026-03-02T07:00:00.000000Z`.

    The text has microseconds always, so that its order is the order of time.
    """
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def instant_of(cell: str | datetime) -> datetime:
    """Return the instant that stands in a cell of either database, aware, in UTC."""
    return (datetime.fromisoformat(cell) if isinstance(cell, str) else cell).astimezone(UTC)


def instant_or_none(cell: str | datetime | None) -> datetime | None:
    """Return the instant that stands in a cell that may be empty."""
    return None if cell is None else instant_of(cell)
