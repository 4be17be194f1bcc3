"""A dead endpoint is left alone for a while, so that it does not delay the others.

Five failures in a row open the breaker; then one send a minute is let through to see
whether the endpoint lives again, and its success closes it. A value and two functions:
the caller keeps the value, and time is an argument.
"""

from __future__ import annotations

from typing import Final

from medsched.frozen import frozen, replace
from medsched.services.message import Outcome

FAILURES: Final = 5
TRIAL_SECONDS: Final = 60.0


@frozen
class Breaker:
    """What is remembered about one channel; closed at first.

    Args:
        failures: In a row, 0 after a success.
        waited_from: Monotonic seconds of the last failure or trial that keeps it open;
            None while it is closed.
    """

    failures: int = 0
    waited_from: float | None = None

    @property
    def is_open(self) -> bool:
        """Say whether sends are held back."""
        return self.waited_from is not None


def may_send(breaker: Breaker, now: float) -> bool:
    """Say whether a send may go out: always while closed, once a minute while open.

    Args:
        now: Monotonic seconds, of the same clock as before.
    """
    waited_from = breaker.waited_from
    return waited_from is None or not 0 <= now - waited_from < TRIAL_SECONDS


def begun(breaker: Breaker, now: float) -> Breaker:
    """Return the breaker after a send was let through: an open one gives no second trial yet."""
    return replace(breaker, waited_from=now) if breaker.is_open else breaker


def after(breaker: Breaker, outcome: Outcome, now: float) -> Breaker:
    """Return the breaker after a send, given what became of it.

    >>> failed = Breaker(failures=4)
    >>> after(failed, Outcome.UNKNOWN, 100.0).is_open, after(failed, Outcome.DELIVERED, 0.0)
    (True, Breaker(failures=0, waited_from=None))
    """
    if outcome is Outcome.DELIVERED:
        return Breaker()
    failures = breaker.failures + 1
    return Breaker(failures=failures, waited_from=now if failures >= FAILURES else None)
