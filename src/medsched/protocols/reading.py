"""What is noted while a file is read, and how one text in it is understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from medsched.errors import InvalidValue, Problem
from medsched.protocols.document import BareDecimal

if TYPE_CHECKING:
    from medsched.domain.protocol import Phase

T = TypeVar("T")

_LONGEST: Final = 4000
_SHOWN: Final = 60
_WITH_UNIT: Final = 'write text in quotes with its unit, such as "12.5 mg" or "14 days"'
_BLANKS: Final = re.compile(r"[ \t\r\n]+")


@dataclass(slots=True)
class Reading:
    """What is kept while one file is read.

    Args:
        mistakes: In the order of the file's sections.
        named_rules: Path and id of each rule that something names.
        phases: Path and value of each phase that has no mistake of its own.
        own: A person's own regimen, which needs no rules.
    """

    mistakes: list[Problem] = field(default_factory=list)
    named_rules: list[tuple[str, str]] = field(default_factory=list)
    phases: list[tuple[str, Phase]] = field(default_factory=list)
    own: bool = False

    def note(self, where: str, code: str, message: str, hint: str = "") -> None:
        """Note one mistake."""
        self.mistakes.append(Problem(where=where, code=code, message=message, hint=hint))


def read_text(value: object, where: str, reader: Callable[[str], T], reading: Reading) -> T | None:
    """Return a text as `reader` understands it; None after noting a mistake."""
    if isinstance(value, BareDecimal) or (isinstance(value, int) and not isinstance(value, bool)):
        message = f"{shown(value)} is a number without a unit"
        reading.note(where, "unit", message, _WITH_UNIT)
        return None
    if not isinstance(value, str):
        reading.note(where, "type", f"{kind_of(value)} cannot be used; write text in quotes")
        return None
    text = _BLANKS.sub(" ", value).strip()
    if not 0 < len(text) <= _LONGEST:
        reading.note(where, "empty" if not text else "size", "is empty" if not text else "too long")
        return None
    try:
        return reader(text)
    except InvalidValue as mistake:
        message = f"{shown(mistake.given)} cannot be used; {mistake.wanted}"
        reading.note(where, "value", message)
        return None


def one_of(text: str, words: Mapping[str, T]) -> T:
    """Return what a word of a closed list means.

    Raises:
        InvalidValue: with the nearest word, or all of them.
    """
    if text in words:
        return words[text]
    near = nearest_words(text, words)
    raise InvalidValue("word", repr(text), f"use {near}" if near else f"use {', '.join(words)}")


def nearest_words(text: str, known: Mapping[str, T] | set[str]) -> str:
    """Return the known word that is most like `text`, or an empty text."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(text[:_SHOWN], sorted(known), n=1, cutoff=0.6)), "")


def shown(value: object) -> str:
    """Return a value short enough for one line."""
    text = "a very large number" if isinstance(value, int) and abs(value) >= 10**18 else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def kind_of(value: object) -> str:
    """Return what kind of TOML value it is, in words."""
    match value:
        case bool():
            return "true" if value else "false"
        case BareDecimal() | int():
            return f"the number {shown(value)}"
        case str():
            return f"the text '{shown(value)}'"
        case list():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return f"the date or time {value}"
