"""Files written for a person: for the owner's eyes only, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from medsched.errors import MedschedError


class CannotWrite(MedschedError):
    """A file that cannot be written."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the path and the system's reason."""
        self.path = path
        super().__init__(f"file {path}: {reason}; name another place")


def write_private(path: Path, content: bytes) -> None:
    """Write a file with mode 0600: a new one appears whole, an old one is replaced whole.

    Raises:
        CannotWrite: the folder is missing or closed, or the disk is full.
    """
    try:
        folder = path.resolve().parent
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as wrong:
        raise CannotWrite(path, (wrong.strerror or "cannot be written").lower()) from None
