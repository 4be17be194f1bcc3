"""The reserve: real room, given free once, and a slate that is never given away."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING

import pytest

from medsched.daemon.reserve import SIZE, SLATE, Reserve
from medsched.services.remind_memory import Told

if TYPE_CHECKING:
    from pathlib import Path

ONE = {1: Told(2, 3)}
TOLD = {17: Told(1700000000, 1700000015), 18: Told(1700000001, 1700000016)}
_Usage = namedtuple("_Usage", "total used free")  # noqa: PYI024  # what shutil gives


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "medsched.db"


def file(database: Path) -> Path:
    return database.with_name("medsched.db.reserve")


def test_it_is_real_room_for_the_owner_alone(database: Path) -> None:
    reserve = Reserve(database, least_free=0)
    reserve.fill()
    reserve.fill()
    found = file(database).stat()
    assert (found.st_size, found.st_mode & 0o777) == (SIZE, 0o600)
    assert found.st_blocks * 512 >= SIZE, "a hole in a file holds no room"


def test_it_is_given_free_once_and_filled_again(database: Path) -> None:
    reserve = Reserve(database, least_free=0)
    assert not reserve.release()
    reserve.fill()
    assert reserve.release()
    assert file(database).stat().st_size == SLATE
    assert not reserve.release()
    reserve.fill()
    assert reserve.release()


def test_a_disk_that_is_nearly_full_gets_the_slate_only(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = _Usage(10**9, 10**9 - 10**6, 10**6)
    monkeypatch.setattr("medsched.daemon.reserve.shutil.disk_usage", lambda _path: usage)
    reserve = Reserve(database)
    reserve.fill()
    assert file(database).stat().st_size == SLATE
    assert not reserve.release()


def test_what_is_on_the_slate_outlives_the_process_and_the_room(database: Path) -> None:
    reserve = Reserve(database, least_free=0)
    assert not reserve.write(ONE), "there is no slate yet"
    reserve.fill()
    reserve.release()
    assert reserve.write(TOLD)
    assert Reserve(database).read() == TOLD
    assert reserve.write({})
    assert Reserve(database).read() == {}
    assert file(database).stat().st_size == SLATE


def test_what_does_not_fit_is_not_written_by_half(database: Path) -> None:
    reserve = Reserve(database, least_free=0)
    reserve.fill()
    reserve.write(ONE)
    assert not reserve.write(dict.fromkeys(range(SLATE), Told(1, 2)))
    assert reserve.read() == ONE


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe", b"{", b'{"a": 1}', b"[1]", b'[["a", "b"]]', b"[[1, 2]]"]
)
def test_a_slate_that_says_nothing_sensible_says_nothing(database: Path, text: bytes) -> None:
    file(database).write_bytes(text.ljust(SLATE, b"\0"))
    assert Reserve(database).read() == {}


def test_a_database_that_is_no_file_has_none() -> None:
    reserve = Reserve(None)
    reserve.fill()
    assert (reserve.release(), reserve.write(ONE), reserve.read()) == (False, False, {})
