"""A course becomes dose events: exact, ordered, and the same in pieces as whole.

Doses that sit on days come from shared calendars of resolved wall times
(`walltime.wall_year`), so a plan of years costs one small tuple a dose. A window
is a half-open stretch of instants; every event belongs to exactly one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from itertools import repeat
from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.domain.course import EVERY_PLACE, amounts_of_day, place_offset
from medsched.domain.days import dose_days
from medsched.domain.dose import DoseEvent
from medsched.domain.timing import (
    AfterLastDose,
    DosePerSlot,
    EveryDay,
    EveryHours,
    OnDays,
    SameDose,
    SingleDose,
)
from medsched.domain.travel import Edits, dosing_stays, switch_edits
from medsched.domain.walltime import DAY, instant_at, wall_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from medsched.domain.amount import Amount
    from medsched.domain.course import Course, CoursePhase

_CHUNK: Final = timedelta(days=400)
_MAKE: Final = partial(tuple.__new__, DoseEvent)
"""`DoseEvent._make` without its check of the length: a third of its time."""

_MARGIN: Final = 2 * DAY
"""A wall time is never further than this from midnight UTC of its local day."""


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
        events += _of_phase(course, phase, zone, since, until)
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
    begin, end = after.since - _MARGIN, min(after.until, after.since + 2 * _MARGIN)
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
    for one in expand_once(still, low - _MARGIN, high + _MARGIN):
        due = moved.get((one.day, one.slot))
        if due is not None and since <= due < until:
            local = due.astimezone(one.local.tzinfo)
            kept.append(one._replace(due=due.astimezone(UTC), local=local))
    return kept


def doses_of_days(course: Course, first: date, last: date) -> list[DoseEvent]:
    """Return the doses of the local days `first` to `last`, inclusive, by due, then id."""
    plain = not course.moved and len(course.itinerary.stays) == 1
    if not plain or any(not isinstance(one.dosage, OnDays) for one in course.phases):
        begin = datetime.combine(first - _MARGIN, datetime.min.time(), tzinfo=UTC)
        end = datetime.combine(last + _MARGIN, datetime.min.time(), tzinfo=UTC)
        return [one for one in expand(course, begin, end) if first <= one.day <= last]
    events: list[DoseEvent] = []
    for phase in course.phases:
        since, until = max(first, phase.first_day), min(last, phase.last_day)
        if since <= until and isinstance(phase.dosage, OnDays):
            zone = course.itinerary.home
            stretch = _Stretch(course.prescription, phase, zone, since, until)
            events += _on_days(stretch, phase.dosage)
    events.sort()
    return events


def all_doses(course: Course, until_day: date) -> list[DoseEvent]:
    """Return every dose from the start to the end of a local day, inclusive."""
    return doses_of_days(course, course.start, until_day)


class _Stretch(NamedTuple):
    """A phase on the local days `first` to `last` of one zone."""

    prescription: str
    phase: CoursePhase
    zone: tzinfo
    first: date
    last: date


def _of_phase(
    course: Course, phase: CoursePhase, zone: tzinfo, since: datetime, until: datetime
) -> list[DoseEvent]:
    dosage = phase.dosage
    if isinstance(dosage, OnDays):
        first = max(phase.first_day, since.date() - _MARGIN)
        last = min(phase.last_day, until.date() + _MARGIN)
        if last < first:
            return []
        stretch = _Stretch(course.prescription, phase, zone, first, last)
        return [one for one in _on_days(stretch, dosage) if since <= one[0] < until]
    if isinstance(dosage, SingleDose | EveryHours | AfterLastDose):
        return _elapsed(course, phase, dosage, since, until)
    return []


def _on_days(stretch: _Stretch, dosage: OnDays) -> list[DoseEvent]:
    """Return the doses of a phase on its days, in no order."""
    same_every_day = isinstance(dosage.doses, SameDose | DosePerSlot)
    if isinstance(dosage.days, EveryDay) and same_every_day:
        events = _daily(stretch, dosage)
    else:
        events = _by_day(stretch, dosage)
    return _ends_kept(events, stretch)


def _daily(stretch: _Stretch, dosage: OnDays) -> list[DoseEvent]:
    """Slice the shared calendar of each slot: the fast path, the same doses on each day."""
    phase = stretch.phase
    amounts = amounts_of_day(dosage.doses, 0, stretch.first, len(phase.places))
    events: list[DoseEvent] = []
    for place, amount in zip(phase.places, amounts, strict=True):
        if amount is not None:
            events += _slot_daily(stretch, place, amount)
    return events


def _slot_daily(stretch: _Stretch, place: int, amount: Amount) -> list[DoseEvent]:
    first, last, phase = stretch.first, stretch.last, stretch.phase
    slot, number = place + place_offset(phase), phase.number
    head, tail = f"{stretch.prescription}-", f"-{slot}"
    events: list[DoseEvent] = []
    for year in range(first.year, last.year + 1):
        dues, local, days, codes = wall_year(year, phase.walls[place - 1], stretch.zone)
        begin = bisect_left(days, first) if year == first.year else 0
        end = bisect_right(days, last) if year == last.year else len(days)
        ids = [head + code + tail for code in codes[begin:end]]
        columns = zip(
            dues[begin:end],
            ids,
            local[begin:end],
            days[begin:end],
            repeat(slot),
            repeat(amount),
            repeat(number),
            strict=False,
        )
        events += map(_MAKE, columns)
    return events


def _by_day(stretch: _Stretch, dosage: OnDays) -> list[DoseEvent]:
    phase, events = stretch.phase, []
    for index, day in dose_days(dosage.days, phase.origin, stretch.first, stretch.last):
        amounts = amounts_of_day(dosage.doses, index, day, len(phase.places))
        for place, amount in zip(phase.places, amounts, strict=True):
            if amount is not None:
                events += _slot_daily(stretch._replace(first=day, last=day), place, amount)
    return events


def _ends_kept(events: list[DoseEvent], stretch: _Stretch) -> list[DoseEvent]:
    """Apply the first and last place of the phase, and the moved dose of a late first day."""
    phase = stretch.phase
    if not phase.first_place and phase.last_place == EVERY_PLACE:
        return events
    offset = place_offset(phase)
    low, high = phase.first_place + offset, phase.last_place + offset
    kept = [
        one
        for one in events
        if not (one.day == phase.first_day and one.slot < low)
        and not (one.day == phase.last_day and one.slot > high)
    ]
    dropped = [one for one in events if one.day == phase.first_day and one.slot < low]
    if phase.moved_place and dropped:
        last = dropped[-1]
        day = stretch._replace(first=last.day, last=last.day)
        kept += _slot_daily(day, phase.moved_place, last.amount)
    return kept


def _elapsed(
    course: Course,
    phase: CoursePhase,
    dosage: SingleDose | EveryHours | AfterLastDose,
    since: datetime,
    until: datetime,
) -> list[DoseEvent]:
    """Doses by elapsed hours from the anchor: absolute time, whatever the clocks do."""
    zero, first_number = _anchor(course, phase)
    step = timedelta(hours=1 if isinstance(dosage, SingleDose) else dosage.hours)
    count = max(0, -((zero - since) // step))
    events = []
    while (due := zero + count * step) < until:
        local = due.astimezone(course.itinerary.zone_at(due))
        slot = first_number + count + place_offset(phase)
        if _over(phase, first_number + count, local.date()):
            break
        if due >= since:
            name = f"{course.prescription}-{local:%Y%m%d}-{slot}"
            events.append(
                DoseEvent(due, name, local, local.date(), slot, dosage.amount, phase.number)
            )
        count += 1
    return events


def _over(phase: CoursePhase, number: int, day: date) -> bool:
    """Return whether an elapsed phase has ended before this dose."""
    return day > phase.last_day if phase.doses is None else number > phase.doses


def _anchor(course: Course, phase: CoursePhase) -> tuple[datetime, int]:
    if phase.anchor is not None:
        return phase.anchor.at.astimezone(UTC), phase.anchor.dose
    return instant_at(phase.first_day, phase.walls[0], course.itinerary.home), 1
