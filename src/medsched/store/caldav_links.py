"""Calendars on CalDAV servers, with what the last publication left. Passwords are secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from medsched.services.feed_ports import CalDavLink
from medsched.services.publish_how import NamesShown
from medsched.store.cells import instant_of, instant_or_none

if TYPE_CHECKING:
    from medsched.store.driver import Cells, Driver

_COLUMNS: Final = (
    "person",
    "url",
    "username",
    "password",
    "created_at",
    "as_tasks",
    "names",
    "sync_token",
    "known",
    "synced_at",
    "trouble",
)
_ALL: Final = f"SELECT number, {', '.join(_COLUMNS)} FROM caldav_link"  # noqa: S608  # own names
_ADD: Final = (
    f"INSERT INTO caldav_link ({', '.join(_COLUMNS)})"  # noqa: S608  # own names
    f" VALUES ({', '.join('?' * len(_COLUMNS))}) RETURNING number"
)
_SAVE: Final = (
    f"UPDATE caldav_link SET {', '.join(f'{one} = ?' for one in _COLUMNS)} WHERE number = ?"  # noqa: S608
)


class SqlCalDavLinks:
    """`feed_ports.CalDavLinks` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def add(self, link: CalDavLink) -> CalDavLink:
        """Store a new one and return it with its number."""
        [(number,)] = self._driver.rows(_ADD, self._cells(link))
        found = self.get(number)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    def of_person(self, person: str) -> list[CalDavLink]:
        """Return a person's links, by number."""
        query = f"{_ALL} WHERE person = ? ORDER BY number"
        return [_link(row) for row in self._driver.rows(query, (int(person),))]

    def all(self) -> list[CalDavLink]:
        """Return the links of everybody, by number."""
        return [_link(row) for row in self._driver.rows(f"{_ALL} ORDER BY number", ())]

    def get(self, number: int) -> CalDavLink | None:
        """Return one link."""
        found = self._driver.rows(f"{_ALL} WHERE number = ?", (number,))
        return _link(found[0]) if found else None

    def save(self, link: CalDavLink) -> None:
        """Store what the last publication left.

        Raises:
            KeyError: there is none of that number.
        """
        if self._driver.each(_SAVE, [(*self._cells(link), link.number)]) != 1:
            raise KeyError(link.number)

    def remove(self, number: int) -> None:
        """Forget a link and its password."""
        self._driver.each("DELETE FROM caldav_link WHERE number = ?", [(number,)])

    def _cells(self, link: CalDavLink) -> Cells:
        at = self._driver.instant
        return (
            int(link.person),
            link.url,
            link.username,
            link.password,
            at(link.created_at),
            link.as_tasks,
            link.names.value,
            link.sync_token,
            json.dumps(dict(link.known), sort_keys=True),
            at(link.synced_at) if link.synced_at else None,
            link.trouble,
        )


def _link(row: tuple[Any, ...]) -> CalDavLink:
    number, *cells = row
    told = dict(zip(_COLUMNS, cells, strict=True))
    return CalDavLink(
        number=number,
        person=str(told["person"]),
        url=told["url"],
        username=told["username"],
        password=told["password"],
        created_at=instant_of(told["created_at"]),
        as_tasks=bool(told["as_tasks"]),
        names=NamesShown(told["names"]),
        sync_token=told["sync_token"],
        known=json.loads(told["known"]),
        synced_at=instant_or_none(told["synced_at"]),
        trouble=told["trouble"],
    )
