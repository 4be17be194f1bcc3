"""One dose in directions: how it is written, and what amount it is of a medicine."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import EXACT, NBSP, Amount, Unit, amount, plain
from medsched.domain.medication import piece_words
from medsched.domain.sig.numbers import NUMBER, number
from medsched.domain.sig.parts import Count, Found, Much, Nothing, Slots
from medsched.domain.sig.refusals import SigAmbiguous, SigContradiction
from medsched.domain.tablets import CannotBeMade, can_be_made, nearest

if TYPE_CHECKING:
    from medsched.domain.medication import Medication

PIECE: Final = (
    r"(?:tablets?|tabs?|capsules?|caps?|patch(?:es)?|drops?|puffs?|injections?|measures?|pills?)"
)
_UNIT: Final = (
    r"(?:mg|milligrams?|mcg|ug|\u00b5g|\u03bcg|micrograms?|grams?|g|ml|millilit(?:er|re)s?|units?)"
)
_WORDS: Final = {
    "tab": "tablet",
    "cap": "capsule",
    "pill": "tablet",
    "patche": "patch",
}
_COUNTED: Final = {
    "tablet": Unit.TABLET,
    "capsule": Unit.CAPSULE,
    "patch": Unit.PATCH,
    "drop": Unit.DROP,
    "puff": Unit.PUFF,
}
_MICROGRAMS: Final = {Unit.MCG: 1, Unit.MG: 1_000, Unit.G: 1_000_000}


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_RANGE: Final = _compiled(
    rf"({NUMBER})\s*(?:-|\u2013|to|or)\s*({NUMBER})\s*(?:{PIECE}|{_UNIT})(?!\w)"
)
_COMMA: Final = _compiled(rf"(\d+),(\d{{1,2}})\s*(?:{PIECE}|{_UNIT})(?!\w)")
_NAKED: Final = _compiled(rf"\.(\d+)\s*(?:{PIECE}|{_UNIT})(?!\w)")
_PART: Final = _compiled(
    r"(?:an?\s+)?(half|quarter|three\s+quarters)(?:\s+of)?(?:\s+an?)?\s+"
    rf"({PIECE})(?!\w)"
)
_PIECES: Final = _compiled(rf"({NUMBER}|an?(?=\s))\s*({PIECE})(?!\w)")
_STRENGTHS: Final = _compiled(rf"({NUMBER})(\s*x)?\s+({NUMBER}\s*{_UNIT})\s+({PIECE})(?!\w)")
_OF: Final = _compiled(rf"\s+of\s+({NUMBER}\s*{_UNIT})(?!\w)")
_IN_ALL: Final = _compiled(rf"\s*\(\s*({NUMBER}\s*{_UNIT})(\s+(?:total|in\s+all))?\s*\)")
_AMOUNT: Final = _compiled(rf"({NUMBER}\s*{_UNIT})(?!\w)")
_BARE: Final = _compiled(rf"({NUMBER})(?![\w.,:/\u2013-]*[\w])")
_AND: Final = _compiled(r"\s+and\s+")
_SLOT: Final = r"(?:\d+(?:\.5|\u00bd)?|\u00bd|1/2|0\.5)"
_SLOTS: Final = _compiled(rf"{_SLOT}(?:\s*-\s*{_SLOT}){{2,3}}(?:\s*{PIECE})?(?![\w-])")
_NOTHING: Final = _compiled(r"(?:nothing|none|no\s+dose)(?!\w)")


def read_dose(text: str, at: int) -> Found | None:
    """Return the dose that starts at this place of the text, None when there is none.

    Raises:
        SigAmbiguous: a range, a comma or a naked point in a number.
    """
    _refuse_unclear(text, at)
    slots = _SLOTS.match(text, at)
    if slots is not None:
        shown = re.findall(_SLOT, slots[0])
        return Found(Slots(tuple(_slot(one) for one in shown)), at, slots.end())
    nothing = _NOTHING.match(text, at)
    if nothing is not None:
        return Found(Nothing(), at, nothing.end())
    return _pieces(text, at) or _plain_amount(text, at) or _bare(text, at)


def _slot(shown: str) -> Decimal:
    return number(shown) if shown != "0" else Decimal(0)


def _refuse_unclear(text: str, at: int) -> None:
    between = _RANGE.match(text, at)
    if between is not None:
        raise SigAmbiguous(text, between[0], (between[1], between[2]))
    comma = _COMMA.match(text, at)
    if comma is not None:
        readings = (f"{comma[1]}.{comma[2]}", f"{comma[1]}{comma[2]}")
        raise SigAmbiguous(text, comma[0], readings)
    naked = _NAKED.match(text, at)
    if naked is not None:
        raise SigAmbiguous(text, naked[0], (f"0.{naked[1]}", naked[1]))


def _pieces(text: str, at: int) -> Found | None:
    """Read `1 tablet`, `2 tablets of 50 mg and 1 tablet of 25 mg (125 mg)`, `two 10 mg tablets`."""
    found = _one_count(text, at)
    if found is None:
        return None
    counts, end = [found[0]], found[1]
    while counts[-1].strength is not None and (link := _AND.match(text, end)) is not None:
        more = _one_count(text, link.end())
        if more is None or more[0].strength is None:
            break
        counts.append(more[0])
        end = more[1]
    in_all = _IN_ALL.match(text, end)
    whole = _amount(in_all[1], text) if in_all is not None else None
    said = in_all is not None and in_all[2] is not None
    return Found(Much(tuple(counts), whole, said), at, in_all.end() if in_all else end)


def _one_count(text: str, at: int) -> tuple[Count, int] | None:
    strengths = _STRENGTHS.match(text, at)
    if strengths is not None and strengths[1][-1].isdigit() and not strengths[2]:
        shown = f"{strengths[1]} {strengths[3]}"
        each, glued = f"{strengths[1]} of {strengths[3]}", f"{strengths[1]}{strengths[3]}"
        raise SigAmbiguous(text, shown, (each, glued))
    if strengths is not None:
        strength = _amount(strengths[3], text)
        return Count(_number(strengths[1], text), _word(strengths[4]), strength), strengths.end()
    part, pieces = _PART.match(text, at), _PIECES.match(text, at)
    match = part or pieces
    if match is None:
        return None
    given = match[1].lower()
    count = Decimal(1) if given in {"a", "an"} else _number(given, text)
    of = _OF.match(text, match.end())
    each_one = _amount(of[1], text) if of is not None else None
    return Count(count, _word(match[2]), each_one), of.end() if of is not None else match.end()


def _number(shown: str, text: str) -> Decimal:
    parts = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
    words = re.sub(r"\s+", " ", shown.lower())
    value = parts.get(words) or (Decimal("0.75") if words == "three quarters" else number(words))
    if value <= 0:
        raise SigContradiction(text, f"{shown!r} is no number of pieces; write halves or quarters")
    return value


def _word(shown: str) -> str:
    word = shown.lower().removesuffix("s")
    return _WORDS.get(word, word)


def _amount(shown: str, text: str) -> Amount:
    match = re.fullmatch(rf"({NUMBER})\s*({_UNIT})", shown, re.IGNORECASE)
    if match is None:
        raise SigContradiction(text, f"{shown!r} is no amount; write it such as 12.5{NBSP}mg")
    value = _number(match[1], text)
    return amount(f"{plain(value)} {match[2].lower()}")


def _plain_amount(text: str, at: int) -> Found | None:
    match = _AMOUNT.match(text, at)
    return None if match is None else Found(Much((), _amount(match[1], text)), at, match.end())


def _bare(text: str, at: int) -> Found | None:
    match = _BARE.match(text, at)
    if match is None:
        return None
    return Found(Much((Count(_number(match[1], text), ""),)), at, match.end())


def amount_of(much: Much, medication: Medication | None, text: str) -> Amount:
    """Return the amount of one dose, of a medicine if one is given.

    Raises:
        SigAmbiguous: pieces of a medicine that has several strengths, none of them named.
        SigContradiction: pieces that are not this medicine's, or do not add up.
        CannotBeMade: an amount that the medicine's pieces do not make.
    """
    if medication is None:
        return _without_medicine(much, text)
    value = _summed(much, medication, text) if much.pieces else much.amount
    value = in_unit(value, medication.unit, text) if value is not None else medication.smallest
    if not can_be_made(value, medication):
        raise CannotBeMade(value, medication, nearest(value, medication))
    return value


def _without_medicine(much: Much, text: str) -> Amount:
    named = [_times(one.strength, one.count) for one in much.pieces if one.strength is not None]
    if named:
        in_all = sum(named[1:], start=named[0])
        if much.amount not in {None, in_all}:
            raise SigContradiction(text, f"the pieces add up to {in_all}, not {much.amount}")
        return in_all
    if much.amount is not None:
        for count in () if much.in_all else much.pieces[:1]:
            _refuse_each(count, much.amount, text)
        return much.amount
    one = much.pieces[0]
    unit = _COUNTED.get(one.word or "tablet")
    if unit is None:
        raise SigContradiction(text, f"{one.word!r} says no amount; write it, such as 25{NBSP}mg")
    return Amount(one.count, unit)


def _times(strength: Amount, count: Decimal) -> Amount:
    return Amount(Decimal(plain(EXACT.multiply(strength.value, count))), strength.unit)


def _summed(much: Much, medication: Medication, text: str) -> Amount:
    sums = [_of_medicine(one, much, medication, text) for one in much.pieces]
    in_all = sum(sums[1:], start=sums[0])
    if much.amount is not None and in_unit(much.amount, medication.unit, text) != in_all:
        raise SigContradiction(text, f"the pieces add up to {in_all}, not {much.amount}")
    return in_all


def _of_medicine(one: Count, much: Much, medication: Medication, text: str) -> Amount:
    words = {piece_words(medication.form, Decimal(1)), ""}
    if one.word not in words and medication.unit is not _COUNTED.get(one.word):
        wanted = f"{medication.name} comes as {piece_words(medication.form, Decimal(2))}"
        raise SigContradiction(text, f"{one.word!r} is another form; {wanted}")
    return _times(_strength(one, much, medication, text), one.count)


def _strength(one: Count, much: Much, medication: Medication, text: str) -> Amount:
    strengths = medication.strengths
    if one.strength is not None:
        strength = in_unit(one.strength, medication.unit, text)
        if strength in strengths:
            return strength
        raise SigContradiction(text, f"{one.strength} is no strength; use {_listed(strengths)}")
    if much.amount is not None:
        return _strength_of_sum(one, much, medication, text)
    if len(strengths) > 1:
        shown = _shown(one)
        raise SigAmbiguous(text, shown, [f"{shown} of {each}" for each in strengths])
    return strengths[0]


def _shown(one: Count) -> str:
    word = one.word or "piece"
    return f"{plain(one.count)} {word}" if one.count <= 1 else f"{plain(one.count)} {word}s"


def _refuse_each(one: Count, amount: Amount, text: str) -> None:
    """Refuse `2 tablets (25 mg)`: it may be 25 mg, or 50 mg.

    Raises:
        SigAmbiguous: unless it is one piece.
    """
    if one.count != 1:
        shown = f"{_shown(one)} ({amount})"
        raise SigAmbiguous(text, shown, (f"{amount} in all", f"{amount} each"))


def _strength_of_sum(one: Count, much: Much, medication: Medication, text: str) -> Amount:
    """Return the strength of which `count` pieces are the amount, unless it may be each one's."""
    in_all = in_unit(much.amount, medication.unit, text) if much.amount is not None else None
    fitting = [each for each in medication.strengths if _times(each, one.count) == in_all]
    if in_all in medication.strengths and not much.in_all and in_all is not None:
        _refuse_each(one, in_all, text)
    if not fitting:
        wanted = f"its strengths are {_listed(medication.strengths)}"
        raise SigContradiction(text, f"{_shown(one)} cannot be {in_all}; {wanted}")
    return fitting[0]


def in_unit(given: Amount, unit: Unit, text: str) -> Amount:
    """Return the same amount in another unit of weight.

    Raises:
        SigContradiction: there is no such conversion.
    """
    if given.unit is unit:
        return given
    if given.unit in _MICROGRAMS and unit in _MICROGRAMS:
        value = given.value * _MICROGRAMS[given.unit] / _MICROGRAMS[unit]
        return Amount(Decimal(plain(value)), unit)
    raise SigContradiction(text, f"{given} is in another unit; write it in {unit}")


def _listed(strengths: tuple[Amount, ...]) -> str:
    return ", ".join(str(one) for one in strengths)
