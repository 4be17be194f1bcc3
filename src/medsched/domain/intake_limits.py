"""How close, how many, how much: limits on real intakes, in elapsed time.

A window of hours runs back from the instant in question, across midnight and clock
changes; an intake exactly as old as the window is outside it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import EXACT, Amount, Unit, UnitMismatch
from medsched.domain.late_window import hours
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from medsched.domain.missed_policy import RollingLimit

NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""The limit can never be kept: one dose alone is more than it allows."""

_IN_MG: Final = {Unit.MG: Decimal(1), Unit.MCG: Decimal("0.001"), Unit.G: Decimal(1000)}

Intake = tuple[datetime, "Amount | None"]
"""When, and how much; None when nobody knows: then it counts as one more dose."""


@frozen
class Limit:
    """At most so many doses, or so much, in any `window` of elapsed time."""

    window: timedelta
    most_doses: int | None = None
    most: Amount | None = None


def limit_of(rolling: RollingLimit) -> Limit:
    """Return a policy's rolling limit; its amount is in milligrams."""
    most = rolling.max_amount_mg
    return Limit(
        window=hours(rolling.window_hours),
        most_doses=rolling.max_doses,
        most=None if most is None else Amount(most, Unit.MG),
    )


def measured(amount: Amount, unit: Unit) -> Decimal:
    """Return an amount in another unit; only units of mass can be changed into one another.

    Raises:
        UnitMismatch: the units cannot be compared, so the limit cannot be kept.

    >>> measured(Amount(Decimal("0.5"), Unit.G), Unit.MG)
    Decimal('500.0')
    """
    if amount.unit is unit:
        return amount.value
    if amount.unit not in _IN_MG or unit not in _IN_MG:
        raise UnitMismatch(amount.unit, unit)
    return EXACT.divide(EXACT.multiply(amount.value, _IN_MG[amount.unit]), _IN_MG[unit])


def comparable(amount: Amount, limit: Limit) -> bool:
    """Return whether an amount can be counted against the limit at all."""
    units = {amount.unit, limit.most.unit} if limit.most is not None else set()
    return len(units) < 2 or units <= _IN_MG.keys()  # noqa: PLR2004  # two units that differ


def gap_ready(intakes: Sequence[Intake], least: timedelta, now: datetime) -> datetime:
    """Return from when on `least` has passed since the last intake; `now` if it has.

    Args:
        intakes: Up to `now`, rising.
    """
    return max(now, intakes[-1][0] + least) if intakes else now


def limit_ready(intakes: Sequence[Intake], limit: Limit, dose: Amount, now: datetime) -> datetime:
    """Return from when on one more `dose` keeps the limit; `now` if it does, or `NEVER`.

    Args:
        intakes: Up to `now`, rising.
    """
    ready = now
    for place in range(len(intakes) + 1):
        inside = _inside(intakes[place:], limit, ready)
        if _fits(inside, limit, dose):
            return ready
        if not inside:
            return NEVER
        ready = max(ready, inside[0][0] + limit.window)
    return NEVER


def doses_left(intakes: Sequence[Intake], limit: Limit, dose: Amount, now: datetime) -> int | None:
    """Return how many more doses fit into the window that ends `now`; None for no limit."""
    inside = _inside(intakes, limit, now)
    left = None if limit.most_doses is None else max(0, limit.most_doses - len(inside))
    if limit.most is None or not dose:
        return left
    room = max(Decimal(0), limit.most.value - _sum(inside, dose, limit.most.unit))
    by_amount = int(room // measured(dose, limit.most.unit))
    return by_amount if left is None else min(left, by_amount)


def _inside(intakes: Sequence[Intake], limit: Limit, now: datetime) -> list[Intake]:
    return [one for one in intakes if one[0] > now - limit.window]


def _fits(inside: Sequence[Intake], limit: Limit, dose: Amount) -> bool:
    if limit.most_doses is not None and len(inside) + 1 > limit.most_doses:
        return False
    if limit.most is None:
        return True
    unit = limit.most.unit
    return _sum(inside, dose, unit) + measured(dose, unit) <= limit.most.value


def _sum(inside: Sequence[Intake], dose: Amount, unit: Unit) -> Decimal:
    amounts = (amount if amount is not None else dose for _, amount in inside)
    return sum((measured(one, unit) for one in amounts), Decimal(0))
