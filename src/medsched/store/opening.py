"""The door: `open_store` gives a store whose schema is right, and whose file is private."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import insert

from medsched.store import schema
from medsched.store.engine import begin_reading, begin_writing, make_engine
from medsched.store.failure import told_clearly
from medsched.store.place import prepare_file, read_address, shown
from medsched.store.tables.meta import META
from medsched.store.types import instant_text
from medsched.store.unit import SqlUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Engine

    from medsched.services.ports import Clock


class SqlStore:
    """`ports.Store` over one of the two databases; close it, or use it as a context."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine, self.place = engine, place

    @contextmanager
    def reading(self) -> Iterator[SqlUnit]:
        """Open a consistent view; nothing can be changed in it."""
        with told_clearly(self.place, reading=True), self.engine.connect() as connection:
            begin_reading(connection)
            yield SqlUnit(connection)

    @contextmanager
    def writing(self) -> Iterator[SqlUnit]:
        """Open a transaction that excludes lost updates; it ends stored or undone."""
        with told_clearly(self.place), self.engine.connect() as connection:
            begin_writing(connection)
            yield SqlUnit(connection)
            connection.commit()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()


def open_store(address: str, *, clock: Clock) -> SqlStore:
    """Return the store at a SQLAlchemy URL, or at a path of a SQLite file.

    A new SQLite file and its folders are made for this user alone. The schema is
    brought up to date, safely when several processes do so at once.

    Raises:
        MedschedError: one line that says why not, and what to do (`store.refusals`).
    """
    url = read_address(address)
    place = shown(url)
    if url.get_backend_name() == "sqlite":
        prepare_file(Path(str(url.database)))
    engine = make_engine(url)
    try:
        with told_clearly(place):
            schema.bring_up_to_date(engine, place, lambda made: _first_rows(made, clock))
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine, place)


def _first_rows(connection: Connection, clock: Clock) -> None:
    facts = {"database": str(uuid.uuid4()), "created_at": instant_text(clock.now())}
    rows = [{"name": name, "value": value} for name, value in facts.items()]
    connection.execute(insert(META), rows)
