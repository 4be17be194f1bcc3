"""How long the tablets last: per strength, from a count, what was used and what is planned.

Running out is an abrupt stop, so the refill is a week before it.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.dose_status import counts_as_taken
from medsched.domain.tablets import CannotBeMade, pieces_for
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from medsched.domain.amount import Amount
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.domain.medication import Medication, Pieces

REFILL_AHEAD: Final = timedelta(days=7)
"""How long before the supply ends the refill is due. Source: an assumption."""


@frozen
class Supply:
    """What is left, and for how long.

    Args:
        left: Pieces left now of each strength that was counted or used; never negative.
        runs_out: The first day with a planned dose that what is left cannot make; None when
            the planned doses that were looked at are all covered.
        doses: Planned doses that are covered.
    """

    left: Mapping[Amount, Decimal]
    runs_out: date | None
    doses: int

    @property
    def refill_on(self) -> date | None:
        """The day on which to get more: a week before it runs out."""
        return None if self.runs_out is None else self.runs_out - REFILL_AHEAD


def used_since(chart: Chart, counted_at: datetime, now: datetime) -> list[Amount]:
    """Return what was taken after the count, extra doses too; as planned where nobody records."""
    taken = [chart.amount_of(one) for one in chart.taken(now) if one.at > counted_at]
    presumed = [
        one.amount
        for one in chart.doses
        if one.due > counted_at and one.id not in chart.settled and counts_as_taken(one, chart, now)
    ]
    return [one for one in taken if one is not None] + presumed


def supply(
    counted: Mapping[Amount, Decimal],
    used: Iterable[Amount],
    planned: Iterable[DoseEvent],
    medication: Medication,
    preferred: frozenset[Amount] = frozenset(),
) -> Supply:
    """Return what is left of each strength and the day on which it runs out.

    A dose is made as planned while those strengths last, then from whatever is left.

    Args:
        counted: Pieces of each strength at the count. used: Amounts taken since.
        planned: Doses to come, rising; read only until the supply runs out.
        preferred: Strengths that the prescription names.
    """
    left = dict(counted)
    for amount in used:
        for one in _pieces(amount, medication, preferred):
            left[one.strength] = max(Decimal(0), left.get(one.strength, Decimal(0)) - one.count)
    now_left, doses = dict(left), 0
    for dose in planned:
        pieces = _from_stock(dose.amount, medication, preferred, left)
        if pieces is None:
            return Supply(left=now_left, runs_out=dose.day, doses=doses)
        for one in pieces:
            left[one.strength] -= one.count
        doses += 1
    return Supply(left=now_left, runs_out=None, doses=doses)


def _pieces(
    amount: Amount, medication: Medication, strengths: frozenset[Amount]
) -> tuple[Pieces, ...]:
    """Return the pieces of an amount; none for one that cannot be made, such as a part dose."""
    try:
        return pieces_for(amount, medication, strengths)
    except CannotBeMade:
        return ()


def _from_stock(
    amount: Amount,
    medication: Medication,
    preferred: frozenset[Amount],
    left: Mapping[Amount, Decimal],
) -> tuple[Pieces, ...] | None:
    """Return pieces that are there; None when no choice of strengths makes the dose."""
    there = frozenset(strength for strength, count in left.items() if count > 0)
    for strengths in (preferred, there):
        pieces = _pieces(amount, medication, strengths)
        if pieces and all(left.get(one.strength, Decimal(0)) >= one.count for one in pieces):
            return pieces
    return None
