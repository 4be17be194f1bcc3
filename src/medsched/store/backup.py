"""Copies of a SQLite database that are safe while it is in use, and coming back from one.

A backup is made beside its place, checked to the last digest, written through to
the disk and only then given its name. Restoring keeps the present state in a file
of its own first, and remembers which stretch of time is not known any more: what
was taken between the backup and now must be asked for, never advised on.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from medsched.frozen import frozen
from medsched.store.cells import instant_text
from medsched.store.gaps import remember_gap
from medsched.store.place import MAGIC, make_private, prepare_file, read_address, shown
from medsched.store.refusals import (
    CannotBackUp,
    DatabaseBusy,
    NotABackup,
    ServerMakesBackups,
)
from medsched.store.soundness import Contents, Unsound, check, check_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from medsched.services.ports import Clock

_RETRY_SECONDS: Final = 0.02
_WAITING: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
BACKUP_AT: Final = "backup_at"
"""The name in `meta` under which a copy says when it was made."""


@frozen
class Restored:
    """What a restore brought back.

    Args:
        made_at: When the backup was made: what happened since then is not in it.
        before: Where the state from before the restore was kept; None when there was none.
    """

    contents: Contents
    made_at: datetime
    before: Path | None


def back_up(address: str, target: Path, *, clock: Clock) -> Contents:
    """Copy a database into `target`, readable by this user alone, and check the copy.

    Raises:
        ServerMakesBackups: the database is PostgreSQL.
        CannotBackUp: it cannot be written, would overwrite something else, or the
            database is damaged; an earlier backup of that name stays.
        Damaged: a stored text is not what was written.
    """
    live = _file_of(address)
    _refuse_to_overwrite(target, live)
    try:
        return _copy_checked(live, target, clock.now())
    except OSError as error:
        raise CannotBackUp(target, _why(error)) from None
    except (sqlite3.Error, Unsound) as error:
        raise CannotBackUp(target, str(error)) from None


def _why(error: OSError) -> str:
    """Return why nothing could be written; what the system says names a file of ours."""
    if error.strerror is None:
        return str(error)
    return f"{error.strerror.lower()}; name a file in a folder that you can write"


def restore(address: str, source: Path, *, clock: Clock, patience: float = 5) -> Restored:
    """Bring a database back to a backup; readers and writers of it may go on.

    Raises:
        ServerMakesBackups: the database is PostgreSQL.
        NotABackup: the file is damaged or no backup; nothing was changed.
        DatabaseBusy: somebody writes; nothing was changed.
    """
    live, now = _file_of(address), clock.now()
    try:
        contents = check_file(source)
        made_at = _made_at(source)
    except Unsound as error:
        raise NotABackup(source, str(error)) from None
    before = _keep_what_is_there(live, now)
    prepare_file(live)
    with closing(sqlite3.connect(source)) as copy, closing(_open(live, patience)) as present:
        try:
            _copy(copy, present, patience)
        except TimeoutError:
            raise DatabaseBusy(str(live)) from None
        remember_gap(present, made_at, now)
    return Restored(contents=contents, made_at=made_at, before=before)


def _file_of(address: str) -> Path:
    read = read_address(address)
    if not read.is_file:
        raise ServerMakesBackups(shown(read))
    return read.path


def _open(path: Path, patience: float = 5) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=patience, isolation_level=None)


def _refuse_to_overwrite(target: Path, live: Path) -> None:
    if not live.exists():
        raise CannotBackUp(target, f"there is no database {live} yet")
    if not target.exists():
        return
    if target.is_dir() or target.samefile(live):
        raise CannotBackUp(target, "that is no place for a backup; name another file")
    with target.open("rb") as file:
        if file.read(len(MAGIC)) not in {MAGIC, b""}:
            raise CannotBackUp(target, "that file is no backup; name another one")


def _copy_checked(live: Path, target: Path, now: datetime) -> Contents:
    with _unfinished(target) as partial:
        with closing(_open(live)) as source, closing(_open(partial)) as copy:
            _copy(source, copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            row = (BACKUP_AT, instant_text(now.astimezone(UTC)))
            copy.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", row)
            contents = check(copy)
        _write_through(partial)
        partial.replace(target)
        _write_through(target.parent)
    return contents


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Yield a private file beside the target, gone afterwards unless it got its name."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)
    os.close(make_private(partial))
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, patience: float = 5) -> None:
    """Copy a whole database in one go.

    Raises:
        TimeoutError: somebody kept one of the two for longer than `patience` seconds;
            the driver by itself would wait for ever.
    """
    deadline = time.monotonic() + patience

    def stop_waiting(status: int, _remaining: int, _pages: int) -> None:
        if status in _WAITING and time.monotonic() > deadline:
            raise TimeoutError("somebody is writing to the database; try again in a moment")

    source.backup(target, progress=stop_waiting, sleep=_RETRY_SECONDS)


def _write_through(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _made_at(source: Path) -> datetime:
    """Return when a backup was made; a plain copy of a database does not say."""
    with closing(sqlite3.connect(source)) as copy:
        query = "SELECT value FROM meta WHERE name = ?"
        row = copy.execute(query, (BACKUP_AT,)).fetchone()
    if row is None:
        raise Unsound("it does not say when it was made; make backups with `medsched backup`")
    return datetime.fromisoformat(row[0])


def _keep_what_is_there(live: Path, now: datetime) -> Path | None:
    """Copy the present state beside itself; a file that cannot be copied is moved there."""
    if not live.exists() or live.stat().st_size == 0:
        return None
    before = live.with_name(f"{live.stem}.before-restore-{now:%Y%m%dT%H%M%SZ}{live.suffix}")
    try:
        _copy_plain(live, before)
    except sqlite3.DatabaseError:
        for ending in ("", "-wal", "-shm"):
            part = live.with_name(live.name + ending)
            if part.exists():
                part.replace(before.with_name(before.name + ending))
    return before


def _copy_plain(live: Path, before: Path) -> None:
    """Copy what can be read, sound or not: it is kept, not trusted."""
    with _unfinished(before) as partial:
        with closing(_open(live)) as source, closing(_open(partial)) as copy:
            _copy(source, copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        partial.replace(before)
