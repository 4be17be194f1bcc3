"""The ways in which directions are refused: nothing in them is guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medsched.errors import MedschedError

if TYPE_CHECKING:
    from collections.abc import Sequence


def quoted(words: str) -> str:
    """Return words between quotes, with plain spaces, and with what cannot be seen escaped."""
    return repr(re.sub(r"[\u00a0\u2009\u202f]", " ", words))


class SigRefused(MedschedError):
    """Directions that are not read: nothing is guessed."""

    def __init__(self, text: str, sentence: str) -> None:
        """Keep the whole text; the sentence says what is wrong and what would be right."""
        self.text = text
        super().__init__(f"directions {quoted(text)}: {sentence}")


class SigNotUnderstood(SigRefused):
    """A part of the directions is in no grammar."""

    def __init__(self, text: str, position: int, words: str) -> None:
        """Keep the part and its place, counted in characters from 1."""
        self.position, self.words = position, words
        super().__init__(
            text,
            f"{quoted(words)}, from character {position}, is not understood;"
            " write how much, how often and for how long, such as"
            " 'take 1 tablet twice a day for 7 days'",
        )


class SigAmbiguous(SigRefused):
    """A part of the directions can be read in more than one way."""

    def __init__(self, text: str, words: str, readings: Sequence[str]) -> None:
        """Keep the part and its readings."""
        self.words, self.readings = words, tuple(readings)
        shown = " or ".join(quoted(one) for one in readings)
        super().__init__(text, f"{quoted(words)} can mean {shown}; write the one that is meant")


class SigContradiction(SigRefused):
    """Parts of the directions do not go together, or one is missing."""
