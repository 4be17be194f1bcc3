"""Which tablets make a dose: exactly, or not at all.

The pieces of a dose always sum to its amount. What cannot be made is refused with
the nearest amounts, below and above, that can.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from medsched.domain.amount import EXACT, Amount
from medsched.domain.medication import NEVER_SPLIT, Medication, Pieces
from medsched.errors import MedschedError

if TYPE_CHECKING:
    from collections.abc import Sequence


class CannotBeMade(MedschedError):
    """An amount that no allowed tablets make."""

    def __init__(self, amount: Amount, medication: Medication, nearest: Sequence[Amount]) -> None:
        """Keep the amount, the medicine and the nearest amounts that can be made."""
        self.amount, self.medication, self.nearest = amount, medication, tuple(nearest)
        held = ", ".join(one.digits for one in medication.strengths)
        wanted = " or ".join(str(one) for one in self.nearest) or "an amount within its strengths"
        super().__init__(
            f"{medication.name} {amount}: cannot be made from"
            f" {held} {medication.unit} pieces; use {wanted}"
        )


def parts_allowed(medication: Medication) -> int:
    """Return into how many parts a piece may be split: 1 for forms that are always whole."""
    return 1 if medication.form in NEVER_SPLIT else medication.divisible_by


@lru_cache(maxsize=4096)
def pieces_for(
    amount: Amount,
    medication: Medication,
    on_hand: frozenset[Amount] = frozenset(),
) -> tuple[Pieces, ...]:
    """Return the pieces that sum exactly to `amount`, largest strength first.

    The choice: strengths on hand before others when `on_hand` names any; then fewest
    pieces, then fewest split pieces, then fewest strengths, then the largest strengths.

    Raises:
        CannotBeMade: with the nearest amounts that can be made.
    """
    preferred = tuple(one for one in medication.strengths if one in on_hand)
    for strengths in (preferred, medication.strengths) if preferred else (medication.strengths,):
        best = _best(amount, strengths, medication)
        if best is not None:
            return best
    raise CannotBeMade(amount, medication, nearest(amount, medication))


def can_be_made(amount: Amount, medication: Medication) -> bool:
    """Return whether `amount` is more than nothing and some allowed pieces sum to it."""
    return _best(amount, medication.strengths, medication) is not None


@lru_cache(maxsize=256)
def makeable(medication: Medication, most: Amount | None = None) -> tuple[Amount, ...]:
    """Return every amount that the medicine's pieces make, rising, up to `most`.

    Only amounts of at most `medication.most_pieces` pieces count.
    """
    parts = parts_allowed(medication)
    most_parts = medication.most_pieces * parts
    steps = [EXACT.divide(one.value, Decimal(parts)) for one in medication.strengths]
    reached: dict[Decimal, int] = {Decimal(0): 0}
    frontier = [Decimal(0)]
    for used in range(1, most_parts + 1):
        frontier = _one_more_part(frontier, steps, reached, used, most)
    values = sorted(value for value in reached if value)
    amounts = (Amount(value, medication.unit) for value in values)
    return tuple(one for one in amounts if can_be_made(one, medication))


def _one_more_part(
    frontier: list[Decimal],
    steps: list[Decimal],
    reached: dict[Decimal, int],
    used: int,
    most: Amount | None,
) -> list[Decimal]:
    found = []
    for value in frontier:
        for step in steps:
            larger = EXACT.add(value, step)
            if larger not in reached and (most is None or larger <= most.value):
                reached[larger] = used
                found.append(larger)
    return found


def nearest(amount: Amount, medication: Medication) -> tuple[Amount, ...]:
    """Return the nearest amounts below and above `amount` that can be made."""
    if amount.unit is not medication.unit:
        return ()
    ceiling = Amount(EXACT.multiply(max(medication.strengths).value, Decimal(2)), amount.unit)
    choices = makeable(medication, max(ceiling, amount + ceiling))
    below = [one for one in choices if one < amount]
    above = [one for one in choices if one > amount]
    return (*below[-1:], *above[:1])


def _best(
    amount: Amount, strengths: Sequence[Amount], medication: Medication
) -> tuple[Pieces, ...] | None:
    if amount.unit is not medication.unit or not amount:
        return None
    parts = parts_allowed(medication)
    falling = tuple(sorted(strengths, reverse=True))
    found = _combinations(amount.value, falling, parts, medication.most_pieces)
    return min(found, key=_preference, default=None)


def _preference(pieces: tuple[Pieces, ...]) -> tuple[Decimal, int, int, tuple[Decimal, ...]]:
    count = sum((one.count for one in pieces), Decimal(0))
    split = sum(1 for one in pieces if one.count % 1)
    strongest = tuple(-one.strength.value for one in pieces)
    return (count, split, len(pieces), strongest)


def _combinations(
    value: Decimal, strengths: tuple[Amount, ...], parts: int, most: int
) -> list[tuple[Pieces, ...]]:
    """Return every way to make `value`, at most `most` pieces, in `parts` of a piece."""
    if not value:
        return [()]
    if not strengths or most <= 0:
        return []
    strength, rest = strengths[0], strengths[1:]
    per_part = EXACT.divide(strength.value, Decimal(parts))
    fit = min(int(value // per_part), most * parts)
    found = []
    for used in range(fit, -1, -1):
        left = EXACT.subtract(value, EXACT.multiply(per_part, Decimal(used)))
        head = (Pieces(strength, EXACT.divide(Decimal(used), Decimal(parts))),) if used else ()
        room = most - -(-used // parts)
        found += [head + tail for tail in _combinations(left, rest, parts, room)]
    return found
