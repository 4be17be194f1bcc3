"""What drivers raise becomes one line for a person; what is a bug stays one."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import errors as pg

from medsched.store.failure import told_clearly
from medsched.store.refusals import (
    CannotOpen,
    CannotWrite,
    ChangedMeanwhile,
    DatabaseBusy,
    NotADatabase,
)

if TYPE_CHECKING:
    from medsched.errors import MedschedError


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (sqlite3.OperationalError("database is locked"), DatabaseBusy),
        (sqlite3.OperationalError("database table is locked"), DatabaseBusy),
        (sqlite3.DatabaseError("file is not a database"), NotADatabase),
        (sqlite3.DatabaseError("database disk image is malformed"), NotADatabase),
        (sqlite3.OperationalError("database or disk is full"), CannotWrite),
        (sqlite3.OperationalError("disk I/O error"), CannotWrite),
        (sqlite3.OperationalError("attempt to write a readonly database"), CannotWrite),
        (sqlite3.OperationalError("unable to open database file"), CannotOpen),
        (sqlite3.IntegrityError("UNIQUE constraint failed: dose.day"), ChangedMeanwhile),
        (pg.LockNotAvailable(), DatabaseBusy),
        (pg.QueryCanceled(), DatabaseBusy),
        (pg.DeadlockDetected(), DatabaseBusy),
        (pg.SerializationFailure(), DatabaseBusy),
        (pg.UniqueViolation(), ChangedMeanwhile),
        (pg.DiskFull(), CannotWrite),
        (pg.InvalidPassword(), CannotOpen),
        (pg.InvalidCatalogName(), CannotOpen),
        (pg.AdminShutdown(), CannotOpen),
        (psycopg.OperationalError("connection refused"), CannotOpen),
        (psycopg.OperationalError("FATAL: no entry for hunter2"), CannotOpen),
    ],
)
def test_a_failure_of_the_database_is_told_in_one_line(
    raised: Exception, kind: type[MedschedError]
) -> None:
    """Without what the driver said, which may hold names and values."""
    with pytest.raises(kind) as told, told_clearly("/home/medsched.db"):
        raise raised
    assert "/home/medsched.db" in str(told.value)
    assert "\n" not in str(told.value)
    assert "hunter2" not in str(told.value)
    assert told.value.__cause__ is None


@pytest.mark.parametrize(
    "raised",
    [
        sqlite3.OperationalError("no such column: amont"),
        sqlite3.IntegrityError("FOREIGN KEY constraint failed"),
        pg.UndefinedColumn(),
        pg.NotNullViolation(),
        ValueError("locked"),
    ],
)
def test_a_bug_is_not_dressed_up(raised: Exception) -> None:
    with pytest.raises(type(raised)) as same, told_clearly("x"):
        raise raised
    assert same.value is raised
