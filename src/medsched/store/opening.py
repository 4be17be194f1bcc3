"""The door: `open_store` gives a store whose schema is right, and whose file is private."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Self

from medsched.store import schema
from medsched.store.cells import instant_text
from medsched.store.failure import told_clearly
from medsched.store.place import prepare_file, read_address, shown
from medsched.store.transaction import SqliteFile, begun_on
from medsched.store.unit import SqlUnit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy.engine import Engine

    from medsched.services.ports import Clock
    from medsched.store.driver import Driver
    from medsched.store.place import Address


class SqlStore:
    """`ports.Store` over one of the two databases; close it, or use it as a context."""

    def __init__(self, address: Address, file: SqliteFile | None = None) -> None:
        self.address, self.place = address, shown(address)
        self._file = file or (SqliteFile(address.file) if address.is_file else None)

    @cached_property
    def engine(self) -> Engine:
        """What lends SQLAlchemy's connections: to a server always, to a file for migrations."""
        from medsched.store.engine import make_engine

        return make_engine(self.address)

    @contextmanager
    def reading(self) -> Iterator[SqlUnit]:
        """Open a consistent view; nothing can be changed in it."""
        with told_clearly(self.place, reading=True), self._begun(writing=False) as driver:
            yield SqlUnit(driver)

    @contextmanager
    def writing(self) -> Iterator[SqlUnit]:
        """Open a transaction that excludes lost updates; it ends stored or undone."""
        with told_clearly(self.place), self._begun(writing=True) as driver:
            yield SqlUnit(driver)

    def close(self) -> None:
        """Close every connection."""
        if self._file is not None:
            self._file.close()
        if "engine" in self.__dict__:
            self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def _begun(self, *, writing: bool) -> AbstractContextManager[Driver]:
        if self._file is not None:
            return self._file.begun(writing=writing)
        return begun_on(self.engine, writing=writing)


def open_store(address: str, *, clock: Clock) -> SqlStore:
    """Return the store at a SQLAlchemy URL, or at a path of a SQLite file.

    A new SQLite file and its folders are made for this user alone. The schema is
    brought up to date, safely when several processes do so at once.

    Raises:
        MedschedError: one line that says why not, and what to do (`store.refusals`).
    """
    store = SqlStore(read_address(address))
    if store.address.is_file:
        prepare_file(store.address.path)
    try:
        with told_clearly(store.place):
            _bring_up_to_date(store, clock)
    except BaseException:
        store.close()
        raise
    return store


def _bring_up_to_date(store: SqlStore, clock: Clock) -> None:
    with store.reading() as unit:
        newest = schema.version(unit.driver, store.place) == schema.HEAD
    if not newest:
        schema.bring_up_to_date(store.engine, store.place, lambda made: _first_rows(made, clock))


def _first_rows(driver: Driver, clock: Clock) -> None:
    from uuid import uuid4

    facts = {"database": str(uuid4()), "created_at": instant_text(clock.now())}
    driver.each("INSERT INTO meta (name, value) VALUES (?, ?)", facts.items())
