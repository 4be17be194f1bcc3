"""Phrases of directions that say how, for how long, how much at most, and the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from medsched.domain.medication import Route
from medsched.domain.sig.dose import PIECE
from medsched.domain.sig.numbers import DATE, NUMBER, WHOLE, day_of, number, whole
from medsched.domain.sig.parts import (
    Advice,
    Again,
    Apart,
    By,
    ByWeekday,
    Dates,
    InTurn,
    Lasts,
    Most,
    Needed,
    Part,
    Starts,
    Turn,
    Verb,
)
from medsched.domain.sig.refusals import SigAmbiguous, SigContradiction
from medsched.domain.timing import ForDays, ForDoses, UntilDay, UntilTold

if TYPE_CHECKING:
    from medsched.domain.sig.phrase import Phrase

_MOST_DAYS: Final = 3660
_MOST_DOSES: Final = 10_000
_DAY_HOURS: Final = 24
_WEEK: Final = 7

_ROUTES: Final = {
    Route.ORAL: r"by\s+mouth|orally|per\s+os|p\.?o\.?|oral",
    Route.SUBLINGUAL: r"under\s+the\s+tongue|sublingual(?:ly)?|s\.?l\.?",
    Route.SUBCUTANEOUS: (
        r"under\s+the\s+skin|subcutaneous(?:ly)?|sub-?\s?q|s\.?q\.?|sub-?cut|s\.?c\.?"
    ),
    Route.TRANSDERMAL: r"(?:on|onto|to)\s+the\s+skin|topically|transdermal(?:ly)?",
    Route.INHALED: r"by\s+inhalation|inhaled",
    Route.NASAL: r"in(?:to)?\s+(?:the|each)\s+nose|nasally|intranasal(?:ly)?",
    Route.OPHTHALMIC: r"in(?:to)?\s+the\s+eye",
}


def _by(route: Route) -> tuple[str, Part]:
    return _ROUTES[route], By(route)


def _days(match: re.Match[str], text: str) -> Part:
    count = whole(match[1]) * (_WEEK if match[2].lower().startswith("w") else 1)
    if not 1 <= count <= _MOST_DAYS:
        raise SigContradiction(text, f"{match[0]!r} is no length; use 1 to {_MOST_DAYS:,} days")
    return Lasts(ForDays(count))


def _months(match: re.Match[str], text: str) -> Part:
    count = whole(match[1])
    readings = (f"for {28 * count} days", f"for {30 * count} days")
    raise SigAmbiguous(text, match[0], readings)


def _doses(match: re.Match[str], text: str) -> Part:
    count = whole(match[1])
    if not 1 <= count <= _MOST_DOSES:
        raise SigContradiction(text, f"{match[0]!r} is no count; use 1 to {_MOST_DOSES:,} doses")
    return Lasts(ForDoses(count))


def _until(match: re.Match[str], text: str) -> Part:
    return Lasts(UntilDay(day_of(match[1], text)))


def _until_unclear(match: re.Match[str], text: str) -> Part:
    shown = day_of(match[1], text)
    raise SigAmbiguous(
        text, match[0], (f"until and including {shown:%d %B %Y}", "until the day before")
    )


def _starts(match: re.Match[str], text: str) -> Part:
    return Starts(day_of(match[1], text))


def _dates(match: re.Match[str], text: str) -> Part:
    shown = re.finditer(DATE, match[0], re.IGNORECASE)
    return Dates(tuple(day_of(one[0], text) for one in shown))


def _apart(match: re.Match[str], text: str) -> Part:
    return Apart(_hours(match[1], text))


def _hours(shown: str, text: str) -> int:
    hours = whole(shown)
    if not 1 <= hours <= _DAY_HOURS * _WEEK:
        raise SigContradiction(text, f"{shown} hours: use 1 to {_DAY_HOURS * _WEEK}")
    return hours


def _most(match: re.Match[str], text: str) -> Part:
    """Read `at most 4 doses in 24 hours`, `max 8 tablets a day`, `up to 4 times a day`."""
    word = (match[2] or "").lower().removesuffix("s")
    hours = _hours(match[3], text) if match[3] else _DAY_HOURS
    return Most(number(match[1]), word, hours, calendar_day=match[3] is None)


_N_HOURS: Final = rf"({WHOLE})\s*(?:hours?|hrs?|h)"
_AT_MOST: Final = (
    r"(?:at\s+most|max(?:imum)?\.?(?:\s+of)?|no\s+more\s+than|not\s+more\s+than|up\s+to"
    r"|(?:do\s+)?not\s+(?:to\s+)?exceed)"
)
_WINDOW: Final = (
    rf"(?:(?:in|per|within|every|in\s+any)\s*(?:any\s+)?{_N_HOURS}"
    r"|(?:a|per|each|every|in\s+a|in\s+one)\s+day|daily|/\s?day)"
)
_WHAT: Final = rf"(doses?|times|{PIECE}|mg|mcg|micrograms?|g|grams?|ml|units?)"

_IF_NEEDED: Final = r"(?:(?:only\s+)?(?:if|when|as)\s+(?:needed|required)|p\.?r\.?n\.?)"
_SYMPTOM: Final = (
    r"(?:pain|fever|nausea|vomiting|headache|migraine|itching|cough|anxiety|insomnia|sleep"
    r"|wheezing|heartburn|constipation|diarrh?o?ea|spasms?|dizziness|allerg(?:y|ies))"
)
"""What a medicine is often needed for, written right after `as needed`."""

_TURNS: Final[tuple[tuple[str, Part], ...]] = (
    (r"in\s+turn", InTurn()),
    (r"on\s+one\s+(?:dose\s+)?day", Turn(first=True)),
    (r"on\s+the\s+next\s+(?:dose\s+)?day", Turn(first=False)),
    (r"then\s+from\s+the\s+start\s+again", Again()),
    (r"by\s+weekday", ByWeekday()),
)

_ADVICE: Final = (
    r"with\s+food|with\s+(?:a\s+(?:full\s+)?glass\s+of\s+)?water|on\s+an\s+empty\s+stomach"
    r"|without\s+food|with\s+or\s+without\s+food|swallow(?:ed)?\s+whole"
    r"|do\s+not\s+(?:crush|chew|split)(?:\s+or\s+(?:crush|chew|split))*"
)


def _fixed(pattern: str, part: Part) -> Phrase:
    return pattern, lambda _match, _text: part


HOW: Final[tuple[Phrase, ...]] = (
    _fixed(r"take|swallow|use|apply|inject|inhale|put|instil|give|chew|dissolve", Verb()),
    *(_fixed(*_by(route)) for route in _ROUTES),
    *(_fixed(*one) for one in _TURNS),
    (_ADVICE, lambda match, _text: Advice(re.sub(r"\s+", " ", match[0].lower()))),
    (rf"(?:for|x|\u00d7|during)\s*({WHOLE})\s*(days?|d|weeks?|wks?|w|/7)", _days),
    (rf"(?:for|x|\u00d7|during)\s*({WHOLE})\s*(?:months?|mos?|/12)", _months),
    (rf"(?:for|x|\u00d7)\s*({WHOLE})\s*doses?", _doses),
    (rf"(?:until\s+and\s+including|up\s+to\s+and\s+including|through)\s+({DATE})", _until),
    (rf"(?:until|till|til|to)\s+({DATE})", _until_unclear),
    _fixed(
        r"until\s+told(?:\s+otherwise|\s+to\s+stop)?|until\s+further\s+notice|ongoing|indefinitely",
        Lasts(UntilTold()),
    ),
    (rf"(?:starting|start|from|beginning)\s+(?:on\s+)?({DATE})", _starts),
    (rf"on\s+{DATE}(?:,\s*{DATE})*\s+and\s+so\s+on", _dates),
    _fixed(_IF_NEEDED, Needed()),
    (rf"{_IF_NEEDED}\s+({_SYMPTOM})", lambda match, _text: Needed(match[1])),
    (rf"(?:at\s+least\s+)?{_N_HOURS}\s+(?:apart|between\s+doses)", _apart),
    (rf"(?:not|no)\s+more\s+(?:often\s+)?than\s+every\s+{_N_HOURS}", _apart),
    (r"at\s+least\s+(?:an|one|1)\s+hour\s+(?:apart|between\s+doses)", lambda *_: Apart(1)),
    (rf"{_AT_MOST}\s*({NUMBER})\s*{_WHAT}?\s*{_WINDOW}", _most),
)
