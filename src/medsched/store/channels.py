"""Channels: where messages about a person go. Their addresses are secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from medsched.services.outbox_ports import Channel, NamesShown
from medsched.store.driver import driver_of
from medsched.store.outbox import SqlOutbox
from medsched.store.tables.outbox import CHANNEL, IS_OPEN

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, RowMapping

_CANCEL = (
    "UPDATE outbox SET state = 'cancelled', is_open = false, fence = fence + 1,"  # noqa: S608  # own names
    f" maybe_delivered = maybe_delivered OR state = 'leased' WHERE {IS_OPEN} AND channel = ?"
)


class SqlChannels:
    """`outbox_ports.Channels` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, channel: Channel) -> Channel:
        """Store a new channel, last in order, and return it with its number.

        Raises:
            ChangedMeanwhile: the person has a channel of that name.
        """
        person = int(channel.person)
        last = select(func.coalesce(func.max(CHANNEL.c.place), 0)).where(CHANNEL.c.person == person)
        row = _row(channel)
        row["place"] = self._connection.execute(last).scalar_one() + 1
        made = insert(CHANNEL).values(**row).returning(CHANNEL.c.number)
        number = self._connection.execute(made).scalar_one()
        self._plan_anew(person)
        found = self.get(number)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    def of_person(self, person: str) -> list[Channel]:
        """Return a person's channels, by order, then number."""
        query = select(CHANNEL).where(CHANNEL.c.person == int(person))
        rows = self._connection.execute(query.order_by(CHANNEL.c.place, CHANNEL.c.number))
        return [_channel(row) for row in rows.mappings()]

    def get(self, number: int) -> Channel | None:
        """Return one channel."""
        query = select(CHANNEL).where(CHANNEL.c.number == number)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _channel(row)

    def save(self, channel: Channel) -> None:
        """Store what changed.

        Raises:
            KeyError: there is none of that number.
        """
        row = update(CHANNEL).where(CHANNEL.c.number == channel.number).values(**_row(channel))
        if self._connection.execute(row).rowcount != 1:
            raise KeyError(channel.number)
        self._plan_anew(int(channel.person))

    def remove(self, number: int) -> None:
        """Remove a channel; its open reminders are cancelled."""
        found = self.get(number)
        driver_of(self._connection).each(_CANCEL, [(number,)])
        self._connection.execute(delete(CHANNEL).where(CHANNEL.c.number == number))
        if found is not None:
            self._plan_anew(int(found.person))

    def _plan_anew(self, person: int) -> None:
        SqlOutbox(self._connection).cancel_person(person)


def _row(channel: Channel) -> dict[str, Any]:
    return {
        "person": int(channel.person),
        "name": channel.name,
        "url": channel.url,
        "names": channel.names.value,
        "caregiver": channel.caregiver,
        "place": channel.order,
        "allow_hosts": "\n".join(channel.allow_hosts),
    }


def _channel(row: RowMapping) -> Channel:
    return Channel(
        number=row["number"],
        person=str(row["person"]),
        name=row["name"],
        url=row["url"],
        names=NamesShown(row["names"]),
        caregiver=row["caregiver"],
        order=row["place"],
        allow_hosts=tuple(row["allow_hosts"].splitlines()),
    )
