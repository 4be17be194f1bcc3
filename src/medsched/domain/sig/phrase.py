"""A phrase of directions: a pattern, and what a match of it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from medsched.domain.sig.numbers import whole
from medsched.domain.sig.parts import Part
from medsched.domain.sig.refusals import SigAmbiguous, SigContradiction

Meaning = Callable[[re.Match[str], str], Part]
Phrase = tuple[str, Meaning]

LIST: Final = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)"
"""What stands between the parts of a list."""


def fixed(part: Part) -> Meaning:
    """Return the meaning of a phrase that always means the same."""
    return lambda _match, _text: part


def unclear(*readings: str) -> Meaning:
    """Return the meaning of a phrase that two careful people read differently: a refusal."""

    def refuse(match: re.Match[str], text: str) -> Part:
        raise SigAmbiguous(text, match[0], readings)

    return refuse


def in_bounds(shown: str, text: str, most: int, subject: str) -> int:
    """Return a whole number from 1 to `most`.

    Raises:
        SigContradiction: it is out of bounds.
    """
    value = whole(shown)
    if not 1 <= value <= most:
        raise SigContradiction(text, f"{shown} {subject}: use 1 to {most:,}")
    return value
