"""The best row of falling steps among the days that can be made.

Numbers in, numbers out: totals are whole numbers of a common step, in falling order. As
a fall is only limited by its share, the totals that some number of steps reach are one
stretch of the row, so the greedy walk says how far down, and in how few steps, one gets.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FINE: Final = 10**9
"""Falls are compared as whole billionths, so that equal falls stay equal."""

Walk = tuple[int, ...]
"""Indexes of totals, in falling order."""

_Score = tuple[int, int, Walk]


@frozen(kw_only=False)
class Share:
    """The least share of a total that the next one keeps: `of` parts in `whole`, or more."""

    of: int
    whole: int
    strictly: bool = False

    def least(self, before: int) -> int:
        """Return the smallest total that may follow `before`."""
        least = -(-before * self.of // self.whole)
        return least + (self.strictly and least * self.whole == before * self.of)

    def most(self, after: int) -> int:
        """Return the largest total that `after` may follow."""
        return after * self.whole // self.of


@frozen(kw_only=False)
class Row:
    """Totals in strictly falling order, all below `first`."""

    first: int
    totals: tuple[int, ...]

    @property
    def rising(self) -> list[int]:
        """The totals negated, so that bisecting works."""
        return [-one for one in self.totals]


def best_walk(
    row: Row, share: Share, most_steps: int, cost: Callable[[int, int, int], int]
) -> Walk | None:
    """Return the best steps down, None when not even one is allowed.

    The best ends lowest; then has the fewest steps; then the smallest worst fall; then the
    smallest sum of squared falls (as shares); then the lowest cost.

    Args:
        cost: Of (index of the total, number of the step from 0, number of steps).
    """
    lows = _lowest(row, share, most_steps)
    if not lows:
        return None
    last = lows[-1]
    steps = lows.index(last) + 1
    gentle = _gentlest(row, share, steps, last)
    return _cheapest(row, _corridor(row, gentle, steps, last), gentle, cost)


def _lowest(row: Row, share: Share, steps: int) -> list[int]:
    """Return the index of the lowest total that 1, 2 and so on steps reach, while it falls."""
    found: list[int] = []
    before, rising = row.first, row.rising
    for _ in range(steps):
        index = bisect_right(rising, -share.least(before)) - 1
        if index < 0 or (found and index <= found[-1]):
            break
        found.append(index)
        before = row.totals[index]
    return found


def _reaches(row: Row, share: Share, steps: int, last: int) -> Walk | None:
    """Return a walk of `steps` steps that ends at `last`, None when the share forbids it."""
    lows = _lowest(row, share, steps)
    if len(lows) < steps or lows[-1] < last:
        return None
    return (*lows[:-1], last)


def _gentlest(row: Row, share: Share, steps: int, last: int) -> Share:
    """Return the largest share that still reaches `last` in `steps` steps.

    Bisected to a millionth, then exact: each walk found is beaten strictly until none is.
    """
    low, high = share.of * 10**6 // share.whole, 10**6
    while high - low > 1:
        middle = (low + high) // 2
        if _reaches(row, Share(middle, 10**6), steps, last) is None:
            high = middle
        else:
            low = middle
    best = share
    trial: Share | None = Share(low, 10**6) if low * share.whole > share.of * 10**6 else share
    while trial is not None:
        walk = _reaches(row, trial, steps, last)
        if walk is None:
            break
        best = _worst(row, walk)
        trial = Share(best.of, best.whole, strictly=True)
    return best


def _worst(row: Row, walk: Walk) -> Share:
    """Return the smallest share that some step of a walk keeps."""
    totals = [row.first, *(row.totals[index] for index in walk)]
    worst = Share(totals[1], totals[0])
    for before, after in pairwise(totals[1:]):
        if after * worst.whole < worst.of * before:
            worst = Share(after, before)
    return worst


def _corridor(row: Row, share: Share, steps: int, last: int) -> list[range]:
    """Return the indexes that each step may have on a walk to `last`."""
    rising = row.rising
    highs = [last]
    for _ in range(steps - 1):
        highs.append(bisect_left(rising, -share.most(row.totals[highs[-1]])))
    lows = _lowest(row, share, steps)
    return [
        range(high, min(low, last) + 1) for high, low in zip(reversed(highs), lows, strict=True)
    ]


def _cheapest(
    row: Row, corridor: Sequence[range], share: Share, cost: Callable[[int, int, int], int]
) -> Walk:
    steps = len(corridor)
    scores: dict[int, _Score] = {-1: (0, 0, ())}
    for number, allowed in enumerate(corridor):
        scores = {
            index: score
            for index in allowed
            if (score := _score(row, index, scores, share, cost(index, number, steps))) is not None
        }
    return min(scores.values())[2]


def _score(
    row: Row, index: int, before: dict[int, _Score], share: Share, cost: int
) -> _Score | None:
    """Return the best score of reaching `index` from any of the totals before it."""
    after = row.totals[index]
    best: _Score | None = None
    for origin, (squares, costs, walk) in before.items():
        total = row.first if origin < 0 else row.totals[origin]
        if origin >= index or after < share.least(total):
            continue
        fall = (total - after) * _FINE // total
        score = (squares + fall * fall, costs + cost, (*walk, index))
        if best is None or score < best:
            best = score
    return best
