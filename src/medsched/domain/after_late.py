"""What later doses do after a late one: stay, shift, or spread over the rest of the day.

Doses on the clock or on a weekday stay, or they would drift into the night. Doses of a
true interval move: all by as much, or those of the same day are spread between the late
one and the last of the day. No dose ever moves earlier.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from medsched.domain.chart import utc
from medsched.domain.late_window import hours
from medsched.domain.missed_policy import AfterLate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medsched.domain.dose import DoseEvent
    from medsched.domain.missed_policy import MissedPolicy

_MINUTE = timedelta(minutes=1)


def later_doses(
    policy: MissedPolicy, late: DoseEvent, taken_at: datetime, later: Sequence[DoseEvent]
) -> tuple[DoseEvent, ...]:
    """Return the later doses with their new due instants, same ids, rising as before.

    Args:
        late: The dose that was taken at `taken_at`. Taken on time or early, nothing moves.
        later: Doses after it that are not settled, rising; at least to the first of the
            next day, whose place is kept.
    """
    delay = utc(taken_at) - late.due
    if delay < _MINUTE:
        return tuple(later)
    match policy.after_late:
        case AfterLate.KEEP | AfterLate.KEEP_WEEKDAY:
            return tuple(later)
        case AfterLate.SHIFT:
            return tuple(_moved(one, one.due + delay) for one in later)
        case AfterLate.RESPACE_TODAY:
            return _respaced(policy, late, utc(taken_at), later)
        case _:
            assert_never(policy.after_late)


def _respaced(
    policy: MissedPolicy, late: DoseEvent, taken_at: datetime, later: Sequence[DoseEvent]
) -> tuple[DoseEvent, ...]:
    """Spread the rest of the day evenly up to its last dose, never within the minimum gap."""
    today = [one for one in later if one.day == late.day]
    others = [one for one in later if one.day != late.day]
    if not today:
        return tuple(later)
    step = max((today[-1].due - taken_at) / len(today), hours(policy.min_gap_hours))
    dues = [
        max(one.due, _whole_minute(taken_at + step * place)) for place, one in enumerate(today, 1)
    ]
    if others and dues[-1] > max(today[-1].due, others[0].due - hours(policy.min_gap_hours)):
        return tuple(later)  # no room before tomorrow: each dose's own advice decides
    return (*(_moved(one, due) for one, due in zip(today, dues, strict=True)), *others)


def _whole_minute(instant: datetime) -> datetime:
    """Return the instant, moved on to a whole minute."""
    beyond = timedelta(seconds=instant.second, microseconds=instant.microsecond)
    return instant if not beyond else instant - beyond + _MINUTE


def _moved(dose: DoseEvent, due: datetime) -> DoseEvent:
    """Return the dose at another instant; its day, place and amount stay."""
    return dose._replace(due=due, local=due.astimezone(dose.local.tzinfo))
