"""How connections are set up."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from medsched.store import engine
from medsched.store.place import read_address

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Stubborn:
    """A connection whose first statements fail with these messages."""

    messages: list[str]
    ran: list[str] = field(default_factory=list)

    def execute(self, statement: str) -> None:
        if self.messages:
            raise sqlite3.OperationalError(self.messages.pop(0))
        self.ran.append(statement)


def write_ahead(connection: Any) -> None:
    engine._write_ahead(connection)


def test_the_switch_to_the_log_is_tried_again_while_another_starter_has_the_file() -> None:
    """SQLite does not wait by itself here: 15 of 480 starters failed without this."""
    connection = Stubborn(["database is locked", "database is locked"])
    write_ahead(connection)
    assert connection.ran == ["PRAGMA journal_mode=WAL"]


def test_any_other_trouble_with_the_log_is_told_at_once() -> None:
    connection = Stubborn(["disk I/O error", "never reached"])
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        write_ahead(connection)
    assert connection.messages == ["never reached"]


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
        for begin, connection in ((engine.begin_writing, one), (engine.begin_reading, other)):
            begin(connection)
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
