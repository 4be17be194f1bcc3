"""What drivers raise, told again in one line that a person can act on.

The drivers' own messages hold values and statements; they are not shown.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from medsched.store.refusals import (
    CannotOpen,
    CannotWrite,
    ChangedMeanwhile,
    DatabaseBusy,
    NotADatabase,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from medsched.errors import MedschedError

_SQLITE: Final[dict[str, Callable[[str], MedschedError]]] = {
    "is locked": DatabaseBusy,
    "not a database": lambda place: NotADatabase(place, "this file is not a database"),
    "malformed": lambda place: NotADatabase(place, "the file is damaged"),
    "readonly": lambda place: CannotWrite(place, "the file or its folder is read-only"),
    "read-only": lambda place: CannotWrite(place, "the file or its folder is read-only"),
    "is full": lambda place: CannotWrite(place, "the disk is full"),
    "disk i/o": lambda place: CannotWrite(place, "the disk refused to write"),
    "unable to open": lambda place: CannotOpen(
        place, "the file or its folder cannot be opened or written"
    ),
}
"""Parts of SQLite's messages, and what they mean to a person."""

_READ_ONLY: Final = "25006"
"""PostgreSQL: a write in a transaction that only reads."""

_BUSY_STATES: Final = frozenset({"55P03", "57014", "40001", "40P01", "25P03"})
"""Lock not available, statement timeout, serialization failure, deadlock, idle too long."""


@contextmanager
def told_clearly(place: str, *, reading: bool = False) -> Iterator[None]:
    """Raise a driver's error as a `MedschedError`; what is no such failure passes unchanged.

    Raises:
        AssertionError: somebody tried to write in a unit that only reads.
    """
    try:
        yield
    except Exception as error:
        origin = getattr(error, "orig", error)  # SQLAlchemy wraps what its drivers raise
        if reading and _forbidden(origin):
            raise AssertionError("a reading unit changes nothing") from None
        clear = _clear(place, origin)
        if clear is None:
            raise
        raise clear from None


def _forbidden(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_READONLY or getattr(error, "sqlstate", None) == _READ_ONLY


def _clear(place: str, error: BaseException) -> MedschedError | None:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(place, error)
    if type(error).__module__.startswith("psycopg"):
        return _of_postgresql(place, error, getattr(error, "sqlstate", None))
    return None


def _of_sqlite(place: str, error: sqlite3.Error) -> MedschedError | None:
    if isinstance(error, sqlite3.IntegrityError):
        unique = "UNIQUE" in str(error) or "PRIMARY KEY" in str(error)
        return ChangedMeanwhile(f"database {place}") if unique else None
    message = str(error).lower()
    for part, make in _SQLITE.items():
        if part in message:
            return make(place)
    return None


def _of_postgresql(place: str, error: object, state: str | None) -> MedschedError | None:
    if state in _BUSY_STATES:
        return DatabaseBusy(place)
    match (state or "")[:2]:
        case "23" if state == "23505":
            return ChangedMeanwhile(f"database {place}")
        case "53":
            return CannotWrite(place, "the server has no room or memory left")
        case "28" | "3D":
            return _not_let_in(place)
        case "08" | "57" | "":
            return _lost(place, error)
        case _:
            return None


def _lost(place: str, error: object) -> MedschedError | None:
    names = {one.__name__ for one in type(error).__mro__}
    if not names & {"OperationalError", "InterfaceError"}:
        return None
    if "FATAL" in str(error):  # it answered while connecting, and has no code for that
        return _not_let_in(place)
    return CannotOpen(place, "the server does not answer; is it running?")


def _not_let_in(place: str) -> MedschedError:
    return CannotOpen(place, "the server refuses this user or knows no such database")
