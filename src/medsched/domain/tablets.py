"""Which tablets make a dose: exactly, or not at all.

The pieces of a dose always sum to its amount. What cannot be made is refused with
the nearest amounts, below and above, that can.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from medsched.domain.amount import EXACT, NBSP, Amount
from medsched.domain.medication import Medication, Pieces, parts_allowed, piece_words
from medsched.domain.tablet_sums import sums_of
from medsched.errors import MedschedError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CannotBeMade", "can_be_made", "makeable", "nearest", "parts_allowed", "pieces_for"]


class CannotBeMade(MedschedError):
    """An amount that no allowed tablets make."""

    def __init__(self, amount: Amount, medication: Medication, nearest: Sequence[Amount]) -> None:
        """Keep the amount, the medicine and the nearest amounts that can be made."""
        self.amount, self.medication, self.nearest = amount, medication, tuple(nearest)
        held = ", ".join(one.digits for one in medication.strengths)
        wanted = " or ".join(str(one) for one in self.nearest) or "an amount within its strengths"
        pieces = piece_words(medication.form, Decimal(2))
        super().__init__(
            f"{medication.name} {amount}: cannot be made from"
            f" {held}{NBSP}{medication.unit} {pieces}; use {wanted}"
        )


@lru_cache(maxsize=4096)
def pieces_for(
    amount: Amount,
    medication: Medication,
    on_hand: frozenset[Amount] = frozenset(),
) -> tuple[Pieces, ...]:
    """Return the pieces that sum exactly to `amount`, largest strength first.

    The choice, each point only among the equals of the one before: fewest pieces that are
    not on hand, when `on_hand` names any strength; fewest pieces; fewest cuts; fewest
    strengths; the largest strengths. A cut piece counts as a piece.

    Raises:
        CannotBeMade: with the nearest amounts that can be made.
    """
    best = _best(amount, medication, on_hand)
    if best is None:
        raise CannotBeMade(amount, medication, nearest(amount, medication))
    return best


def can_be_made(amount: Amount, medication: Medication) -> bool:
    """Return whether `amount` is more than nothing and some allowed pieces sum to it."""
    if amount.unit is not medication.unit or not amount:
        return False
    sums = sums_of(medication)
    place = sums.place(amount.value)
    return place is not None and sums.holds(place)


@lru_cache(maxsize=256)
def makeable(medication: Medication, most: Amount | None = None) -> tuple[Amount, ...]:
    """Return every amount that the medicine's pieces make, rising, up to `most`.

    Only amounts of at most `medication.most_pieces` pieces count.
    """
    sums = sums_of(medication)
    bits = sums.all
    if most is not None:
        bits &= (1 << int(most.value // sums.step) + 1) - 1
    return tuple(
        sums.amount(place, medication.unit)
        for place, bit in enumerate(reversed(f"{bits:b}"))
        if bit == "1"
    )


def nearest(amount: Amount, medication: Medication) -> tuple[Amount, ...]:
    """Return the nearest amounts below and above `amount` that can be made, where there are."""
    if amount.unit is not medication.unit:
        return ()
    sums = sums_of(medication)
    below, rest = divmod(amount.value, sums.step)
    first_above = int(below) + 1
    lower = sums.all & ((1 << int(below) + (1 if rest else 0)) - 1)
    upper = sums.all >> first_above
    places = [lower.bit_length() - 1] if lower else []
    places += [first_above + (upper & -upper).bit_length() - 1] if upper else []
    return tuple(sums.amount(place, amount.unit) for place in places)


def _best(
    amount: Amount, medication: Medication, on_hand: frozenset[Amount]
) -> tuple[Pieces, ...] | None:
    if amount.unit is not medication.unit or not amount:
        return None
    sums = sums_of(medication, on_hand)
    place = sums.place(amount.value)
    best = sums.best(place) if place is not None else None
    if best is None:
        return None
    falling, parts = sorted(medication.strengths, reverse=True), Decimal(sums.parts)
    return tuple(Pieces(falling[at], EXACT.divide(Decimal(-used), parts)) for at, used in best)
