"""Who runs, what time it was last, and permissions for one tap."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from medsched.services.outbox_ports import ClockMark, DaemonRow, Token
from medsched.store.driver import driver_of
from medsched.store.tables.outbox import ACTION_TOKEN, CLOCK_MARK, DAEMON
from medsched.store.upsert import insert_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

_MARK = "SELECT wall, boot, elapsed, held FROM clock_mark"
"""Asked in every idle cycle, so straight on the driver."""
_DAEMON = tuple(one.name for one in DAEMON.columns)


class SqlDaemons:
    """`outbox_ports.Daemons` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, daemon: DaemonRow) -> None:
        """Store or renew a daemon's row."""
        row = {name: getattr(daemon, name) for name in _DAEMON}
        new = insert_for(self._connection, DAEMON).values(**row)
        self._connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=row))

    def all(self) -> list[DaemonRow]:
        """Return all, the one heard of last first."""
        query = select(DAEMON).order_by(DAEMON.c.heartbeat_at.desc(), DAEMON.c.id)
        return [DaemonRow(**row) for row in self._connection.execute(query).mappings()]

    def forget(self, before: datetime) -> None:
        """Drop the rows of daemons not heard of since."""
        self._connection.execute(delete(DAEMON).where(DAEMON.c.heartbeat_at < before))

    def mark(self) -> ClockMark | None:
        """Return the latest time that was seen."""
        found = driver_of(self._connection).rows(_MARK, ())
        if not found:
            return None
        wall, boot, elapsed, held = found[0]
        if isinstance(wall, str):
            wall = datetime.fromisoformat(wall)
        return ClockMark(wall=wall.astimezone(UTC), boot=boot, elapsed=elapsed, held=bool(held))

    def set_mark(self, mark: ClockMark) -> None:
        """Store it."""
        row = {"wall": mark.wall, "boot": mark.boot, "elapsed": mark.elapsed, "held": mark.held}
        new = insert_for(self._connection, CLOCK_MARK).values(id=1, **row)
        self._connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=row))


class SqlTokens:
    """`outbox_ports.Tokens` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, tokens: Iterable[Token]) -> None:
        """Store new ones."""
        rows = [
            {
                "digest": one.digest,
                "dose": one.dose,
                "person": int(one.person),
                "action": one.action,
                "expires_at": one.expires_at,
                "used_at": one.used_at,
            }
            for one in tokens
        ]
        if rows:
            self._connection.execute(insert(ACTION_TOKEN), rows)

    def get(self, digest: str) -> Token | None:
        """Return one."""
        query = select(ACTION_TOKEN).where(ACTION_TOKEN.c.digest == digest)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else Token(**{**row, "person": str(row["person"])})

    def use(self, digest: str, at: datetime) -> bool:
        """Mark one as used; False when it was used before."""
        table = ACTION_TOKEN.c
        row = update(ACTION_TOKEN).where(table.digest == digest, table.used_at.is_(None))
        return self._connection.execute(row.values(used_at=at)).rowcount == 1

    def prune(self, before: datetime) -> None:
        """Delete those that expired before."""
        self._connection.execute(delete(ACTION_TOKEN).where(ACTION_TOKEN.c.expires_at < before))
