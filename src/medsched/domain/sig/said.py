"""What directions say besides their doses: each kind once, or refused with both phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from medsched.domain.sig.parts import (
    After,
    Clock,
    DayOfMonth,
    DayOfYear,
    Found,
    Interval,
    Moments,
    Monthly,
    Often,
    On,
    Once,
    OnTheseDays,
    Part,
    Places,
    Rule,
    Since,
    Spread,
    Weekly,
    Yearly,
)
from medsched.domain.sig.refusals import SigAmbiguous, SigContradiction
from medsched.domain.timing import (
    AtMoments,
    AtTimes,
    Cycle,
    DayMoment,
    Days,
    EveryDay,
    EveryNMonths,
    EveryNYears,
    HourGrid,
    OnWeekdays,
    SpreadOverDay,
    Times,
    TimesADay,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import time

    from medsched.domain.timing import AtMoment

_RATES = (Often, OnTheseDays, Interval, After, Once)
_DAY_RULES = (Rule, Weekly, Monthly, Yearly)
_HOURS = 24

_P = TypeVar("_P")


class Said:
    """The parts of some directions, looked up by kind."""

    def __init__(self, found: Sequence[Found], text: str) -> None:
        """Keep the parts with the text they come from."""
        self.found, self.text = list(found), text

    def all(self, kind: type[_P]) -> list[tuple[_P, str]]:
        """Return the parts of a kind, each with its words."""
        return [
            (one.part, self.text[one.start : one.end])
            for one in self.found
            if isinstance(one.part, kind)
        ]

    def one(self, kind: type[_P]) -> _P | None:
        """Return the only part of a kind, None when there is none.

        Raises:
            SigContradiction: there are two.
        """
        part = self.any_of(kind)
        return part if isinstance(part, kind) else None

    def any_of(self, *kinds: type[object]) -> Part | None:
        """Return the only part of some kinds, None when there is none.

        Raises:
            SigContradiction: there are two.
        """
        found = [one for one in self.found if isinstance(one.part, kinds)]
        if len(found) > 1:
            first, second = (self.text[one.start : one.end] for one in found[:2])
            raise self.refuse(f"{first!r} and {second!r} are both said; write one of them")
        return found[0].part if found else None

    def refuse(self, sentence: str) -> SigContradiction:
        """Return a refusal of the whole text."""
        return SigContradiction(self.text, sentence)

    def ambiguous(self, words: str, readings: Sequence[str]) -> SigAmbiguous:
        """Return a refusal of words that can be read in more than one way."""
        return SigAmbiguous(self.text, words, readings)

    def without(self, *kinds: type[object]) -> Said:
        """Return the rest."""
        return Said([one for one in self.found if not isinstance(one.part, kinds)], self.text)

    def nothing_else(self) -> None:
        """Refuse whatever is left.

        Raises:
            SigContradiction: with the words that do not go with the others.
        """
        if self.found:
            words = self.text[self.found[0].start : self.found[0].end]
            raise self.refuse(f"{words!r} does not go with the rest; write one of them")


def days_and_times(said: Said) -> tuple[Days, Times, tuple[int, ...]]:
    """Return on which days, at which times, and at which places of the day (empty: the first).

    Raises:
        SigContradiction: several of them, none, or one that is not complete.
    """
    days, rate = _days(said), said.any_of(*_RATES)
    if isinstance(rate, Once | After) or (isinstance(rate, Interval) and not rate.grid):
        raise said.refuse("times and days do not go with an interval; write one of them")
    if isinstance(rate, Often) and rate.count == 1 and not isinstance(days, EveryDay | Cycle):
        _refuse_daily(said)
    times, slots = _times(said, days, rate)
    return days, times, slots


def _refuse_daily(said: Said) -> None:
    often = said.all(Often)[0][1]
    other = next(
        said.text[one.start : one.end]
        for one in said.found
        if isinstance(one.part, (*_DAY_RULES, On))
    )
    raise said.refuse(f"{often!r} is every day and {other!r} is not; write one of them")


def clock_of(said: Said) -> tuple[time, ...]:
    """Return all clock times that are said, in order."""
    return tuple(one for part, _ in said.all(Clock) for one in part.times)


def moments_of(said: Said) -> tuple[AtMoment, ...]:
    """Return all moments of the day that are said, in order."""
    return tuple(one for part, _ in said.all(Moments) for one in part.moments)


def place_in_day(moment: AtMoment) -> int:
    """Return where a moment comes in the order of a day."""
    return list(DayMoment).index(moment.moment)


def _times(said: Said, days: Days, rate: Part | None) -> tuple[Times, tuple[int, ...]]:
    said = _clock_wins(said)
    kinds = [kind for kind in (Clock, Moments, Places, Spread) if said.all(kind)]
    if len(kinds) > 1 or (kinds and isinstance(rate, Interval)):
        raise said.refuse("the times are said in two ways; write clock times or moments")
    if isinstance(rate, Interval):
        return _grid(said, rate), ()
    if said.one(Since) is not None:
        raise said.refuse("a first time goes with 'every 8 hours by the clock' only")
    count = rate.count if isinstance(rate, Often | OnTheseDays) else None
    return _named_times(said, days, count)


_HOURS_OF: Final = {
    DayMoment.MORNING: range(4, 12),
    DayMoment.AFTERNOON: range(12, 18),
    DayMoment.EVENING: range(16, 24),
    DayMoment.NIGHT: (*range(18, 24), *range(4)),
    DayMoment.BEDTIME: (*range(18, 24), *range(4)),
}


def _clock_wins(said: Said) -> Said:
    """Read `every morning at 8:00 AM` as the clock time, when it is in that part of the day."""
    clock, moments = clock_of(said), moments_of(said)
    one_each = len(clock) == len(moments) == 1 and moments[0].offset is None
    fits = one_each and clock[0].hour in _HOURS_OF.get(moments[0].moment, ())
    return said.without(Moments) if fits else said


def _named_times(said: Said, days: Days, count: int | None) -> tuple[Times, tuple[int, ...]]:
    clock, moments, places = clock_of(said), moments_of(said), said.one(Places)
    slots = places.places if places is not None else ()
    named = clock or moments or slots
    if named and count is not None and len(named) != count:
        raise said.refuse(f"{count} times a day, but {len(named)} are named; write the same")
    if len(set(named)) < len(named):
        raise said.refuse("a time of the day is named twice; name each once")
    if clock:
        return AtTimes(times=tuple(sorted(clock))), ()
    if moments:
        order = list(DayMoment)
        return AtMoments(
            moments=tuple(sorted(moments, key=lambda one: order.index(one.moment)))
        ), ()
    if slots:
        return TimesADay(count=len(slots)), slots
    if count is None and isinstance(days, EveryDay):
        raise said.refuse("it does not say how often; write such as 'once a day'")
    if said.one(Spread) is not None:
        return SpreadOverDay(count=count or 1), ()
    return TimesADay(count=count or 1), ()


def _grid(said: Said, rate: Interval) -> Times:
    since = said.one(Since)
    if since is None:
        raise said.refuse("'by the clock' needs its first time, such as 'from 6:00 AM'")
    if _HOURS % rate.hours:
        raise said.refuse(f"{rate.hours} hours do not divide a day; leave out 'by the clock'")
    return HourGrid(hours=rate.hours, first=since.first)


def _days(said: Said) -> Days:
    rule, on = said.any_of(*_DAY_RULES), said.one(On)
    month, year = said.one(DayOfMonth), said.one(DayOfYear)
    match rule:
        case Weekly():
            return _weekly(said, rule, on)
        case Monthly():
            if month is None:
                raise said.refuse("it does not say on which day of the month; write the day")
            days: Days = EveryNMonths(n=rule.months, day=month.day)
        case Yearly():
            if year is None:
                raise said.refuse("it does not say on which day of the year; write day and month")
            days = EveryNYears(n=rule.years, month=year.month, day=year.day)
        case Rule():
            days = rule.days
        case _:
            return _weekly(said, Weekly(1), on) if on is not None else _no_rule(said)
    if on is not None:
        raise said.refuse("weekdays do not go with other days; write one of them")
    return days


def _no_rule(said: Said) -> Days:
    if said.one(DayOfMonth) is not None or said.one(DayOfYear) is not None:
        raise said.refuse("a date without how often; write 'once a month' or 'once a year'")
    return EveryDay()


def _weekly(said: Said, rule: Weekly, on: On | None) -> Days:
    if on is None:
        raise said.refuse("it does not say on which weekday; write such as 'on Monday'")
    if said.any_of(DayOfMonth, DayOfYear) is not None:
        raise said.refuse("weekdays and a date are both said; write one of them")
    if rule.count not in {None, len(on.weekdays)}:
        raise said.refuse(
            f"{rule.count} a week, but {len(on.weekdays)} weekdays are named; write the same"
        )
    return OnWeekdays(weekdays=on.weekdays, weeks=rule.weeks)
