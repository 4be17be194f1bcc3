"""Is it really that late? A clock that jumped is told, and one that jumped far is not believed.

Instants come from the database's server where there is one, so several daemons agree.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from medsched.frozen import frozen, replace
from medsched.services.outbox_ports import ClockMark

if TYPE_CHECKING:
    from medsched.services.ports import Clock, Unit
    from medsched.services.remind_settings import RemindSettings


class Machine(Protocol):
    """What the machine knows about time that no step of its clock changes."""

    @property
    def boot(self) -> str:
        """An id of this boot of the machine."""
        ...

    def elapsed(self) -> float:
        """Return seconds since the boot, time asleep included."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back, for measuring."""
        ...


class ClockState(StrEnum):
    """What to think of the clock."""

    GOOD = "good"
    WENT_BACK = "clock went back"
    HELD = "clock jumped ahead; confirm it with `medsched clock ok`"
    SKEWED = "clock differs from the database server's"


@frozen
class Reading:
    """The time as it is used.

    Args:
        now: Aware UTC. mark: to be stored, None while the stored one is fresh enough.
        ahead: How far the clock that counts was ahead of the machine's at that moment.
    """

    now: datetime
    state: ClockState
    mark: ClockMark | None = None
    ahead: timedelta = timedelta()


def read_clock(unit: Unit, clock: Clock, machine: Machine, settings: RemindSettings) -> Reading:
    """Return the time and what to think of it."""
    server, own = unit.outbox.server_time(), clock.now()
    if server is not None and abs(server - own) > timedelta(seconds=settings.skew):
        return Reading(now=server, state=ClockState.SKEWED)
    now = own if server is None else server
    return replace(_judged(unit, now, machine, settings), ahead=now - own)


def _judged(unit: Unit, now: datetime, machine: Machine, settings: RemindSettings) -> Reading:
    before = unit.daemons.mark()
    fresh = ClockMark(wall=now, boot=machine.boot, elapsed=machine.elapsed())
    if before is None:
        return Reading(now=now, state=ClockState.GOOD, mark=fresh)
    if before.held:
        return Reading(now=now, state=ClockState.HELD)
    state = judge(before, fresh, settings)
    if state is ClockState.WENT_BACK:
        return Reading(now=now, state=state)
    if state is ClockState.HELD:
        return Reading(now=now, state=state, mark=replace(before, held=True))
    stale = now - before.wall >= timedelta(seconds=settings.mark_every) or before.boot != fresh.boot
    return Reading(now=now, state=state, mark=fresh if stale else None)


def judge(before: ClockMark, now: ClockMark, settings: RemindSettings) -> ClockState:
    """Return what to think of a time, given the last one that was believed.

    Time that the machine itself spent, asleep or awake, is no jump. After another boot
    nobody knows how long it was off: only a leap of many days is doubted then.
    """
    passed = (now.wall - before.wall).total_seconds()
    if passed < -settings.clock_back:
        return ClockState.WENT_BACK
    if now.boot != before.boot:
        far = passed > settings.clock_other_boot
    else:
        far = passed - (now.elapsed - before.elapsed) > settings.clock_ahead
    return ClockState.HELD if far else ClockState.GOOD


def confirm_clock(unit: Unit, now: datetime, machine: Machine) -> None:
    """Believe the clock as it stands, on somebody's word, and plan all reminders anew.

    What a wrong clock had sent before its time, or closed as over, comes again in its time,
    worded as a repeat.
    """
    unit.daemons.set_mark(ClockMark(wall=now, boot=machine.boot, elapsed=machine.elapsed()))
    unit.outbox.start_over(int(now.timestamp()))
