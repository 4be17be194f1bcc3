"""The shapes of a taper, before any tablet: exact daily amounts, falling to nothing.

A shape is arithmetic in fractions, so nothing is rounded here. The amounts are fitted to
tablets afterwards (see `taper`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, assert_never

from medsched.domain.amount import UnitMismatch
from medsched.errors import InvalidValue
from medsched.frozen import frozen

if TYPE_CHECKING:
    from decimal import Decimal

    from medsched.domain.amount import Amount

_MOST_STEPS: Final = 400
_SMALLEST_SHARE: Final = Fraction(1, 1000)


@frozen(kw_only=False)
class Linear:
    """The same amount less each step; each step must be made exactly."""

    by: Amount


@frozen(kw_only=False)
class LinearIn:
    """Equal falls that reach nothing after so many steps."""

    steps: int


@frozen(kw_only=False)
class PercentOfCurrent:
    """Each step so many percent less than the step before it: 100, 90, 81, 72.9."""

    percent: Decimal


@frozen(kw_only=False)
class PercentOfFirst:
    """Each step less by so many percent of what was taken at first: 100, 90, 80, 70."""

    percent: Decimal


@frozen(kw_only=False)
class Hyperbolic:
    """Equal steps of receptor occupancy, down to none.

    Args:
        half_maximum: The daily amount with half of the largest occupancy.

    Source:
        Horowitz and Taylor, Lancet Psychiatry 2019: occupancy is dose / (dose + half maximum).
    """

    half_maximum: Amount
    steps: int


Shape = Linear | LinearIn | PercentOfCurrent | PercentOfFirst | Hyperbolic


def amounts_of(shape: Shape, first: Amount) -> tuple[Fraction, ...]:
    """Return the daily amounts after `first`, strictly falling, all more than nothing.

    A shape that never reaches nothing ends below a thousandth of `first`.

    Raises:
        InvalidValue: a number that makes no falling row.

    >>> from decimal import Decimal
    >>> from medsched.domain.amount import amount
    >>> [str(one) for one in amounts_of(PercentOfFirst(Decimal(30)), amount("100 mg"))]
    ['70', '40', '10']
    """
    start = Fraction(first.value)
    match shape:
        case Linear():
            by = _number(shape.by, first)
            return _falling(start, by, shape.by)
        case LinearIn():
            count = _steps(shape.steps)
            return tuple(start * (count - one) / count for one in range(1, count))
        case PercentOfCurrent():
            return _shrinking(start, 1 - _share(shape.percent))
        case PercentOfFirst():
            return _falling(start, start * _share(shape.percent), shape.percent)
        case Hyperbolic():
            return _hyperbolic(start, shape, first)
        case _:
            assert_never(shape)


def _number(amount: Amount, first: Amount) -> Fraction:
    if amount.unit is not first.unit:
        raise UnitMismatch(first.unit, amount.unit)
    return Fraction(amount.value)


def _falling(start: Fraction, by: Fraction, given: object) -> tuple[Fraction, ...]:
    if by <= 0 or start / by > _MOST_STEPS:
        raise InvalidValue("step", given, f"use at least a {_MOST_STEPS}th of the first amount")
    count = -(-start // by)
    return tuple(start - by * one for one in range(1, int(count)))


def _shrinking(start: Fraction, share: Fraction) -> tuple[Fraction, ...]:
    found = [start * share] if share else []
    while found and found[-1] > start * _SMALLEST_SHARE and len(found) < _MOST_STEPS:
        found.append(found[-1] * share)
    return tuple(found)


def _hyperbolic(start: Fraction, shape: Hyperbolic, first: Amount) -> tuple[Fraction, ...]:
    half = _number(shape.half_maximum, first)
    if not half:
        raise InvalidValue("half maximum", shape.half_maximum, "use more than nothing")
    count, top = _steps(shape.steps), start / (start + half)
    shares = (top * (count - one) / count for one in range(1, count))
    return tuple(dose_at(one, half) for one in shares)


def dose_at(share: Fraction, half_maximum: Fraction) -> Fraction:
    """Return the dose at a share of the largest occupancy, 0 <= share < 1.

    >>> dose_at(Fraction(1, 2), Fraction(3))
    Fraction(3, 1)
    """
    return half_maximum * share / (1 - share)


def _share(percent: Decimal) -> Fraction:
    if not 1 <= percent <= 100:  # noqa: PLR2004  # percent
        raise InvalidValue("percent", percent, "use 1 to 100")
    return Fraction(percent) / 100


def _steps(count: int) -> int:
    if not 1 <= count <= _MOST_STEPS:
        raise InvalidValue("steps", count, f"use 1 to {_MOST_STEPS}")
    return count
