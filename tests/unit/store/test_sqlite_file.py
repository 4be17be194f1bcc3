"""How a SQLite file is opened."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

import pytest

from medsched.store import sqlite_file


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
    sqlite_file._write_ahead(connection)


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
