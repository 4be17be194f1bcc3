"""From bytes to plain TOML values: encoding, characters, syntax, and nothing guessed.

A file that was saved in the wrong encoding turns signs into others without a word
("â‰¤" was "at most"), so characters that give this away are refused, wherever
they stand, together with characters that nobody sees.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from typing import Final

from medsched.errors import FileProblems, Problem

LARGEST: Final = 512 * 1024
"""Bytes; a file of rules has at most a few ten thousand."""

MOJIBAKE: Final = frozenset("\u00e2\u20ac\u2030\u00a4\u00c3")
"""Characters that UTF-8 turns into when it is read as Windows-1252."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_ALLOWED: Final = frozenset("\n\r\t")
_SHOWN: Final = 40
_LINE: Final = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


class BareDecimal(str):
    """A decimal number that stood in a file without quotes: kept as text, never used."""

    __slots__ = ()


def text_of(source: bytes | str, *, file: str) -> str:
    """Return the text of a file: UTF-8, with or without a byte order mark.

    Raises:
        FileProblems: too large, or not UTF-8.
    """
    if len(source) > LARGEST:
        raise FileProblems(file, [_too_large(len(source))])
    return source if isinstance(source, str) else _decoded(source, file)


def parse(source: bytes | str, *, file: str) -> dict[str, object]:
    """Return the tables of a TOML text.

    Args:
        source: The file's bytes, UTF-8 with or without a byte order mark, or its text.
        file: Its name, for messages.

    Raises:
        FileProblems: too large, not UTF-8, a spoilt or unseen character, or no TOML;
            all of these that can be told.
    """
    text = text_of(source, file=file)
    problems = [*spoilt_characters(text)]
    try:
        values = tomllib.loads(text, parse_float=BareDecimal)
    except RecursionError:
        problems.append(Problem(where="", code="syntax", message="brackets are nested too deeply"))
    except ValueError as mistake:
        problems.append(_syntax(str(mistake)))
    if not problems and "\\" in text:
        problems += _spoilt_by_escapes(values)
    if problems:
        raise FileProblems(file, problems)
    return values


def _spoilt_by_escapes(values: dict[str, object]) -> list[Problem]:
    """Return a mistake for each text or key that holds such a character by an escape.

    Without recursion: dotted keys nest tables as deep as a file is long.
    """
    problems: list[Problem] = []
    left: list[object] = [values]
    while left:
        match left.pop():
            case str() as text:
                problems += spoilt_characters(text, "a text with escapes")
            case dict() as table:
                left += [*table, *table.values()]
            case list() as found:
                left += found
            case _:
                pass
    return problems


def spoilt_characters(text: str, where: str = "") -> list[Problem]:
    """Return one mistake for each line that holds a spoilt or unseen character.

    Args:
        where: What `text` is inside its file; empty when it is the whole file.

    Source:
        Section 6, check 6 of the clinical rules: "no mojibake".
    """
    if text.isascii() and text.isprintable():
        return []
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.isascii() and line.isprintable():
            continue
        found = next((one for one in line if _is_spoilt(one)), "")
        if found:
            problems.append(_spoilt(found, where or f"line {number}"))
    return problems


def _is_spoilt(character: str) -> bool:
    if character in _ALLOWED:
        return False
    return character in MOJIBAKE or unicodedata.category(character) in _UNSEEN


def _spoilt(character: str, where: str) -> Problem:
    code = f"U+{ord(character):04X}"
    if character in MOJIBAKE:
        name = unicodedata.name(character).lower()
        message = f"the character {code} ({name}) shows a text that was read in a wrong encoding"
        return Problem(
            where=where, code="mojibake", message=message, hint="write the sign anew, in UTF-8"
        )
    message = f"the unseen character {code} cannot stand in a file of rules"
    return Problem(where=where, code="control", message=message, hint="delete it")


def _decoded(source: bytes, file: str) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        line = source.count(b"\n", 0, mistake.start) + 1
        message = f"byte {mistake.start + 1} is not UTF-8"
        problem = Problem(
            where=f"line {line}", code="encoding", message=message, hint="save the file as UTF-8"
        )
        raise FileProblems(file, [problem]) from None


def _too_large(size: int) -> Problem:
    message = f"{size:,} bytes is no file of rules; at most {LARGEST:,} are read"
    return Problem(where="", code="size", message=message)


def _syntax(message: str) -> Problem:
    match = _LINE.search(message)
    where = f"line {match['line']}" if match and match["line"] else ""
    said = "".join(one if one.isprintable() else "?" for one in _LINE.sub("", message))
    if match and match["column"]:
        said = f"{said} in column {match['column']}"
    elif match:
        said = f"{said} at the end of the file"
    return Problem(where=where, code="syntax", message=f"not TOML: {said}")
