"""A daemon put together: from an `App` and a few choices to one life of it."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from medsched import __version__
from medsched.daemon import systemd
from medsched.daemon.calendars import Calendars
from medsched.daemon.chores import Chores
from medsched.daemon.emergency import Emergency
from medsched.daemon.machine import ThisMachine
from medsched.daemon.ping import Ping
from medsched.daemon.pool import Pool
from medsched.daemon.reserve import Reserve
from medsched.daemon.restart import seconds_to_wait
from medsched.daemon.running import Running
from medsched.daemon.same_file import OnlyOne, SameFile
from medsched.daemon.watchdog import Watchdog
from medsched.daemon.wires import Fuses, Wires
from medsched.errors import MedschedError
from medsched.frozen import frozen
from medsched.services.outbox_ports import DaemonRow
from medsched.services.remind import Reminders
from medsched.services.remind_memory import Memory
from medsched.services.remind_settings import RemindSettings

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from medsched.bootstrap import App
    from medsched.daemon.alarm import Duty
    from medsched.services.remind_ports import CycleReport, Workers

_LOG: Final = logging.getLogger("medsched.daemon")
_TOKEN_BYTES: Final = 32
PAGES: Final = "/act/"
"""Under which the one-tap pages lie."""


@frozen
class Life:
    """What is needed for one life.

    Args:
        say: Shows a line to a person. disk_free: bytes that are free, None when not known.
    """

    app: App
    say: Callable[[str], None]
    disk_free: Callable[[], int | None]
    stopping: threading.Event

    @property
    def database_file(self) -> Path | None:
        """The file of the database, None for a server."""
        address = self.app.database
        if "://" not in address:
            return Path(address)
        if not address.startswith("sqlite:"):
            return None
        return Path(address.partition(":///")[2])


def reminders(life: Life, owner: str, workers: Workers | None = None) -> Reminders:
    """Return the use case of reminding with this machine's clock, chance and channels."""
    app = life.app
    public = app.settings.public_address.rstrip("/")
    return Reminders(
        app.store,
        Wires(app.settings.allow_hosts),
        app.clock,
        owner=owner,
        machine=ThisMachine(),
        chance=secrets.SystemRandom().random,
        new_token=lambda: secrets.token_urlsafe(_TOKEN_BYTES),
        breakers=Fuses(),
        workers=workers,
        pages=f"{public}{PAGES}" if public else "",
    )


def once(life: Life) -> CycleReport:
    """Do one cycle, give back what it did not finish, and tell about it."""
    cycles = reminders(life, new_owner())
    try:
        return cycles.cycle()
    finally:
        cycles.release()


@contextmanager
def born(life: Life) -> Iterator[Running]:
    """Yield a daemon that is ready to run; it waits first when earlier ones died too soon."""
    app = life.app
    file = life.database_file
    store, same_file, lock = app.store, SameFile(file), OnlyOne(file)
    if not lock.is_alone:
        _LOG.warning("another daemon runs on this database; each reminder is sent by one of them")
    row = _begin(life)
    watchdog = Watchdog(tell=lambda: systemd.tell(systemd.ALIVE))
    pool = Pool(life.stopping, watchdog.alive)
    running = Running(
        store,
        app.clock,
        reminders(life, row.id, pool),
        row,
        stopping=life.stopping,
        same_file=same_file,
        say=life.say,
        ping=Ping(app.settings.ping_address),
        look=lambda: app.status(life.disk_free()),
        watchdog=watchdog,
        chores=chores(life),
        hints=app.hints(),
        emergency=_emergency(life, row.id, pool) if file and lock.is_alone else None,
    )
    try:
        yield running
    finally:
        pool.close()
        lock.close()


def chores(life: Life) -> tuple[Duty, ...]:
    """Return what this daemon does beside reminding."""
    app = life.app
    calendars = Calendars(
        app.store,
        app.clock,
        app.calendars,
        minutes=app.settings.caldav_minutes,
        stopping=life.stopping,
    )
    return (*Chores(app.store, app.clock, app.copies()).duties, *calendars.duties)


def _emergency(life: Life, owner: str, workers: Workers) -> Emergency:
    """Return what this daemon does while its file cannot be written."""
    memory = Memory(
        life.app.store,
        Wires(life.app.settings.allow_hosts),
        life.app.clock,
        owner=owner,
        machine=ThisMachine(),
        settings=RemindSettings(),
        breakers=Fuses(),
        workers=workers,
    )
    return Emergency(memory, Reserve(life.database_file))


def _begin(life: Life) -> DaemonRow:
    """Wait when earlier lives were short, and write down that a new one begins."""
    app = life.app
    host = socket.gethostname()
    with app.store.reading() as unit:
        wait = seconds_to_wait(unit.daemons.all(), host, app.clock.now())
    if wait:
        _LOG.warning("the last lives were short; waiting %d s before this one", wait)
        life.stopping.wait(wait)
    now = app.clock.now()
    row = DaemonRow(
        id=new_owner(),
        host=host,
        pid=os.getpid(),
        boot=ThisMachine().boot,
        version=__version__,
        started_at=now,
        heartbeat_at=now,
    )
    try:
        with app.store.writing() as unit:
            unit.daemons.beat(row)
    except MedschedError as refused:
        code = type(refused).__name__
        _LOG.critical("database: %s at the start; going on", code, extra={"codes": (code,)})
    return row


def new_owner() -> str:
    """Return an id that no other start of a daemon has."""
    return uuid.uuid4().hex
