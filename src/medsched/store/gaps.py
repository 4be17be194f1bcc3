"""Stretches of time whose records are lost, because a backup was restored.

What was due then may have been taken: nobody can know, so nothing is advised on it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from medsched.store.cells import instant_text

if TYPE_CHECKING:
    import sqlite3

    from medsched.store.driver import Driver

_NAME: Final = "gaps"
_QUERY: Final = "SELECT value FROM meta WHERE name = ?"


def gaps(driver: Driver) -> list[tuple[datetime, datetime]]:
    """Return all such stretches, from the backup to the restore, in the order of restores."""
    found = driver.rows(_QUERY, (_NAME,))
    return _read(found[0][0] if found else None)


def remember_gap(connection: sqlite3.Connection, since: datetime, until: datetime) -> None:
    """Add a stretch to those that the restored database knows of already."""
    row = connection.execute(_QUERY, (_NAME,)).fetchone()
    known = _read(row and row[0])
    told = [[instant_text(one.astimezone(UTC)) for one in gap] for gap in (*known, (since, until))]
    new = (_NAME, json.dumps(told))
    connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", new)


def _read(text: str | None) -> list[tuple[datetime, datetime]]:
    told = json.loads(text) if text else []
    return [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in told]
