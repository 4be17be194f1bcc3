"""A course becomes dose events: exact, ordered, and the same in pieces as whole.

Doses that sit on days come from shared calendars of resolved wall times
(`walltime.wall_year`), so a plan of years costs one small tuple a dose. A window
is a half-open stretch of instants; every event belongs to exactly one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from medsched.domain.stretch import MARGIN, Stretch, of_phase, on_days
from medsched.domain.timing import OnDays
from medsched.domain.travel import Edits, dosing_stays, switch_edits
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from medsched.domain.course import Course
    from medsched.domain.dose import DoseEvent

_CHUNK: Final = timedelta(days=400)


def expand(course: Course, since: datetime, until: datetime) -> Iterator[DoseEvent]:
    """Yield the doses due in `since` <= due < `until`, by due, then id.

    Lazy: an open plan may be asked for any stretch. Expanding a window in pieces gives
    the same events as expanding it whole.

    Args:
        since: Aware instant, inclusive. until: Aware instant, exclusive.
    """
    while since < until:
        end = min(since + _CHUNK, until)
        yield from expand_once(course, since, end)
        since = end


def expand_once(course: Course, since: datetime, until: datetime) -> list[DoseEvent]:
    """Return the doses of one stretch at once, by due, then id."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if len(course.itinerary.stays) > 1:
        events = _abroad(course, since, until)
    else:
        events = _in_zone(course, course.itinerary.home, since, until)
    if course.moved:
        events = _moved(course, events, since, until)
    events.sort()
    return events


def _in_zone(course: Course, zone: tzinfo, since: datetime, until: datetime) -> list[DoseEvent]:
    """Return the doses of one stretch by the clock of one zone, in no order."""
    events: list[DoseEvent] = []
    for phase in course.phases:
        events += of_phase(course, phase, zone, since, until)
    return events


def _abroad(course: Course, since: datetime, until: datetime) -> list[DoseEvent]:
    """Return the doses of one stretch of a journey, each stay by its own clock, in no order."""
    events: list[DoseEvent] = []
    for stay in dosing_stays(course.itinerary):
        begin, end = max(since, stay.since), min(until, stay.until)
        if begin < end:
            events += _in_zone(course, stay.clock, begin, end)
    changed: Edits = {}
    for place, _stay in enumerate(course.itinerary.stays[1:], 1):
        changed |= _at_switch(course, place)
    shown = []
    for one in events:
        slot = changed.get((one.day, one.slot, one.due), one.slot)
        if slot is not None:
            shown.append(_seen(course, one if slot == one.slot else _renamed(course, one, slot)))
    return shown


def _seen(course: Course, one: DoseEvent) -> DoseEvent:
    return one._replace(local=one.due.astimezone(course.itinerary.zone_at(one.due)))


def _renamed(course: Course, one: DoseEvent, slot: int) -> DoseEvent:
    return one._replace(slot=slot, id=f"{course.prescription}-{one.day:%Y%m%d}-{slot}")


@lru_cache(maxsize=256)
def _at_switch(course: Course, place: int) -> Edits:
    """Return what a change of zone does to the doses after it: another place, or left out.

    The doses before the switch are taken as they are, earlier switches included.
    """
    stays = dosing_stays(course.itinerary)
    before, after = stays[place - 1], stays[place]
    served = sorted(_in_zone(course, before.clock, before.since_shown, after.since))
    if place > 1:
        served = _after_edits(served, _at_switch(course, place - 1))
    begin, end = after.since - MARGIN, min(after.until, after.since + 2 * MARGIN)
    coming = sorted(_in_zone(course, after.clock, begin, end))
    return switch_edits(served, coming, after.since, course.min_gap)


def _after_edits(doses: list[DoseEvent], edits: Edits) -> list[DoseEvent]:
    kept = []
    for one in doses:
        slot = edits.get((one.day, one.slot, one.due), one.slot)
        if slot is not None:
            kept.append(one._replace(slot=slot))
    return kept


def _moved(
    course: Course, events: list[DoseEvent], since: datetime, until: datetime
) -> list[DoseEvent]:
    """Put single doses that a late one moved at their new instants."""
    moved = {(one.day, one.slot): one.due for one in course.moved}
    kept = [one for one in events if (one.day, one.slot) not in moved]
    low, high = min(moved.values()), max(moved.values())
    still = replace(course, moved=())
    for one in expand_once(still, low - MARGIN, high + MARGIN):
        due = moved.get((one.day, one.slot))
        if due is not None and since <= due < until:
            local = due.astimezone(one.local.tzinfo)
            kept.append(one._replace(due=due.astimezone(UTC), local=local))
    return kept


def doses_of_days(course: Course, first: date, last: date) -> list[DoseEvent]:
    """Return the doses of the local days `first` to `last`, inclusive, by due, then id."""
    plain = not course.moved and len(course.itinerary.stays) == 1
    if not plain or any(not isinstance(one.dosage, OnDays) for one in course.phases):
        begin = datetime.combine(first - MARGIN, datetime.min.time(), tzinfo=UTC)
        end = datetime.combine(last + MARGIN, datetime.min.time(), tzinfo=UTC)
        return [one for one in expand(course, begin, end) if first <= one.day <= last]
    events: list[DoseEvent] = []
    for phase in course.phases:
        since, until = max(first, phase.first_day), min(last, phase.last_day)
        if since <= until and isinstance(phase.dosage, OnDays):
            zone = course.itinerary.home
            stretch = Stretch(course.prescription, phase, zone, since, until)
            events += on_days(stretch, phase.dosage)
    events.sort()
    return events


def all_doses(course: Course, until_day: date) -> list[DoseEvent]:
    """Return every dose from the start to the end of a local day, inclusive."""
    return doses_of_days(course, course.start, until_day)
