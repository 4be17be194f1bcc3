"""Calendars on CalDAV servers, brought up to the plan by the daemon itself, from time to time.

A server that does not answer is nobody's reminder: it has a thread of its own, is tried
again at the next time, and is told of by number. What went wrong is kept with the
calendar, for `medsched caldav list`.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from medsched.daemon.alarm import Duty
from medsched.errors import InvalidValue, MedschedError

if TYPE_CHECKING:
    from datetime import datetime
    from threading import Event

    from medsched.services.caldav_sync import Synced
    from medsched.services.feed_ports import CalDavLink
    from medsched.services.ports import Clock, Store

_LOG: Final = logging.getLogger("medsched.daemon")

_EARLY: Final = timedelta(minutes=1)
"""So much before its time a calendar is due already: a turn may come a little early."""


_LEAST: Final = 5
"""Minutes: what a server may be asked without being a nuisance."""


class Syncing(Protocol):
    """What synchronises one calendar: `services.caldav_sync.Sync`."""

    def run(self, number: int, now: datetime) -> Synced:
        """Synchronise one calendar."""
        ...


class Calendars:
    """The calendars of one database."""

    def __init__(
        self, store: Store, clock: Clock, sync: Syncing, *, minutes: int, stopping: Event
    ) -> None:
        """Keep where they are; nothing is asked yet.

        Args:
            minutes: Between two synchronisations of one calendar; 0 for never.
            stopping: Once set, no calendar is begun any more.

        Raises:
            InvalidValue: fewer than 5 minutes, but for 0.
        """
        if minutes and minutes < _LEAST:
            raise InvalidValue("caldav_minutes", minutes, f"use {_LEAST} or more, or 0 for never")
        self._store, self._clock, self._sync = store, clock, sync
        self._every, self._stopping = timedelta(minutes=minutes), stopping

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The one duty, for the alarm; none for never."""
        if not self._every:
            return ()
        return (Duty("calendars", self._every.total_seconds(), self.sync_due),)

    def sync_due(self) -> None:
        """Synchronise every calendar whose time has come; one that fails stops no other."""
        now = self._clock.now()
        try:
            with self._store.reading() as unit:
                links = unit.caldav_links.all()
        except MedschedError as refused:
            _tell("list", refused)
            return
        for one in links:
            if self._stopping.is_set():
                return
            if one.synced_at is None or self._is_due(one.synced_at, now):
                self._sync_one(one)

    def _is_due(self, synced_at: datetime, now: datetime) -> bool:
        """Return whether it is time again; a time to come means that the clock went back."""
        return not timedelta() <= now - synced_at < self._every - _EARLY

    def _sync_one(self, link: CalDavLink) -> None:
        try:
            done = self._sync.run(link.number, self._clock.now())
        except Exception as wrong:  # noqa: BLE001  # whatever a server made of it, the rest goes on
            _tell(f"{link.number}", wrong)
            return
        if done.trouble:
            _LOG.warning("calendar %d: it stopped half-way; see medsched caldav list", link.number)
            return
        told = (link.number, done.created + done.changed + done.withdrawn, len(done.recorded))
        _LOG.info("calendar %d: %d written, %d ticked off there", *told)


def _tell(which: str, wrong: Exception) -> None:
    code = type(wrong).__name__
    _LOG.warning("calendar %s: %s; it is tried again", which, code, extra={"codes": (which, code)})
