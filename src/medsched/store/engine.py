"""SQLAlchemy's way to the two databases: for migrations, and for all on PostgreSQL.

SQLite is opened as `sqlite_file` says. PostgreSQL: read committed with explicit locks,
and timeouts so that nothing waits for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from medsched.store import sqlite_file

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

    from medsched.store.place import Address

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


def make_engine(address: Address) -> Engine:
    """Return an engine for one of the two databases; nothing is connected yet."""
    if address.is_file:
        return create_engine(
            URL.create("sqlite+pysqlite", database=address.file),
            hide_parameters=True,
            creator=lambda: sqlite_file.connect(address.file),
        )
    return create_engine(
        make_url(address.server).set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={**DEAD_LINE, "options": _POSTGRESQL_OPTIONS, "application_name": "medsched"},
    )


def begin(connection: Connection, *, writing: bool) -> None:
    """Begin a transaction that excludes lost updates, or one that can change nothing."""
    connection.begin()
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        sqlite_file.begin(raw, writing=writing)
    elif not writing:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
