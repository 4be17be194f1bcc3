"""One entry of each shape is written by icalendar; the many of that shape are filled in.

A shape is everything about an entry but its times, its UID, its sequence and its
revision. Those have lines of their own, always too short to be folded, so the rest of
the bytes, folds included, is the same for every entry of the shape.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.calendar.identity import alarm_uid
from medsched.services.feed_entry import EntryStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.feed_entry import FeedEntry

# A UID of this form is written as it is and needs no fold: `UID:` and 64 octets.
PLAIN_UID: Final = re.compile(r"[A-Za-z0-9@._-]{1,64}")
_NAME: Final = re.compile(b"[A-Z-]+")
_VARYING: Final = (b"UID", b"DTSTAMP", b"LAST-MODIFIED", b"DTSTART", b"DTEND", b"SEQUENCE")
_SLOTS: Final = {name: place for place, name in enumerate(_VARYING)}

Values = tuple[bytes, ...]


class Shape(NamedTuple):
    """The written entry as `row`, with a place to fill at every second, and what goes there."""

    row: tuple[bytes, ...]
    pick: Callable[[Values], Values]


class Shapes:
    """The shapes met so far in one calendar."""

    def __init__(self, write: Callable[[FeedEntry], bytes]) -> None:
        """Keep the writer of record; it is asked once for each shape."""
        self._write = write
        self._known: dict[tuple[object, ...], Shape] = {}

    def fill(
        self, entry: FeedEntry, start: bytes, end: bytes, stamp: bytes, clock: str
    ) -> list[bytes]:
        """Return `entry` as the writer of record would write it, in pieces.

        Args:
            entry: What is written.
            start: DTSTART's value.
            end: DTEND's value.
            stamp: The value of DTSTAMP and LAST-MODIFIED.
            clock: Tells apart the ways in which start and end are written.
        """
        uid = entry.uid
        cancelled = entry.status is EntryStatus.CANCELLED
        rings = () if cancelled else entry.alarms
        plain = PLAIN_UID.fullmatch(uid) is not None
        key = (
            entry.summary,
            entry.description,
            rings,
            cancelled,
            entry.url,
            entry.categories,
            len(uid) if plain else uid,
            clock,
        )
        shape = self._known.get(key)
        if shape is None:
            shape = self._known[key] = shape_of(self._write(entry), plain=plain)
        values = [b"", stamp, stamp, start, end, b"%d" % entry.sequence]
        if plain:
            values[0] = uid.encode()
            values += [alarm_uid(uid, minutes).encode() for minutes in rings]
        row = list(shape.row)
        row[1::2] = shape.pick(tuple(values))
        return row


def shape_of(written: bytes, *, plain: bool) -> Shape:
    """Return the shape of an entry that icalendar wrote, whatever order it chose.

    A line that begins with the name of a property is that property: text inside a value
    has no line ends, and a folded line begins with a space.

    Args:
        written: The entry's lines, with their line ends.
        plain: Whether UIDs are filled in; else they belong to the shape.
    """
    picks: list[int] = []
    row: list[bytes] = [b""]
    alarms = 0
    for line in written.splitlines(keepends=True):
        alarms += line == b"BEGIN:VALARM\r\n"
        name = _NAME.match(line)
        slot = _SLOTS.get(name[0]) if name else None
        if slot is None or (slot == 0 and not plain):
            row[-1] += line
            continue
        picks.append(len(_SLOTS) - 1 + alarms if alarms else slot)
        row[-1] += line.rpartition(b":")[0] + b":"
        row += [b"", b"\r\n"]
    return Shape(tuple(row), itemgetter(*picks))
