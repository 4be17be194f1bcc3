"""Ways down and ways up, in steps that tablets make.

Steps that somebody wrote (`explicit`) are made exactly or refused with the nearest that
can be made. Steps that follow from arithmetic (`shaped`) are fitted: each is the nearest
day that can be made, of two equally near the larger, and steps that come out alike are one
longer step. `best_taper` chooses when nobody wrote anything. A way up is the mirror of a
way down.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from medsched.domain.amount import EXACT, NBSP, Amount
from medsched.domain.medication import piece_words
from medsched.domain.plain_words import days_words
from medsched.domain.protocol import PhaseKind
from medsched.domain.taper_best import best_taper
from medsched.domain.taper_grid import day_of, level_days, nearest_days
from medsched.domain.taper_phases import pattern_of, phases, rungs_of
from medsched.domain.taper_plan import (
    ANY_LENGTH,
    Pattern,
    Taper,
    TaperLimits,
    TaperRefused,
    TaperStart,
    TaperStep,
    kept,
    per_day,
    split_days,
)
from medsched.domain.taper_shapes import (
    Hyperbolic,
    Linear,
    LinearIn,
    PercentOfCurrent,
    PercentOfFirst,
    Shape,
    amounts_of,
)
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medsched.domain.protocol import Stopping

__all__ = [
    "ANY_LENGTH",
    "Hyperbolic",
    "Linear",
    "LinearIn",
    "Pattern",
    "PercentOfCurrent",
    "PercentOfFirst",
    "Shape",
    "Taper",
    "TaperLimits",
    "TaperRefused",
    "TaperStart",
    "TaperStep",
    "best_taper",
    "explicit",
    "mirrored",
    "pattern_of",
    "phases",
    "rungs_of",
    "shaped",
    "taper_by_rules",
    "way_up",
]


def explicit(
    start: TaperStart, steps: Iterable[tuple[Amount, int]], limits: TaperLimits = ANY_LENGTH
) -> Taper:
    """Return the taper with these (amount a day, days) steps, each made exactly.

    Raises:
        TaperRefused: a step that cannot be made, with the nearest that can; or a rule not kept.
    """
    found: list[TaperStep] = []
    before = start
    for number, (wanted, days) in enumerate(steps, 1):
        slots = day_of(wanted, before) if wanted.unit is start.medication.unit else None
        if slots is None:
            raise _cannot_be_made(number, wanted, before)
        found.append(TaperStep(per_day=wanted, slot_doses=slots, days=days))
        before = replace(start, slots=slots)
    return kept(Taper(steps=tuple(found)), start, limits)


def _cannot_be_made(number: int, wanted: Amount, start: TaperStart) -> TaperRefused:
    subject = f"taper, step {number}"
    given = f"{wanted} a day cannot be made from {_strengths(start)} below what is taken"
    if wanted.unit is not start.medication.unit:
        return TaperRefused(subject, given, f"write it in {start.medication.unit}")
    nearest = nearest_days(wanted, start)
    shown = " or ".join(f"{one} a day" for one in nearest) or "it can only be stopped"
    return TaperRefused(subject, given, f"use {shown}" if nearest else shown, nearest)


def _strengths(start: TaperStart) -> str:
    makes = start.makes
    pieces = piece_words(makes.form, Decimal(2))
    return f"{', '.join(one.digits for one in makes.strengths)}{NBSP}{makes.unit} {pieces}"


def shaped(
    start: TaperStart,
    shape: Shape,
    *,
    step_days: int | None = None,
    days: int | None = None,
    limits: TaperLimits = ANY_LENGTH,
) -> Taper:
    """Return the taper of a shape, by the length of a step or by the length of the whole.

    A step of `Linear` is made exactly. Any other step is the nearest day that can be made,
    of two equally near the larger; what is nearest to the full amount is left out, and the
    taper ends where nothing is nearest.

    Raises:
        TaperRefused: a step that cannot be made, no step at all, or a rule not kept.
        InvalidValue: a shape that does not fall.
    """
    wanted = amounts_of(shape, start.per_day)
    if isinstance(shape, Linear):
        return _exactly(start, wanted, step_days, days, limits)
    fitted = [one for one in _fitted(wanted, start) if one is not None]
    if not fitted:
        raise TaperRefused("taper", "no step of this shape can be made", "use larger steps")
    lengths = _lengths(len(fitted), step_days, days)
    rows = groupby(zip(fitted, lengths, strict=True), key=lambda pair: pair[0])
    steps = tuple(
        TaperStep(
            per_day=per_day(slots, start.medication),
            slot_doses=slots,
            days=sum(length for _, length in group),
        )
        for slots, group in rows
    )
    return kept(Taper(steps=steps), start, limits)


def _exactly(
    start: TaperStart,
    wanted: Sequence[Fraction],
    step_days: int | None,
    days: int | None,
    limits: TaperLimits,
) -> Taper:
    unit = start.medication.unit
    lengths = _lengths(len(wanted), step_days, days)
    amounts = [Amount(_decimal(one), unit) for one in wanted]
    return explicit(start, zip(amounts, lengths, strict=True), limits)


def _decimal(value: Fraction) -> Decimal:
    """Return a fraction of two decimals' difference, which is exact."""
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _lengths(count: int, step_days: int | None, days: int | None) -> tuple[int, ...]:
    if (step_days is None) == (days is None):
        message = "a taper has the length of its steps or of the whole, one of them"
        raise TypeError(message)
    if not count:
        raise TaperRefused(
            "taper", "no step lies between this amount and nothing", "use smaller steps"
        )
    if step_days is not None:
        return (step_days,) * count
    if days is None or days < count:
        wanted = f"use at least {days_words(count)} for {count} steps"
        raise TaperRefused("taper", f"{days} days long", wanted, (count,))
    return split_days(days, count)


