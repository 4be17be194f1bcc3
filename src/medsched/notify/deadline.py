"""A send ends when its time is up, whatever the endpoint does.

A server that sends one byte a second defeats every socket timeout, and a look-up of a
name has none at all. So the work runs in a thread of its own, and after the deadline
nobody waits for it. It may go on in the background and deliver late: that is why the
outcome is UNKNOWN then. The thread is a daemon thread, so that it cannot keep the
program alive, as the threads of a pool would.
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


def within(
    deadline: float,
    work: Callable[[], Delivery],
    *,
    places: threading.BoundedSemaphore = _PLACES,
) -> Delivery:
    """Return what `work` says, or LATE when it is not done in time; never raises.

    Args:
        deadline: Seconds, more than 0.
        work: Sends; may block, may raise.
        places: How many may be in the air; all senders share one, unless a test has its own.
    """
    if not places.acquire(blocking=False):
        return BUSY
    answer: list[Delivery] = []
    thread = threading.Thread(
        target=_run, args=(work, answer, places), name="medsched-send", daemon=True
    )
    try:
        thread.start()
    except RuntimeError:  # no more threads: nothing was sent
        places.release()
        return BUSY
    thread.join(deadline)
    return answer[0] if answer else LATE


def _run(
    work: Callable[[], Delivery], answer: list[Delivery], places: threading.BoundedSemaphore
) -> None:
    """Do the work; an error is not printed, because it may hold the message's text."""
    try:
        answer.append(work())
    except BaseException:  # noqa: BLE001 - a traceback on standard error would show the text
        answer.append(CRASHED)
    finally:
        places.release()
