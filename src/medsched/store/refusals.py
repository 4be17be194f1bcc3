"""What the store says when it cannot do what was asked: one line each, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.errors import MedschedError

if TYPE_CHECKING:
    from pathlib import Path


class UnusableAddress(MedschedError):
    """A database URL that names no place where a plan could be kept."""

    def __init__(self, reason: str) -> None:
        """Keep the reason; the URL itself may hold a password and is not repeated."""
        self.reason = reason
        super().__init__(
            f"database address: {reason}; write sqlite:////folder/medsched.db"
            " or postgresql://user@host/name"
        )


class CannotOpen(MedschedError):
    """The database cannot be reached or made."""

    def __init__(self, place: str, reason: str) -> None:
        """Keep the place and the reason."""
        self.place, self.reason = place, reason
        super().__init__(f"database {place}: cannot be opened: {reason}")


class CannotWrite(MedschedError):
    """The database can be read, but nothing can be stored in it."""

    def __init__(self, place: str, reason: str) -> None:
        """Keep the place and the reason."""
        self.place, self.reason = place, reason
        super().__init__(f"database {place}: NOT SAVED: {reason}")


class DatabaseBusy(MedschedError):
    """Another program kept the database for itself for too long."""

    def __init__(self, place: str) -> None:
        """Keep the place."""
        self.place = place
        super().__init__(
            f"database {place}: is busy: another program is writing to it; nothing was"
            " stored, try again in a moment"
        )


class NotADatabase(MedschedError):
    """A file that is no database of this program, or a damaged one."""

    def __init__(self, place: str, reason: str) -> None:
        """Keep the place and what is wrong with it."""
        self.place, self.reason = place, reason
        super().__init__(
            f"database {place}: {reason}; name another file with --database,"
            " or restore a backup with `medsched restore`"
        )


class NewerSchema(MedschedError):
    """A database that a newer medsched made."""

    def __init__(self, place: str, found: str, known: str) -> None:
        """Keep both versions."""
        self.place, self.found, self.known = place, found, known
        super().__init__(
            f"database {place}: its schema is version {found}, this program knows up to"
            f" version {known}; install a newer medsched"
        )


class OpenToOthers(MedschedError):
    """A database file that other users of this machine can read or change."""

    def __init__(self, path: Path, mode: int) -> None:
        """Keep the path and its mode."""
        self.path, self.mode = path, mode
        super().__init__(
            f"database {path}: other users of this machine can open it (mode {mode:04o});"
            f" close it with: chmod 600 '{path}'"
        )


class NameTaken(MedschedError):
    """A second person of the same name."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        self.name = name
        super().__init__(f"person {name!r}: is there already; add a word that tells them apart")


class ChangedMeanwhile(MedschedError):
    """Two writers made the same row; the second one stored nothing."""

    def __init__(self, what: str) -> None:
        """Keep what was made twice."""
        self.what = what
        super().__init__(f"{what}: somebody else stored it meanwhile; look at it and try again")


class Damaged(MedschedError):
    """A stored text that is not what was written: its digest does not fit."""

    def __init__(self, what: str) -> None:
        """Keep what is damaged; what it says is not shown, because it may be wrong."""
        self.what = what
        super().__init__(
            f"{what}: the stored text was changed or damaged, so it is not used;"
            " restore a backup with `medsched restore`"
        )


class NotABackup(MedschedError):
    """A file from which nothing can be restored; the database is as it was."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the path and what is wrong with it."""
        self.path, self.reason = path, reason
        super().__init__(f"backup {path}: cannot be used: {reason}; nothing was changed")


class CannotBackUp(MedschedError):
    """A backup that was not made; an earlier one of that name is as it was."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the path and the reason."""
        self.path, self.reason = path, reason
        super().__init__(f"backup {path}: was not made: {reason}")


class ServerMakesBackups(MedschedError):
    """PostgreSQL has better tools for this."""

    def __init__(self, place: str) -> None:
        """Keep the place."""
        self.place = place
        super().__init__(
            f"database {place}: is on a server; make backups with"
            " `pg_dump --format=custom` and restore them with `pg_restore`"
        )
