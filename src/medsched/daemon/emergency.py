"""What a daemon does while the database cannot be used: make room, and remind from memory.

A full disk first gets the reserve. When nothing can be stored even then, or somebody has
kept the database for a minute, doses that are due are told once from memory.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from medsched.errors import MedschedError
from medsched.store.refusals import CannotWrite

if TYPE_CHECKING:
    from collections.abc import Collection

    from medsched.daemon.reserve import Reserve
    from medsched.services.remind_memory import Memory

_LOG: Final = logging.getLogger("medsched.daemon")

REMEMBER_SECONDS: Final = 300.0
"""How old what is foreseen may be: a dose taken early since then may be told once more."""

PATIENCE: Final = 60.0
"""Seconds for which a database that somebody keeps for himself is waited for."""


class Emergency:
    """The memory and the reserve of one daemon; it must be the only one on its database."""

    def __init__(self, memory: Memory, reserve: Reserve) -> None:
        """Go on where a daemon that died left off; put space by."""
        self._memory, self._reserve = memory, reserve
        self._remembered = -REMEMBER_SECONDS
        memory.told |= reserve.read()
        reserve.fill()

    def before_cycle(self) -> None:
        """Store what was told from memory, if anything was.

        Raises:
            MedschedError: nothing can be stored yet.
        """
        if self._memory.told:
            self._memory.settle()
            self._reserve.write({})

    def after_cycle(self) -> None:
        """Foresee what comes, from time to time, and put space by again."""
        now = time.monotonic()
        if now - self._remembered < REMEMBER_SECONDS:
            return
        self._remembered = now
        self._reserve.fill()
        try:
            self._memory.remember()
        except MedschedError as refused:
            code = type(refused).__name__
            _LOG.warning("memory: %s; nothing new is foreseen", code, extra={"codes": (code,)})

    def makes_room(self, refused: MedschedError) -> bool:
        """Return whether space was given free, so that it is worth trying again at once."""
        if not isinstance(refused, CannotWrite) or not self._reserve.release():
            return False
        _LOG.critical("disk: full; the reserve was given free for records; make room")
        return True

    def tell(self, refused: MedschedError, failing: float, in_hand: Collection[int]) -> int:
        """Remind from memory when it is time to; return how many reminders were told.

        Args:
            failing: Seconds for which nothing has worked.
            in_hand: Ids of reminders that were sent and could not be recorded.
        """
        if not isinstance(refused, CannotWrite) and failing < PATIENCE:
            return 0
        told = self._memory.tell(in_hand)
        if told:
            self._reserve.write(self._memory.told)
            _LOG.critical("memory: %d reminders told that cannot be recorded", told)
        return told
