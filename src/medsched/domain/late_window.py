"""When a dose is on time, late, or over: the windows of a policy around one dose.

Everything is measured in elapsed time between instants, never on the wall clock, so a
night on which the clocks change moves no cut-off. Only the end of the person's dosing
day and the next morning are wall-clock matters; they become instants once. Windows are
closed: their last instant still belongs to them. Instants count in whole seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from medsched.domain.missed_policy import Basis, Measure
from medsched.domain.walltime import DAY
from medsched.frozen import frozen

if TYPE_CHECKING:
    from decimal import Decimal

    from medsched.domain.dose import DoseEvent
    from medsched.domain.missed_policy import MissedPolicy

SECOND: Final = timedelta(seconds=1)
"""The finest step of time: the last instant of an open end is one second before it."""

DAILY: Final = timedelta(hours=20)
"""Doses at least so far apart are daily or rarer, also on a day that spring shortens."""

_FOUR_HOURLY: Final = timedelta(hours=4) - timedelta(minutes=30)


@frozen
class Window:
    """The instants that matter about one dose, all aware UTC, all inclusive.

    Args:
        on_time_from, on_time_until: Taken in between it is on time.
        late_until: Until then it may be taken late; later it counts as missed.
        take_until: The last moment at which advice could be to take it; after `late_until`
            only where the policy says what to take even then.
        expires: The last moment a reminder for it may be shown.
        least_gap: Least elapsed time between two intakes around this dose: the policy's
            own, or what its late window leaves before the next dose.
        overlaps: The policy documents that this dose may still be taken when the next is due.
        usual: The shorter of the distances to the neighbouring doses.
        most_late: The policy's limit from the due time, None where it has none.
    """

    on_time_from: datetime
    on_time_until: datetime
    late_until: datetime
    take_until: datetime
    expires: datetime
    least_gap: timedelta
    overlaps: bool
    usual: timedelta
    most_late: timedelta | None


@lru_cache(maxsize=256)
def hours(count: Decimal) -> timedelta:
    """Return so many hours, cut to the second.

    >>> hours(Decimal("70.3"))
    datetime.timedelta(days=2, seconds=80280)
    """
    return timedelta(seconds=int(count * 3600))


def window_of(
    dose: DoseEvent, before: DoseEvent | None, after: DoseEvent | None, policy: MissedPolicy
) -> Window:
    """Return the windows of a dose between its neighbours.

    A late dose never reaches into the minimum gap before the next one, so it moves
    nothing; a dose that is on time is never called too late because of that gap.

    Args:
        before, after: The neighbouring doses with another due instant; None where the
            plan has none: then the usual distance is assumed.
    """
    usual = usual_interval(dose, before, after, policy)
    following = after.due if after is not None else dose.due + usual
    tolerance = on_time_tolerance(policy, usual)
    floor = min(dose.due + tolerance, following - SECOND)
    late_until = _late_until(dose, following, policy, tolerance)
    take_until = _take_until(dose, following, policy, late_until, usual)
    gap = _least_gap(dose, policy, tolerance, usual)
    return Window(
        on_time_from=dose.due - tolerance,
        on_time_until=min(dose.due + tolerance, late_until),
        late_until=late_until,
        take_until=take_until,
        expires=max(min(late_until, following - max(gap, SECOND)), min(floor, late_until)),
        least_gap=gap,
        overlaps=_overlaps(policy),
        usual=usual,
        most_late=_most_late(dose, following, policy),
    )


def expires(
    dose: DoseEvent, before: DoseEvent | None, after: DoseEvent | None, policy: MissedPolicy
) -> datetime:
    """Return the last moment at which a reminder for `dose` may be shown, aware UTC.

    The earlier of its cut-off and the next dose's due time less the minimum gap; a dose
    that is on time is always shown.
    """
    return window_of(dose, before, after, policy).expires


def usual_interval(
    dose: DoseEvent, before: DoseEvent | None, after: DoseEvent | None, policy: MissedPolicy
) -> timedelta:
    """Return the shorter of the distances to the neighbours, as clocks on the wall show it.

    So doses that travel pushes together keep the distance that the plan means. Without
    any neighbour a day, or a week.
    """
    near = (one for one in (before, after) if one is not None)
    distances = [abs(_on_the_wall(one) - _on_the_wall(dose)) for one in near]
    without = 7 * DAY if policy.basis is Basis.WEEKLY else DAY
    return min((one for one in distances if one), default=without)


def _on_the_wall(dose: DoseEvent) -> datetime:
    return dose.local.replace(tzinfo=None)


def on_time_tolerance(policy: MissedPolicy, interval: timedelta) -> timedelta:
    """Return how far from its due time a dose still is on time.

    Two hours for doses that are daily or rarer, one hour from twice a day to every 4
    hours, half an hour for more frequent ones and where no general rule fits; the
    policy's own where minutes matter.

    Source:
        ISMP acute care guidelines for timely administration of scheduled medications.
    """
    if policy.time_critical_minutes is not None:
        return timedelta(minutes=policy.time_critical_minutes)
    if policy.basis is Basis.EXCLUDED:
        return timedelta(minutes=30)
    if interval >= DAILY:
        return timedelta(hours=2)
    return timedelta(hours=1) if interval >= _FOUR_HOURLY else timedelta(minutes=30)


def end_of_dosing_day(dose: DoseEvent) -> datetime:
    """Return the last second before midnight of the dose's day on the person's clock, in UTC.

    A slot that runs past midnight ends with the day its clock shows.
    """
    last = max(dose.day, dose.local.date())
    midnight = datetime.combine(last + DAY, time(0), tzinfo=dose.local.tzinfo)
    return midnight.astimezone(UTC) - SECOND


def takes_beyond(policy: MissedPolicy) -> bool:
    """Return whether the policy says to take one even past its late window.

    Its `beyond` is then a sentence that begins with "take".
    """
    return policy.beyond.casefold().startswith("take")


def _late_until(
    dose: DoseEvent, following: datetime, policy: MissedPolicy, tolerance: timedelta
) -> datetime:
    """Return the earliest of all limits; a dose on time is not too late for the next one."""
    limits = _own_limits(dose, following, policy, tolerance)
    if not _overlaps(policy):
        floor = min(dose.due + tolerance, following - SECOND)
        limits.append(max(floor, _before_next(dose, following, policy)))
    return max(dose.due, min(limits))


def _overlaps(policy: MissedPolicy) -> bool:
    return policy.daily_target_mg is not None or bool(policy.steps)


def _own_limits(
    dose: DoseEvent, following: datetime, policy: MissedPolicy, tolerance: timedelta
) -> list[datetime]:
    """Limits that hang on the dose alone: its age, its day, or none at all."""
    limits = []
    most = _most_late(dose, following, policy)
    if most is not None:
        limits.append(dose.due + most)
    if policy.late.measure is Measure.SAME_DOSING_DAY:
        limits.append(end_of_dosing_day(dose))
    if policy.late.measure is Measure.NONE:
        limits.append(dose.due + tolerance)
    return limits or [following - SECOND]


def _most_late(dose: DoseEvent, following: datetime, policy: MissedPolicy) -> timedelta | None:
    late = policy.late
    most = late.max_hours
    if late.max_hours_once_daily is not None and following - dose.due >= DAILY:
        most = late.max_hours_once_daily
    if most is None:
        most = late.missed_after_hours
    return None if most is None else hours(most)


def _before_next(dose: DoseEvent, following: datetime, policy: MissedPolicy) -> datetime:
    """Return the limit that the next dose sets: what must remain, a fraction, the gap."""
    late = policy.late
    limits = [following - max(hours(policy.min_gap_hours), SECOND)]
    if late.fraction is not None:
        seconds = int(int((following - dose.due).total_seconds()) * late.fraction)
        limits.append(dose.due + timedelta(seconds=seconds))
    if late.min_remaining_hours is not None:
        edge = following - hours(late.min_remaining_hours)
        limits.append(edge - SECOND if late.strict else edge)
    return min(limits)


def _take_until(
    dose: DoseEvent,
    following: datetime,
    policy: MissedPolicy,
    late_until: datetime,
    usual: timedelta,
) -> datetime:
    if policy.steps and policy.late.missed_after_hours is not None:
        # the last one missed is the last one until the one after it is missed as well
        return dose.due + usual + hours(policy.late.missed_after_hours)
    if takes_beyond(policy):
        return max(late_until, following - SECOND)
    return late_until


def _least_gap(
    dose: DoseEvent, policy: MissedPolicy, tolerance: timedelta, usual: timedelta
) -> timedelta:
    """Return the policy's gap; silent, it is what the window leaves, at most half the interval.

    Source:
        The half-interval rule is a default for silence: an assumption.
    """
    if policy.min_gap_hours:
        return hours(policy.min_gap_hours)
    if _overlaps(policy):
        return timedelta(0)
    following = dose.due + usual
    late_until = _late_until(dose, following, policy, tolerance)
    left = following - _take_until(dose, following, policy, late_until, usual)
    return min(left, usual / 2)
