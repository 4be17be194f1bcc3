"""Whether a SQLite file is whole: its pages, its schema, and every digest in it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from medsched.frozen import frozen
from medsched.store.digests import verify
from medsched.store.revisions import DIGESTED
from medsched.store.schema import HEAD, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@frozen
class Contents:
    """What was found in a sound file: how many of each."""

    people: int
    prescriptions: int
    doses: int
    administrations: int


class Unsound(Exception):
    """What is wrong with a file; told again by whoever wanted to use it."""


def check(connection: sqlite3.Connection) -> Contents:
    """Read all of a database and count what is in it.

    Raises:
        Unsound: damaged pages, another program's file, or a newer schema.
        Damaged: a text that is not what was written.
    """
    try:
        _check_pages(connection)
        _check_version(connection)
        _check_digests(connection)
        counts = [
            int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608
            for table in ("person", "prescription", "dose", "administration")
        ]
    except sqlite3.DatabaseError as error:
        raise Unsound(f"it is damaged or no database ({error})") from None
    return Contents(
        people=counts[0], prescriptions=counts[1], doses=counts[2], administrations=counts[3]
    )


def _check_pages(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise Unsound(f"it is damaged ({found})")


def _check_version(connection: sqlite3.Connection) -> None:
    query = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.execute(query).fetchone() is None:
        raise Unsound("it is another program's database")
    (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if version not in VERSIONS:
        raise Unsound(f"its schema is version {version}, this program knows up to {HEAD}")


def _check_digests(connection: sqlite3.Connection) -> None:
    columns = ", ".join(DIGESTED)
    for digest, *parts in connection.execute(f"SELECT digest, {columns} FROM revision"):  # noqa: S608
        what = f"prescription {parts[0]}, revision {parts[1]}"
        verify(what, digest, *(str(part) for part in parts))
    for number, text, digest in _texts(connection, "person", "id", "document", "digest"):
        verify(f"person {number}", digest, text)
    columns_of_rules = ("protocol", "text", "text_digest")
    for name, text, digest in _texts(connection, "protocol_text", *columns_of_rules):
        verify(f"rules of {name}", digest, text)


def _texts(
    connection: sqlite3.Connection, table: str, *columns: str
) -> Iterator[tuple[str, str, str]]:
    yield from connection.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608


def check_file(path: Path) -> Contents:
    """Check a file that nobody writes to, without changing it.

    Raises:
        Unsound: it is not there, damaged, another program's, or of a newer schema.
        Damaged: a text that is not what was written.
    """
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise Unsound(f"it cannot be opened ({error})") from None
    try:
        return check(connection)
    finally:
        connection.close()
