"""Inserts that say what to do when the row is there already.

Both databases write them alike, but SQLAlchemy has one class for each; only the one
in use is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.engine import Connection


def insert_for(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return this database's insert, which has the `on_conflict_...` methods."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as of_sqlite

        return of_sqlite(table)
    from sqlalchemy.dialects.postgresql import insert as of_postgresql

    return of_postgresql(table)
