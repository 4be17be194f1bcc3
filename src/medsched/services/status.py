"""Is all well: is somebody reminding, is anything late, can it be stored, is the clock right?

Numbers and classes only, no name of anybody or anything: the answer is shown to machines
that watch, and may be looked at by whoever keeps the machine.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from medsched.domain.plain_words import counted_words, length_words
from medsched.errors import MedschedError
from medsched.frozen import frozen, replace
from medsched.services.backups import about_backups
from medsched.services.book import instant, seconds
from medsched.services.outbox_ports import DaemonRow
from medsched.services.zone_rules import displaced_everywhere

if TYPE_CHECKING:
    from medsched.services.backups import Backups
    from medsched.services.outbox_ports import Waiting
    from medsched.services.ports import Store, Unit

TICK_LIMIT: Final = timedelta(seconds=60)
"""A daemon that completed no cycle for so long is not reminding."""

LATE: Final = timedelta(minutes=5)
"""A reminder that could be sent and was not for so long is worth an alarm."""

LEAST_DISK: Final = 200 * 1024 * 1024
"""Bytes; below, records may soon be impossible."""

CLOCK_BACK: Final = timedelta(minutes=2)
_DAY: Final = timedelta(days=1)
_PROBE: Final = DaemonRow(
    id="probe", host="", pid=0, boot="", version="", started_at=instant(0), heartbeat_at=instant(0)
)
"""Nobody: a row of 1970 that is there for no longer than one transaction."""


@frozen
class DaemonState:
    """One daemon: its number in the list, what it told last, and whether it still works."""

    id: str
    host: str
    pid: int
    version: str
    started_at: datetime
    last_tick: datetime | None
    is_working: bool


@frozen
class Status:
    """How the daemon and the database are, as of one instant.

    Args:
        daemons: Those heard of in the last day, the latest first.
        oldest_unsent: Since when the oldest reminder waits that could be sent now.
        failed: Reminders given up in the last day. disk_free: bytes, None when not known.
        clock: `right`, `went back`, or `held`: it jumped, and nothing is sent until
            `medsched clock ok`.
        backups: None when the daemon makes none.
        problems: What is wrong, one sentence each; nothing when all is well.
    """

    as_of: datetime
    daemons: tuple[DaemonState, ...]
    last_tick: datetime | None
    unsent: int
    oldest_unsent: datetime | None
    failed: int
    channels: int
    writable: bool
    disk_free: int | None
    clock: str
    problems: tuple[str, ...]
    backups: Backups | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def status_of(
    store: Store,
    now: datetime,
    *,
    disk_free: int | None,
    backups: Backups | None = None,
    thorough: bool = False,
) -> Status:
    """Return how things are; a database that cannot be used is an answer, too.

    Args:
        disk_free: bytes, None when not known. backups: None when none are made.
        thorough: Look at every stored dose, too.
    """
    writable = is_writable(store)
    try:
        with store.reading() as unit:
            found = _status(unit, now, writable=writable, disk_free=disk_free)
            zones = _about_zones(unit, now) if thorough else []
    except MedschedError as refused:
        found, zones = _unreadable(now, str(refused), disk_free), []
    problems = (*found.problems, *zones, *about_backups(backups, now))
    return replace(found, backups=backups, problems=problems)


def is_writable(store: Store) -> bool:
    """Return whether something can be stored now: a row is written and deleted again."""
    try:
        with store.writing() as unit:
            unit.daemons.beat(_PROBE)
            unit.daemons.forget(_PROBE.heartbeat_at + timedelta(seconds=1))
    except MedschedError:
        return False
    return True


def _status(unit: Unit, now: datetime, *, writable: bool, disk_free: int | None) -> Status:
    daemons = tuple(_state(one, now) for one in unit.daemons.all() if now - one.heartbeat_at < _DAY)
    ticks = [one.last_tick for one in daemons if one.last_tick is not None]
    waiting = unit.outbox.waiting(seconds(now))
    failed = unit.outbox.failed(seconds(now - _DAY))
    clock = _clock(unit, now)
    channels = sum(len(unit.channels.of_person(one.id)) for one in unit.people.all())
    oldest = None if waiting.oldest is None else instant(waiting.oldest)
    return Status(
        as_of=now,
        daemons=daemons,
        last_tick=max(ticks, default=None),
        unsent=waiting.reminders,
        oldest_unsent=oldest,
        failed=len(failed),
        channels=channels,
        writable=writable,
        disk_free=disk_free,
        clock=clock,
        problems=(
            *(_about_daemons(daemons) if writable else ()),
            *_about_reminders(waiting, len(failed), now),
            *_about_calendars(unit),
            *_about_machine(clock, disk_free, writable=writable),
        ),
    )


def _state(row: DaemonRow, now: datetime) -> DaemonState:
    ticked = row.last_tick is not None and now - row.last_tick <= TICK_LIMIT
    return DaemonState(
        id=row.id,
        host=row.host,
        pid=row.pid,
        version=row.version,
        started_at=row.started_at,
        last_tick=row.last_tick,
        is_working=ticked,
    )


def _clock(unit: Unit, now: datetime) -> str:
    mark = unit.daemons.mark()
    if mark is None:
        return "right"
    if mark.held:
        return "held"
    return "went back" if now < mark.wall - CLOCK_BACK else "right"


def _about_daemons(daemons: tuple[DaemonState, ...]) -> list[str]:
    if any(one.is_working for one in daemons):
        return []
    if not daemons:
        return ["daemon: none runs, so nobody is reminded; start `medsched run`"]
    return ["daemon: no cycle was completed in the last minute; start `medsched run` again"]


def _about_reminders(waiting: Waiting, failed: int, now: datetime) -> list[str]:
    found = []
    if waiting.oldest is not None and now - instant(waiting.oldest) > LATE:
        minutes = (now - instant(waiting.oldest)) // timedelta(minutes=1)
        found.append(
            f"reminders: {counted_words(waiting.reminders, 'reminder')} not sent, the oldest waits"
            f" for {length_words(minutes)}; try `medsched channel test`"
        )
    if failed:
        found.append(
            f"reminders: {counted_words(failed, 'reminder')} given up in the last day;"
            " try `medsched channel test`"
        )
    return found


def _about_calendars(unit: Unit) -> list[str]:
    """Tell how many calendars stopped half-way; what the servers said names addresses."""
    count = sum(1 for one in unit.caldav_links.all() if one.trouble)
    if not count:
        return []
    calendars = counted_words(count, "calendar")
    return [f"calendar: {calendars} could not be synchronised; see `medsched caldav list`"]


def _about_machine(clock: str, disk_free: int | None, *, writable: bool) -> list[str]:
    found = []
    if clock == "held":
        found.append(
            "clock: it jumped far ahead, so nothing is sent; look at it, then `medsched clock ok`"
        )
    if clock == "went back":
        found.append("clock: it went back; is it right now? then `medsched clock ok`")
    if not writable:
        found.append(
            "database: nothing can be stored in it; `medsched run` reminds from memory, once"
            " for each dose, and nothing that is taken is recorded"
        )
    if disk_free is not None and disk_free < LEAST_DISK:
        found.append(f"disk: {disk_free // 1024**2:,} MB are free; make room, 200 MB at least")
    return found


def _about_zones(unit: Unit, now: datetime) -> list[str]:
    count = sum(one.count for one in displaced_everywhere(unit, now))
    if not count:
        return []
    doses = counted_words(count, "dose")
    return [f"time zone: its rules changed, and {doses} keep the old ones; see `medsched check`"]


def _unreadable(now: datetime, refused: str, disk_free: int | None) -> Status:
    return Status(
        as_of=now,
        daemons=(),
        last_tick=None,
        unsent=0,
        oldest_unsent=None,
        failed=0,
        channels=0,
        writable=False,
        disk_free=disk_free,
        clock="right",
        problems=(refused,),
    )


def status_json(status: Status) -> dict[str, Any]:
    """Return the JSON document of a status; the problems of a file name its path, nobody's name."""
    return {
        "well": status.is_well,
        "as_of": status.as_of.isoformat(),
        "last_tick": _iso(status.last_tick),
        "unsent": status.unsent,
        "oldest_unsent": _iso(status.oldest_unsent),
        "failed": status.failed,
        "channels": status.channels,
        "writable": status.writable,
        "disk_free": status.disk_free,
        "clock": status.clock,
        "last_backup": None if status.backups is None else _iso(status.backups.latest),
        "daemons": [_daemon_json(one) for one in status.daemons],
        "problems": list(status.problems),
    }


def _daemon_json(one: DaemonState) -> dict[str, Any]:
    return {
        "id": one.id,
        "host": one.host,
        "pid": one.pid,
        "version": one.version,
        "started_at": one.started_at.isoformat(),
        "last_tick": _iso(one.last_tick),
        "working": one.is_working,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
