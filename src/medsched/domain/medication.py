"""What is taken: the medicine, its form, its route and the strengths it comes in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.domain.amount import NBSP, Amount, Unit, number_words

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """A medicine as it is dispensed.

    Args:
        name: Generic name, lower case, as written for people (tall-man letters only from a list).
        ingredient: Active ingredient, for the check on duplicates.
        classes: Words that other medicines' rules name, such as `snri` or `maoi`.
        strengths: What one piece holds, rising, all in one unit.
        divisible_by: 1: whole pieces only; 2: a scored tablet, halves; 4: quarters.
        most_pieces: Most pieces of all strengths in one dose.
    """

    name: str
    ingredient: str
    form: Form
    route: Route
    strengths: tuple[Amount, ...]
    classes: frozenset[str] = frozenset()
    divisible_by: int = 1
    most_pieces: int = 10

    @property
    def unit(self) -> Unit:
        """The unit in which doses of this medicine are written."""
        return self.strengths[0].unit

    @property
    def smallest(self) -> Amount:
        """The smallest amount that can be taken: the smallest strength or its allowed part."""
        smallest = min(self.strengths)
        return Amount(smallest.value / Decimal(self.divisible_by), smallest.unit)


@dataclass(frozen=True, slots=True)
class Pieces:
    """How many pieces of one strength; `count` is a multiple of a half or quarter at the finest."""

    strength: Amount
    count: Decimal

    def words(self, form: Form) -> str:
        """Return the count in words for people: `1 tablet of 25 mg`."""
        piece = piece_words(form, self.count)
        return f"{number_words(self.count)}{NBSP}{piece} of {self.strength}"


def pieces_words(pieces: tuple[Pieces, ...], form: Form) -> str:
    """Return all pieces of one dose in words: `2 tablets of 50 mg and 1 tablet of 25 mg`."""
    return " and ".join(one.words(form) for one in pieces)


def count_by_strength(pieces: tuple[Pieces, ...], into: Mapping[Amount, Decimal]) -> dict[Amount, Decimal]:
    """Return `into` with these pieces added: a running count per strength."""
    result = dict(into)
    for one in pieces:
        result[one.strength] = result.get(one.strength, Decimal(0)) + one.count
    return result
