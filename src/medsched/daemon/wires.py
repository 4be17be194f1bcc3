"""From a stored channel to its sender, and one circuit breaker for each channel."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TextIO

from medsched.notify.breaker import Breaker, after, begun, may_send
from medsched.notify.registry import sender_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from medsched.services.message import Outcome, Sender
    from medsched.services.outbox_ports import Channel


class Wires:
    """`remind_ports.Senders`: a new sender for each message, so that none is throttled."""

    def __init__(self, allow_hosts: Iterable[str] = (), stream: TextIO | None = None) -> None:
        """Keep the hosts that every channel may reach, and where a terminal channel writes."""
        self._hosts, self._stream = tuple(allow_hosts), stream

    def __call__(self, channel: Channel, /) -> Sender:
        """Return the sender of a channel; names are looked up when it sends, not here.

        Raises:
            BadAddress: the stored address cannot be used.
        """
        hosts = (*self._hosts, *channel.allow_hosts)
        return sender_for(channel.url, allow_hosts=hosts, stream=self._stream, look_up=False)


class Fuses:
    """`remind_ports.Breakers`: five failures in a row, then one try a minute."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        """Begin with all of them closed."""
        self._steady = steady
        self._all: dict[int, Breaker] = {}
        self._lock = threading.Lock()

    def may_send(self, channel: int) -> bool:
        """Say whether a send may go out now; if so, it is counted as begun."""
        with self._lock:
            breaker, now = self._all.get(channel, Breaker()), self._steady()
            if not may_send(breaker, now):
                return False
            self._all[channel] = begun(breaker, now)
            return True

    def after(self, channel: int, outcome: Outcome) -> None:
        """Tell what became of a send."""
        with self._lock:
            self._all[channel] = after(self._all.get(channel, Breaker()), outcome, self._steady())

    @property
    def open_ones(self) -> int:
        """How many channels are left alone for now."""
        with self._lock:
            return sum(one.is_open for one in self._all.values())
