"""Reads a text for people as a medication-safety officer would: what in it can be misread?

`violations(text)` returns one line for each thing that the safe display rules forbid:
error-prone abbreviations and symbols, naked points and trailing zeros, a unit glued to
its number or parted from it at the end of a line, thousands without a comma. Plain text
only: take the text out of a page before asking. Addresses, paths, e-mail addresses, phone
numbers and names of time zones (offsets too) are no instructions and are left out.

Source:
    Joint Commission "Do not use" list; ISMP list of error-prone abbreviations.
"""

import re
from typing import Final

NBSP: Final = "\u00a0"

_NOT_WORDING: Final = re.compile(
    r"\S+://\S+|\S+@\S+\.\S+|(?<!\S)(?:~|\.{0,2})/\S+|\+\d[\d ]{6,}"
    r"|\b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)"
    r"(?:/[A-Za-z0-9_+-]+)+"
    r"|\bUTC[+-]\d\d:\d\d\b"
)

_ABBREVIATIONS: Final = (
    # Latin and other shorthand for how often, where and how; any case.
    (
        r"(?i:\b(?:q\.?[dhno]\.?d?|qod|qhs|qn|qam|qpm|qw|q1d|qds|qid|bid|tid|tds|tiw|biw|bds|prn|"
        r"q\d+\s?(?:h|hr|hrs|d|w|am|pm)|[bt]\.i\.d|q\.i\.d|p\.r\.n|h\.s|o\.d|a\.c|p\.c|p\.o|"
        r"iu|ud|sos|stat|mso4|mgso4|d/c|s\.c|i\.m|i\.v)\b\.?)"
    ),
    # Shorthand that is a word or an initial in lower or upper case.
    r"\b(?:MS|SC|SQ|HS|hs|BT|OD|OS|OU|od|AC|PC|PO|po|IM|IV|SL|U|ss|cc|QD|DC|tab|tabs|cap|caps)\b",
    r"(?<=\d)\s?[uU]\b",
)
_SYMBOLS: Final = re.compile(r"[<>@&+\u00b0\u2264\u2265]|[\u00b5\u03bc]g|\bug\b")
_SLASH: Final = re.compile(r"\w+/\w+")
_NAKED_POINT: Final = re.compile(r"(?<![\w.])\.\d+")
_TRAILING_ZERO: Final = re.compile(r"(?<![\d.,])(?<!version )\d[\d,]*\.\d*0(?![\d.]*\d)")
_UNITS: Final = (
    r"mg|mcg|micrograms?|milligrams?|milliliters?|millilitres?|kg|g|mL|L|units?"
    r"|tablets?|capsules?|patch(?:es)?|drops?|puffs?|pieces?|measures?|injections?"
)
_WITH_UNIT: Final = re.compile(rf"(?<![\w.,])(\d[\d.,]*)(\s*)({_UNITS})\b")
_WRONG_UNIT: Final = re.compile(r"(?<=\d)\s*(?:ML|ml|MG|Mg|MCG|Mcg|KG|mgs|mls|gm|gms|l|mcgs)\b")
_STOP_AFTER_UNIT: Final = re.compile(r"\b(?:mg|mcg|kg|g|mL)\.(?=\s+[a-z0-9(])")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?")
_CUT_OFF: Final = re.compile(r"\w(?:\u2026|\.\.\.)")


def violations(text: str) -> list[str]:
    """Return what in `text` can be misread, one line each; an empty list is a safe text."""
    wording = _NOT_WORDING.sub(" ", text)
    found = [
        f"abbreviation: {match[0].strip()!r}"
        for pattern in _ABBREVIATIONS
        for match in re.finditer(pattern, wording)
    ]
    for name, pattern in (
        ("symbol", _SYMBOLS),
        ("slash", _SLASH),
        ("no zero before the point", _NAKED_POINT),
        ("zero after the point", _TRAILING_ZERO),
        ("unit written unsafely", _WRONG_UNIT),
        ("full stop after a unit", _STOP_AFTER_UNIT),
        ("cut off", _CUT_OFF),
    ):
        found += [f"{name}: {match[0].strip()!r}" for match in pattern.finditer(wording)]
    for match in _WITH_UNIT.finditer(wording):
        found += _number_and_unit(*match.groups(), shown=match[0])
    return found


def _number_and_unit(number: str, gap: str, unit: str, *, shown: str) -> list[str]:
    found = []
    if not gap:
        found.append(f"unit glued to its number: {shown!r}")
    elif gap != NBSP:
        found.append(f"no no-break space before the unit: {shown!r}")
    if not _GROUPED.fullmatch(number.rstrip(".,")):
        found.append(f"thousands without a comma, or a comma as a point: {number + ' ' + unit!r}")
    return found
