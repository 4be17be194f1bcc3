"""One entry of each shape is written by icalendar; the many of that shape are filled in.

A shape is everything about an entry but its times, its UID, its sequence and its
revision. Those have lines of their own, always too short to be folded, so the rest of
the bytes, folds included, is the same for every entry of the shape. Sequence and
revision are filled in once for all that share them.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.calendar.identity import alarm_name, derived
from medsched.services.feed_entry import EntryStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.feed_entry import FeedEntry

# A UID of this form is written as it is and needs no fold: `UID:` and 64 octets.
PLAIN_UID: Final = re.compile(r"[A-Za-z0-9@._-]{1,64}")
_NAME: Final = re.compile(b"[A-Z-]+")

# What goes where in a shape: below 0 what all entries of a revision share, from 0 on what
# each has of its own. The UIDs of alarms come after the last.
DTSTAMP, LAST_MODIFIED, SEQUENCE, DTSTART, DTEND, UID = range(-3, 3)
_PLACES: Final = {
    b"DTSTAMP": DTSTAMP,
    b"LAST-MODIFIED": LAST_MODIFIED,
    b"SEQUENCE": SEQUENCE,
    b"DTSTART": DTSTART,
    b"DTEND": DTEND,
    b"UID": UID,
}

Key = tuple[object, ...]


class Shape(NamedTuple):
    """The written entry as `row`, with a place to fill at every second, and what goes there."""

    row: tuple[bytes, ...]
    places: tuple[int, ...]

    def filled(self, known: dict[int, bytes]) -> Shape:
        """Return the shape with what is `known` written into it, and fewer places left."""
        row, places = [self.row[0]], []
        for place, after in zip(self.places, self.row[2::2], strict=True):
            if place in known:
                row[-1] += known[place] + after
            else:
                row += [b"", after]
                places.append(place)
        return Shape(tuple(row), tuple(places))


class Version(NamedTuple):
    """A shape of one revision: only times and UIDs are left to fill in.

    `pick` brings these into the order of the row; `alarms` are the names of the alarms.
    """

    row: tuple[bytes, ...]
    pick: Callable[[list[bytes]], tuple[bytes, ...]]
    alarms: tuple[bytes, ...]


class Shapes:
    """The shapes met so far in one calendar, and the revisions of each."""

    def __init__(self, write: Callable[[FeedEntry], bytes]) -> None:
        """Keep the writer of record; it is asked once for each shape."""
        self._write = write
        self._shapes: dict[Key, Shape] = {}
        self._versions: dict[tuple[Key, bytes, int], Version] = {}

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
        plain = PLAIN_UID.fullmatch(uid) is not None
        cancelled = entry.status is EntryStatus.CANCELLED
        shape = (
            entry.summary,
            entry.description,
            () if cancelled else entry.alarms,
            cancelled,
            entry.url,
            entry.categories,
            len(uid) if plain else uid,
            clock,
        )
        version = self._versions.get((shape, stamp, entry.sequence))
        if version is None:
            version = self._version(entry, shape, stamp, plain=plain)
        values = [start, end]
        if plain:
            name = uid.encode()
            values.append(name)
            for alarm in version.alarms:
                values.append(derived(name + alarm))  # noqa: PERF401  # slower for the usual one
        row = list(version.row)
        row[1::2] = version.pick(values)
        return row

    def _version(self, entry: FeedEntry, key: Key, stamp: bytes, *, plain: bool) -> Version:
        """Return a revision that was not met before, of a shape that may have been."""
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = shape_of(self._write(entry), plain=plain)
        shared = {DTSTAMP: stamp, LAST_MODIFIED: stamp, SEQUENCE: b"%d" % entry.sequence}
        row, places = shape.filled(shared)
        alarms = () if entry.status is EntryStatus.CANCELLED else entry.alarms
        version = Version(row, itemgetter(*places), tuple(map(alarm_name, alarms)))
        self._versions[key, stamp, entry.sequence] = version
        return version


def shape_of(written: bytes, *, plain: bool) -> Shape:
    """Return the shape of an entry that icalendar wrote, whatever order it chose.

    A line that begins with the name of a property is that property: text inside a value
    has no line ends, and a folded line begins with a space.

    Args:
        written: The entry's lines, with their line ends.
        plain: Whether UIDs are filled in; else they belong to the shape.
    """
    places: list[int] = []
    row: list[bytes] = [b""]
    alarms = 0
    for line in written.splitlines(keepends=True):
        alarms += line == b"BEGIN:VALARM\r\n"
        name = _NAME.match(line)
        place = _PLACES.get(name[0]) if name else None
        if place is None or (place == UID and not plain):
            row[-1] += line
            continue
        places.append(place + alarms)
        row[-1] += line.rpartition(b":")[0] + b":"
        row += [b"", b"\r\n"]
    return Shape(tuple(row), tuple(places))
