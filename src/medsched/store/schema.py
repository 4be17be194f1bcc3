"""Which schema a database has, and bringing it to the one this program knows.

The fast path is one query: when the stored version is the newest, Alembic is not
even imported. Otherwise the migrations run in one transaction that shuts out every
other starter, so a kill in the middle leaves the old schema, and the next start
does it all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from medsched.store.driver import driver_of
from medsched.store.refusals import NewerSchema, NotADatabase

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection, Engine

    from medsched.store.driver import Driver

_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_SERVER_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_VERSION: Final = "SELECT version_num FROM alembic_version"

VERSIONS: Final = ("0001", "0002", "0003", "0004", "0005")
"""Every schema this program knows, oldest first."""

HEAD: Final = VERSIONS[-1]

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_STARTERS_LOCK: Final = 0x6D656473
"""PostgreSQL's advisory lock for starting: the letters "meds"."""


def version(driver: Driver, place: str) -> str:
    """Return the stored version, empty for an empty database.

    Raises:
        NewerSchema: a newer program made it. NotADatabase: another program's tables.
    """
    tables = {name for (name,) in driver.rows(_SERVER_TABLES if driver.is_server else _TABLES, ())}
    if "alembic_version" not in tables:
        if tables and not driver.is_server:
            raise NotADatabase(place, "this is another program's database")
        return ""
    found = [str(number) for (number,) in driver.rows(_VERSION, ()) if number]
    if found and found[0] not in VERSIONS:
        raise NewerSchema(place, found[0], HEAD)
    return found[0] if found else ""


def bring_up_to_date(engine: Engine, place: str, first_rows: Callable[[Driver], None]) -> None:
    """Migrate when the stored schema is not the newest; make everything in an empty database.

    Args:
        first_rows: Called in the same transaction when the database was empty.

    Raises:
        NewerSchema: a newer program made it. NotADatabase: another program's tables.
    """
    from medsched.store.engine import begin

    with engine.connect() as connection:
        begin(connection, writing=True)
        _shut_out_other_starters(connection)
        driver = driver_of(connection)
        found = version(driver, place)
        if found != HEAD:
            _migrate(connection)
            if not found:
                first_rows(driver)
        connection.commit()


def _shut_out_other_starters(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_STARTERS_LOCK})")


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
