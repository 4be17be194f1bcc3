"""Which schema a database has, and bringing it to the one this program knows.

The fast path is one query: when the stored version is the newest, Alembic is not
even imported. Otherwise the migrations run in one transaction that shuts out every
other starter, so a kill in the middle leaves the old schema, and the next start
does it all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from medsched.store.engine import begin_writing
from medsched.store.refusals import NewerSchema, NotADatabase

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection, Engine

VERSIONS: Final = ("0001", "0002", "0003", "0004", "0005")
"""Every schema this program knows, oldest first."""

HEAD: Final = VERSIONS[-1]

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_STARTERS_LOCK: Final = 0x6D656473
"""PostgreSQL's advisory lock for starting: the letters "meds"."""


def bring_up_to_date(engine: Engine, place: str, first_rows: Callable[[Connection], None]) -> None:
    """Migrate when the stored schema is not the newest; make everything in an empty database.

    Args:
        first_rows: Called in the same transaction when the database was empty.

    Raises:
        NewerSchema: a newer program made it. NotADatabase: another program's tables.
    """
    with engine.connect() as connection:
        if _version(connection, place) == HEAD:
            return
    with engine.connect() as connection:
        begin_writing(connection)
        _shut_out_other_starters(connection)
        found = _version(connection, place)
        if found != HEAD:
            _migrate(connection)
            if not found:
                first_rows(connection)
        connection.commit()


def _version(connection: Connection, place: str) -> str:
    """Return the stored version, empty for an empty database."""
    tables = _tables(connection)
    if "alembic_version" not in tables:
        if tables and connection.dialect.name == "sqlite":
            raise NotADatabase(place, "this is another program's database")
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found and found not in VERSIONS:
        raise NewerSchema(place, str(found), HEAD)
    return str(found or "")


def _tables(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return {str(name) for (name,) in connection.exec_driver_sql(query)}


def _shut_out_other_starters(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _STARTERS_LOCK})


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
