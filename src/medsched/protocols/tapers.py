"""Whether there is a way down from every dose that people reach by a protocol's rules.

It takes longer than reading the file, so it runs for files that somebody asks about and
in the tests of the shipped ones, not each time that a protocol is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.amount import Amount
from medsched.domain.medication import parts_allowed
from medsched.domain.protocol import PhaseKind
from medsched.domain.tablets import can_be_made
from medsched.domain.taper import TaperRefused, TaperStart, pattern_of, taper_by_rules
from medsched.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsched.domain.medication import Medication
    from medsched.domain.protocol import Protocol, Stopping
    from medsched.domain.taper_plan import Pattern

_UP: Final = frozenset({PhaseKind.TITRATION, PhaseKind.MAINTENANCE})


def check_tapers(protocol: Protocol) -> Iterator[Problem]:
    """Yield a mistake for each dose of a protocol that its rules for stopping cannot lead down.

    Every step of the way up counts, the maintenance, the kidneys' plateaus and caps, and
    the ceiling; each over the shortest, the usual and the longest taper.

    Source:
        Section 6, check 8 of the clinical rules: "a plan exists for every reachable plateau".
    """
    stopping = protocol.stopping
    if stopping is None or stopping.taper_after_days is None:
        return
    for slots in reachable(protocol):
        start = TaperStart(medication=protocol.medication, slots=slots)
        for days in _lengths(stopping):
            try:
                taper_by_rules(start, stopping, days)
            except TaperRefused as refused:
                message = f"no taper leads down from {start.per_day} a day: {refused}"
                yield Problem(where="stopping", code="taper", message=message)
                break


def _lengths(stopping: Stopping) -> tuple[int | None, ...]:
    """Return the lengths to try; None is the usual one, or that of a published taper."""
    if stopping.plan:
        return (None,)
    return (None, stopping.min_days, stopping.max_days)


def reachable(protocol: Protocol) -> tuple[Pattern, ...]:
    """Return each day that people may be at when they stop, but for the smallest dose of all."""
    found: list[Pattern] = []
    medication = protocol.medication
    for regimen in protocol.regimens:
        phases = [one for one in regimen.phases if one.kind in _UP]
        patterns = [
            slots for one in phases if (slots := pattern_of(one.dosage)) is not None and any(slots)
        ]
        found += patterns
        found += [slots for one in patterns[-1:] for slots in _ordered(protocol, one)]
    kept = (one for one in dict.fromkeys(found) if _amount(one, medication) > _least(medication))
    return tuple(kept)


def _ordered(protocol: Protocol, maintenance: Pattern) -> Iterator[Pattern]:
    """Yield the days that only an order or weak kidneys lead to, at the slots of `maintenance`."""
    safety = protocol.safety
    totals = [one.per_day for one in safety.ceilings]
    totals += [amount for one in safety.renal for amount in (one.plateau_per_day, one.cap_per_day)]
    places = sum(one is not None for one in maintenance)
    for amount in totals:
        dose = None if amount is None else _part(amount, places, protocol.medication)
        if dose is not None:
            yield tuple(dose if one is not None else None for one in maintenance)


def _part(amount: Amount, places: int, medication: Medication) -> Amount | None:
    """Return one of `places` equal doses; None when no pieces make it."""
    if amount.value % places:
        return None
    dose = Amount(amount.value / places, amount.unit)
    return dose if can_be_made(dose, medication) else None


def _amount(slots: Pattern, medication: Medication) -> Amount:
    return TaperStart(medication=medication, slots=slots).per_day


def _least(medication: Medication) -> Amount:
    smallest = min(medication.strengths)
    return Amount(smallest.value / parts_allowed(medication), smallest.unit)
