"""Directions taken apart: the whole text, phrase by phrase, or a refusal.

At each place the longest phrase wins. Only spaces, commas, colons, full stops and `and`
may stand between phrases.
"""

from __future__ import annotations

import re
from typing import Final

from medsched.domain.sig.days import DAYS
from medsched.domain.sig.dose import read_dose
from medsched.domain.sig.how import HOW
from medsched.domain.sig.moments import MOMENTS
from medsched.domain.sig.often import OFTEN
from medsched.domain.sig.parts import Found, Needed
from medsched.domain.sig.refusals import SigContradiction, SigNotUnderstood

_PHRASES: Final = tuple(
    (re.compile(rf"(?:{pattern})(?!\w)", re.IGNORECASE), meaning)
    for pattern, meaning in (*OFTEN, *MOMENTS, *DAYS, *HOW)
)
_BETWEEN: Final = re.compile(r"(?:[\s;:]|[,.](?!\d)|(?:and|&)(?!\w))+", re.IGNORECASE)
"""A point or a comma before a digit is part of a number, never something between."""
_STRANGE: Final = re.compile(
    r"[^\x20-\x7e\n\t\u00a0\u2009\u202f\u00bc-\u00be\u00b5\u03bc\u2013\u00d7\u00c0-\u017e]"
)
_REASON: Final = re.compile(r"\s+for\s+(?=[^\W\d])", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_LONGEST: Final = 1000
_LONGEST_REASON: Final = 5


def scan(text: str, at: int = 0) -> list[Found]:
    """Return the parts of `text` from a place on, in order, none left over.

    Raises:
        SigRefused: a part that is not understood, or that can be read in two ways.
    """
    if len(text) > _LONGEST:
        raise SigContradiction(text[:40], f"too long; use at most {_LONGEST} characters")
    strange = _STRANGE.search(text)
    if strange is not None:
        raise SigNotUnderstood(text, strange.start() + 1, strange[0])
    found: list[Found] = []
    at = _skip(text, at)
    while at < len(text):
        one = _longest(text, at)
        if one is None:
            raise _not_understood(text, at)
        found.append(one)
        at = _skip(text, one.end)
    return found


def _skip(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return at if between is None else between.end()


def _longest(text: str, at: int) -> Found | None:
    matches = ((pattern.match(text, at), meaning) for pattern, meaning in _PHRASES)
    known = [(match, meaning) for match, meaning in matches if match is not None]
    best = max(known, key=lambda pair: pair[0].end(), default=None)
    dose = read_dose(text, at)
    if best is None or (dose is not None and dose.end > best[0].end()):
        return dose
    match, meaning = best
    part = meaning(match, text)
    if isinstance(part, Needed) and not part.reason:
        return _with_reason(text, at, match.end())
    return Found(part, at, match.end())


def _with_reason(text: str, start: int, end: int) -> Found:
    """Read `for pain` after `as needed`: the words up to the next phrase."""
    head = _REASON.match(text, end)
    if head is None:
        return Found(Needed(), start, end)
    at, words = head.end(), 0
    while words < _LONGEST_REASON and (word := _WORD.match(text, at)) is not None:
        if _starts_phrase(text, at):
            break
        end, words = word.end(), words + 1
        at = end + len(re.match(r"\s*", text[end:])[0])  # type: ignore[index]  # always matches
    reason = text[head.end() : end] if words else ""
    return Found(Needed(re.sub(r"\s+", " ", reason)), start, end)


def _starts_phrase(text: str, at: int) -> bool:
    if any(pattern.match(text, at) for pattern, _ in _PHRASES):
        return True
    return _BETWEEN.match(text, at) is not None or read_dose(text, at) is not None


def _not_understood(text: str, at: int) -> SigNotUnderstood:
    """Return the refusal of the words up to the next phrase that is understood."""
    end = at
    while end < len(text):
        step = re.compile(r"\s*\S+").match(text, end)
        end = step.end() if step is not None else len(text)
        following = _skip(text, end)
        if following >= len(text) or _is_known(text, following):
            break
    return SigNotUnderstood(text, at + 1, text[at:end].strip(" ,;:."))


def _is_known(text: str, at: int) -> bool:
    try:
        return _starts_phrase(text, at)
    except SigContradiction:
        return True
