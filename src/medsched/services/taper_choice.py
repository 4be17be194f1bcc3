"""Which way down somebody asks for: the rules' own, or a shape of steps on what is at hand.

Every way down keeps the same rules of the medicine: its length, the length of a step and
the largest fall. A person's own plan, which has no such rules, keeps the arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.amount import amount
from medsched.domain.taper import (
    ANY_LENGTH,
    TaperLimits,
    TaperStart,
    best_taper,
    shaped,
    taper_by_rules,
)
from medsched.errors import InvalidValue
from medsched.frozen import frozen

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.domain.protocol import Stopping
    from medsched.domain.taper import Shape, Taper

_USUAL_DAYS = 14
_USUAL_STEP = 7


@frozen
class TaperChoice:
    """What somebody chose for a way down.

    Args:
        shape: How it falls; None: as the rules say, or the best that tablets make.
        days: Of the whole; None: by the steps, or the rules' default.
        step_days: Of each step of a shape; None with `days`, or the rules' shortest.
        on_hand: The strengths to make it from; empty: all there are.
    """

    shape: Shape | None = None
    days: int | None = None
    step_days: int | None = None
    on_hand: frozenset[Amount] = frozenset()

    @property
    def is_named(self) -> bool:
        """Whether somebody asked for a way down at all."""
        return self.shape is not None or self.days is not None or bool(self.on_hand)


def taper_of(start: TaperStart, stopping: Stopping | None, choice: TaperChoice) -> Taper:
    """Return the way down from `start` that was chosen, within the rules of the medicine.

    Raises:
        TaperRefused: it cannot be made, or breaks a rule. InvalidValue: numbers that make none.
    """
    limits = ANY_LENGTH if stopping is None else TaperLimits.of(stopping)
    if choice.shape is None:
        if choice.step_days is not None:
            raise InvalidValue("step", f"{choice.step_days} days", "name a --taper for its steps")
        if stopping is None:
            return best_taper(start, choice.days or _USUAL_DAYS, limits)
        return taper_by_rules(start, stopping, choice.days)
    if choice.days is not None and choice.step_days is not None:
        wanted = "say the length of the whole, or of a step, not both"
        raise InvalidValue("taper", f"{choice.days} days with steps", wanted)
    usual = max(limits.min_step_days, 1) if stopping is not None else _USUAL_STEP
    step = None if choice.days is not None else choice.step_days or usual
    return shaped(start, choice.shape, step_days=step, days=choice.days, limits=limits)


def read_strengths(text: str, medication: Medication) -> frozenset[Amount]:
    """Read the strengths that are at hand, such as `25 mg, 50 mg` or `25, 50 mg`.

    Raises:
        InvalidValue: one that the medicine does not come in.

    """
    parts = [one.strip() for one in text.split(",") if one.strip()]
    named = [f"{one} {medication.unit.value}" if _is_bare(one) else one for one in parts]
    found = frozenset(amount(one, subject="strengths") for one in named)
    known = ", ".join(str(one) for one in medication.strengths)
    if not found:
        raise InvalidValue("strengths", repr(text), f"name some of {known}")
    for one in sorted(found, key=str):
        if one not in medication.strengths:
            raise InvalidValue("strengths", one, f"{medication.name} comes in {known}")
    return found


def _is_bare(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()
