"""The narrow door to the driver: tuples in, tuples out.

All that is stored passes here. There are millions of dose rows, so nothing stands between
them and the driver: `executemany` on SQLite, COPY on PostgreSQL; and a page of today need
not load SQLAlchemy. The SQL is written once, with `?`, and names no value.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

from medsched.store.cells import instant_text, utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy.engine import Connection

    Cells = Sequence[int | float | str | bool | datetime | None]


class Driver(Protocol):
    """What the tables ask of a driver, inside the transaction that is open."""

    is_server: bool
    """Whether it is PostgreSQL."""
    for_update: str
    """What a query ends with that keeps other writers off its rows; SQLite has but one writer."""

    def rows(self, sql: str, cells: Cells) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        ...

    def run(self, sql: str) -> int:
        """Run a statement that returns no rows and return how many it changed."""
        ...

    def each(self, sql: str, many: Iterable[Cells]) -> int:
        """Run a statement once for each tuple and return how many rows it changed."""
        ...

    def load(self, table: str, columns: Sequence[str], many: Iterable[Cells]) -> int:
        """Insert rows the fastest way there is and return how many."""
        ...

    def instant(self, at: datetime) -> str | datetime:
        """Return an aware instant as this driver stores it."""
        ...

    def part(self) -> AbstractContextManager[None]:
        """Open a part of the transaction: what fails in it is undone, and it alone."""
        ...


def driver_of(connection: Connection) -> Driver:
    """Return the door of an open connection."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return SqliteDriver(raw)
    return PostgresDriver(raw)


class SqliteDriver:
    """Straight to `sqlite3`."""

    is_server = False
    for_update = ""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401  # the driver's
        self._connection = connection

    def rows(self, sql: str, cells: Cells) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._connection.execute(sql, cells).fetchall()  # type: ignore[no-any-return]  # the driver's

    def run(self, sql: str) -> int:
        """Run a statement that returns no rows and return how many it changed."""
        return max(0, int(self._connection.execute(sql).rowcount))

    def each(self, sql: str, many: Iterable[Cells]) -> int:
        """Run a statement once for each tuple and return how many rows it changed."""
        return max(0, int(self._connection.executemany(sql, many).rowcount))

    def load(self, table: str, columns: Sequence[str], many: Iterable[Cells]) -> int:
        """Insert rows the fastest way there is and return how many."""
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # own names
        return self.each(sql, many)

    def instant(self, at: datetime) -> str:
        """Return an aware instant as fixed-width text in UTC."""
        return instant_text(utc(at))

    def part(self) -> AbstractContextManager[None]:
        """Open a part of the transaction: what fails in it is undone, and it alone."""
        return _part(self._connection)


class PostgresDriver:
    """Straight to `psycopg`."""

    is_server = True
    for_update = " FOR UPDATE"

    def __init__(self, connection: Any) -> None:  # noqa: ANN401  # the driver's
        self._connection = connection

    def rows(self, sql: str, cells: Cells) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        cursor = self._connection.execute(sql.replace("?", "%s"), cells)
        return cursor.fetchall()  # type: ignore[no-any-return]  # the driver's

    def run(self, sql: str) -> int:
        """Run a statement that returns no rows and return how many it changed."""
        return max(0, int(self._connection.execute(sql).rowcount))

    def each(self, sql: str, many: Iterable[Cells]) -> int:
        """Run a statement once for each tuple and return how many rows it changed."""
        with self._connection.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), many)
            return max(0, int(cursor.rowcount))

    def load(self, table: str, columns: Sequence[str], many: Iterable[Cells]) -> int:
        """Insert rows the fastest way there is and return how many."""
        with self._connection.cursor() as cursor:
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for cells in many:
                    copy.write_row(cells)
            return max(0, int(cursor.rowcount))

    def instant(self, at: datetime) -> datetime:
        """Return an aware instant in UTC."""
        return utc(at)

    def part(self) -> AbstractContextManager[None]:
        """Open a part of the transaction: what fails in it is undone, and it alone."""
        return _part(self._connection)


_PART: Final = "a_part"


@contextmanager
def _part(connection: Any) -> Iterator[None]:  # noqa: ANN401  # the driver's
    connection.execute(f"SAVEPOINT {_PART}")
    try:
        yield
    except BaseException:
        with suppress(Exception):  # a full disk may have undone all of it already
            connection.execute(f"ROLLBACK TO SAVEPOINT {_PART}")
            connection.execute(f"RELEASE SAVEPOINT {_PART}")
        raise
    connection.execute(f"RELEASE SAVEPOINT {_PART}")
