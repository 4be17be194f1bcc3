"""One circuit breaker for each channel, kept between cycles and shared by workers."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from medsched.notify.breaker import Breaker, after, begun, may_send

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.message import Outcome


class ChannelBreakers:
    """`services.remind_ports.Breakers`: remembers, by number, which channels rest."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Measure by a clock that never goes back, in seconds."""
        self._monotonic = monotonic
        self._breakers: dict[int, Breaker] = {}
        self._lock = Lock()

    def may_send(self, channel: int) -> bool:
        """Say whether a send may go out now; if so, it is counted as begun."""
        now = self._monotonic()
        with self._lock:
            found = self._breakers.get(channel, Breaker())
            if not may_send(found, now):
                return False
            self._breakers[channel] = begun(found, now)
            return True

    def after(self, channel: int, outcome: Outcome) -> None:
        """Tell what became of a send."""
        with self._lock:
            found = self._breakers.get(channel, Breaker())
            self._breakers[channel] = after(found, outcome, self._monotonic())
