"""A file and a terminal, for those who have nothing else.

The file is a person's own record: appended to block by block, readable by nobody else,
never through a link that somebody laid. The terminal shows text and never obeys it.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Final, TextIO
from urllib.parse import unquote

from medsched.frozen import frozen
from medsched.notify.address import BadAddress
from medsched.notify.deadline import within
from medsched.notify.text import body_of, one_line
from medsched.services.message import Delivery, Message, MessageKind, Outcome

if TYPE_CHECKING:
    from medsched.notify.address import Address
    from medsched.notify.deadline import Attempt

_FLAGS: Final = (
    os.O_WRONLY
    | os.O_APPEND
    | os.O_CREAT
    | getattr(os, "O_NOFOLLOW", 0)  # not on every system
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe without a reader must not hang us
)
_PASSING: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO, errno.EFBIG, errno.EINTR}
)
_ACCEPTED: Final = Delivery(outcome=Outcome.DELIVERED, detail="written")
_UNSAFE: Final = Delivery(outcome=Outcome.REJECTED, detail="file: not an ordinary file of ours")


@frozen
class FileChannel:
    """Appends one block a message to a file of mode 0600.

    Args:
        address: `file:///full/path`, percent-encoded.
    """

    address: Address

    def send(self, message: Message, *, deadline: float) -> Delivery:
        """Append and flush to the disk; a network disk that hangs is given up on."""
        return within(deadline, lambda attempt: self._append(block(message).encode(), attempt))

    def check(self) -> None:
        """Return if the address names a file.

        Raises:
            BadAddress: The path is not a full one, or names a directory.
        """
        if not os.path.isabs(self._path) or self._path.endswith("/"):  # noqa: PTH117 - a path of the channel's address
            raise BadAddress(self.address.url, "give a file as file:///full/path")

    @property
    def _path(self) -> str:
        return unquote(self.address.path)

    def _append(self, data: bytes, attempt: Attempt) -> Delivery:
        """Open safely, write once, flush."""
        try:
            handle = os.open(self._path, _FLAGS, 0o600)
        except OSError as error:
            return _failed(error, written=0)
        try:
            if not _is_ours(handle):
                return _UNSAFE
            attempt.begin()
            return _write(handle, data)
        finally:
            os.close(handle)


@frozen
class TerminalChannel:
    """Writes one block a message to a stream.

    Args:
        stream: Where to; None when the output of this process is kept as a log, which
            must never hold what a reminder says.
    """

    stream: TextIO | None

    def send(self, message: Message, *, deadline: float) -> Delivery:
        """Write and flush; a terminal that was stopped is given up on."""
        stream = self.stream
        if stream is None:
            return Delivery(outcome=Outcome.REJECTED, detail="terminal: output is a system log")
        return within(deadline, lambda attempt: _shown(stream, block(message), attempt))


def block(message: Message) -> str:
    """Return a message as lines: the title flush left, the rest indented, an empty line.

    Only a title begins at the margin, so no text can pretend to be another message.

    >>> print(block(Message(thread="a", title="Dose at 08:00", body="2 tablets")), end="")
    * Dose at 08:00
      2 tablets
    <BLANKLINE>
    """
    cleared = message.kind is MessageKind.CLEAR
    title = one_line(message.title) or ("Nothing to do" if cleared else "Reminder")
    lines = body_of(message, links=True).split("\n")
    return "\n".join([f"* {title}", *(f"  {line}" for line in lines if line), "", ""])


def _is_ours(handle: int) -> bool:
    """Say whether an open file is an ordinary one of ours alone, and close it to others."""
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        return False
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        return False
    if hasattr(os, "fchmod") and stat.S_IMODE(found.st_mode) & 0o077:
        os.fchmod(handle, 0o600)
    return True


def _write(handle: int, data: bytes) -> Delivery:
    """Write and flush; once a byte is in the file the message may be read there."""
    written = 0
    try:
        while written < len(data):
            written += os.write(handle, data[written:])
        os.fsync(handle)
    except OSError as error:
        return _failed(error, written=written)
    return _ACCEPTED


def _failed(error: OSError, *, written: int) -> Delivery:
    """Return what an error says: a full disk passes, a missing folder does not by itself."""
    if written:
        outcome = Outcome.UNKNOWN
    else:
        passes = error.errno in _PASSING
        outcome = Outcome.NOT_DELIVERED if passes else Outcome.REJECTED
    return Delivery(outcome=outcome, detail=f"file: {errno.errorcode.get(error.errno or 0, '?')}")


def _shown(stream: TextIO, text: str, attempt: Attempt) -> Delivery:
    """Write to a stream; what its encoding lacks becomes a question mark."""
    encoding = stream.encoding or "utf-8"
    attempt.begin()
    try:
        stream.write(text.encode(encoding, errors="replace").decode(encoding))
        stream.flush()
    except (OSError, ValueError):  # a closed stream raises ValueError
        return Delivery(outcome=Outcome.NOT_DELIVERED, detail="terminal: closed")
    return _ACCEPTED
