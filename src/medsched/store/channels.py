"""Channels: where messages about a person go. Their addresses are secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from medsched.services.outbox_ports import Channel, NamesShown
from medsched.store.outbox import SqlOutbox
from medsched.store.outbox_sql import IS_OPEN

if TYPE_CHECKING:
    from medsched.store.driver import Cells, Driver

_COLUMNS: Final = ("person", "name", "url", "names", "caregiver", "allow_hosts", "place")
_ALL: Final = f"SELECT number, {', '.join(_COLUMNS)} FROM channel"  # noqa: S608  # own names
_ADD: Final = (
    f"INSERT INTO channel ({', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?,"  # noqa: S608
    " (SELECT COALESCE(MAX(place), 0) + 1 FROM channel WHERE person = ?)) RETURNING number"
)
_SAVE: Final = f"UPDATE channel SET {', '.join(f'{one} = ?' for one in _COLUMNS)} WHERE number = ?"  # noqa: S608
_CANCEL: Final = (
    "UPDATE outbox SET state = 'cancelled', is_open = false, fence = fence + 1,"  # noqa: S608  # own names
    f" maybe_delivered = maybe_delivered OR state = 'leased' WHERE {IS_OPEN} AND channel = ?"
)


class SqlChannels:
    """`outbox_ports.Channels` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def add(self, channel: Channel) -> Channel:
        """Store a new channel, last in order, and return it with its number.

        Raises:
            ChangedMeanwhile: the person has a channel of that name.
        """
        cells = _cells(channel)
        [(number,)] = self._driver.rows(_ADD, (*cells, cells[0]))
        self._plan_anew(int(channel.person))
        found = self.get(number)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    def of_person(self, person: str) -> list[Channel]:
        """Return a person's channels, by order, then number."""
        query = f"{_ALL} WHERE person = ? ORDER BY place, number"
        return [_channel(row) for row in self._driver.rows(query, (int(person),))]

    def get(self, number: int) -> Channel | None:
        """Return one channel."""
        found = self._driver.rows(f"{_ALL} WHERE number = ?", (number,))
        return _channel(found[0]) if found else None

    def save(self, channel: Channel) -> None:
        """Store what changed.

        Raises:
            KeyError: there is none of that number.
        """
        new = (*_cells(channel), channel.order, channel.number)
        if self._driver.each(_SAVE, [new]) != 1:
            raise KeyError(channel.number)
        self._plan_anew(int(channel.person))

    def remove(self, number: int) -> None:
        """Remove a channel; its open reminders are cancelled."""
        found = self.get(number)
        self._driver.each(_CANCEL, [(number,)])
        self._driver.each("DELETE FROM channel WHERE number = ?", [(number,)])
        if found is not None:
            self._plan_anew(int(found.person))

    def _plan_anew(self, person: int) -> None:
        SqlOutbox(self._driver).cancel_person(person)


def _cells(channel: Channel) -> Cells:
    """Return what stands in a row, all but its place."""
    return (
        int(channel.person),
        channel.name,
        channel.url,
        channel.names.value,
        channel.caregiver,
        "\n".join(channel.allow_hosts),
    )


def _channel(row: tuple[Any, ...]) -> Channel:
    number, person, name, url, names, caregiver, allow_hosts, place = row
    return Channel(
        number=number,
        person=str(person),
        name=name,
        url=url,
        names=NamesShown(names),
        caregiver=bool(caregiver),
        order=place,
        allow_hosts=tuple(allow_hosts.splitlines()),
    )
