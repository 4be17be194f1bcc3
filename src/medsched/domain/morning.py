"""When a late dose may be taken that is taken in a morning only."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.walltime import DAY

if TYPE_CHECKING:
    from medsched.domain.dose import DoseEvent

_SECOND: Final = timedelta(seconds=1)
_NOON: Final = time(12)


def next_morning(dose: DoseEvent, now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when a late dose may be taken in a morning, aware UTC, inclusive.

    For medicines taken on an empty stomach: the morning after remembering, between two
    hours before the dose's usual clock time and noon; never on the dose's own day. The
    first instant is `now` in such a morning, else the next morning's usual time.

    Source:
        The end of the morning and its two hours are an assumption.
    """
    local = now.astimezone(dose.local.tzinfo)
    wall = dose.local.time() if dose.local.time() < _NOON else time(8)
    usual = datetime.combine(local.date(), wall, tzinfo=dose.local.tzinfo)
    opens = (usual.astimezone(UTC) - timedelta(hours=2)).astimezone(dose.local.tzinfo)
    later_day = local.date() > dose.day
    if later_day and local >= opens and local.time() < _NOON:
        return now, _noon(local)
    day = local.date() if later_day and local < opens else local.date() + DAY
    start = datetime.combine(day, wall, tzinfo=dose.local.tzinfo)
    return start.astimezone(UTC), _noon(start)


def _noon(local: datetime) -> datetime:
    noon = datetime.combine(local.date(), _NOON, tzinfo=local.tzinfo)
    return noon.astimezone(UTC) - _SECOND
