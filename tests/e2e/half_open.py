"""A line to a database server that can be cut without a word: it stays open and carries nothing."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Line:
    """Carries bytes between 127.0.0.1 and a server's socket, until it is cut."""

    server: str
    cut: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._open = [self._door]
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.server)
                self._open += [near, far]
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        """Carry both ways; once it is cut, what was open before stays open and silent."""
        with suppress(OSError), selectors.DefaultSelector() as ready:
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while not self.closed.is_set():
                for key, _ in ready.select(0.1):
                    if self.cut.is_set():
                        self.closed.wait()
                        return
                    assert isinstance(key.fileobj, socket.socket)
                    if not (told := key.fileobj.recv(1 << 16)):
                        near.close()
                        far.close()
                        return
                    key.data.sendall(told)

    def close(self) -> None:
        self.closed.set()
        for one in self._open:
            one.close()


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """Yield a line to the server that listens at a path."""
    line = Line(server)
    try:
        yield line
    finally:
        line.close()
