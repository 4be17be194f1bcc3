"""What a change of time zone does to doses: never closer than the gap, never one more.

While away, doses follow the local clock, stay on home time, or keep their elapsed hours.
At the moment of the change the doses before it stay as they were. Of those after it, one
that was served already by its day and place is not repeated, unless the usual interval
has passed since the last dose (a local day that is lived twice, over the date line); and
one that would come closer to the dose before it than the least gap is left out, never
moved.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Final, assert_never

from medsched.domain.dose import SECOND_PASS
from medsched.domain.person import ZonePolicy
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, tzinfo

    from medsched.domain.dose import DoseEvent
    from medsched.domain.person import Itinerary, Stay

END: Final = datetime(9999, 1, 1, tzinfo=UTC)
_LOOK_BACK: Final = timedelta(days=40)

Edits = dict["tuple[date, int, datetime]", "int | None"]
"""By day, place and instant: the place under which a dose is kept, None when left out."""


@frozen
class DosingStay:
    """From `since` until `until` (exclusive) doses follow `clock`.

    `since_shown` is as far back as its doses matter for the next change.
    """

    since: datetime
    until: datetime
    clock: tzinfo

    @property
    def since_shown(self) -> datetime:
        """The start of the stay, or a while before its end when it is long."""
        return max(self.since, self.until - _LOOK_BACK)


@lru_cache(maxsize=256)
def dosing_stays(itinerary: Itinerary) -> tuple[DosingStay, ...]:
    """Return by which clock doses are due, from when until when."""
    found: list[DosingStay] = []
    ends = [one.since for one in itinerary.stays[1:]] + [END]
    for stay, until in zip(itinerary.stays, ends, strict=True):
        before = found[-1].clock if found else itinerary.home
        found.append(
            DosingStay(since=stay.since, until=until, clock=_clock(stay, before, itinerary))
        )
    return tuple(found)


def _clock(stay: Stay, before: tzinfo, itinerary: Itinerary) -> tzinfo:
    match stay.policy:
        case ZonePolicy.FOLLOW_LOCAL:
            return stay.zone
        case ZonePolicy.HOME_TIME:
            return itinerary.home
        case ZonePolicy.ELAPSED:
            offset = stay.since.astimezone(before).utcoffset()
            return timezone(offset if offset is not None else timedelta())
        case _:
            assert_never(stay.policy)


def switch_edits(
    served: Sequence[DoseEvent],
    coming: Sequence[DoseEvent],
    switch: datetime,
    min_gap: timedelta,
) -> Edits:
    """Return what happens to the doses that come after a change of zone.

    Args:
        served: Doses before the change, as they stand, rising.
        coming: Doses by the new clock around and after the change, rising; those before
            it only tell the usual interval.
        min_gap: Least elapsed time between two doses.
    """
    edits: Edits = {}
    had = {(one.day, one.slot) for one in served}
    last = served[-1].due if served else None
    before: DoseEvent | None = None
    for one in coming:
        usual = one.due - before.due if before is not None else timedelta()
        before = one
        if one.due < switch:
            continue
        key = (one.day, one.slot)
        since = one.due - last if last is not None else END - switch
        repeated = key in had
        if since < min_gap or (repeated and since < usual):
            edits[one.day, one.slot, one.due] = None
            continue
        if repeated:
            edits[one.day, one.slot, one.due] = one.slot + SECOND_PASS
        last = one.due
    return edits
