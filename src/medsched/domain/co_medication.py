"""The other medicines, as stretches of time: when they are taken, and what they are.

What a person says ("until 1 March") and what is planned here become the same value, so
one rule serves both. A day without a time of day counts in the careful way: a last dose
at the end of its day, a first dose at the beginning.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.timeline import expand
from medsched.domain.timing import AsNeeded
from medsched.domain.walltime import DAY
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medsched.domain.course import Course
    from medsched.domain.person import Itinerary, OtherMedicine
    from medsched.domain.prescription import Prescription

LAST_MINUTE: Final = time(23, 59)
"""What a last dose counts as when only its day is known."""

_MINUTE: Final = timedelta(minutes=1)
_FAR: Final = timedelta(days=1500)
"""Longer than the longest pause of any pattern: a dose on 29 February."""

_WINDOWS: Final = (timedelta(days=3), timedelta(days=62), _FAR)
_LETTERS: Final = re.compile(r"[^a-z0-9]+")


@frozen
class OtherPlan:
    """Another prescription of the same person, laid on the calendar."""

    prescription: Prescription
    course: Course


@frozen
class Stretch:
    """A time during which another medicine is taken.

    Args:
        name: As the person says it. classes: lower case.
        first: Instant of the first dose, None for "always". last: None for "still taken".
        last_day: The day, when only the day of the last dose is known. first_day: likewise.
        plan: The other plan, when it is one.
    """

    name: str
    classes: frozenset[str]
    first: datetime | None
    last: datetime | None
    first_day: date | None = None
    last_day: date | None = None
    plan: OtherPlan | None = None

    def over(self, before: datetime) -> bool:
        """Return whether it ended before an instant."""
        return self.last is not None and self.last < before


def plain_name(name: str) -> str:
    """Return a name for comparing: lower case, words of letters and digits, single spaces.

    >>> plain_name("  Methylene-Blue (IV) ")
    'methylene blue iv'
    """
    return _LETTERS.sub(" ", name.lower()).strip()


def named_in(name: str, words: Iterable[str]) -> bool:
    """Return whether a plain name holds one of `words` as whole words.

    >>> named_in(plain_name("Aspirin 81 mg"), {"aspirin"}), named_in("levodopa", {"dopa"})
    (True, False)
    """
    padded = f" {name} "
    return any(f" {plain_name(word)} " in padded for word in words)


def matches(one: Stretch, match: frozenset[str], classes: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a medicine is one of `match`, by name, by class, or by a name of a class."""
    if one.classes & match:
        return True
    names = set(match).union(*(classes.get(word, frozenset()) for word in match))
    return named_in(plain_name(one.name), names)


def stretch_of(other: OtherMedicine, itinerary: Itinerary) -> Stretch:
    """Return when a medicine that is not planned here is taken.

    A last day without a time counts as 23:59 of that day on the person's clock, a first
    day as its first minute: both leave less room, never more.
    """
    first, first_day = _instant(other.since, itinerary, time(0))
    last, last_day = _instant(other.until, itinerary, LAST_MINUTE)
    return Stretch(
        name=other.name,
        classes=frozenset(word.lower() for word in other.classes),
        first=first,
        last=last,
        first_day=first_day,
        last_day=last_day,
    )


def _instant(
    when: date | datetime | None, itinerary: Itinerary, wall: time
) -> tuple[datetime | None, date | None]:
    if when is None:
        return None, None
    if not isinstance(when, datetime):
        return _on_clock(datetime.combine(when, wall), itinerary), when
    return (when if when.tzinfo else _on_clock(when, itinerary)).astimezone(UTC), None


def _on_clock(local: datetime, itinerary: Itinerary) -> datetime:
    """Return the instant of a local time, on the clock that the person sees at it."""
    guess = local.replace(tzinfo=itinerary.home)
    return local.replace(tzinfo=itinerary.zone_at(guess)).astimezone(UTC)


def stretch_of_plan(plan: OtherPlan) -> Stretch:
    """Return when another plan's medicine is taken: from its first to its last dose."""
    medication = plan.prescription.medication
    same = medication.ingredient in medication.name
    return Stretch(
        name=medication.name if same else f"{medication.name} ({medication.ingredient})",
        classes=frozenset(word.lower() for word in medication.classes),
        first=first_dose(plan.course),
        last=last_dose(plan.course),
        plan=plan,
    )


def midnight(day: date, course: Course) -> datetime:
    """Return the first instant of a local day of the course."""
    return datetime.combine(day, time(0), tzinfo=course.itinerary.home).astimezone(UTC)


def first_dose(course: Course) -> datetime:
    """Return the instant of the first dose; of the first day's midnight without dated doses."""
    begin = midnight(course.start, course)
    found = dose_within(course, begin - 2 * DAY, None)
    return found or begin


def last_dose(course: Course) -> datetime | None:
    """Return the instant of the last dose; None while the course is open."""
    dosed = [one for one in course.phases if one.dosage is not None]
    if any(one.is_open for one in dosed):
        return None
    last_day = max((one.last_day for one in dosed), default=course.start)
    end = midnight(last_day + DAY, course)
    return last_before(course, end + DAY) or end - _MINUTE


def dose_within(course: Course, since: datetime | None, until: datetime | None) -> datetime | None:
    """Return the first instant of `since` to `until`, both inclusive, at which a dose may fall.

    None is no limit. A phase only if needed may have a dose at any time of its days.
    """
    begin = midnight(course.start, course) - 2 * DAY
    low = begin if since is None else max(since.astimezone(UTC), begin)
    high = min(until.astimezone(UTC) if until else low + _FAR, low + _FAR)
    found = [at for at in _as_needed(course, low) if at <= high]
    for window in _WINDOWS:
        end = min(high + timedelta(microseconds=1), low + window)
        dated = next(expand(course, low, end), None)
        if dated is not None:
            return min(dated.due, *found) if found else dated.due
    return min(found, default=None)


def _as_needed(course: Course, low: datetime) -> Iterator[datetime]:
    for first, end in _needed_days(course):
        if low < end:
            yield max(low, first)


def _needed_days(course: Course) -> Iterator[tuple[datetime, datetime]]:
    """Yield first instant and end of each phase only if needed."""
    for phase in course.phases:
        if isinstance(phase.dosage, AsNeeded):
            after = phase.last_day if phase.is_open else phase.last_day + DAY
            yield midnight(phase.first_day, course), midnight(after, course)


def last_before(course: Course, instant: datetime) -> datetime | None:
    """Return the last instant before `instant` at which a dose may fall, None without one."""
    found = [min(end, instant) - _MINUTE for first, end in _needed_days(course) if first < instant]
    for back in _WINDOWS:
        doses = [one.due for one in expand(course, instant - back, instant)]
        if doses:
            return max([doses[-1], *found])
    return max(found, default=None)
