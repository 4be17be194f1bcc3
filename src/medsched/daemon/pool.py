"""A few sends at once: one slow endpoint does not keep the others waiting.

Each send has its own hard deadline inside its channel. When the daemon is to stop,
what has begun is finished and nothing new is begun; the rest is given back.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from threading import Event

    from medsched.services.remind_ports import Parcel, Sent

THREADS: Final = 4


class Pool:
    """`remind_ports.Workers` with a bounded number of threads."""

    def __init__(
        self,
        stopping: Event,
        alive: Callable[[], None] = lambda: None,
        threads: int = THREADS,
    ) -> None:
        """Begin nothing yet.

        Args:
            stopping: Once set, no new send begins.
            alive: Called after each send: as long as sends end, the daemon does its work.
        """
        self._stopping, self._alive, self._most = stopping, alive, threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="medsched-sender")

    def each(self, send: Callable[[Parcel], Sent], parcels: Iterable[Parcel]) -> Iterator[Sent]:
        """Yield what became of each parcel, as it becomes known; those not begun are left out."""
        begun: set[Future[Sent]] = set()
        for parcel in parcels:
            if self._stopping.is_set():
                break
            begun.add(self._threads.submit(send, parcel))
            if len(begun) >= self._most:
                done, begun = self._first(begun)
                yield from (one.result() for one in done)
        while begun:
            done, begun = self._first(begun)
            yield from (one.result() for one in done)

    def _first(self, begun: set[Future[Sent]]) -> tuple[set[Future[Sent]], set[Future[Sent]]]:
        """Wait for the first to end; return what has ended and what has not."""
        done, rest = wait(begun, return_when=FIRST_COMPLETED)
        self._alive()
        return done, rest

    def close(self) -> None:
        """Begin no more; wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)
