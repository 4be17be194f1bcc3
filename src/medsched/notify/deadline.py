"""A send ends when its time is up, whatever the endpoint does.

A server that sends one byte a second defeats every socket timeout, and a look-up of a
name has none at all. So the work runs in a thread of its own, and after the deadline
nobody waits for it. What had begun to send may go on in the background and deliver
late: that is why the outcome is UNKNOWN then. What had not begun, because a name took
too long to look up, may not begin any more. The thread is a daemon thread, so that it
cannot keep the program alive, as the threads of a pool would.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from medsched.services.message import Delivery, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECT_SECONDS: Final = 4.0
"""Longest wait for a connection: who does not answer by then is away."""

MOST_AT_ONCE: Final = 32
"""Sends that may be in the air, hung ones included, before new ones are put off."""

_PLACES: Final = threading.BoundedSemaphore(MOST_AT_ONCE)

NEVER_BEGUN: Final = Delivery(outcome=Outcome.NOT_DELIVERED, detail="deadline before sending")
LATE: Final = Delivery(outcome=Outcome.UNKNOWN, detail="deadline passed")
BUSY: Final = Delivery(outcome=Outcome.NOT_DELIVERED, detail="too many sends hang")
CRASHED: Final = Delivery(outcome=Outcome.UNKNOWN, detail="the sender failed")


def to_connect(deadline: float) -> float:
    """Return how long one connection may take: three in a row still end before the deadline.

    A send that ends by itself is known not to have delivered; one that is cut off is not.
    """
    return min(CONNECT_SECONDS, deadline * 0.3)


def to_read(deadline: float) -> float:
    """Return how long an answer may take, so that a hung thread ends soon after the deadline."""
    return deadline * 0.9


class Expired(Exception):
    """The time was up before anything was sent; now nothing may be sent any more."""


class Attempt:
    """One send: whether it has begun, and whether it still may."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = self._expired = False

    def begin(self) -> None:
        """Say that the next step sends; called once, just before it.

        Raises:
            Expired: The deadline has passed, so nobody would learn what became of it.
        """
        with self._lock:
            if self._expired:
                raise Expired
            self._begun = True

    def expire(self) -> Delivery:
        """Return what is known when the time is up."""
        with self._lock:
            self._expired = True
            return LATE if self._begun else NEVER_BEGUN


def within(
    deadline: float,
    work: Callable[[Attempt], Delivery],
    *,
    places: threading.BoundedSemaphore = _PLACES,
) -> Delivery:
    """Return what `work` says, or what is known when it is not done in time; never raises.

    Args:
        deadline: Seconds, more than 0.
        work: Begins the attempt, then sends; may block, may raise.
        places: How many may be in the air; all senders share one, unless a test has its own.
    """
    if not places.acquire(blocking=False):
        return BUSY
    attempt, answer = Attempt(), list[Delivery]()
    thread = threading.Thread(
        target=_run, args=(work, attempt, answer, places), name="medsched-send", daemon=True
    )
    try:
        thread.start()
    except RuntimeError:  # no more threads: nothing was sent
        places.release()
        return BUSY
    thread.join(deadline)
    return answer[0] if answer else attempt.expire()


def _run(
    work: Callable[[Attempt], Delivery],
    attempt: Attempt,
    answer: list[Delivery],
    places: threading.BoundedSemaphore,
) -> None:
    """Do the work; an error is not printed, because it may hold the message's text."""
    try:
        answer.append(work(attempt))
    except BaseException:  # noqa: BLE001 - a traceback on standard error would show the text
        answer.append(CRASHED)
    finally:
        places.release()
