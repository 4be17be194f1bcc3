"""How close, how many, how much: limits on real intakes, in elapsed time.

A window of hours runs back from the instant in question, across midnight and clock
changes; an intake exactly as old as the window is outside it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import EXACT, Unit
from medsched.domain.late_window import hours

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from medsched.domain.amount import Amount
    from medsched.domain.missed_policy import RollingLimit

NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""The limit can never be kept: one dose alone is more than it allows."""

_IN_MG: Final = {Unit.MG: Decimal(1), Unit.MCG: Decimal("0.001"), Unit.G: Decimal(1000)}

Intake = tuple[datetime, "Amount | None"]
"""When, and how much; None when nobody knows."""


def milligrams(amount: Amount | None) -> Decimal | None:
    """Return an amount of mass in milligrams; None for what is not weighed.

    >>> from medsched.domain.amount import amount
    >>> milligrams(amount("0.5 g")), milligrams(amount("2 drops"))
    (Decimal('500.0'), None)
    """
    if amount is None or amount.unit not in _IN_MG:
        return None
    return EXACT.multiply(amount.value, _IN_MG[amount.unit])


def gap_ready(intakes: Sequence[Intake], least: timedelta, now: datetime) -> datetime:
    """Return from when on `least` has passed since the last intake; `now` if it has.

    Args:
        intakes: Up to `now`, rising.
    """
    return max(now, intakes[-1][0] + least) if intakes else now


def rolling_ready(
    intakes: Sequence[Intake], limit: RollingLimit, dose: Amount, now: datetime
) -> datetime:
    """Return from when on one more `dose` keeps a rolling limit; `now` if it does.

    Args:
        intakes: Up to `now`, rising; an unknown amount counts as one more `dose`.
    """
    window = hours(limit.window_hours)
    ready = now
    for place in range(len(intakes) + 1):
        inside = [one for one in intakes[place:] if one[0] > ready - window]
        if _fits(inside, limit, dose):
            return ready
        if not inside:
            return NEVER
        ready = max(ready, inside[0][0] + window)
    return NEVER


def doses_left(
    intakes: Sequence[Intake], limit: RollingLimit, dose: Amount, now: datetime
) -> int | None:
    """Return how many more doses fit into the window that ends `now`; None for no limit."""
    inside = [one for one in intakes if one[0] > now - hours(limit.window_hours)]
    left = None if limit.max_doses is None else max(0, limit.max_doses - len(inside))
    one = milligrams(dose)
    if limit.max_amount_mg is None or not one:
        return left
    room = max(Decimal(0), limit.max_amount_mg - _sum(inside, dose))
    by_amount = int(room // one)
    return by_amount if left is None else min(left, by_amount)


def _fits(inside: Sequence[Intake], limit: RollingLimit, dose: Amount) -> bool:
    if limit.max_doses is not None and len(inside) + 1 > limit.max_doses:
        return False
    if limit.max_amount_mg is None:
        return True
    one = milligrams(dose)
    return one is None or _sum(inside, dose) + one <= limit.max_amount_mg


def _sum(inside: Sequence[Intake], dose: Amount) -> Decimal:
    amounts = (milligrams(amount if amount is not None else dose) for _, amount in inside)
    return sum((one for one in amounts if one is not None), Decimal(0))
