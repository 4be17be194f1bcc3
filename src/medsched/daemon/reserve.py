"""Disk space put by for a full disk: room for records, and a slate that can still be written.

A file beside the database holds a few megabytes of nothing. When the disk is full they
are given free, so that what is taken can still be recorded. Its first part is never given
free: on it is written what was told while nothing else could be stored, so that not even
a restart repeats that as if it were new.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from medsched.services.remind_memory import Told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SLATE: Final = 64 * 1024
"""Bytes that are written over and over: room for some thousand numbers."""
SIZE: Final = 4 * 1024 * 1024
LEAST_FREE: Final = 200 * 1024 * 1024
"""Bytes that must be free besides, before the reserve is filled again."""


class Reserve:
    """The reserve of one database; None for one that is no file, which then has none."""

    def __init__(
        self, database: Path | None, *, size: int = SIZE, least_free: int = LEAST_FREE
    ) -> None:
        """Keep where it lies; nothing is written yet."""
        self._path = None if database is None else database.with_name(f"{database.name}.reserve")
        self._size, self._least = size, least_free

    def fill(self) -> None:
        """Put by what is missing: the slate if there is any room, the rest if there is plenty."""
        if self._path is None:
            return
        with suppress(OSError):
            there = self._path.stat().st_size if self._path.exists() else 0
            free = shutil.disk_usage(self._path.parent).free
            wanted = self._size if free - self._size >= self._least else SLATE
            if there < wanted:
                self._append(wanted - there)

    def release(self) -> bool:
        """Give the room free; return whether there was any."""
        if self._path is None:
            return False
        with suppress(OSError):
            if self._path.stat().st_size > SLATE:
                os.truncate(self._path, SLATE)
                return True
        return False

    def write(self, told: Mapping[int, Told]) -> bool:
        """Write what was told on the slate, through to the disk; return whether it worked."""
        if self._path is None:
            return False
        text = json.dumps([(number, *one) for number, one in told.items()]).encode()
        with suppress(OSError):
            if len(text) > SLATE or self._path.stat().st_size < SLATE:
                return False
            with self._path.open("r+b", buffering=0) as file:
                file.write(text.ljust(SLATE, b"\0"))
                os.fsync(file)
            return True
        return False

    def read(self) -> dict[int, Told]:
        """Return what is on the slate, nothing when it was never written or is damaged."""
        if self._path is None:
            return {}
        with suppress(OSError, ValueError, TypeError), self._path.open("rb") as file:
            found = json.loads(file.read(SLATE).rstrip(b"\0") or b"[]")
            return {int(number): Told(int(due), int(at)) for number, due, at in found}
        return {}

    def _append(self, count: int) -> None:
        """Write zeros at the end: real ones, for a hole in a file holds no room."""
        assert self._path is not None  # noqa: S101  # asked by the caller
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, bytes(count))
            os.fsync(file)
        finally:
            os.close(file)
