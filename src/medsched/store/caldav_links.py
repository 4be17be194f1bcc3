"""Calendars on CalDAV servers, with what the last publication left. Passwords are secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from medsched.services.feed_ports import CalDavLink
from medsched.services.publish_how import NamesShown
from medsched.store.tables.feeds import CALDAV_LINK

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, RowMapping


class SqlCalDavLinks:
    """`feed_ports.CalDavLinks` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, link: CalDavLink) -> CalDavLink:
        """Store a new one and return it with its number."""
        made = insert(CALDAV_LINK).values(**_row(link)).returning(CALDAV_LINK.c.number)
        number = self._connection.execute(made).scalar_one()
        found = self.get(number)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    def of_person(self, person: str) -> list[CalDavLink]:
        """Return a person's links, by number."""
        query = select(CALDAV_LINK).where(CALDAV_LINK.c.person == int(person))
        rows = self._connection.execute(query.order_by(CALDAV_LINK.c.number)).mappings()
        return [_link(row) for row in rows]

    def all(self) -> list[CalDavLink]:
        """Return the links of everybody, by number."""
        rows = self._connection.execute(select(CALDAV_LINK).order_by(CALDAV_LINK.c.number))
        return [_link(row) for row in rows.mappings()]

    def get(self, number: int) -> CalDavLink | None:
        """Return one link."""
        query = select(CALDAV_LINK).where(CALDAV_LINK.c.number == number)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _link(row)

    def save(self, link: CalDavLink) -> None:
        """Store what the last publication left.

        Raises:
            KeyError: there is none of that number.
        """
        one = update(CALDAV_LINK).where(CALDAV_LINK.c.number == link.number)
        if self._connection.execute(one.values(**_row(link))).rowcount != 1:
            raise KeyError(link.number)

    def remove(self, number: int) -> None:
        """Forget a link and its password."""
        self._connection.execute(delete(CALDAV_LINK).where(CALDAV_LINK.c.number == number))


def _row(link: CalDavLink) -> dict[str, Any]:
    return {
        "person": int(link.person),
        "url": link.url,
        "username": link.username,
        "password": link.password,
        "created_at": link.created_at,
        "as_tasks": link.as_tasks,
        "names": link.names.value,
        "sync_token": link.sync_token,
        "known": json.dumps(dict(link.known), sort_keys=True),
        "synced_at": link.synced_at,
        "trouble": link.trouble,
    }


def _link(row: RowMapping) -> CalDavLink:
    given = {**row, "person": str(row["person"]), "known": json.loads(row["known"])}
    return CalDavLink(**{**given, "names": NamesShown(row["names"])})
