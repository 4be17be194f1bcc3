"""What is typed is text that can be stored and shown: no control characters, no broken bytes.

A name that moves the cursor, turns the reading direction or holds half a character could
hide a dose on a screen, or stop a command half way. One look at all arguments refuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from unicodedata import category

from medsched.errors import Exit, MedschedError

if TYPE_CHECKING:
    from collections.abc import Iterable

_REFUSED: Final = frozenset({"Cc", "Cs"})
_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES: Final = frozenset("\n\t")


class UnreadableArgument(MedschedError):
    """A typed word with a character that is no text."""

    exit_code = Exit.USAGE

    def __init__(self, given: str, sign: str) -> None:
        """Keep the word and the first character that is refused."""
        self.given, self.sign = given, sign
        super().__init__(f"argument {given!a}: holds {sign!a}, which cannot be shown; leave it out")


def check_arguments(arguments: Iterable[str]) -> None:
    """Refuse control characters, marks that turn the reading direction, and broken bytes.

    Raises:
        UnreadableArgument: with the first of them.
    """
    for one in arguments:
        for sign in one:
            if sign in _SPACES:
                continue
            if sign in _DIRECTIONS or category(sign) in _REFUSED:
                raise UnreadableArgument(one, sign)