def _fitted(wanted: Sequence[Fraction], start: TaperStart) -> Iterable[Pattern | None]:
    """Yield the day nearest to each amount; None where that is the full amount."""
    grid: list[Pattern | None] = [None, *level_days(start)]
    totals = [Fraction(start.per_day.value)]
    totals += [Fraction(per_day(one, start.medication).value) for one in grid if one is not None]
    at = 0
    for value in wanted:
        while at + 1 < len(totals) and totals[at] - value > value - totals[at + 1]:
            at += 1
        if at + 1 == len(totals) and totals[at] - value > value:
            return
        yield grid[at]


def way_up(
    target: TaperStart, shape: Shape, *, step_days: int, first: Amount | None = None
) -> Taper:
    """Return the titration that leads to `target` by a shape, each step of so many days.

    It mirrors the taper of that shape: the steps rise, and the target itself is no step.

    Args:
        first: Begin there: smaller steps are left out.

    Raises:
        TaperRefused: a step that cannot be made, or none is left.
    """
    down = shaped(target, shape, step_days=step_days)
    least = down.steps[-1].per_day if first is None else first
    steps = tuple(one for one in down.steps if one.per_day >= least)
    if not steps or (first is not None and steps[-1].per_day != first):
        given = f"it cannot begin with {least} a day"
        nearest = [one.per_day for one in down.steps]
        shown = " or ".join(f"{one}" for one in reversed(nearest))
        raise TaperRefused("titration", given, f"begin with {shown} a day", nearest)
    return mirrored(Taper(steps=steps))


def mirrored(taper: Taper) -> Taper:
    """Return the way up that mirrors a way down (or back): its steps in reverse order."""
    up = taper.kind is PhaseKind.TAPER
    return Taper(steps=taper.steps[::-1], kind=PhaseKind.TITRATION if up else PhaseKind.TAPER)


def taper_by_rules(start: TaperStart, stopping: Stopping, days: int | None = None) -> Taper:
    """Return the taper that a drug's rules for stopping give: their own plan, or the best.

    Args:
        days: Its length; None: the rules' default. A written plan has its own length.

    Raises:
        TaperRefused: it cannot be made, or its length is not allowed.
    """
    limits = TaperLimits.of(stopping)
    written = [one for one in stopping.plan if one[0] < start.per_day]
    if written and days is None:
        return explicit(start, written)
    return best_taper(start, stopping.default_days if days is None else days, limits)
