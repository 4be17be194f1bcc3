"""Text that is safe to hand to any channel.

A name typed by a person ends up in a mail header, a terminal, a phone. So control and
escape characters go, line breaks leave titles, and characters that reorder what a
reader sees (bidirectional overrides, which can show 50 as 05) go too. Letters of every
script, emoji and their joiners stay. A text that is too long loses its middle lines,
never its beginning, where a repeat is called a repeat, nor its end of validity.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC
from typing import TYPE_CHECKING, Final

from medsched.services.message import MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from medsched.services.message import Message

TITLE_CHARACTERS: Final = 200
"""Longest title, in characters: a lock screen shows fewer, a mail header wants less than 998."""

_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SPACES: Final = re.compile("[ \t\n]+")  # no-break spaces stay: they hold number and unit together
_ESCAPES: Final = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    "|\x1b[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?"  # OSC and other strings: window titles, links
    "|\x1b[ -/]*[0-~]"  # the two-character escapes
)
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE: Final = frozenset("\ufeff\ufff9\ufffa\ufffb\u00ad\u180e\u2060")


def plain(text: str) -> str:
    r"""Return `text` with line feeds as its only control characters.

    >>> plain("50\x1b[31m mg\r\nat\x00 08:00")
    '50 mg\nat 08:00'
    """
    text = _ESCAPES.sub("", _BREAKS.sub("\n", text))
    return "".join(_allowed(text)).strip("\n")


def one_line(text: str, limit: int = TITLE_CHARACTERS) -> str:
    r"""Return `text` on one line of at most `limit` characters, fit for a header.

    >>> one_line("Dose\r\nBcc: all@example.org")
    'Dose Bcc: all@example.org'
    """
    line = _SPACES.sub(" ", plain(text)).strip(" ")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def body_of(message: Message, *, links: bool) -> str:
    """Return the body as lines: what is said and, unless it is over, until when and the links.

    The end of validity is said in UTC when the text does not say it itself: a phone that
    was off for hours must be able to tell an old message from a new one.

    Args:
        links: True writes each button as a line `Taken: address`.
    """
    lines = [plain(message.body)]
    if message.kind is MessageKind.CLEAR:
        return lines[0]
    if message.valid_until is not None and "valid until" not in lines[0].casefold():
        end = message.valid_until.astimezone(UTC)
        lines.append(f"Valid until {end:%H:%M} UTC on {end.day} {end:%B %Y}.")
    if links:
        lines += [f"{one_line(each.label)}: {each.url}" for each in message.buttons]
    return "\n".join(line for line in lines if line)


def clipped(text: str, limit: int, *, size: Callable[[str], int] = len) -> str:
    """Return `text`, or as many of its first lines as leave room for how long it is valid.

    Args:
        limit: Largest allowed size, at least 80.
        size: How the channel counts; characters unless told otherwise.
    """
    if size(text) <= limit:
        return text
    kept = [line for line in text.split("\n") if "valid until" in line.casefold()][-1:]
    tail = "\n".join(["…", *(_head(line, limit // 2, size) for line in kept)])
    return _head(text, limit - size(tail), size) + tail


def utf8_size(text: str) -> int:
    """Return the number of bytes of `text` in UTF-8."""
    return len(text.encode())


def _head(text: str, limit: int, size: Callable[[str], int]) -> str:
    """Return the longest beginning of `text` whose size is at most `limit`."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    return text[:low]


def _allowed(text: str) -> Iterator[str]:
    """Yield the characters that may be shown; a lone surrogate becomes a question mark."""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            yield "?"
        elif character in "\n\t" or not (
            category == "Cc" or character in _REORDERING or character in _INVISIBLE
        ):
            yield character
