"""Whether the database is still the file that was opened, and whether another daemon has it.

A file that was moved away or replaced lives on as a ghost: what is written to it, nobody
reads. And two daemons on one file do no harm, but mostly nobody meant it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from medsched.errors import MedschedError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

if os.name == "posix":
    import fcntl


class AnotherFile(MedschedError):
    """The database is not the file any more that this process opened."""

    def __init__(self, path: Path) -> None:
        """Keep the path."""
        self.path = path
        super().__init__(f"database {path}: it was moved, deleted or replaced; start again")


class SameFile:
    """Remembers which file a path led to."""

    def __init__(self, path: Path | None) -> None:
        """Look now; None for a database that is no file."""
        self._path = path
        self._found = self._look()

    def check(self) -> None:
        """Return if it is still that file.

        Raises:
            AnotherFile: it is gone, or another one lies there.
        """
        if self._path is not None and self._look() != self._found:
            raise AnotherFile(self._path)

    def _look(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


class OnlyOne:
    """A lock beside the database that says whether another daemon runs on this machine."""

    def __init__(self, path: Path | None) -> None:
        """Take the lock if it is free; a database that is no file has none."""
        self.is_alone = True
        self._file: IO[bytes] | None = None
        if path is None or os.name != "posix":
            return
        self._file = os.fdopen(os.open(f"{path}.daemon.lock", os.O_RDWR | os.O_CREAT, 0o600), "wb")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.is_alone = False

    def close(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
