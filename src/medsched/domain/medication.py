"""What is taken: the medicine, its form, its route and the strengths it comes in."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import EXACT, NBSP, Amount, Unit, number_words
from medsched.errors import InvalidValue
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


class Form(StrEnum):
    """The piece that is counted when a dose is taken."""

    TABLET = "tablet"
    FILM_COATED_TABLET = "film-coated tablet"
    EXTENDED_RELEASE_TABLET = "extended-release tablet"
    GASTRO_RESISTANT_TABLET = "gastro-resistant tablet"
    CAPSULE = "capsule"
    EXTENDED_RELEASE_CAPSULE = "extended-release capsule"
    ORAL_SOLUTION = "oral solution"
    INJECTION_PEN = "injection pen"
    PATCH = "patch"
    INHALER = "inhaler"
    DROPS = "drops"


_PIECE_WORDS = {
    Form.TABLET: ("tablet", "tablets"),
    Form.FILM_COATED_TABLET: ("tablet", "tablets"),
    Form.EXTENDED_RELEASE_TABLET: ("tablet", "tablets"),
    Form.GASTRO_RESISTANT_TABLET: ("tablet", "tablets"),
    Form.CAPSULE: ("capsule", "capsules"),
    Form.EXTENDED_RELEASE_CAPSULE: ("capsule", "capsules"),
    Form.ORAL_SOLUTION: ("measure", "measures"),
    Form.INJECTION_PEN: ("injection", "injections"),
    Form.PATCH: ("patch", "patches"),
    Form.INHALER: ("puff", "puffs"),
    Form.DROPS: ("drop", "drops"),
}

NEVER_SPLIT = frozenset(
    {
        Form.EXTENDED_RELEASE_TABLET,
        Form.EXTENDED_RELEASE_CAPSULE,
        Form.GASTRO_RESISTANT_TABLET,
        Form.CAPSULE,
        Form.INJECTION_PEN,
        Form.PATCH,
        Form.INHALER,
        Form.DROPS,
    }
)
"""Forms that are always taken whole, whatever a protocol says."""


_PARTS: Final = (1, 2, 4)
_MOST_STRENGTHS: Final = 20
_MOST_PIECES: Final = 100
_MOST_SUMS: Final = 1_000_000
"""Strengths whose doses could be more different sums than this are a slip of the pen."""


class Route(StrEnum):
    """The way in, with the word people read (FHIR: route codes)."""

    ORAL = "by mouth"
    SUBLINGUAL = "under the tongue"
    SUBCUTANEOUS = "under the skin"
    TRANSDERMAL = "on the skin"
    INHALED = "by inhalation"
    NASAL = "in the nose"
    OPHTHALMIC = "in the eye"


def piece_words(form: Form, count: Decimal) -> str:
    """Return the word for this many pieces of a form.

    >>> piece_words(Form.CAPSULE, Decimal(2)), piece_words(Form.TABLET, Decimal("0.5"))
    ('capsules', 'tablet')
    """
    one, many = _PIECE_WORDS[form]
    return one if count <= 1 else many


@frozen
class Medication:
    """A medicine as it is dispensed.

    Args:
        name: Generic name, lower case, as written for people (tall-man letters only from a list).
        ingredient: Active ingredient, for the check on duplicates.
        classes: Words that other medicines' rules name, such as `snri` or `maoi`.
        strengths: What one piece holds, rising, all in one unit.
        divisible_by: 1: whole pieces only; 2: a scored tablet, halves; 4: quarters.
        most_pieces: Most pieces of all strengths in one dose, 1 to 100.

    Raises:
        InvalidValue: no strengths, one of nothing, several units, or numbers out of bounds.
    """

    name: str
    ingredient: str
    form: Form
    route: Route
    strengths: tuple[Amount, ...]
    classes: frozenset[str] = frozenset()
    divisible_by: int = 1
    most_pieces: int = 10

    def __post_init__(self) -> None:
        """Refuse what is no medicine."""
        _check_strengths(self.strengths)
        if self.divisible_by not in _PARTS and self.form is not Form.ORAL_SOLUTION:
            raise InvalidValue("divisible_by", self.divisible_by, "use 1, 2 or 4")
        if not 1 <= self.divisible_by <= _MOST_PIECES or _MOST_PIECES % self.divisible_by:
            raise InvalidValue("divisible_by", self.divisible_by, "use a divisor of 100")
        if not 1 <= self.most_pieces <= _MOST_PIECES:
            raise InvalidValue("most_pieces", self.most_pieces, f"use 1 to {_MOST_PIECES}")
        steps = EXACT.divide(max(self.strengths).value, common_step(self.strengths))
        if steps * self.most_pieces * self.divisible_by > _MOST_SUMS:
            wanted = "name strengths that go into one another more evenly"
            raise InvalidValue("strengths", _listed(self.strengths), wanted)

    @property
    def unit(self) -> Unit:
        """The unit in which doses of this medicine are written."""
        return self.strengths[0].unit

    @property
    def smallest(self) -> Amount:
        """The smallest amount that can be taken: the smallest strength or its allowed part."""
        smallest = min(self.strengths)
        return Amount(EXACT.divide(smallest.value, Decimal(parts_allowed(self))), smallest.unit)


def parts_allowed(medication: Medication) -> int:
    """Return into how many parts a piece may be split: 1 for forms that are always whole."""
    return 1 if medication.form in NEVER_SPLIT else medication.divisible_by


@lru_cache(maxsize=1024)
def _check_strengths(strengths: tuple[Amount, ...]) -> None:
    if not 1 <= len(strengths) <= _MOST_STRENGTHS:
        raise InvalidValue("strengths", len(strengths), f"name 1 to {_MOST_STRENGTHS}")
    if len({one.unit for one in strengths}) > 1:
        raise InvalidValue("strengths", _listed(strengths), "write all of them in one unit")
    if not all(strengths) or len(set(strengths)) < len(strengths):
        raise InvalidValue("strengths", _listed(strengths), "name each once, more than nothing")


def _listed(strengths: tuple[Amount, ...]) -> str:
    return ", ".join(str(one) for one in strengths)


def common_step(strengths: tuple[Amount, ...]) -> Decimal:
    """Return the largest number of which every strength is a multiple.

    >>> from medsched.domain.amount import amount
    >>> common_step((amount("12.5 mg"), amount("20 mg")))
    Decimal('2.5')
    """
    values = [one.value for one in strengths]
    digits = max(max(0, -int(one.as_tuple().exponent)) for one in values)
    scale = Decimal(10**digits)
    common = gcd(*(int(EXACT.multiply(one, scale)) for one in values))
    return EXACT.divide(Decimal(common), scale)


_FRACTIONS: Final = {
    Decimal("0.25"): "a quarter",
    Decimal("0.5"): "half",
    Decimal("0.75"): "three quarters",
}


def count_pieces(form: Form, count: Decimal) -> str:
    """Return so many pieces in words; halves and quarters of a piece are never digits.

    >>> [count_pieces(Form.TABLET, Decimal(one)).replace(NBSP, " ") for one in ("2", "0.5", "1.5")]
    ['2 tablets', 'half a tablet', '1 and a half tablets']
    """
    whole, part = divmod(count, 1)
    fraction, one = _FRACTIONS.get(part), piece_words(form, Decimal(1))
    if fraction is None:
        return f"{number_words(count)}{NBSP}{piece_words(form, count)}"
    article = "an" if one[0] in "aeiou" else "a"
    if not whole:
        return f"half {article} {one}" if fraction == "half" else f"{fraction} of {article} {one}"
    rest = "a half" if fraction == "half" else fraction
    return f"{number_words(whole)} and {rest} {piece_words(form, count)}"


@frozen(kw_only=False)
class Pieces:
    """How many pieces of one strength; `count` is a multiple of a half or quarter at the finest."""

    strength: Amount
    count: Decimal

    def words(self, form: Form) -> str:
        """Return the count in words for people: `1 tablet of 25 mg`."""
        return f"{count_pieces(form, self.count)} of {self.strength}"


def pieces_words(pieces: tuple[Pieces, ...], form: Form) -> str:
    """Return all pieces of one dose in words: `2 tablets of 50 mg and 1 tablet of 25 mg`."""
    return " and ".join(one.words(form) for one in pieces)


def count_by_strength(
    pieces: tuple[Pieces, ...], into: Mapping[Amount, Decimal]
) -> dict[Amount, Decimal]:
    """Return `into` with these pieces added: a running count per strength."""
    result = dict(into)
    for one in pieces:
        result[one.strength] = result.get(one.strength, Decimal(0)) + one.count
    return result
