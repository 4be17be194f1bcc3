"""Where a database lies, and that nobody else can read it.

A new SQLite file is made with mode 0600 before SQLite sees it, whatever the umask
says; its -wal and -shm inherit that. A file that others can open is refused, with
the command that closes it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from medsched.frozen import field, frozen
from medsched.store.refusals import CannotOpen, NotADatabase, OpenToOthers, UnusableAddress

MAGIC: Final = b"SQLite format 3\x00"
OTHERS: Final = 0o077
_SQLITE: Final = frozenset({"sqlite", "sqlite+pysqlite"})
_POSTGRESQL: Final = frozenset({"postgres", "postgresql", "postgresql+psycopg"})


@frozen
class Address:
    """Which database is meant.

    Attributes:
        file: The path of a SQLite file; empty for a server.
        server: The `postgresql://` URL of a server, its password in it; empty for a file.
    """

    file: str = ""
    server: str = field(default="", repr=False)

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return not self.server

    @property
    def path(self) -> Path:
        """The path of the file."""
        assert self.is_file  # noqa: S101  # asked of files only
        return Path(self.file)


def read_address(address: str) -> Address:
    """Return which database an address means; a bare path is a SQLite file.

    Raises:
        UnusableAddress: not a URL, another kind of database, or one that keeps nothing.
    """
    if "://" not in address:
        return Address(file=address)
    kind, _, rest = address.partition("://")
    if kind not in _SQLITE:
        return Address(server=_server(address))
    file = rest.removeprefix("/")
    if file in {rest, "", ":memory:"} or "=" in file.partition("?")[2]:
        raise UnusableAddress("SQLite needs a file, and no options")
    return Address(file=file)


def _server(address: str) -> str:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise UnusableAddress("it is not a URL") from None
    if url.drivername not in _POSTGRESQL:
        raise UnusableAddress(f"{url.drivername} is not supported, SQLite and PostgreSQL are")
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def shown(address: Address) -> str:
    """Return how a database is named to people: the file, or the address without its password."""
    if address.is_file:
        return address.file
    from sqlalchemy.engine import make_url

    return make_url(address.server).set(query={}).render_as_string(hide_password=True)


def prepare_file(path: Path) -> None:
    """Make the file and its folders for this user alone, or check that they are so.

    Raises:
        CannotOpen: it cannot be made or read. OpenToOthers: its mode lets others in.
        NotADatabase: it is a file of another kind.
    """
    try:
        _make_folders(path.parent)
        with suppress(FileExistsError):
            os.close(make_private(path))
        mode = path.stat().st_mode
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except OSError as error:
        raise CannotOpen(str(path), _reason(error)) from None
    if mode & OTHERS:
        raise OpenToOthers(path, mode & 0o777)
    if head and head != MAGIC:
        raise NotADatabase(str(path), "this file is not a database")


def make_private(path: Path) -> int:
    """Make a new file that only this user can open, and return it open for writing."""
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    os.fchmod(file, 0o600)
    return file


def _make_folders(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)


def _reason(error: OSError) -> str:
    name = f" ({error.filename})" if error.filename else ""
    return f"{(error.strerror or str(error)).lower()}{name}; choose another folder with --home"
