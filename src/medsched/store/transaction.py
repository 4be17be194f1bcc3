"""One transaction: the driver it is open on, and SQLAlchemy's connection for whoever asks.

A home's file is opened by its driver alone. To load SQLAlchemy takes longer than all that
a page of today does, so it is loaded when a table is asked for that needs it: then it joins
the transaction that is open, and from then on it lends the connections.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING

from medsched.store import sqlite_file
from medsched.store.driver import SqliteDriver, driver_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection, Engine

    from medsched.store.driver import Driver


class Transaction:
    """What is open, until it ends stored or undone."""

    def __init__(self, driver: Driver, join: Callable[[], Connection]) -> None:
        """Keep the driver's side, and what makes SQLAlchemy's."""
        self.driver, self._join = driver, join

    @cached_property
    def connection(self) -> Connection:
        """SQLAlchemy's connection in this very transaction."""
        return self._join()

    @property
    def is_joined(self) -> bool:
        """Whether SQLAlchemy is in it."""
        return "connection" in self.__dict__


@contextmanager
def on_engine(engine: Engine, *, writing: bool) -> Iterator[Transaction]:
    """Open a transaction on a connection that SQLAlchemy lends."""
    from medsched.store.engine import begin

    with engine.connect() as connection:
        begin(connection, writing=writing)
        yield Transaction(driver_of(connection), lambda: connection)
        if writing:
            connection.commit()


class SqliteFile:
    """A SQLite file without SQLAlchemy; a connection that is free is used again."""

    def __init__(self, file: str) -> None:
        """Keep where it is; nothing is opened yet."""
        self._file, self.was_joined = file, False
        self._free: list[sqlite3.Connection] = []

    @contextmanager
    def open(self, *, writing: bool) -> Iterator[Transaction]:
        """Open a transaction on a connection of our own."""
        raw = self._lend()
        ours = Transaction(SqliteDriver(raw), lambda: self._joined(raw))
        try:
            sqlite_file.begin(raw, writing=writing)
            yield ours
            if writing:
                raw.commit()
            raw.rollback()
        except BaseException:
            with suppress(Exception):  # the first failure is the one to tell
                (ours.connection if ours.is_joined else raw).close()
            raise
        if ours.is_joined:
            ours.connection.close()
        else:
            self._free.append(raw)

    def close(self) -> None:
        """Close what is free."""
        while self._free:
            self._free.pop().close()

    def _lend(self) -> sqlite3.Connection:
        try:
            return self._free.pop()  # another thread may have taken the last one
        except IndexError:
            return sqlite_file.connect(self._file)

    def _joined(self, raw: sqlite3.Connection) -> Connection:
        from medsched.store.engine import joined

        self.was_joined = True
        return joined(raw, self._file)
