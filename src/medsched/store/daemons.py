"""Who runs, what time it was last, and permissions for one tap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from medsched.services.outbox_ports import ClockMark, DaemonRow, Token
from medsched.store.cells import instant_of, instant_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from medsched.store.driver import Driver

_DAEMON: Final = "id, host, pid, boot, version, started_at, heartbeat_at, last_tick"
_BEAT: Final = (
    f"INSERT INTO daemon ({_DAEMON}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # own names
    " ON CONFLICT (id) DO UPDATE SET host = excluded.host, pid = excluded.pid,"
    " boot = excluded.boot, version = excluded.version, started_at = excluded.started_at,"
    " heartbeat_at = excluded.heartbeat_at, last_tick = excluded.last_tick"
)
_ALL: Final = f"SELECT {_DAEMON} FROM daemon ORDER BY heartbeat_at DESC, id"  # noqa: S608  # own names
_MARK: Final = "SELECT wall, boot, elapsed, held FROM clock_mark"
_SET_MARK: Final = (
    "INSERT INTO clock_mark (id, wall, boot, elapsed, held) VALUES (1, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET wall = excluded.wall, boot = excluded.boot,"
    " elapsed = excluded.elapsed, held = excluded.held"
)
_TAP: Final = "digest, dose, person, action, expires_at, used_at"
_ADD_TAP: Final = f"INSERT INTO action_token ({_TAP}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608
_GET_TAP: Final = f"SELECT {_TAP} FROM action_token WHERE digest = ?"  # noqa: S608  # own names
_USE_TAP: Final = "UPDATE action_token SET used_at = ? WHERE digest = ? AND used_at IS NULL"


class SqlDaemons:
    """`outbox_ports.Daemons` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def beat(self, daemon: DaemonRow) -> None:
        """Store or renew a daemon's row."""
        at, tick = self._driver.instant, daemon.last_tick
        times = (at(daemon.started_at), at(daemon.heartbeat_at), at(tick) if tick else None)
        what = (daemon.id, daemon.host, daemon.pid, daemon.boot, daemon.version)
        self._driver.each(_BEAT, [(*what, *times)])

    def all(self) -> list[DaemonRow]:
        """Return all, the one heard of last first."""
        return [_daemon(row) for row in self._driver.rows(_ALL, ())]

    def forget(self, before: datetime) -> None:
        """Drop the rows of daemons not heard of since."""
        gone = (self._driver.instant(before),)
        self._driver.each("DELETE FROM daemon WHERE heartbeat_at < ?", [gone])

    def mark(self) -> ClockMark | None:
        """Return the latest time that was seen."""
        found = self._driver.rows(_MARK, ())
        if not found:
            return None
        wall, boot, elapsed, held = found[0]
        return ClockMark(wall=instant_of(wall), boot=boot, elapsed=elapsed, held=bool(held))

    def set_mark(self, mark: ClockMark) -> None:
        """Store it."""
        new = (self._driver.instant(mark.wall), mark.boot, mark.elapsed, mark.held)
        self._driver.each(_SET_MARK, [new])


class SqlTokens:
    """`outbox_ports.Tokens` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def add(self, tokens: Iterable[Token]) -> None:
        """Store new ones."""
        at = self._driver.instant
        rows = [
            (
                one.digest,
                one.dose,
                int(one.person),
                one.action,
                at(one.expires_at),
                at(one.used_at) if one.used_at else None,
            )
            for one in tokens
        ]
        self._driver.each(_ADD_TAP, rows)

    def get(self, digest: str) -> Token | None:
        """Return one."""
        found = self._driver.rows(_GET_TAP, (digest,))
        return _token(found[0]) if found else None

    def use(self, digest: str, at: datetime) -> bool:
        """Mark one as used; False when it was used before."""
        return self._driver.each(_USE_TAP, [(self._driver.instant(at), digest)]) == 1

    def prune(self, before: datetime) -> None:
        """Delete those that expired before."""
        gone = (self._driver.instant(before),)
        self._driver.each("DELETE FROM action_token WHERE expires_at < ?", [gone])


def _daemon(row: tuple[Any, ...]) -> DaemonRow:
    *what, started_at, heartbeat_at, last_tick = row
    number, host, pid, boot, version = what
    return DaemonRow(
        id=number,
        host=host,
        pid=pid,
        boot=boot,
        version=version,
        started_at=instant_of(started_at),
        heartbeat_at=instant_of(heartbeat_at),
        last_tick=instant_or_none(last_tick),
    )


def _token(row: tuple[Any, ...]) -> Token:
    digest, dose, person, action, expires_at, used_at = row
    return Token(
        digest=digest,
        dose=dose,
        person=str(person),
        action=action,
        expires_at=instant_of(expires_at),
        used_at=instant_or_none(used_at),
    )
