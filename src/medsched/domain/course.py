"""A prescription laid on the calendar: dated phases with clock times.

The same prescription and itinerary always give the same course. Phases of a track
follow one another without a hole; an open phase ends where a later one starts.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final, assert_never

from medsched.domain.days import dose_days
from medsched.domain.dosage import amounts_of_day
from medsched.domain.dose import TRACK_PLACES
from medsched.domain.rhythm import resolve_times
from medsched.domain.timing import (
    AsNeeded,
    DosePerSlot,
    ForDays,
    ForDoses,
    OnDays,
    SingleDose,
    TimesADay,
    UntilDay,
    UntilTold,
)
from medsched.domain.walltime import DAY, LAST_YEAR
from medsched.errors import InvalidValue
from medsched.frozen import frozen, replace

if TYPE_CHECKING:
    from medsched.domain.person import Itinerary, Person
    from medsched.domain.phase import Phase, PhaseKind
    from medsched.domain.prescription import Anchor, MovedDose, Prescription
    from medsched.domain.timing import Dosage

NEVER: Final = date(LAST_YEAR, 12, 31)
"""The last day of a phase that is open."""

FIRST_DOSE: Final = time(8)
"""When the first dose of an elapsed interval is taken if nobody says otherwise [assumption]."""

EVERY_PLACE: Final = 10**6
"""More than any place of a day."""


@frozen
class CoursePhase:
    """One dated phase.

    Args:
        number: Place in the prescription, from 1; kept when earlier phases are over.
        first_day, last_day: Inclusive; `last_day` is `NEVER` while it is open.
        walls: Clock times by place of the day, for dosages that sit on days.
        places: Which places of the day have doses, from 1.
        first_place, last_place: On the first and the last day only places from and up to these.
        moved_place: On the first day the dose goes to this place, because its own was
            over when therapy began; 0 for none.
        anchor: Where elapsed hours count from. doses: At most so many, or None.
        origin: The phase's own first day, also when therapy began later.
        counted_from: See `Phase.counted_from`.
    """

    number: int
    kind: PhaseKind
    dosage: Dosage | None
    first_day: date
    last_day: date
    origin: date
    track: int = 0
    walls: tuple[time, ...] = ()
    places: tuple[int, ...] = ()
    first_place: int = 0
    last_place: int = EVERY_PLACE
    moved_place: int = 0
    anchor: Anchor | None = None
    doses: int | None = None
    rule: str = ""
    title: str = ""
    counted_from: date | None = None

    @property
    def pattern_day(self) -> date:
        """The day from which a cycle, every other day and the like count."""
        return self.counted_from or self.origin

    @property
    def is_open(self) -> bool:
        """Whether it has no end yet."""
        return self.last_day == NEVER


@frozen
class Course:
    """All dated phases of one revision, in order of number.

    Args:
        day_one: Calendar date of therapy day 1, before `start` when a running plan moved in.
        moved: Single doses at another instant than their phase says.
        min_gap: Least elapsed time between two doses, also over a change of zone.
    """

    prescription: str
    revision: int
    itinerary: Itinerary
    phases: tuple[CoursePhase, ...]
    start: date
    day_one: date
    moved: tuple[MovedDose, ...] = ()
    min_gap: timedelta = timedelta()

    def therapy_day(self, day: date) -> int:
        """Return the number of a calendar day: day 1 is the date of the first dose."""
        return (day - self.day_one).days + 1

    def phase(self, number: int) -> CoursePhase:
        """Return the phase of that number."""
        for one in self.phases:
            if one.number == number:
                return one
        raise KeyError(number)

    @property
    def last_day(self) -> date:
        """The last day of the last phase, `NEVER` when it is open; before the start without any."""
        return max((one.last_day for one in self.phases), default=self.start - DAY)


def resolve(prescription: Prescription, person: Person) -> Course:
    """Lay a prescription on the calendar of one person.

    Day 1 is the local date of the first scheduled dose. A dose whose clock time is over
    when therapy begins (`starts_at`) is not planned; a once-daily first day then uses the
    next slot, so the first day never has two doses. When no slot of the first day is
    left, therapy begins the next day.

    Raises:
        SlotsDoNotFit: the person's times do not fit the dosage.
        InvalidValue: a phase starts before the one before it ends.
    """
    start, starts_at = _first_day(prescription)
    day_one = start - timedelta(days=prescription.first_day - 1)
    tracks: dict[int, date] = {}
    dated: list[CoursePhase] = []
    for number, phase in enumerate(prescription.phases, 1):
        first = phase.starts or tracks.get(phase.track, day_one)
        _close_open(dated, phase.track, first)
        one = _dated(number, phase, first, prescription)
        tracks[phase.track] = one.last_day + DAY if one.last_day < NEVER else NEVER
        dated.append(one)
    clipped = (_begin(one, start, starts_at) for one in dated)
    return Course(
        prescription=prescription.id,
        revision=prescription.revision,
        itinerary=person.itinerary,
        phases=tuple(one for one in clipped if one is not None),
        start=start,
        day_one=day_one,
        moved=prescription.moved,
        min_gap=timedelta(minutes=prescription.min_gap_minutes),
    )


def _first_day(prescription: Prescription) -> tuple[date, time | None]:
    """Return the first day and from which clock time, moved on when its slots are all over."""
    starts_at = prescription.starts_at
    if starts_at is None:
        return prescription.start, None
    walls = {wall for phase in prescription.phases for wall in _walls(phase, prescription)}
    if walls and max(walls) < starts_at:
        return prescription.start + DAY, None
    return prescription.start, starts_at


def _walls(phase: Phase, prescription: Prescription) -> tuple[time, ...]:
    if phase.dosage is None or isinstance(phase.dosage, AsNeeded):
        return ()
    if not isinstance(phase.dosage, OnDays):
        return (prescription.starts_at or next(iter(prescription.slots), FIRST_DOSE),)
    return resolve_times(phase.dosage.times, prescription.rhythm, prescription.slots)


def _close_open(dated: list[CoursePhase], track: int, first: date) -> None:
    """End the open phase of a track on the day before the next one starts."""
    for place, one in enumerate(dated):
        if one.track != track or one.last_day < first:
            continue
        if not one.is_open:
            raise InvalidValue(
                f"phase {one.number + 1}",
                f"a start on {first.isoformat()}",
                f"start after {one.last_day.isoformat()}, when phase {one.number} ends",
            )
        dated[place] = replace(one, last_day=first - DAY)


def _dated(number: int, phase: Phase, first: date, prescription: Prescription) -> CoursePhase:
    walls = _walls(phase, prescription)
    one = CoursePhase(
        number=number,
        kind=phase.kind,
        dosage=phase.dosage,
        first_day=first,
        last_day=NEVER,
        origin=first,
        track=phase.track,
        walls=walls,
        places=_places(phase.dosage, walls),
        anchor=_anchor(prescription, number),
        rule=phase.rule,
        title=phase.title,
        counted_from=phase.counted_from,
    )
    return _bounded(one, phase)


def _anchor(prescription: Prescription, number: int) -> Anchor | None:
    anchor = prescription.anchor
    return anchor if anchor is not None and anchor.phase == number else None


def _places(dosage: Dosage | None, walls: tuple[time, ...]) -> tuple[int, ...]:
    if not isinstance(dosage, OnDays):
        return ()
    if dosage.slots:
        return dosage.slots
    if isinstance(dosage.doses, DosePerSlot):
        return tuple(range(1, len(dosage.doses.amounts) + 1))
    count = dosage.times.count if isinstance(dosage.times, TimesADay) else len(walls)
    return tuple(range(1, count + 1))


def _bounded(one: CoursePhase, phase: Phase) -> CoursePhase:
    if isinstance(phase.dosage, SingleDose):
        return replace(one, last_day=one.first_day, doses=1)
    match phase.bounds:
        case ForDays(days):
            return replace(one, last_day=one.first_day + timedelta(days=days - 1))
        case UntilDay(day):
            return replace(one, last_day=day)
        case UntilTold():
            return one
        case ForDoses(doses):
            return _counted(one, doses)
        case _:
            assert_never(phase.bounds)


def _counted(one: CoursePhase, doses: int) -> CoursePhase:
    dosage = one.dosage
    if not isinstance(dosage, OnDays):
        hours = getattr(dosage, "hours", 24)
        days = -(-doses * hours // 24)
        return replace(one, doses=doses, last_day=one.first_day + timedelta(days=days))
    left = doses
    for index, day in dose_days(dosage.days, one.pattern_day, one.first_day, NEVER):
        amounts = amounts_of_day(dosage.doses, index, day, len(one.places))
        taken = [place for place, it in zip(one.places, amounts, strict=True) if it is not None]
        if left <= len(taken):
            return replace(one, last_day=day, last_place=taken[left - 1])
        left -= len(taken)
    raise InvalidValue(f"phase {one.number}", f"{doses} doses", f"they end before {LAST_YEAR}")


def _begin(one: CoursePhase, start: date, starts_at: time | None) -> CoursePhase | None:
    """Cut off what lies before therapy begins; None when nothing is left."""
    if one.last_day < start:
        return None
    if one.first_day > start:
        return one
    one = replace(one, first_day=start)
    if starts_at is None or not one.places:
        return one
    left = [place for place in one.places if one.walls[place - 1] >= starts_at]
    if left:
        return replace(one, first_place=left[0])
    later = [place for place, wall in enumerate(one.walls, 1) if wall >= starts_at]
    return replace(one, first_place=EVERY_PLACE, moved_place=later[0] if later else 0)


def place_offset(one: CoursePhase) -> int:
    """Return what is added to a place of the day so that tracks never share an id."""
    return one.track * TRACK_PLACES
