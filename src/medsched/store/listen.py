"""A word from the PostgreSQL server that reminders changed: a hint, never the promise.

Whoever changes reminders has the server tell it at the commit; a daemon listens on a
connection of its own and looks at once. The word carries nothing, may come twice or not
at all, and a dead connection only means that the next look sees the change instead.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from medsched.services.remind_ports import NoHints
from medsched.store.engine import DEAD_LINE
from medsched.store.place import read_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.remind_ports import Hints

CHANNEL: Final = "medsched_reminders"
NOTIFY: Final = f"NOTIFY {CHANNEL}"
APPLICATION: Final = "medsched listener"
"""What the server calls the connection, in `pg_stat_activity`."""

_TURN: Final = 5.0
"""Seconds after which the listener looks whether it is to stop."""
_GATHER: Final = 0.2
"""Seconds in which several words count as one."""
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 60.0


class Listener:
    """`remind_ports.Hints` of a PostgreSQL server."""

    def __init__(self, address: str, *, connect: Callable[[str], Any] | None = None) -> None:
        """Keep where the server is; nothing is connected before `start`."""
        self._address, self._connect = address, connect or _connect
        self._stopping = threading.Event()
        self.listening = threading.Event()

    def start(self, heard: Callable[[], None]) -> None:
        """Listen in a thread of its own, and again whenever the connection was lost."""
        name = "medsched-listener"
        threading.Thread(target=self._run, args=(heard,), name=name, daemon=True).start()

    def stop(self) -> None:
        """Listen no more; the connection ends within seconds, or with the process."""
        self._stopping.set()

    def _run(self, heard: Callable[[], None]) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            try:
                self._listen(heard)
            except Exception:  # noqa: BLE001  # whatever it was: it is a hint, and tried again
                wait = _FIRST_WAIT if self.listening.is_set() else min(2 * wait, _LONGEST_WAIT)
                self.listening.clear()
                self._stopping.wait(wait)

    def _listen(self, heard: Callable[[], None]) -> None:
        """Listen until told to stop; what happened before the first word is looked at, too."""
        with self._connect(self._address) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.listening.set()
            heard()
            while not self._stopping.is_set():
                if _any(connection, _TURN):
                    self._stopping.wait(_GATHER)
                    _any(connection, 0.0)
                    heard()


def _any(connection: Any, seconds: float) -> bool:  # noqa: ANN401  # the driver's
    """Wait for words and take all that are there; return whether any came."""
    return bool(list(connection.notifies(timeout=seconds, stop_after=1)))


def _connect(address: str) -> Any:  # noqa: ANN401  # the driver's
    import psycopg

    return psycopg.connect(
        address,
        autocommit=True,
        application_name=APPLICATION,
        **DEAD_LINE,
    )


def hints_of(address: str) -> Hints:
    """Return what tells of changes in a database: a server's listener, or nothing."""
    read = read_address(address)
    return NoHints() if read.is_file else Listener(read.server)
