"""Every amount that whole pieces, or their allowed parts, add up to.

The parts of all strengths are multiples of one smallest step, so a sum is a whole
number, and the sums that some number of pieces reach are the bits of one integer:
adding a piece is a shift. That is exact, and bounded by the size of the grid.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from medsched.domain.amount import EXACT, Amount, plain
from medsched.domain.medication import common_step, parts_allowed
from medsched.frozen import frozen

if TYPE_CHECKING:
    from medsched.domain.amount import Unit
    from medsched.domain.medication import Medication

Choice = tuple[tuple[int, int], ...]
"""(place of the strength, minus how many parts), largest strength first: less is better."""

_Left = tuple[int, int, tuple[int, int]]
_Ranked = tuple[int, int, Choice]


@frozen(kw_only=False)
class PieceSums:
    """The sums that pieces of some strengths reach.

    Args:
        step: The amount that one bit stands for.
        sizes: Bits of one part, by strength, largest first.
        preferred: Whether the strength of that place is preferred.
        parts: Into how many parts a piece may be split.
        reached: By number of other pieces, then of preferred ones: the sums, as bits.
    """

    step: Decimal
    sizes: tuple[int, ...]
    preferred: tuple[bool, ...]
    parts: int
    reached: tuple[tuple[int, ...], ...]

    @property
    def all(self) -> int:
        """Every sum of at least one piece, as bits."""
        found = 0
        for row in self.reached:
            for bits in row:
                found |= bits
        return found & ~1

    def place(self, value: Decimal) -> int | None:
        """Return the bit of an amount, None when it is on no bit."""
        whole, rest = divmod(value, self.step)
        return None if rest else int(whole)

    def amount(self, place: int, unit: Unit) -> Amount:
        """Return the amount that a bit stands for."""
        return Amount(Decimal(plain(EXACT.multiply(self.step, Decimal(place)))), unit)

    def holds(self, place: int) -> bool:
        """Return whether some pieces reach that bit."""
        return any(bits >> place & 1 for row in self.reached for bits in row)

    def counts(self, place: int) -> tuple[int, int] | None:
        """Return how many other and preferred pieces reach a bit: fewest others, then fewest."""
        for others, row in enumerate(self.reached):
            for preferred, bits in enumerate(row):
                if bits >> place & 1:
                    return others, preferred
        return None

    def best(self, place: int) -> Choice | None:
        """Return the parts that reach a bit, None when none do.

        Fewest other pieces, then fewest pieces, then fewest cuts, then fewest strengths,
        then the largest strengths.
        """
        counts = self.counts(place)
        if counts is None:
            return None
        ranked = self._from(0, place, counts, {})
        return None if ranked is None else ranked[2]

    def _from(
        self, at: int, left: int, counts: tuple[int, int], known: dict[_Left, _Ranked | None]
    ) -> _Ranked | None:
        """Return the best choice among the strengths from `at` on, with exactly so many pieces."""
        if not left and counts == (0, 0):
            return 0, 0, ()
        if at == len(self.sizes) or not self.reached[counts[0]][counts[1]] >> left & 1:
            return None
        key = at, left, counts
        if key not in known:
            found = (self._with(used, at, left, counts, known) for used in self._uses(*key))
            known[key] = min((one for one in found if one is not None), default=None)
        return known[key]

    def _uses(self, at: int, left: int, counts: tuple[int, int]) -> range:
        room = counts[self.preferred[at]] * self.parts
        return range(min(left // self.sizes[at], room) + 1)

    def _with(
        self,
        used: int,
        at: int,
        left: int,
        counts: tuple[int, int],
        known: dict[_Left, _Ranked | None],
    ) -> _Ranked | None:
        pieces = -(-used // self.parts)
        mine = self.preferred[at]
        after = (counts[0] - (not mine) * pieces, counts[1] - mine * pieces)
        tail = self._from(at + 1, left - used * self.sizes[at], after, known)
        if tail is None or not used:
            return tail
        cuts = _cuts(used % self.parts, self.parts)
        return tail[0] + cuts, tail[1] + 1, ((at, -used), *tail[2])


def _cuts(part: int, parts: int) -> int:
    """Return how often a piece is cut: a half once, a quarter twice."""
    return 0 if not part else 1 if part * 2 == parts else 2


def sums_of(medication: Medication, on_hand: frozenset[Amount] = frozenset()) -> PieceSums:
    """Return what the pieces of a medicine reach, with the strengths on hand preferred."""
    falling = tuple(sorted(medication.strengths, reverse=True))
    preferred = tuple(not on_hand or one in on_hand for one in falling)
    return _sums(falling, preferred, parts_allowed(medication), medication.most_pieces)


@lru_cache(maxsize=256)
def _sums(
    falling: tuple[Amount, ...], preferred: tuple[bool, ...], parts: int, most: int
) -> PieceSums:
    whole = common_step(falling)
    sizes = tuple(int(EXACT.divide(one.value, whole)) for one in falling)
    own = [one for one, mine in zip(sizes, preferred, strict=True) if mine]
    others = [one for one, mine in zip(sizes, preferred, strict=True) if not mine]
    reached = [_rows(1, own, parts, most)]
    for used in range(1, most + 1 if others else 0):
        start = _one_more(reached[-1][0], others, parts)
        reached.append(_rows(start, own, parts, most - used))
    return PieceSums(EXACT.divide(whole, Decimal(parts)), sizes, preferred, parts, tuple(reached))


def _rows(start: int, sizes: list[int], parts: int, most: int) -> tuple[int, ...]:
    """Return the sums after 0, 1, 2 and up to `most` more pieces."""
    rows = [start]
    for _ in range(most):
        rows.append(_one_more(rows[-1], sizes, parts))
    return tuple(rows)


def _one_more(bits: int, sizes: list[int], parts: int) -> int:
    """Return the sums after one more piece: a whole one, or any allowed part of it."""
    found = 0
    for size in sizes:
        for part in range(1, parts + 1):
            found |= bits << (size * part)
    return found
