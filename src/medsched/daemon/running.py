"""One life of the daemon: duties that the alarm wakes, and an end that loses nothing."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from medsched.daemon import systemd
from medsched.daemon.alarm import Alarm, Duty
from medsched.daemon.same_file import AnotherFile, SameFile
from medsched.errors import Exit, MedschedError
from medsched.frozen import replace
from medsched.services.remind_ports import NoHints
from medsched.store.refusals import CannotWrite

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from medsched.daemon.emergency import Emergency
    from medsched.daemon.watchdog import Watchdog
    from medsched.services.outbox_ports import DaemonRow
    from medsched.services.ports import Clock, Store
    from medsched.services.remind_ports import CycleReport, Hints
    from medsched.services.status import Status

_LOG: Final = logging.getLogger("medsched.daemon")

TICK_SECONDS: Final = 15.0
WATCH_SECONDS: Final = 60.0
STOP_SECONDS: Final = 25.0
"""Longest wait for the sends in hand: a little more than one send may take."""

BEAT_SECONDS: Final = 10.0
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Cycles(Protocol):
    """What is woken: `services.remind.Reminders`."""

    def cycle(self) -> CycleReport:
        """Do everything that is to be done now."""
        ...

    def stop(self) -> None:
        """Claim nothing more."""
        ...

    def release(self) -> int:
        """Give back what is leased."""
        ...

    @property
    def in_hand(self) -> Collection[int]:
        """Ids of reminders that were sent and could not be recorded yet."""
        ...


class Running:
    """Wakes reminding until it is told to stop, and tells how it goes."""

    def __init__(  # noqa: PLR0913  # everything it needs of the world
        self,
        store: Store,
        clock: Clock,
        reminders: Cycles,
        row: DaemonRow,
        *,
        stopping: threading.Event,
        same_file: SameFile,
        say: Callable[[str], None],
        ping: Callable[[], None] = lambda: None,
        look: Callable[[], Status],
        watchdog: Watchdog,
        chores: Sequence[Duty] = (),
        hints: Hints | None = None,
        emergency: Emergency | None = None,
    ) -> None:
        """Keep what one life needs; nothing begins before `run`.

        Args:
            row: What this daemon tells of itself. say: shows a line to a person.
            look: Says how all is. ping: Tells a dead man's switch far away that all is well.
            chores: What is to be done beside reminding.
            hints: Tells that reminders changed, sooner than the next tick would see it.
            emergency: What is done while the database cannot be used; None for nothing.
        """
        self._store, self._clock, self._reminders, self._row = store, clock, reminders, row
        self._stopping, self._same_file, self._say = stopping, same_file, say
        self._ping, self._look = ping, look
        self._watchdog, self._chores, self._hints = watchdog, chores, hints or NoHints()
        self._hinted, self._emergency = threading.Event(), emergency
        self._beaten, self._failing_since = -BEAT_SECONDS, 0.0
        self._busy, self._ready = threading.Lock(), threading.Event()
        self._shown, self.exit_code = "", Exit.DONE
        self._alarm: Alarm | None = None

    # --- the duties ---------------------------------------------------------------------

    def tick(self) -> None:
        """Do one cycle, and another one when a hint came meanwhile."""
        with self._busy:
            self._hinted.set()
            while self._hinted.is_set() and not self._stopping.is_set():
                self._hinted.clear()
                self._cycle()
                self._watchdog.alive()

    def hint(self) -> None:
        """Have the next tick come at once: somebody says that reminders changed."""
        self._hinted.set()
        if self._alarm is not None and not self._busy.locked():
            self._alarm.call("tick")

    def _cycle(self) -> None:
        """Do one cycle; a database that is busy or away is tried again at the next."""
        try:
            self._same_file.check()
            if self._emergency is not None:
                self._emergency.before_cycle()
            report = self._reminders.cycle()
            self._beat()
        except AnotherFile:
            _LOG.critical("database: it is not the file any more that was opened; ending")
            self.end(Exit.REFUSED)
        except MedschedError as refused:
            self._trouble(refused)
            self._despite(refused)
        else:
            self._went_well(report)
            if self._emergency is not None:
                self._emergency.after_cycle()

    def watch(self) -> None:
        """Look at everything, log what is wrong, and ping only when nothing is."""
        status = self._look()
        for problem in status.problems:
            code = problem.partition(":")[0]
            _LOG.warning("not well: %s; see medsched status", code, extra={"codes": (code,)})
        if status.is_well:
            self._ping()

    # --- one life -----------------------------------------------------------------------

    def run(self) -> Exit:
        """Wake the duties until somebody says stop; return the exit code."""
        self._alarm = Alarm(
            [
                Duty("tick", TICK_SECONDS, self.tick),
                Duty("watch", WATCH_SECONDS, self._watch_later),
                *self._chores,
            ]
        )
        self._watchdog.start()
        self._alarm.start()
        self._hints.start(self.hint)
        self._stopping.wait()
        self._finish()
        return self.exit_code

    def end(self, code: Exit = Exit.DONE) -> None:
        """Begin to stop; safe from any thread and from a signal handler."""
        self.exit_code = code
        self._stopping.set()
        self._reminders.stop()

    def _watch_later(self) -> None:
        if self._ready.is_set():
            self.watch()

    def _finish(self) -> None:
        """Let the sends in hand end, give back the rest, and leave no trace of a short life."""
        systemd.tell(systemd.STOPPING)
        self._reminders.stop()
        self._hints.stop()
        if self._alarm is not None:
            self._alarm.shutdown(wait=False)
        finished = self._busy.acquire(timeout=STOP_SECONDS)
        if finished:
            self._busy.release()
        self._watchdog.stop()
        try:
            if finished:
                self._reminders.release()
            self._leave()
        except MedschedError as refused:
            self._trouble(refused)
        self._say("medsched: stopped" if finished else "medsched: stopped; a send still hung")

    def _leave(self) -> None:
        """A daemon that ended well is not counted among those that died."""
        with self._store.writing() as unit:
            unit.daemons.beat(replace(self._row, heartbeat_at=_NEVER))
            unit.daemons.forget(_NEVER + timedelta(seconds=1))

    def _beat(self) -> None:
        if time.monotonic() - self._beaten < BEAT_SECONDS:
            return
        now = self._clock.now()
        with self._store.writing() as unit:
            unit.daemons.beat(replace(self._row, heartbeat_at=now, last_tick=now))
        self._beaten = time.monotonic()

    def _went_well(self, report: CycleReport) -> None:
        if self._failing_since:
            _LOG.warning("database: it can be used again")
        self._failing_since = 0.0
        if not self._ready.is_set():
            self._ready.set()
            systemd.tell(systemd.READY)
        for one in report.alarms:
            told = (one.code, one.channel, one.reminder, one.detail)
            extra = {"codes": (one.code, one.detail)}
            _LOG.warning("alarm: %s, channel %d, reminder %d, %s", *told, extra=extra)
        line = status_line(report)
        if line != self._shown or report.messages:
            self._say(line)
        self._shown = line
        self._hurry(report)

    def _hurry(self, report: CycleReport) -> None:
        """Look again when the next reminder is due, or at once while plans are laid out."""
        if self._alarm is None or report.waiting_until is None or report.held:
            return
        wait = report.waiting_until - self._clock.now().timestamp()
        wait = 0.0 if report.planned else wait
        if wait < TICK_SECONDS:
            self._alarm.call("tick", max(wait, 1.0))

    def _trouble(self, refused: MedschedError) -> None:
        now = time.monotonic()
        self._failing_since = self._failing_since or now
        code = type(refused).__name__
        failing = int(now - self._failing_since)
        urgent = failing >= WATCH_SECONDS or isinstance(refused, CannotWrite)
        level = logging.CRITICAL if urgent else logging.WARNING
        _LOG.log(level, "database: %s for %d s", code, failing, extra={"codes": (code,)})

    def _despite(self, refused: MedschedError) -> None:
        """Make room and try again at once; else remind from memory, and say so."""
        if self._emergency is None:
            return
        if self._emergency.makes_room(refused):
            self._hinted.set()
            return
        failing = time.monotonic() - self._failing_since
        told = self._emergency.tell(refused, failing, self._reminders.in_hand)
        line = "NOTHING CAN BE STORED: reminding from memory"
        if told or (line != self._shown and isinstance(refused, CannotWrite)):
            self._say(f"{line}; {told} told" if told else line)
            self._shown = line


def status_line(report: CycleReport) -> str:
    """Return a cycle as one line for people, without names."""
    if report.held:
        return f"NOTHING IS SENT: {report.clock.value}"
    told = [] if report.clock.value == "good" else [report.clock.value]
    numbers = {
        "delivered": report.delivered,
        "perhaps delivered": report.unknown,
        "given up": report.failed,
        "not needed any more": report.dropped + report.superseded + report.expired,
    }
    told += [f"{count} {name}" for name, count in numbers.items() if count]
    told.append("no reminder is planned" if report.waiting_until is None else _next(report))
    return "; ".join(told)


def _next(report: CycleReport) -> str:
    assert report.waiting_until is not None  # noqa: S101  # asked by the caller
    at = datetime.fromtimestamp(report.waiting_until, UTC).astimezone()
    return f"next reminder at {at:%H:%M} on {at:%Y-%m-%d}"
