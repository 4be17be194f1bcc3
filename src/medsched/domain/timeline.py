"""A course becomes dose events: exact, ordered, and the same in pieces as whole.

Doses that sit on days come from shared calendars of resolved wall times
(`walltime.moments_of_year`), so a plan of years costs one small tuple a dose. A window
is a half-open stretch of instants; every event belongs to exactly one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from medsched.domain.course import amounts_of_day, place_offset
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
from medsched.domain.walltime import DAY, instant_at, moments_of_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsched.domain.amount import Amount
    from medsched.domain.course import Course, CoursePhase

_CHUNK: Final = timedelta(days=400)
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
    events: list[DoseEvent] = []
    for phase in course.phases:
        events += _of_phase(course, phase, since, until)
    events.sort()
    return events


def all_doses(course: Course, until_day: date) -> list[DoseEvent]:
    """Return every dose from the start to the end of a local day, inclusive."""
    zone = course.itinerary.stays[-1].zone
    end = datetime.combine(until_day + _MARGIN, datetime.min.time(), tzinfo=zone)
    begin = datetime.combine(course.start - _MARGIN, datetime.min.time(), tzinfo=UTC)
    return [one for one in expand(course, begin, end) if one.day <= until_day]


def _of_phase(
    course: Course, phase: CoursePhase, since: datetime, until: datetime
) -> list[DoseEvent]:
    dosage = phase.dosage
    if isinstance(dosage, OnDays):
        first = max(phase.first_day, since.date() - _MARGIN)
        last = min(phase.last_day, until.date() + _MARGIN)
        if last < first:
            return []
        zone = course.itinerary.home
        events = _on_days(course.prescription, phase, dosage, zone, first, last)
        return [one for one in events if since <= one[0] < until]
    if isinstance(dosage, SingleDose | EveryHours | AfterLastDose):
        return _elapsed(course, phase, dosage, since, until)
    return []


def _on_days(
    prescription: str, phase: CoursePhase, dosage: OnDays, zone: tzinfo, first: date, last: date
) -> list[DoseEvent]:
    """Return the doses of a phase on the local days `first` to `last`, in no order."""
    same_every_day = isinstance(dosage.doses, SameDose | DosePerSlot)
    if isinstance(dosage.days, EveryDay) and same_every_day:
        events = _daily(prescription, phase, dosage, zone, first, last)
    else:
        events = _by_day(prescription, phase, dosage, zone, first, last)
    return _ends_kept(events, phase, prescription, dosage, zone)


def _daily(
    prescription: str, phase: CoursePhase, dosage: OnDays, zone: tzinfo, first: date, last: date
) -> list[DoseEvent]:
    """The fast path: the same doses on each day, a slice of the shared calendar per slot."""
    amounts = amounts_of_day(dosage.doses, 0, first, len(phase.places))
    number, head, offset = phase.number, f"{prescription}-", place_offset(phase)
    make = DoseEvent._make
    events: list[DoseEvent] = []
    for place, amount in zip(phase.places, amounts, strict=True):
        if amount is None:
            continue
        slot, wall = place + offset, phase.walls[place - 1]
        tail = f"-{slot}"
        for year in range(first.year, last.year + 1):
            moments = moments_of_year(year, wall, zone)
            begin = first.timetuple().tm_yday - 1 if year == first.year else 0
            end = last.timetuple().tm_yday if year == last.year else len(moments)
            events += [
                make((one.due, head + one.code + tail, one.local, one.day, slot, amount, number))
                for one in moments[begin:end]
                if one is not None
            ]
    return events


def _by_day(
    prescription: str, phase: CoursePhase, dosage: OnDays, zone: tzinfo, first: date, last: date
) -> list[DoseEvent]:
    events = []
    for index, day in dose_days(dosage.days, phase.origin, first, last):
        amounts = amounts_of_day(dosage.doses, index, day, len(phase.places))
        for place, amount in zip(phase.places, amounts, strict=True):
            if amount is not None:
                events += _at_place(prescription, phase, place, amount, day, zone)
    return events


def _at_place(
    prescription: str, phase: CoursePhase, place: int, amount: Amount, day: date, zone: tzinfo
) -> list[DoseEvent]:
    year = moments_of_year(day.year, phase.walls[place - 1], zone)
    moment = year[day.timetuple().tm_yday - 1]
    if moment is None:
        return []
    slot = place + place_offset(phase)
    name = f"{prescription}-{moment.code}-{slot}"
    return [DoseEvent(moment.due, name, moment.local, moment.day, slot, amount, phase.number)]


def _ends_kept(
    events: list[DoseEvent], phase: CoursePhase, prescription: str, dosage: OnDays, zone: tzinfo
) -> list[DoseEvent]:
    """Apply the first and last place of the phase, and the moved dose of a late first day."""
    if not phase.first_place and phase.last_place >= 10**6:
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
        kept += _at_place(prescription, phase, phase.moved_place, last.amount, last.day, zone)
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
        number = first_number + count
        if phase.doses is not None and number > phase.doses:
            break
        local = due.astimezone(course.itinerary.zone_at(due))
        if phase.doses is None and local.date() > phase.last_day:
            break
        if due >= since:
            events.append(_elapsed_event(course, phase, due, local, number, dosage.amount))
        count += 1
    return events


def _elapsed_event(
    course: Course,
    phase: CoursePhase,
    due: datetime,
    local: datetime,
    number: int,
    amount: Amount,
) -> DoseEvent:
    day, slot = local.date(), number + place_offset(phase)
    name = f"{course.prescription}-{day:%Y%m%d}-{slot}"
    return DoseEvent(due, name, local, day, slot, amount, phase.number)


def _anchor(course: Course, phase: CoursePhase) -> tuple[datetime, int]:
    if phase.anchor is not None:
        return phase.anchor.at.astimezone(UTC), phase.anchor.dose
    wall = phase.walls[0] if phase.walls else datetime.min.time().replace(hour=8)
    return instant_at(phase.first_day, wall, course.itinerary.home), 1
