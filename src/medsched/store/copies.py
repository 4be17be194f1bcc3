"""Backups that are made by themselves: one when it is due, the last few kept.

They lie in a folder of the home that only its owner can open. An old one is removed
only after a new one was made and checked, and only if its name is one of ours. What
went wrong last is kept beside them as a class, so that `medsched status` can tell.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from medsched.errors import InvalidValue, MedschedError
from medsched.services.backups import Backups
from medsched.store.backup import back_up
from medsched.store.place import read_address
from medsched.store.refusals import CannotBackUp

if TYPE_CHECKING:
    from pathlib import Path

    from medsched.services.ports import Clock

FOLDER: Final = "backups"
LEAST_FREE: Final = 200 * 1024 * 1024
"""Bytes that must stay free beside a new backup: records come first."""

_NAME: Final = "medsched-%Y%m%dT%H%M%SZ.db"
_OURS: Final = re.compile(r"medsched-\d{8}T\d{6}Z\.db")
_FAILED: Final = ".failed"


class NoRoomForBackup(MedschedError):
    """A backup that would leave too little of the disk free."""

    def __init__(self, folder: Path, free: int) -> None:
        """Keep the folder and the free bytes."""
        self.folder, self.free = folder, free
        super().__init__(
            f"backup {folder}: was not made: only {free // 1024**2:,} MB are free; make room"
        )


class Copies:
    """The backups of one SQLite database."""

    def __init__(self, address: str, home: Path, *, hours: int, keep: int, clock: Clock) -> None:
        """Keep where they lie; nothing is made yet.

        Args:
            hours: Between two backups, at least 1. keep: how many stay, at least 1.

        Raises:
            InvalidValue: hours or keep is below 1.
        """
        if hours < 1 or keep < 1:
            given = f"backup_hours {hours}, backups_kept {keep}"
            raise InvalidValue("backups", given, "use 1 or more; backup_hours 0 for none")
        self._address, self.folder, self._clock = address, home / FOLDER, clock
        self._every, self._keep = timedelta(hours=hours), keep

    @property
    def state(self) -> Backups:
        """What `medsched status` tells of them."""
        found = self._all()
        failed = ""
        with suppress(OSError, UnicodeDecodeError):
            failed = (self.folder / _FAILED).read_text(encoding="ascii").strip()
        latest = _made_at(found[-1]) if found else None
        return Backups(latest=latest, every=self._every, failed=failed)

    def make_if_due(self) -> Path | None:
        """Make a backup when the last is old enough; return where it lies, None if it was not due.

        Raises:
            MedschedError: it could not be made; every earlier one is as it was.
        """
        now = self._clock.now()
        latest = self.state.latest
        if latest is not None and timedelta() <= now - latest < self._every:
            return None
        try:
            made = self._make(now)
        except MedschedError as why:
            self._note(type(why).__name__)
            raise
        self._note("")
        self._prune(made)
        return made

    def _make(self, now: datetime) -> Path:
        target = self.folder / now.astimezone(UTC).strftime(_NAME)
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self.folder.chmod(0o700)
            free = shutil.disk_usage(self.folder).free
        except OSError as wrong:
            raise CannotBackUp(target, (wrong.strerror or "no folder").lower()) from None
        if free - self._size() < LEAST_FREE:
            raise NoRoomForBackup(self.folder, free)
        back_up(self._address, target, clock=self._clock)
        return target

    def _size(self) -> int:
        live = read_address(self._address).path
        parts = (live, live.with_name(f"{live.name}-wal"))
        return sum(one.stat().st_size for one in parts if one.exists())

    def _all(self) -> list[Path]:
        """Return the backups that were made here, the oldest first."""
        try:
            found = [one for one in self.folder.iterdir() if _OURS.fullmatch(one.name)]
        except OSError:
            return []
        return sorted(found)

    def _prune(self, made: Path) -> None:
        others = [one for one in self._all() if one != made]
        for old in others[: max(0, len(others) + 1 - self._keep)]:
            with suppress(OSError):
                old.unlink()

    def _note(self, failed: str) -> None:
        """Write down how it went last; a disk that is full cannot tell even that."""
        note = self.folder / _FAILED
        with suppress(OSError):
            if not failed:
                note.unlink(missing_ok=True)
                return
            note.touch(mode=0o600)
            with os.fdopen(os.open(note, os.O_WRONLY | os.O_TRUNC), "w", encoding="ascii") as file:
                file.write(failed)


def _made_at(copy: Path) -> datetime:
    return datetime.strptime(copy.name, _NAME).replace(tzinfo=UTC)


def copies_of(address: str, home: Path, *, hours: int, keep: int, clock: Clock) -> Copies | None:
    """Return the backups of a database; None for a server, which has its own, or for 0 hours.

    Raises:
        InvalidValue: hours below 0, or keep below 1.
    """
    if hours == 0 or not read_address(address).is_file:
        return None
    return Copies(address, home, hours=hours, keep=keep, clock=clock)
