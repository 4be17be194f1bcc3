"""The taper that is proposed when nobody wrote one down.

Among all rows of days that the tablets make, and that keep the rules: the one that ends
lowest; then the fewest steps; then the smallest worst fall; then the smallest sum of
squared falls; then the fewest tablets. Its length is split evenly over the steps, and the
lowest steps get the extra days.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import EXACT
from medsched.domain.medication import common_step
from medsched.domain.tablets import pieces_for
from medsched.domain.taper_grid import even_days, level_days
from medsched.domain.taper_plan import (
    Pattern,
    Taper,
    TaperLimits,
    TaperRefused,
    TaperStart,
    TaperStep,
    check_length,
    kept,
    per_day,
    rises,
    split_days,
)
from medsched.domain.taper_search import Row, Share, best_walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.domain.amount import Amount

_MOST_STEPS: Final = 60


def best_taper(
    start: TaperStart,
    days: int,
    limits: TaperLimits = TaperLimits(),  # noqa: B008  # a frozen value without state
    *,
    rungs: Sequence[Pattern] | None = None,
) -> Taper:
    """Return the best taper of exactly `days` days.

    Even days (the same dose at every slot, then the smallest amount at fewer slots) are
    tried first, level ones only where the even ones cannot fall gently enough.

    Args:
        days: First reduced day to last day with a dose, inclusive.
        rungs: Choose only among these days, such as those of the way up.

    Raises:
        TaperRefused: with the nearest length, or the largest fall that would be needed.
    """
    check_length(days, limits)
    if rungs is not None:
        grid = _nested(rungs, start)
        found = _best_of(grid, start, days, limits)
    else:
        grid = even_days(start, fewer_slots=limits.once_daily_smallest)
        found = _best_of(grid, start, days, limits)
        if found is None or not _ends_low(found, start, limits):
            grid = level_days(start)
            found = _better(found, _best_of(grid, start, days, limits), start, limits)
    if found is None:
        raise _impossible(start, grid, limits)
    return kept(found, start, limits)


def _better(
    even: Taper | None, level: Taper | None, start: TaperStart, limits: TaperLimits
) -> Taper | None:
    """Return the level taper only where it does what the even one cannot."""
    if even is None or (level is not None and _ends_low(level, start, limits)):
        return level
    return even


def _nested(rungs: Sequence[Pattern], start: TaperStart) -> tuple[Pattern, ...]:
    """Return the rungs below `start` in falling order, without those that raise a slot."""
    found: list[Pattern] = []
    before = start.slots
    for one in sorted(rungs, key=lambda day: per_day(day, start.medication), reverse=True):
        lower = per_day(one, start.medication) < per_day(before, start.medication)
        if lower and any(one) and not rises(before, one):
            found.append(one)
            before = one
    return tuple(found)


def _ends_low(taper: Taper, start: TaperStart, limits: TaperLimits) -> bool:
    """Whether its last fall, to nothing, is no larger a share of `start` than other falls."""
    last = taper.steps[-1].per_day.value
    return last * 100 <= start.per_day.value * limits.max_drop_percent


def _best_of(
    grid: Sequence[Pattern], start: TaperStart, days: int, limits: TaperLimits
) -> Taper | None:
    if not grid:
        return None
    totals = [per_day(one, start.medication) for one in grid]
    row = _row(start.per_day, totals)
    counts: dict[int, int] = {}

    def tablets(index: int, number: int, steps: int) -> int:
        if index not in counts:
            counts[index] = _tablets(grid[index], start)
        return counts[index] * split_days(days, steps)[number]

    most = min(days // limits.min_step_days, _MOST_STEPS)
    walk = best_walk(row, Share(100 - limits.max_drop_percent, 100), most, tablets)
    return None if walk is None else _taper([grid[one] for one in walk], start, days)


def _row(first: Amount, totals: Sequence[Amount]) -> Row:
    step = common_step((first, *totals))
    whole = [int(EXACT.divide(one.value, step)) for one in (first, *totals)]
    return Row(whole[0], tuple(whole[1:]))


def _tablets(slots: Pattern, start: TaperStart) -> int:
    """Return how many pieces a day takes, a cut one counted as one."""
    pieces = [pieces_for(one, start.makes) for one in slots if one is not None]
    return sum(ceil(one.count) for dose in pieces for one in dose)


def _taper(patterns: Sequence[Pattern], start: TaperStart, days: int) -> Taper:
    lengths = split_days(days, len(patterns))
    return Taper(
        steps=tuple(
            TaperStep(per_day=per_day(one, start.medication), slot_doses=one, days=length)
            for one, length in zip(patterns, lengths, strict=True)
        )
    )


def _impossible(start: TaperStart, grid: Sequence[Pattern], limits: TaperLimits) -> TaperRefused:
    subject = f"{start.medication.name} {start.per_day} a day"
    totals = [per_day(one, start.medication) for one in grid]
    if not totals:
        wanted = "it can only be stopped at once; ask who prescribed it"
        return TaperRefused(subject, "no smaller amount can be made from its pieces", wanted)
    highest = max(totals)
    fall = 100 - int(highest.value * 100 // start.per_day.value)
    given = f"the smallest step down is to {highest} a day, a fall of {fall} percent"
    wanted = f"the rules allow {limits.max_drop_percent} percent; ask who prescribed it"
    return TaperRefused(subject, given, wanted, (highest,))
