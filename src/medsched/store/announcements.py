"""Which versions of entries were published where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.services.feed_ports import Announced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.store.driver import Driver

_COLUMNS: Final = Announced._fields
_OF: Final = f"SELECT {', '.join(_COLUMNS)} FROM announced WHERE scope = ?"  # noqa: S608  # own names
_PUT: Final = (
    f"INSERT INTO announced (scope, {', '.join(_COLUMNS)})"  # noqa: S608  # own names
    f" VALUES (?, {', '.join('?' * len(_COLUMNS))}) ON CONFLICT (scope, uid) DO UPDATE SET "
    + ", ".join(f"{one} = excluded.{one}" for one in _COLUMNS[1:])
)
_PRUNE: Final = "DELETE FROM announced WHERE scope = ? AND starts < ?"


class SqlAnnouncements:
    """`feed_ports.Announcements` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def of(self, scope: str) -> dict[str, Announced]:
        """Return all of a scope, by UID."""
        found = (Announced(*row) for row in self._driver.rows(_OF, (scope,)))
        return {one.uid: one._replace(gone=bool(one.gone)) for one in found}

    def put(self, scope: str, rows: Iterable[Announced]) -> None:
        """Store new and changed ones."""
        self._driver.each(_PUT, [(scope, *one) for one in rows])

    def prune(self, scope: str, before: int) -> None:
        """Forget what starts before."""
        self._driver.each(_PRUNE, [(scope, before)])
