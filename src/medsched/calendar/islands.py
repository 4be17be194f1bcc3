"""A calendar file taken apart without trusting it: its top-level components, one by one.

One broken entry must not lose the others, and a file of ten megabytes must not take a
minute, so the file is cut here and icalendar sees one small component at a time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

# How many BEGINs are open inside a calendar, and inside one of its components.
_CALENDAR: Final = 1
_COMPONENT: Final = 2
MOST_CHARACTERS: Final = 100_000
_ENDS: Final = re.compile("\r\n|\n|\r")


@frozen
class Island:
    """One component of a calendar, uninterpreted.

    Args:
        kind: Its name in capitals, such as VEVENT.
        line: Where it begins in the file, counted from 1.
        prodid: What the calendar around it says it was written by; may be empty.
        text: Its lines, unfolded, from BEGIN to END; empty if `fault` is not.
        fault: Why it cannot be read, or empty.
    """

    kind: str
    line: int
    prodid: str
    text: str = ""
    fault: str = ""


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each content line, unfolded, with the number of its first line in the file."""
    begin, parts = 1, [""]
    for number, line in enumerate(_ENDS.split(text), start=1):
        if line[:1] in {" ", "\t"}:
            parts.append(line[1:])
            continue
        if any(parts):
            yield begin, "".join(parts)
        begin, parts = number, [line]
    if any(parts):
        yield begin, "".join(parts)


class _Scan:
    """Where a reader of content lines stands: which components are open, and what was read."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.prodid = ""
        self.begin = 0
        self.lines: list[str] = []

    def take(self, number: int, line: str) -> Island | None:
        """Read one line; return the component that it ends."""
        name, _, value = line.partition(":")
        name, value = name.strip().upper(), value.strip()
        if name == "BEGIN":
            self._opened(number, value.upper())
        elif name == "PRODID" and len(self.open) == _CALENDAR:
            self.prodid = value
        if len(self.open) >= _COMPONENT:
            self.lines.append(line)
        return self._closed(value.upper()) if name == "END" else None

    def _opened(self, number: int, kind: str) -> None:
        self.open.append(kind)
        if len(self.open) == _CALENDAR:
            self.prodid = ""
        if len(self.open) == _COMPONENT:
            self.begin, self.lines = number, []

    def _closed(self, kind: str) -> Island | None:
        if kind not in self.open:
            return None
        inside = len(self.open) >= _COMPONENT
        whole = self.open[-1] == kind
        while self.open[-1] != kind:
            self.open.pop()
        island = None
        if inside and len(self.open) <= _COMPONENT:
            island = self.island("" if whole else f"it has no END before END:{kind[:20]}")
        self.open.pop()
        return island

    def island(self, fault: str) -> Island:
        """Return the component that is open, as far as it was read."""
        text = "\r\n".join(self.lines)
        if len(text) > MOST_CHARACTERS:
            fault = f"it is longer than {MOST_CHARACTERS:,} characters"
        kind = self.lines[0].partition(":")[2].strip().upper()
        return Island(
            kind=kind,
            line=self.begin,
            prodid=self.prodid,
            text="" if fault else f"{text}\r\n",
            fault=fault,
        )


def islands(text: str) -> Iterator[Island]:
    """Yield the components inside every VCALENDAR of a file, in order.

    A component that is not closed, or too long, comes with its fault and without text.
    PRODID counts for what follows it: every writer puts it first.
    """
    scan = _Scan()
    for number, line in logical_lines(text):
        island = scan.take(number, line)
        if island is not None:
            yield island
    if len(scan.open) >= _COMPONENT:
        yield scan.island("it has no END")
