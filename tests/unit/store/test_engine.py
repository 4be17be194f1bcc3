"""How SQLAlchemy gets its connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medsched.store import engine
from medsched.store.place import read_address

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("address", ["/home/medsched.db", "postgresql://u@h/d"])
def test_engines_never_print_values(address: str) -> None:
    """Names and medicines are values of statements."""
    made = engine.make_engine(read_address(address))
    assert made.hide_parameters
    assert not made.echo
    made.dispose()


def test_every_connection_to_a_file_has_each_commit_on_the_disk_before_it_counts(
    tmp_path: Path,
) -> None:
    """Row 5: whoever reads or writes, in whatever thread, gets the same settings."""
    made = engine.make_engine(read_address(str(tmp_path / "medsched.db")))
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    with made.connect() as one, made.connect() as other:
        for writing, connection in ((True, one), (False, other)):
            engine.begin(connection, writing=writing)
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted
            }
            assert found == wanted
            connection.rollback()
    made.dispose()


def test_a_dead_line_to_a_server_is_noticed_within_a_minute() -> None:
    """Row 17: without a limit the system resends into the void for a quarter of an hour."""
    line = engine.DEAD_LINE
    idle = line["keepalives_idle"] + line["keepalives_count"] * line["keepalives_interval"]
    assert idle <= 60
    assert line["tcp_user_timeout"] <= 60_000
    assert line["connect_timeout"] <= 5
