"""Text that any reader can take: no control character leaves this room.

icalendar passes control characters through and several readers end a line at
U+2028 or U+0085, so every text is cleaned before it is escaped and folded.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

_ENDS: Final = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_GAPS: Final = re.compile(r"\t+")
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
# Lone halves of a pair cannot be written in UTF-8; the others are no characters at all.
_BROKEN: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
# RFC 3986: what a link may hold without being quoted; `%` so that nothing is quoted twice.
_LINK: Final = "%:/?#[]@!$&'()*+,;=-._~"


def lines(text: str) -> str:
    r"""Return `text` with line feeds between its lines and nothing that a reader may refuse.

    Every kind of line end becomes one line feed, a tab a space, other control
    characters go, and what is no character becomes U+FFFD. Spaces at the end of a line
    go too: readers disagree on them.

    Source:
        RFC 5545, sections 3.1 and 3.3.11.

    >>> lines("a\r\nb\x07c")
    'a\nbc'
    """
    plain = _CONTROLS.sub("", _GAPS.sub(" ", _ENDS.sub("\n", text)))
    whole = _BROKEN.sub("\ufffd", plain)
    return "\n".join(line.rstrip(" ") for line in whole.split("\n")).strip("\n")


def one_line(text: str) -> str:
    r"""Return `text` cleaned, as one line.

    >>> one_line(" 25 mg\n1 tablet ")
    '25 mg 1 tablet'
    """
    return " ".join(part for part in lines(text).split("\n") if part).strip(" ")


def link(address: str) -> str:
    """Return `address` as plain ASCII without blanks or control characters.

    >>> link("https://example.org/a b")
    'https://example.org/a%20b'
    """
    return quote(one_line(address), safe=_LINK)
