"""A file of patients, line by line: CSV or JSON Lines, read as it comes.

Every line is one prescription of one person; lines of the same person follow one another.
The columns are told in docs/clinic.md. A line that cannot be read is a value with its
number, and the lines after it are read all the same.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final

from medsched.errors import Exit, MedschedError
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PERSON: Final = (
    "name",
    "zone",
    "born",
    "sex",
    "weight",
    "creatinine",
    "crcl",
    "hepatic",
    "dialysis",
    "end_stage_renal",
    "pregnant",
    "breastfeeding",
    "alcohol",
    "conditions",
    "no_conditions",
    "wake",
    "breakfast",
    "lunch",
    "dinner",
    "bed",
    "taking",
)
ORDER: Final = (
    "protocol",
    "start",
    "at",
    "target",
    "regimen",
    "day",
    "ordered_by",
    "override",
)
COLUMNS: Final = (*PERSON, *ORDER)
_NEEDED: Final = ("name", "zone")
_LISTS: Final = {"at": ",", "conditions": ";", "no_conditions": ";", "taking": ";"}


class UnreadablePatients(MedschedError):
    """A file of patients that cannot be read at all."""

    exit_code = Exit.BAD_FILE

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the file and the reason."""
        self.path = path
        super().__init__(f"{path}: {reason}")


@frozen
class Line:
    """One line of the file, its cells by column; an empty cell is left out.

    Args:
        number: Of the line in the file, from 1; of its first when a cell holds line breaks.
        read: Bytes of the file read so far.
    """

    number: int
    cells: dict[str, str]
    read: int = 0


@frozen
class BadLine:
    """A line that is not stored, and why: what was given, what would be right."""

    number: int
    message: str
    read: int = 0

    def __str__(self) -> str:
        """Return it as one line."""
        return f"line {self.number}: {self.message}"


def read_lines(path: Path) -> Iterator[Line | BadLine]:
    """Yield the lines of a file; `.jsonl` is JSON Lines, everything else CSV.

    Raises:
        UnreadablePatients: there is no such file, it is no UTF-8 text, or its first line
            is no line of known columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            counted = _Counted(file)
            if path.suffix.lower() in {".jsonl", ".ndjson"}:
                yield from _json_lines(counted)
            else:
                yield from _csv_lines(counted, path)
    except OSError as wrong:
        reason = (wrong.strerror or "cannot be read").lower()
        raise UnreadablePatients(path, f"{reason}; name a file that can be read") from None
    except UnicodeDecodeError as wrong:
        reason = f"is no UTF-8 text near byte {wrong.start}; save it as UTF-8"
        raise UnreadablePatients(path, reason) from None


class _Counted:
    """The lines of an open file, and how much of it was read."""

    def __init__(self, file: Any) -> None:
        self._file, self.read, self.number = file, 0, 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        line: str = next(self._file)
        self.read += len(line.encode())
        self.number += 1
        return line


def _json_lines(lines: _Counted) -> Iterator[Line | BadLine]:
    for text in lines:
        if text.strip():
            yield _json_line(text, lines)


def _json_line(text: str, lines: _Counted) -> Line | BadLine:
    def bad(message: str) -> BadLine:
        return BadLine(number=lines.number, message=message, read=lines.read)

    try:
        told = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return bad('this is no JSON; write one object such as {"name": ..., "zone": ...}')
    if not isinstance(told, dict):
        return bad('this is no JSON object; write one such as {"name": ..., "zone": ...}')
    unknown = [name for name in told if name not in COLUMNS]
    if unknown:
        return bad(f"{unknown[0]!r} is not known; use {', '.join(COLUMNS)}")
    try:
        cells = {name: _text(name, value) for name, value in told.items()}
    except TypeError as wrong:
        return bad(f"{wrong} holds no text, number, true, false or list of texts")
    return Line(number=lines.number, cells=_filled(cells), read=lines.read)


def _text(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case list() if name in _LISTS and all(isinstance(one, str) for one in value):
            return _LISTS[name].join(value)
        case _:
            raise TypeError(name)


def _csv_lines(lines: _Counted, path: Path) -> Iterator[Line | BadLine]:
    reader = csv.reader(lines, strict=True)
    head = next(reader, None)
    _check_head(head, path)
    assert head is not None  # noqa: S101  # checked just now
    names = [one.strip() for one in head]
    while True:
        first = lines.number + 1
        try:
            row = next(reader, None)
        except csv.Error as wrong:
            yield BadLine(number=first, message=f"this is no CSV: {wrong}", read=lines.read)
            continue
        if row is None:
            return
        if not row:
            continue
        if len(row) != len(names):
            message = f"{len(row)} cells; the first line names {len(names)} columns"
            yield BadLine(number=first, message=message, read=lines.read)
            continue
        cells = _filled(dict(zip(names, row, strict=True)))
        yield Line(number=first, cells=cells, read=lines.read)


def _check_head(head: list[str] | None, path: Path) -> None:
    names = [one.strip() for one in head or ()]
    if not all(one in names for one in _NEEDED):
        reason = "the first line names no columns 'name' and 'zone'; docs/clinic.md shows one"
        raise UnreadablePatients(path, reason)
    unknown = [one for one in names if one not in COLUMNS]
    if unknown:
        reason = f"column {unknown[0]!r} is not known; use {', '.join(COLUMNS)}"
        raise UnreadablePatients(path, reason)
    twice = [one for one in names if names.count(one) > 1]
    if twice:
        raise UnreadablePatients(path, f"column {twice[0]!r} stands there twice; name it once")


def _filled(cells: dict[str, str]) -> dict[str, str]:
    return {name: cell.strip() for name, cell in cells.items() if cell.strip()}
