"""A daemon notices that its database was taken away, and that it is not alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medsched.daemon.same_file import AnotherFile, OnlyOne, SameFile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "medsched.db"
    path.write_bytes(b"1")
    return path


def test_the_same_file_is_the_same_however_often_it_is_written(file: Path) -> None:
    same = SameFile(file)
    file.write_bytes(b"2")
    same.check()


def test_row_21_a_file_that_was_moved_deleted_or_replaced_is_noticed(file: Path) -> None:
    same = SameFile(file)
    moved = file.rename(file.with_name("old.db"))
    with pytest.raises(AnotherFile, match="moved, deleted or replaced"):
        same.check()
    file.write_bytes(b"another")
    with pytest.raises(AnotherFile):
        same.check()
    moved.rename(file)
    same.check()


def test_a_database_on_a_server_is_no_file() -> None:
    SameFile(None).check()
    assert OnlyOne(None).is_alone


def test_row_18_a_second_daemon_knows_that_it_is_the_second(file: Path) -> None:
    """The leases keep them apart; this is a warning only."""
    first = OnlyOne(file)
    second = OnlyOne(file)
    assert (first.is_alone, second.is_alone) == (True, False)
    second.close()
    first.close()
    third = OnlyOne(file)
    assert third.is_alone
    third.close()
    assert file.with_name("medsched.db.daemon.lock").stat().st_mode & 0o077 == 0
