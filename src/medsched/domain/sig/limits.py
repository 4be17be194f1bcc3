"""Directions for a medicine that is taken only if needed: how far apart, how much at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.amount import amount, plain
from medsched.domain.sig.dose import amount_of, in_unit
from medsched.domain.sig.parts import Apart, Interval, Most, Much, Needed, Often
from medsched.domain.timing import AsNeeded

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.domain.sig.said import Said

_DAY: Final = 24
_AMOUNTS: Final = frozenset({"mg", "mcg", "microgram", "g", "gram", "ml", "unit"})


def needed(
    said: Said, much: Much, medication: Medication | None
) -> tuple[AsNeeded, tuple[str, ...]]:
    """Return the dosage, and what was filled in because the text does not say it.

    Without a smallest gap, the doses of a window share it evenly. Without a most, the gap
    gives it.

    Raises:
        SigContradiction: neither a gap nor a most, or times and days besides.
    """
    said.without(Needed, Apart, Interval, Often, Most).nothing_else()
    one = amount_of(much, medication, said.text)
    part = said.one(Needed) or Needed()
    limits = _limits(said, one, much)
    gap_part = _gap(said)
    assumed: list[str] = []
    if gap_part is None and limits.doses is None:
        raise said.refuse("only if needed, but how far apart or how many in 24 hours is not said")
    doses, window = limits.doses, limits.window
    if doses is None:
        doses = max(1, window // (gap_part.hours if gap_part is not None else window))
        assumed.append(f"at most {doses} in {window} hours, as the gap between doses allows")
    hours = gap_part.hours if gap_part is not None else max(1, window // doses)
    if gap_part is None:
        assumed.append(f"at least {hours} hours apart, as nothing else is said")
    if limits.by_day:
        assumed.append("a day is any 24 hours")
    dosage = AsNeeded(
        amount=one,
        min_gap_hours=hours,
        most_doses=doses,
        window_hours=window,
        most_amount=limits.amount,
        reason=part.reason,
    )
    return dosage, tuple(assumed)


def _gap(said: Said) -> Apart | Interval | None:
    part = said.any_of(Apart, Interval)
    return part if isinstance(part, Apart | Interval) else None


class _Limits:
    """Most doses and most amount of one window."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.doses: int | None = None
        self.amount: Amount | None = None
        self.by_day = False


def _limits(said: Said, one: Amount, much: Much) -> _Limits:
    parts = [part for part, _ in said.all(Most)]
    windows = {part.hours for part in parts}
    if len(windows) > 1:
        raise said.refuse("limits for different hours are said; write both for the same")
    limits = _Limits(windows.pop() if windows else _DAY)
    often = said.one(Often)
    if often is not None:
        limits.doses, limits.by_day = often.count, True
    for part in parts:
        _add(limits, part, said, one, much)
    if limits.doses is None and limits.amount is not None and one:
        limits.doses = max(1, int(limits.amount.value // one.value))
    return limits


def _add(limits: _Limits, part: Most, said: Said, one: Amount, much: Much) -> None:
    limits.by_day = limits.by_day or part.calendar_day
    if part.word in _AMOUNTS:
        most = amount(f"{plain(part.number)} {part.word}")
        if limits.amount is not None:
            raise said.refuse("two largest amounts are said; write one")
        limits.amount = in_unit(most, one.unit, said.text)
        return
    if limits.doses is not None:
        raise said.refuse("how many at most is said twice; write it once")
    limits.doses = _doses(part, said, much)


def _doses(part: Most, said: Said, much: Much) -> int:
    """Return how many doses, where pieces are said for a dose of so many pieces."""
    pieces = sum((each.count for each in much.pieces), start=part.number * 0)
    number = part.number
    if part.word in {"dose", "time"} or pieces == 1:
        count = number
    elif not part.word:
        shown = plain(number)
        raise said.ambiguous(shown, (f"{shown} doses", f"{shown} pieces"))
    elif not pieces:
        raise said.refuse("pieces at most, but an amount for each dose; write doses at most")
    else:
        count = number / pieces
    if count != int(count) or not 1 <= count <= 1000:  # noqa: PLR2004  # a slip of the pen
        raise said.refuse(f"{plain(number)} at most is no whole number of doses")
    return int(count)
