"""Phrases of directions that say at which moments of the person's day."""

from __future__ import annotations

import re
from typing import Final

from medsched.domain.sig.parts import Moments, Part
from medsched.domain.sig.phrase import Phrase, fixed, unclear
from medsched.domain.sig.refusals import SigContradiction
from medsched.domain.timing import AtMoment, DayMoment

_MEALS: Final = {
    "breakfast": (
        DayMoment.BEFORE_BREAKFAST,
        DayMoment.WITH_BREAKFAST,
        DayMoment.AFTER_BREAKFAST,
    ),
    "lunch": (DayMoment.BEFORE_LUNCH, DayMoment.WITH_LUNCH, DayMoment.AFTER_LUNCH),
    "dinner": (DayMoment.BEFORE_DINNER, DayMoment.WITH_DINNER, DayMoment.AFTER_DINNER),
}
_SAME_MEAL: Final = {"supper": "dinner", "the evening meal": "dinner"}
_ANCHORS: Final = {
    "waking": DayMoment.WAKE,
    "noon": DayMoment.NOON,
    "bedtime": DayMoment.BEDTIME,
    "the start of breakfast": DayMoment.WITH_BREAKFAST,
    "the start of lunch": DayMoment.WITH_LUNCH,
    "the start of dinner": DayMoment.WITH_DINNER,
    "the usual morning time": DayMoment.MORNING,
    "the usual afternoon time": DayMoment.AFTERNOON,
    "the usual evening time": DayMoment.EVENING,
    "the usual night time": DayMoment.NIGHT,
}
_MEAL: Final = r"(breakfast|lunch|dinner|supper|the\s+evening\s+meal|meals)"
_OFFSET: Final = r"(?:(\d{1,3})\s*(?:hours?|h))?\s*(?:(\d{1,3})\s*(?:minutes?|mins?))?"
_PLAIN: Final = {
    DayMoment.WAKE: r"(?:on|upon)\s+waking(?:\s+up)?|when\s+waking(?:\s+up)?",
    DayMoment.MORNING: r"(?:every|each)\s+morning|in\s+the\s+mornings?|q\.?a\.?m\.?|a\.?m\.?",
    DayMoment.NOON: r"at\s+(?:noon|midday)|every\s+noon",
    DayMoment.AFTERNOON: r"(?:every|each)\s+afternoon|in\s+the\s+afternoons?",
    DayMoment.EVENING: r"(?:every|each)\s+evening|in\s+the\s+evenings?",
    DayMoment.NIGHT: r"(?:every|each)\s+night|at\s+night|nightly|nocte|q\.?n\.?",
    DayMoment.BEDTIME: r"(?:at|every|each|before)\s+bedtime|before\s+bed|q\.?h\.?s\.?|h\.?s\.?",
}


def _moment(moment: DayMoment, offset: int | None = None) -> Moments:
    return Moments((AtMoment(moment=moment, offset=offset),))


def _meals(match: re.Match[str], text: str) -> Part:
    """Read `30 minutes before breakfast`, `with meals`: a meal, or each of the three."""
    minutes = 60 * int(match[1] or 0) + int(match[2] or 0)
    offset: int | None = minutes if match[1] or match[2] else None
    right, side = match[3], match[4].lower()
    place = {"before": 0, "with": 1, "at": 1, "after": 2}[side]
    if right:
        offset = 0
    if offset is not None and place == 1 and not right:
        raise SigContradiction(text, f"{match[0]!r} is no time; write before or after the meal")
    if place == 0 and offset:
        offset = -offset
    name = re.sub(r"\s+", " ", match[5].lower())
    named = _MEALS if name == "meals" else {name: _MEALS[_SAME_MEAL.get(name, name)]}
    moments = (AtMoment(moment=one[place], offset=offset) for one in named.values())
    return Moments(tuple(moments))


def _offset(match: re.Match[str], text: str) -> Part:
    minutes = 60 * int(match[1] or 0) + int(match[2] or 0)
    if not match[1] and not match[2]:
        raise SigContradiction(text, f"{match[0]!r} says no length; write such as 30 minutes")
    anchor = _ANCHORS[re.sub(r"\s+", " ", match[4].lower())]
    return _moment(anchor, -minutes if match[3].lower() == "before" else minutes)


def _right_at(match: re.Match[str], _text: str) -> Part:
    for moment, pattern in _PLAIN.items():
        if re.fullmatch(pattern, match[1], re.IGNORECASE):
            return _moment(moment, 0)
    return _moment(DayMoment.MORNING, 0)


_ANCHOR: Final = "|".join(one.replace(" ", r"\s+") for one in _ANCHORS)

MOMENTS: Final[tuple[Phrase, ...]] = (
    *((pattern, fixed(_moment(moment))) for moment, pattern in _PLAIN.items()),
    (rf"right\s+({'|'.join(_PLAIN.values())})", _right_at),
    (rf"{_OFFSET}\s*(?:(right)\s+)?(before|with|at|after)\s+{_MEAL}", _meals),
    (
        rf"{_OFFSET}\s*(before|after)\s+({_ANCHOR})",
        _offset,
    ),
    (r"a\.?c\.?", fixed(Moments(tuple(AtMoment(moment=one[0]) for one in _MEALS.values())))),
    (r"p\.?c\.?", fixed(Moments(tuple(AtMoment(moment=one[2]) for one in _MEALS.values())))),
    (r"q?\.?p\.?m\.?", unclear("in the afternoon", "in the evening")),
)
