"""The doses of one phase by one clock: slices of shared calendars, or elapsed hours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

from medsched.domain.course import EVERY_PLACE, place_offset
from medsched.domain.days import dose_days
from medsched.domain.dosage import amounts_of_day
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
from medsched.domain.walltime import DAY, instant_at, wall_year
from medsched.frozen import frozen, replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from medsched.domain.amount import Amount
    from medsched.domain.course import Course, CoursePhase

_MAKE: Final = partial(tuple.__new__, DoseEvent)
"""`DoseEvent._make` without its check of the length: a third of its time."""

MARGIN: Final = 2 * DAY
"""A wall time is never further than this from midnight UTC of its local day."""


@frozen(kw_only=False)
class Stretch:
    """A phase on the local days `first` to `last` of one zone."""

    prescription: str
    phase: CoursePhase
    zone: tzinfo
    first: date
    last: date


def of_phase(
    course: Course, phase: CoursePhase, zone: tzinfo, since: datetime, until: datetime
) -> list[DoseEvent]:
    """Return the doses of a phase by one clock, due in `since` <= due < `until`, in no order."""
    dosage = phase.dosage
    if isinstance(dosage, OnDays):
        first = max(phase.first_day, since.date() - MARGIN)
        last = min(phase.last_day, until.date() + MARGIN)
        if last < first:
            return []
        stretch = Stretch(course.prescription, phase, zone, first, last)
        return [one for one in on_days(stretch, dosage) if since <= one[0] < until]
    if isinstance(dosage, SingleDose | EveryHours | AfterLastDose):
        return _elapsed(course, phase, dosage, since, until)
    return []


def on_days(stretch: Stretch, dosage: OnDays) -> list[DoseEvent]:
    """Return the doses of a phase on its days, in no order."""
    same_every_day = isinstance(dosage.doses, SameDose | DosePerSlot)
    if isinstance(dosage.days, EveryDay) and same_every_day:
        events = _daily(stretch, dosage)
    else:
        events = _by_day(stretch, dosage)
    return _ends_kept(events, stretch)


def _daily(stretch: Stretch, dosage: OnDays) -> list[DoseEvent]:
    """Slice the shared calendar of each slot: the fast path, the same doses on each day."""
    phase = stretch.phase
    amounts = amounts_of_day(dosage.doses, 0, stretch.first, len(phase.places))
    slots = [
        (place, amount)
        for place, amount in zip(phase.places, amounts, strict=True)
        if amount is not None
    ]
    events: list[DoseEvent] = []
    for year in range(stretch.first.year, stretch.last.year + 1):
        events += _in_turn([_of_year(stretch, year, place, amount) for place, amount in slots])
    return events


def _in_turn(slots: list[list[DoseEvent]]) -> Iterator[DoseEvent]:
    """Put the doses of a year in order: day by day, while each slot has one on each day."""
    even = len({len(one) for one in slots}) == 1
    return chain.from_iterable(zip(*slots, strict=True) if even else slots)


def _of_year(stretch: Stretch, year: int, place: int, amount: Amount) -> list[DoseEvent]:
    """Return the doses of one slot on the days of the stretch that lie in a year."""
    first, last, phase = stretch.first, stretch.last, stretch.phase
    whole = wall_year(year, phase.walls[place - 1], stretch.zone)
    begin = bisect_left(whole.days, first) if year == first.year else 0
    end = bisect_right(whole.days, last) if year == last.year else len(whole.days)
    slot = place + place_offset(phase)
    columns = zip(
        whole.dues[begin:end],
        _ids(stretch.prescription, whole.codes[begin:end], slot),
        whole.locals[begin:end],
        whole.days[begin:end],
        repeat(slot),
        repeat(amount),
        repeat(phase.number),
        strict=False,
    )
    return list(map(_MAKE, columns))


def _ids(prescription: str, codes: tuple[str, ...], slot: int) -> list[str]:
    """Return the id of each day's dose: joined once and split once, not put together one by one."""
    if not codes:
        return []
    between = f"-{slot}\0{prescription}-"
    return f"{prescription}-{between.join(codes)}-{slot}".split("\0")


def _by_day(stretch: Stretch, dosage: OnDays) -> list[DoseEvent]:
    phase, events = stretch.phase, []
    for index, day in dose_days(dosage.days, phase.pattern_day, stretch.first, stretch.last):
        amounts = amounts_of_day(dosage.doses, index, day, len(phase.places))
        for place, amount in zip(phase.places, amounts, strict=True):
            if amount is not None:
                one_day = replace(stretch, first=day, last=day)
                events += _of_year(one_day, day.year, place, amount)
    return events


def _ends_kept(events: list[DoseEvent], stretch: Stretch) -> list[DoseEvent]:
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
        day = replace(stretch, first=last.day, last=last.day)
        kept += _of_year(day, last.day.year, phase.moved_place, last.amount)
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
