"""A plan of falling (or rising) daily amounts, and what it has to keep.

A plan is a row of steps: so much at each slot of the day, for so many days. After the
last step of a taper there is nothing more to take. A plan that breaks a rule is refused
with what would keep it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.amount import Amount, total
from medsched.domain.plain_words import days_words
from medsched.domain.protocol import PhaseKind
from medsched.errors import MedschedError
from medsched.frozen import frozen, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.domain.medication import Medication
    from medsched.domain.protocol import Stopping

Pattern = tuple[Amount | None, ...]
"""The amount at each slot of a day, None where nothing is taken."""

_LONGEST: Final = 3650


class TaperRefused(MedschedError):
    """A taper or titration that cannot be made, or breaks a rule."""

    def __init__(
        self, subject: str, given: str, wanted: str, nearest: Sequence[Amount | int] = ()
    ) -> None:
        """Keep what was asked; `nearest` holds the daily amounts, or days, that can be made."""
        self.subject, self.given, self.wanted = subject, given, wanted
        self.nearest = tuple(nearest)
        super().__init__(f"{subject}: {given}; {wanted}")


@frozen
class TaperStep:
    """The same doses for some days.

    Args:
        per_day: The sum of `slot_doses`. days: At least 1.
    """

    per_day: Amount
    slot_doses: Pattern
    days: int


@frozen
class Taper:
    """Steps that fall to nothing; of kind titration, that rise to the amount they lead to.

    The steps of a titration are mirrored from a taper: the amount it leads to is no step.
    """

    steps: tuple[TaperStep, ...]
    kind: PhaseKind = PhaseKind.TAPER

    @property
    def days(self) -> int:
        """Its length: first changed day to last day with a dose, inclusive."""
        return sum(one.days for one in self.steps)


@frozen
class TaperStart:
    """What is taken now (or, of a titration, what it leads to).

    Args:
        slots: The amount at each slot of the day. on_hand: Only these strengths may be
            used; empty means all strengths of the medicine.
    """

    medication: Medication
    slots: Pattern
    on_hand: frozenset[Amount] = frozenset()

    @property
    def per_day(self) -> Amount:
        """The amount of one day."""
        return per_day(self.slots, self.medication)

    @property
    def makes(self) -> Medication:
        """The medicine with only the strengths that may be used."""
        kept = tuple(one for one in self.medication.strengths if one in self.on_hand)
        return replace(self.medication, strengths=kept) if kept else self.medication


@frozen
class TaperLimits:
    """What a protocol asks of a taper, all inclusive.

    Args:
        min_days, max_days: Of the whole. min_step_days: Of each step.
        max_drop_percent: Largest fall from step to step; the last one, to nothing, is free.
        once_daily_smallest: Whether the smallest amount may be taken at fewer slots a day.
    """

    min_days: int = 1
    max_days: int = _LONGEST
    min_step_days: int = 7
    max_drop_percent: int = 50
    once_daily_smallest: bool = True

    @classmethod
    def of(cls, stopping: Stopping) -> TaperLimits:
        """Return the limits that a drug's rules for stopping set."""
        return cls(
            min_days=stopping.min_days,
            max_days=stopping.max_days,
            min_step_days=stopping.min_step_days,
            max_drop_percent=stopping.max_drop_percent,
            once_daily_smallest=stopping.once_daily_smallest,
        )


ANY_LENGTH: Final = TaperLimits(min_step_days=1, max_drop_percent=100)
"""No rule but the arithmetic: what a person's own plan has."""


def per_day(slots: Pattern, medication: Medication) -> Amount:
    """Return the amount of a day with these slots."""
    return total([one for one in slots if one is not None], medication.unit)


def split_days(days: int, steps: int) -> tuple[int, ...]:
    """Split days evenly over steps, first step first; the last steps get the extra days.

    >>> split_days(28, 3)
    (9, 9, 10)
    """
    length, extra = divmod(days, steps)
    return (length,) * (steps - extra) + (length + 1,) * extra


def check_length(days: int, limits: TaperLimits) -> None:
    """Refuse a length outside the limits, or shorter than one step.

    Raises:
        TaperRefused: with the nearest length that is allowed.
    """
    shortest, longest = max(limits.min_days, limits.min_step_days, 1), limits.max_days
    if not shortest <= days <= longest:
        nearest = min(max(days, shortest), longest)
        wanted = f"use {shortest:,} to {days_words(longest)}"
        raise TaperRefused("taper", f"{days_words(days)} long", wanted, (nearest,))


def kept(taper: Taper, start: TaperStart, limits: TaperLimits) -> Taper:
    """Return `taper` when it keeps every rule.

    It strictly falls, no slot of the day ever rises, each step is long enough, no fall but
    the last is too large, and the whole has an allowed length.

    Raises:
        TaperRefused: with what would keep the rule.
    """
    before = TaperStep(per_day=start.per_day, slot_doses=start.slots, days=0)
    for number, step in enumerate(taper.steps, 1):
        _check_step(f"taper, step {number}", before, step, limits)
        before = step
    check_length(taper.days, limits)
    return taper


def _check_step(name: str, before: TaperStep, step: TaperStep, limits: TaperLimits) -> None:
    shown = f"{step.per_day} a day after {before.per_day}"
    if step.per_day >= before.per_day:
        raise TaperRefused(name, shown, "let each step be less than the one before it")
    if rises(before.slot_doses, step.slot_doses):
        raise TaperRefused(name, shown, "let no single dose be more than it was before")
    if step.days < limits.min_step_days:
        wanted = f"keep each step for at least {days_words(limits.min_step_days)}"
        raise TaperRefused(name, days_words(step.days), wanted, (limits.min_step_days,))
    least = before.per_day.value * (100 - limits.max_drop_percent)
    if step.per_day.value * 100 < least:
        wanted = f"fall by at most {limits.max_drop_percent} percent"
        raise TaperRefused(name, shown, wanted)


def rises(before: Pattern, after: Pattern) -> bool:
    """Return whether any slot of the day has more than before."""
    return any(
        new is not None and (old is None or new > old)
        for old, new in zip(before, after, strict=True)
    )
