"""Backups by themselves: due ones are made and checked, old ones go only after that."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.clocks import FakeClock

from medsched.errors import InvalidValue, MedschedError
from medsched.store.backup import restore
from medsched.store.copies import Copies, NoRoomForBackup, copies_of
from medsched.store.opening import open_store
from medsched.store.refusals import CannotBackUp

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
_Usage = namedtuple("_Usage", "total used free")  # noqa: PYI024  # what shutil gives


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(BEGIN)


@pytest.fixture
def copies(tmp_path: Path, clock: FakeClock) -> Copies:
    address = f"sqlite:///{tmp_path}/medsched.db"
    open_store(address, clock=clock).close()
    found = copies_of(address, tmp_path, hours=24, keep=2, clock=clock)
    assert found is not None
    return found


def names(copies: Copies) -> list[str]:
    return sorted(one.name for one in copies.folder.iterdir())


def test_one_is_made_when_it_is_due_for_the_owner_alone_and_can_be_restored(
    copies: Copies, clock: FakeClock, tmp_path: Path
) -> None:
    made = copies.make_if_due()
    assert made is not None
    assert made.name == "medsched-20260301T080000Z.db"
    assert made.stat().st_mode & 0o777 == 0o600
    assert copies.folder.stat().st_mode & 0o777 == 0o700
    clock.at = BEGIN + DAY - timedelta(seconds=1)
    assert copies.make_if_due() is None
    clock.at = BEGIN + DAY
    assert copies.make_if_due() is not None
    back = restore(f"sqlite:///{tmp_path}/medsched.db", made, clock=clock)
    assert back.made_at == BEGIN


def test_the_oldest_goes_and_nothing_that_is_not_ours(copies: Copies, clock: FakeClock) -> None:
    for day in range(4):
        clock.at = BEGIN + day * DAY
        copies.make_if_due()
        (copies.folder / "medsched-mine.db").touch()
    kept = ["medsched-20260303T080000Z.db", "medsched-20260304T080000Z.db", "medsched-mine.db"]
    assert names(copies) == kept


def test_after_the_clock_went_back_the_new_one_stays(copies: Copies, clock: FakeClock) -> None:
    for at in (BEGIN + 300 * DAY, BEGIN + 400 * DAY, BEGIN):
        clock.at = at
        made = copies.make_if_due()
        assert made is not None
        assert made.exists()


def test_one_that_fails_removes_nothing_and_is_told_until_one_succeeds(
    copies: Copies, clock: FakeClock, tmp_path: Path
) -> None:
    for day in range(2):
        clock.at = BEGIN + day * DAY
        copies.make_if_due()
    before = names(copies)
    live = tmp_path / "medsched.db"
    whole = live.read_bytes()
    live.write_bytes(whole[:4096] + b"\0" * (len(whole) - 4096))
    clock.at = BEGIN + 2 * DAY
    with pytest.raises(CannotBackUp):
        copies.make_if_due()
    assert names(copies) == [".failed", *before]
    assert (copies.state.latest, copies.state.failed) == (BEGIN + DAY, "CannotBackUp")
    live.write_bytes(whole)
    assert copies.make_if_due() is not None
    assert (copies.state.latest, copies.state.failed) == (BEGIN + 2 * DAY, "")


def test_records_come_first_where_the_disk_is_nearly_full(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = _Usage(10**9, 10**9 - 10**8, 10**8)
    monkeypatch.setattr("medsched.store.copies.shutil.disk_usage", lambda _path: usage)
    with pytest.raises(NoRoomForBackup, match="only 95 MB are free"):
        copies.make_if_due()
    assert names(copies) == [".failed"]


def test_a_folder_that_cannot_be_made_is_a_refusal(copies: Copies) -> None:
    copies.folder.touch()
    with pytest.raises(CannotBackUp):
        copies.make_if_due()
    assert copies.state.latest is None


def test_a_copy_holds_what_the_log_held_that_was_not_yet_in_the_file(
    copies: Copies, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "medsched.db")) as live:
        live.execute("INSERT INTO meta (name, value) VALUES ('told', 'yes')")
        live.commit()
        made = copies.make_if_due()
    assert made is not None
    with closing(sqlite3.connect(made)) as copy:
        assert copy.execute("SELECT value FROM meta WHERE name = 'told'").fetchone() == ("yes",)


def test_a_server_and_zero_hours_mean_none(tmp_path: Path, clock: FakeClock) -> None:
    for address, hours in ((f"sqlite:///{tmp_path}/medsched.db", 0), ("postgresql://a@b/c", 24)):
        assert copies_of(address, tmp_path, hours=hours, keep=1, clock=clock) is None


@pytest.mark.parametrize(("hours", "keep"), [(-1, 1), (1, 0)])
def test_less_than_none_is_refused(tmp_path: Path, clock: FakeClock, hours: int, keep: int) -> None:
    with pytest.raises(InvalidValue, match="use 1 or more") as refused:
        copies_of("sqlite:///a.db", tmp_path, hours=hours, keep=keep, clock=clock)
    assert isinstance(refused.value, MedschedError)
