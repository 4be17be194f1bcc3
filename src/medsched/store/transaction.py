"""Where transactions are begun and ended: on a file's own connections, or on a server's."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from medsched.store import sqlite_file
from medsched.store.driver import SqliteDriver, driver_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Engine

    from medsched.store.driver import Driver


class SqliteFile:
    """A SQLite file; a connection that is free is used again.

    SQLAlchemy has no part in it: to load it takes longer than all that a page of today does.
    """

    def __init__(
        self, file: str, connect: Callable[[str], sqlite3.Connection] = sqlite_file.connect
    ) -> None:
        """Keep where it is; nothing is opened yet."""
        self._file, self._connect = file, connect
        self._free: list[sqlite3.Connection] = []

    @contextmanager
    def begun(self, *, writing: bool) -> Iterator[Driver]:
        """Open a transaction; it ends stored, or undone when anything fails in it."""
        connection = self._lend()
        try:
            sqlite_file.begin(connection, writing=writing)
            yield SqliteDriver(connection)
            if writing:
                connection.commit()
        finally:
            self._take_back(connection)

    def close(self) -> None:
        """Close what is free."""
        while self._free:
            self._free.pop().close()

    def _lend(self) -> sqlite3.Connection:
        try:
            return self._free.pop()  # another thread may have taken the last one
        except IndexError:
            return self._connect(self._file)

    def _take_back(self, connection: sqlite3.Connection) -> None:
        """Undo what was not stored; on a full disk no other connection could be opened."""
        try:
            connection.rollback()
        except sqlite3.Error:
            connection.close()
        else:
            self._free.append(connection)


@contextmanager
def begun_on(engine: Engine, *, writing: bool) -> Iterator[Driver]:
    """Open a transaction on a connection to a server; it ends stored, or undone."""
    from medsched.store.engine import begin

    with engine.connect() as connection:
        begin(connection, writing=writing)
        yield driver_of(connection)
        if writing:
            connection.commit()
