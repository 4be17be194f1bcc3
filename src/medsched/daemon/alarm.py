"""The alarm clock: APScheduler wakes fixed duties and knows nothing of doses.

As it comes, APScheduler 3.11 sleeps for an hour after the wall clock was set back an
hour, does not notice that the machine was suspended, and drops work that is a second
late. So the loop here waits for five seconds at most, compares the wall clock with the
steady one at each turn, calls every duty at once after a step, and survives anything.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_STOPPED
from apscheduler.triggers.interval import IntervalTrigger

from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOG: Final = logging.getLogger("medsched.daemon")

LONGEST_WAIT: Final = 5.0
"""Seconds after which the loop looks at the clocks again, whatever is planned."""

STEP: Final = 2.0
"""Seconds that the wall clock may differ from the steady one before it counts as set."""


@frozen(kw_only=False)
class Duty:
    """Something to do again and again.

    Args:
        name: What the log calls it. every: seconds between two starts.
        work: Called in a thread of its own, never twice at once.
    """

    name: str
    every: float
    work: Callable[[], None]


class Alarm(BackgroundScheduler):  # type: ignore[misc]  # APScheduler 3 ships no types
    """Wakes duties, the first time at once."""

    def __init__(
        self,
        duties: Sequence[Duty],
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the duties in memory; nothing runs before `start`.

        Args:
            wall, steady: The two clocks that are compared, in seconds.
        """
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        super().__init__(timezone=UTC, job_defaults=defaults)
        self._wall, self._steady = wall, steady
        self._apart = wall() - steady()
        for duty in duties:
            trigger = IntervalTrigger(seconds=duty.every, timezone=UTC)
            now = datetime.now(UTC)
            self.add_job(duty.work, trigger, id=duty.name, name=duty.name, next_run_time=now)

    def turn(self) -> float:
        """Start what is due and return how many seconds to wait; an error never gets out."""
        wait = None
        try:
            self._notice_step()
            wait = self._process_jobs()
        except Exception:  # noqa: BLE001  # whatever it was, the loop goes on
            _LOG.exception("alarm: one turn failed; the next one comes")
        return LONGEST_WAIT if wait is None else min(LONGEST_WAIT, wait)

    def call(self, name: str, seconds: float = 0.0) -> None:
        """Have a duty start in `seconds`, or at its planned time if that is sooner."""
        at = datetime.now(UTC) + timedelta(seconds=max(0.0, seconds))
        job = self.get_job(name)
        if job is not None and (job.next_run_time is None or at < job.next_run_time):
            self.modify_job(name, next_run_time=at)

    def _notice_step(self) -> None:
        """Call every duty at once when the wall clock was set, or the machine slept."""
        apart = self._wall() - self._steady()
        step, self._apart = apart - self._apart, apart
        if abs(step) < STEP:
            return
        _LOG.warning("alarm: the clock moved by %d s; everything is looked at now", step)
        now = datetime.now(UTC)
        for job in self.get_jobs():
            self.modify_job(job.id, next_run_time=now)

    def _main_loop(self) -> None:
        wait = 0.0
        while self.state != STATE_STOPPED:
            self._event.wait(wait)
            self._event.clear()
            wait = self.turn()
