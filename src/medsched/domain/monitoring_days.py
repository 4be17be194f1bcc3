"""On which days one monitoring rule falls, for one plan and one person.

Every day has a basis that does not name the date (therapy day 7, the change to phase 3),
so that an event keeps its id when the plan is moved.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from medsched.domain.co_medication import matches, stretch_of
from medsched.domain.dose_changes import dose_changes
from medsched.domain.kidney import age_on
from medsched.domain.profile import has_condition
from medsched.domain.walltime import DAY, day_of
from medsched.errors import InvalidValue
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from medsched.domain.course import Course
    from medsched.domain.dose_changes import DoseChange
    from medsched.domain.monitoring_rules import MonitoringRule
    from medsched.domain.person import Facts, Person
    from medsched.domain.protocol import Protocol


class Dated(NamedTuple):
    """One day, what it hangs on, and the change of dose when it is that day."""

    day: date
    basis: str
    change: DoseChange | None = None


@frozen
class Watched:
    """A plan and a person, as monitoring sees them.

    Args:
        supply_end: The last day for which there are enough pieces; None when nobody knows.
        until: Days from this one on are not asked for.
        last: Instant of the last dose, None while the plan is open.
    """

    protocol: Protocol
    course: Course
    person: Person
    supply_end: date | None
    until: date
    last: datetime | None

    @property
    def last_day(self) -> date | None:
        """The local day of the last dose, None while the plan is open."""
        if self.last is None:
            return None
        return day_of(self.last, self.course.itinerary.zone_at(self.last))

    def runs_on(self, day: date) -> bool:
        """Return whether a day lies within the plan."""
        last = self.last_day
        return self.course.start <= day and (last is None or day <= last)


def days_of(rule: MonitoringRule, watched: Watched) -> Iterator[Dated]:
    """Yield the days of a rule before `watched.until`, in no order, some of them twice."""
    dated = chain(
        _named(rule, watched),
        _again_and_again(rule, watched),
        _changes(rule, watched),
        _starts_of_others(rule, watched),
        _after_the_last_dose(rule, watched),
        _before_supply_ends(rule, watched),
    )
    return (one for one in dated if one.day < watched.until)


def is_denser(rule: MonitoringRule, facts: Facts, on: date) -> bool:
    """Return whether the person has a reason for the closer rhythm of a rule."""
    if rule.denser_every_days is None:
        return False
    if any(has_condition(facts, one) for one in rule.denser_if):
        return True
    try:
        age = age_on(facts.born, on) if facts.born else None
    except InvalidValue:
        return False
    return age is not None and rule.denser_from_age is not None and age >= rule.denser_from_age


def _therapy_day(course: Course, number: int) -> date:
    return course.day_one + timedelta(days=number - 1)


def _named(rule: MonitoringRule, watched: Watched) -> Iterator[Dated]:
    course = watched.course
    denser = is_denser(rule, watched.person.facts, course.start)
    for number in rule.days:
        day = _therapy_day(course, number)
        before = number < 1 and course.start == course.day_one
        if (watched.runs_on(day) or before) and not (denser and number > 1):
            yield Dated(day, f"d{number}")


def _again_and_again(rule: MonitoringRule, watched: Watched) -> Iterator[Dated]:
    """Yield the days of a rhythm: after the last named day, or, if denser, after day 1."""
    course = watched.course
    if is_denser(rule, watched.person.facts, course.start):
        every, number = rule.denser_every_days, 1
    else:
        every, number = rule.every_days, max((*rule.days, 1))
    if every is None:
        return
    first = _therapy_day(course, number)
    times = max(1, (course.start - first).days // every)
    while (day := first + timedelta(days=times * every)) < watched.until:
        if day >= course.start:
            if not watched.runs_on(day):
                return
            yield Dated(day, f"e{every}x{times}")
        times += 1


def _changes(rule: MonitoringRule, watched: Watched) -> Iterator[Dated]:
    if not (rule.at_dose_changes or rule.at_increases or rule.days_after_change):
        return
    for change in dose_changes(watched.course):
        if change.taper and not rule.during_taper:
            continue
        if rule.at_increases and not rule.at_dose_changes and not change.is_increase:
            continue
        if rule.at_dose_changes or rule.at_increases:
            yield Dated(change.day, f"c{change.phase}", change)
        for days in rule.days_after_change:
            yield Dated(change.day + timedelta(days=days), f"c{change.phase}-{days}")


def _starts_of_others(rule: MonitoringRule, watched: Watched) -> Iterator[Dated]:
    if not rule.when_starting:
        return
    itinerary, classes = watched.course.itinerary, watched.protocol.safety.classes
    for other in watched.person.taking:
        one = stretch_of(other, itinerary)
        if one.first is None or not matches(one, rule.when_starting, classes):
            continue
        day = day_of(one.first, itinerary.zone_at(one.first))
        if watched.runs_on(day):
            yield Dated(day, f"with-{other.name.lower()}")


def _after_the_last_dose(rule: MonitoringRule, watched: Watched) -> Iterator[Dated]:
    last = watched.last_day if rule.after_last_dose else None
    if last is not None:
        for days in rule.after_last_dose:
            yield Dated(last + timedelta(days=days), f"l{days}")


def _before_supply_ends(rule: MonitoringRule, watched: Watched) -> Iterator[Dated]:
    """Yield the day of a refill, unless the plan ends before the supply does."""
    end, days = watched.supply_end, rule.before_supply_ends
    if end is None or days is None or not watched.runs_on(end + DAY):
        return
    yield Dated(max(end - timedelta(days=days), watched.course.start), f"supply{days}")
