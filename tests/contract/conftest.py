"""The stores that the contract suite runs over, and the server for one of them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.fakes.clocks import FakeClock
from tests.fakes.memory_store import MemoryStore
from tests.postgres import start_postgres

from medsched.store.opening import SqlStore, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import Postgres

    from medsched.services.ports import Store

TEMPLATE = "medsched_template"


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """Return the running server; it cannot start means that the test fails."""
    return start_postgres()


@pytest.fixture(scope="session")
def migrated(postgres: Postgres, worker_id: str) -> str:
    """Return the name of a PostgreSQL database that has the newest schema and no rows."""
    name = f"{TEMPLATE}_{worker_id}"
    postgres.run(f"CREATE DATABASE {name}")
    open_store(postgres.url(name), clock=FakeClock()).close()
    return name


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a SQLite database that has the newest schema and no rows."""
    path = tmp_path_factory.mktemp("migrated") / "medsched.db"
    open_store(str(path), clock=FakeClock()).close()
    return path.read_bytes()


@dataclass(frozen=True, slots=True)
class Database:
    """A database of its own for one test, by its address."""

    kind: str
    address: str

    def open(self) -> SqlStore:
        """Return a store over it; the caller closes it."""
        return open_store(self.address, clock=FakeClock())


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Yield a database with the newest schema and no rows, on each of the two kinds."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            path: Path = request.getfixturevalue("tmp_path") / "medsched.db"
            path.touch(mode=0o600)
            path.write_bytes(request.getfixturevalue("migrated_file"))
            yield Database("sqlite", f"sqlite:///{path}")
        else:
            server: Postgres = request.getfixturevalue("postgres")
            template: str = request.getfixturevalue("migrated")
            yield Database("postgresql", stack.enter_context(server.database(template)))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Yield an empty store of each kind: the fake is held to what the real ones do."""
    if request.param == "memory":
        yield MemoryStore()
        return
    with ExitStack() as stack:
        if request.param == "sqlite":
            path: Path = request.getfixturevalue("tmp_path") / "medsched.db"
            path.touch(mode=0o600)
            path.write_bytes(request.getfixturevalue("migrated_file"))
            address = f"sqlite:///{path}"
        else:
            server: Postgres = request.getfixturevalue("postgres")
            address = stack.enter_context(server.database(request.getfixturevalue("migrated")))
        yield stack.enter_context(open_store(address, clock=FakeClock()))
