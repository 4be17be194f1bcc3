"""Stores one row after another and says so after each commit: started by tests.

With the counter of syncs preloaded, each line also says how often the disk was waited for.
"""

from __future__ import annotations

import ctypes
import sys
from datetime import UTC, datetime

from medsched.services.outbox_ports import DaemonRow
from medsched.store.opening import open_store

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


class _Clock:
    def now(self) -> datetime:
        return BEGIN


def syncs() -> int:
    """Return how often this process waited for the disk, -1 when nobody counts."""
    counter = getattr(ctypes.CDLL(None), "count_of_syncs", None)
    return -1 if counter is None else int(counter())


def main(database: str, rows: int) -> None:
    """Commit so many rows, each by itself."""
    store = open_store(database, clock=_Clock())
    print(0, syncs(), flush=True)  # noqa: T201  # the test reads it
    for number in range(1, rows + 1):
        row = DaemonRow(
            id=f"{number}",
            host="x" * 500,
            pid=number,
            boot="b",
            version="1",
            started_at=BEGIN,
            heartbeat_at=BEGIN,
        )
        with store.writing() as unit:
            unit.daemons.beat(row)
        print(number, syncs(), flush=True)  # noqa: T201  # the test reads it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
