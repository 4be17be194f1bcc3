"""Which versions of entries were published where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from medsched.services.feed_ports import Announced
from medsched.store.tables.feeds import ANNOUNCED
from medsched.store.upsert import insert_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

_COLUMNS: Final = Announced._fields


class SqlAnnouncements:
    """`feed_ports.Announcements` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, scope: str) -> dict[str, Announced]:
        """Return all of a scope, by UID."""
        columns = [ANNOUNCED.c[name] for name in _COLUMNS]
        rows = self._connection.execute(select(*columns).where(ANNOUNCED.c.scope == scope))
        return {row[0]: Announced(*row) for row in rows}

    def put(self, scope: str, rows: Iterable[Announced]) -> None:
        """Store new and changed ones."""
        found = [{"scope": scope, **one._asdict()} for one in rows]
        if not found:
            return
        insert = insert_for(self._connection, ANNOUNCED)
        new = {name: insert.excluded[name] for name in _COLUMNS[1:]}
        keys = [ANNOUNCED.c.scope, ANNOUNCED.c.uid]
        put = insert.on_conflict_do_update(index_elements=keys, set_=new)
        self._connection.execute(put, found)

    def prune(self, scope: str, before: int) -> None:
        """Forget what starts before."""
        old = (ANNOUNCED.c.scope == scope) & (ANNOUNCED.c.starts < before)
        self._connection.execute(delete(ANNOUNCED).where(old))
