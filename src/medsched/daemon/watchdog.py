"""Who watches the watcher: a thread that ends the process when nothing is done any more.

A scheduler whose thread died still says that it runs; only completed work is evidence.
Ending is the cure: whoever started the program starts it again, and the database knows
what is left to do.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG: Final = logging.getLogger("medsched.daemon")

LIMIT: Final = 60.0
"""Seconds without a completed cycle after which the process ends."""

EVERY: Final = 5.0
EXIT_CODE: Final = 70
"""What sysexits.h calls an internal software error."""


_LAST_WORD: Final = 0.5
"""Seconds that the log's own thread gets to write why."""


def end_now(code: int) -> None:
    """End the process without cleaning up, once its last line had time to be written."""
    time.sleep(_LAST_WORD)
    os._exit(code)


class Watchdog:
    """Counts the seconds since the last sign of life, on a clock that nobody can set.

    A turn of its own that comes late counts as at most two: a process that was stopped
    as a whole gets its time to come back.
    """

    def __init__(
        self,
        *,
        limit: float = LIMIT,
        steady: Callable[[], float] = time.monotonic,
        end: Callable[[int], object] = end_now,
        tell: Callable[[], object] = lambda: None,
    ) -> None:
        """Begin counting.

        Args:
            limit: Seconds. end: Ends the process with an exit code, without cleaning up.
            tell: Called at each turn that finds all well, such as for systemd's watchdog.
        """
        self._limit, self._steady, self._end, self._tell = limit, steady, end, tell
        self._looked_at, self._silence = steady(), 0.0
        self._stop = threading.Event()

    def alive(self) -> None:
        """Give a sign of life: a cycle was completed."""
        self._silence = 0.0

    def look(self) -> None:
        """Count, and end the process when the silence has lasted too long."""
        now = self._steady()
        self._silence += min(now - self._looked_at, 2 * EVERY)
        self._looked_at = now
        if self._silence <= self._limit:
            self._tell()
            return
        _LOG.critical("watchdog: no cycle was completed for %d s; ending", self._silence)
        self._end(EXIT_CODE)

    def start(self) -> None:
        """Look every five seconds, in a thread of its own, until `stop`."""
        threading.Thread(target=self._run, name="medsched-watchdog", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            self.look()
