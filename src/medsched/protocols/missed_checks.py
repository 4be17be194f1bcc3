"""A missed-dose policy beside the doses that it is for: what cannot hold is a mistake."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from medsched.domain.missed_policy import Basis, Measure
from medsched.domain.rhythm import slot_count
from medsched.domain.timing import (
    AfterLastDose,
    AsNeeded,
    Cycle,
    EveryDay,
    EveryHours,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    OnDays,
    OnWeekdays,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.protocol import Phase
    from medsched.domain.timing import Dosage
    from medsched.protocols.table import Table

_DAY = 24
_WEEK = 7 * _DAY


def note_misfits(table: Table, policy: MissedPolicy, phases: Sequence[Phase]) -> None:
    """Note in the table of a policy each number that does not fit the doses."""
    if not table.sound:
        return
    for key, message in list(misfits(policy, phases)):
        if table.has("policy"):
            table.note("policy", "window", f"{policy.id!r} does not fit: its {key} {message}")
        else:
            table.note(key, "window", message)


def misfits(policy: MissedPolicy, phases: Sequence[Phase]) -> Iterator[tuple[str, str]]:
    """Yield the key and the message of each number that does not fit the doses.

    The nominal interval counts: 12 hours for twice a day, a week for one weekday. A dose
    taken at the end of its window must leave the minimum gap before the next one.
    """
    dosages = [phase.dosage for phase in phases if phase.dosage is not None]
    yield from _check_basis(policy, dosages)
    known = [found for one in dosages if (found := interval(one)) is not None]
    if not known:
        return
    shortest, longest = min(known), max(known)
    yield from _check_window(policy, shortest)
    yield from _check_limits(policy, shortest, longest)


def _check_basis(policy: MissedPolicy, dosages: list[Dosage]) -> Iterator[tuple[str, str]]:
    needed = bool(dosages) and all(isinstance(one, AsNeeded) for one in dosages)
    if policy.basis is Basis.EXCLUDED:
        yield "basis", "is excluded: such a medicine is not planned here"
    elif needed and policy.basis is not Basis.AS_NEEDED:
        yield "basis", f"is {policy.basis}; doses only if needed have the basis 'as needed'"
    elif dosages and not needed and policy.basis is Basis.AS_NEEDED:
        yield "basis", "is 'as needed', and there are doses with a time"


def _check_window(policy: MissedPolicy, shortest: Fraction) -> Iterator[tuple[str, str]]:
    late, gap = policy.late, Fraction(policy.min_gap_hours)
    if gap > shortest:
        yield "min_gap", f"{_hours(gap)} is more than the {_hours(shortest)} between two doses"
        return
    window = late.max_hours
    if shortest >= _DAY and late.max_hours_once_daily is not None:
        window = late.max_hours_once_daily
    if late.measure is Measure.FROM_DUE and window and Fraction(window) + gap > shortest:
        both = f"{_hours(Fraction(window))} and then the minimum gap of {_hours(gap)}"
        yield "late.at_most", f"{both} are more than the {_hours(shortest)} between two doses"
    remaining = late.min_remaining_hours
    if late.measure is Measure.TO_NEXT and remaining is not None:
        if Fraction(remaining) < gap:
            yield "late.at_least_before_next", f"is less than the minimum gap of {_hours(gap)}"
        if Fraction(remaining) >= shortest:
            yield "late.at_least_before_next", f"leaves nothing of {_hours(shortest)}"


def _check_limits(
    policy: MissedPolicy, shortest: Fraction, longest: Fraction
) -> Iterator[tuple[str, str]]:
    longest_gap, rolling, a_day = (
        policy.max_gap_hours,
        policy.rolling,
        policy.max_doses_per_dosing_day,
    )
    # A way up may have one dose a day where later ones are closer: the shortest counts.
    if longest_gap is not None and Fraction(longest_gap) < shortest <= longest:
        yield "max_gap", f"is less than the {_hours(shortest)} between two doses"
    if rolling is not None and rolling.max_doses is not None:
        on_time = ceil(Fraction(rolling.window_hours) / shortest)
        if on_time > rolling.max_doses:
            yield "rolling", f"{rolling.max_doses} is less than the {on_time} doses on time"
    if a_day is not None and a_day < _DAY / shortest:
        yield "most_a_day", f"{a_day} is less than the doses of a day"


def interval(dosage: Dosage) -> Fraction | None:
    """Return the nominal hours between two doses; None where there is no next one."""
    match dosage:
        case EveryHours() | AfterLastDose():
            return Fraction(dosage.hours)
        case OnDays():
            return _on_days(dosage)
        case _:
            return None


def _on_days(dosage: OnDays) -> Fraction:
    count = len(dosage.slots) or slot_count(dosage.times)
    if count > 1:
        return Fraction(_DAY, count)
    days = dosage.days
    match days:
        case EveryDay() | Cycle():
            return Fraction(_DAY)
        case EveryNDays():
            return Fraction(_DAY * days.n)
        case OnWeekdays():
            return Fraction(_WEEK * days.weeks if len(days.weekdays) == 1 else _DAY)
        case EveryNMonths():
            return Fraction(28 * _DAY * days.n)
        case EveryNYears():
            return Fraction(365 * _DAY * days.n)


def _hours(length: Fraction) -> str:
    number = length.numerator if length.denominator == 1 else float(length)
    return f"{number:g} hours"


def doses_a_day(dosage: Dosage | None) -> int:
    """Return how many doses a full dose day has, at least 1.

    >>> from medsched.domain.amount import amount
    >>> doses_a_day(EveryHours(hours=8, amount=amount("500 mg")))
    3
    """
    between = None if dosage is None else interval(dosage)
    return 1 if between is None else max(1, ceil(_DAY / between))
