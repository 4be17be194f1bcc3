"""Addresses: which database is meant, and how it is shown without its password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medsched.store.place import Address, make_private, prepare_file, read_address, shown
from medsched.store.refusals import NotADatabase, UnusableAddress

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "address",
    ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"],
)
def test_every_spelling_of_postgresql_uses_the_driver_that_is_installed(address: str) -> None:
    assert read_address(address) == Address(server="postgresql://u:p@h/d")


def test_a_bare_path_is_a_sqlite_file() -> None:
    assert read_address("/home/anna/medsched.db") == Address(file="/home/anna/medsched.db")


def test_a_path_with_strange_letters_is_taken_as_it_is() -> None:
    """Also as the end of an address, where a question mark may begin options."""
    path = "/home/änna b/100%/#?.db"
    assert read_address(path).file == path
    assert read_address(f"sqlite:///{path}").file == path


@pytest.mark.parametrize("address", ["oracle://h/d", "postgresql+asyncpg://h/d", "sqlite://"])
def test_what_cannot_be_used_is_refused(address: str) -> None:
    with pytest.raises(UnusableAddress):
        read_address(address)


def test_a_place_is_shown_as_file_or_server_and_never_with_its_password() -> None:
    assert shown(read_address("sqlite:////home/medsched.db")) == "/home/medsched.db"
    address = "postgresql://anna:hunter2@host:5433/plans?options=hunter3"
    assert shown(read_address(address)) == "postgresql://anna:***@host:5433/plans"
    assert "hunter" not in repr(read_address(address))


def test_a_new_private_file_is_never_an_existing_one(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    with pytest.raises(FileExistsError):
        make_private(tmp_path / "there")


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    """It may be shared on purpose; the file in it is not."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    prepare_file(folder / "medsched.db")
    assert folder.stat().st_mode & 0o777 == 0o755
    assert (folder / "medsched.db").stat().st_mode & 0o777 == 0o600


def test_a_file_that_begins_otherwise_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "medsched.db"
    path.touch(mode=0o600)
    path.write_bytes(b"SQLite format 2\x00")
    with pytest.raises(NotADatabase, match="is not a database"):
        prepare_file(path)
