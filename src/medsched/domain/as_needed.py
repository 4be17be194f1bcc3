"""Doses taken only if needed: whether one is allowed now, and when the next one is.

Windows are elapsed time and run across midnight and clock changes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from medsched.domain.advice import span_words
from medsched.domain.chart import utc
from medsched.domain.intake_limits import (
    NEVER,
    Intake,
    Limit,
    doses_left,
    gap_ready,
    limit_of,
    limit_ready,
)
from medsched.domain.late_window import hours
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.amount import Amount
    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.timing import AsNeeded


@frozen
class Allowed:
    """One dose is allowed now.

    Args:
        left: Doses still allowed in the window, this one included.
        next_at: From when on the one after it is allowed, if it is taken now; None: never.
        warning: Said when this is the last allowed or the one before; empty otherwise.
    """

    left: int
    next_at: datetime | None
    sentence: str
    warning: str = ""


@frozen
class NotYet:
    """No dose is allowed now.

    Args:
        next_at: From when on one is, aware UTC; None: one dose alone is more than the limit.
    """

    next_at: datetime | None
    sentence: str


AsNeededState = Allowed | NotYet


def as_needed(
    dosage: AsNeeded,
    records: Sequence[Administration],
    now: datetime,
    policy: MissedPolicy | None = None,
    amount: Amount | None = None,
) -> AsNeededState:
    """Return whether a dose is allowed at `now`: gap, doses and amount in every window.

    Limits of the dosage and of the policy both hold.

    Args:
        records: Standing intakes of this prescription, rising by time taken, over the
            longest window back. amount: What would be taken; None for the dosage's dose.
    """
    now, dose = utc(now), amount if amount is not None else dosage.amount
    taken: list[Intake] = [
        (one.at, one.amount if one.amount is not None else dosage.amount)
        for one in records
        if one.at <= now
    ]
    limits, least = _limits(dosage, policy), _least_gap(dosage, policy)
    ready = _ready(taken, limits, least, dose, now)
    if ready > now:
        return _not_yet(taken, least, now, ready)
    found = (doses_left(taken, limit, dose, now) for limit in limits)
    left = min(one for one in found if one is not None)
    after = _ready([*taken, (now, dose)], limits, least, dose, now)
    return Allowed(
        left=left,
        next_at=None if after == NEVER else after,
        sentence=f"One dose of {dose} is allowed now.",
        warning=_warning(left, limits[0].window),
    )


def intake_if_needed(
    dosage: AsNeeded,
    records: Sequence[Administration],
    intake: Administration,
    policy: MissedPolicy | None = None,
) -> AsNeededState:
    """Return whether `intake` keeps the limits beside every record, earlier and later ones.

    What is written down late may lie too close before one that is recorded already; when
    the next one is allowed follows from the latest of all.

    Args:
        records: As of `as_needed`, without `intake`.
    """
    amount = intake.amount if intake.amount is not None else dosage.amount
    if amount > dosage.amount:
        return NotYet(next_at=None, sentence=f"That is more than one dose of {dosage.amount}.")
    state = as_needed(dosage, records, intake.at, policy, amount)
    before = [one for one in records if one.at <= intake.at] + [intake]
    for later in (one for one in records if one.at > intake.at):
        if isinstance(state, NotYet):
            break
        state = as_needed(dosage, before, later.at, policy, later.amount)
        before.append(later)
    return state


def _limits(dosage: AsNeeded, policy: MissedPolicy | None) -> tuple[Limit, ...]:
    own = Limit(
        window=timedelta(hours=dosage.window_hours),
        most_doses=dosage.most_doses,
        most=dosage.most_amount,
    )
    rolling = policy.rolling if policy is not None else None
    return (own,) if rolling is None else (own, limit_of(rolling))


def _least_gap(dosage: AsNeeded, policy: MissedPolicy | None) -> timedelta:
    of_policy = hours(policy.min_gap_hours) if policy is not None else timedelta(0)
    return max(timedelta(hours=dosage.min_gap_hours), of_policy)


def _ready(
    taken: Sequence[Intake],
    limits: Sequence[Limit],
    least: timedelta,
    dose: Amount,
    now: datetime,
) -> datetime:
    """Return the earliest instant from `now` on at which all limits are kept."""
    windows = (limit_ready(taken, limit, dose, now) for limit in limits)
    return max(gap_ready(taken, least, now), *windows)


def _not_yet(taken: Sequence[Intake], least: timedelta, now: datetime, ready: datetime) -> NotYet:
    if ready == NEVER:
        return NotYet(next_at=None, sentence="That is more than may be taken: ask first.")
    if gap_ready(taken, least, now) > now:
        return NotYet(
            next_at=ready,
            sentence=f"Not yet: at least {span_words(least)} must lie between two doses.",
        )
    return NotYet(next_at=ready, sentence="Not yet: the most that is allowed is taken already.")


def _warning(left: int, window: timedelta) -> str:
    """Return what to say when few are left: on the last one, and on the one before it."""
    span = span_words(window)
    match left:
        case 1:
            return f"This is the last one that is allowed within {span}."
        case 2:
            return f"After this one, only one more is allowed within {span}."
        case _:
            return ""
