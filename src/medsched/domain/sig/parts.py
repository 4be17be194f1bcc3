"""What directions are made of: one value for each phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import date, time
    from decimal import Decimal

    from medsched.domain.amount import Amount
    from medsched.domain.medication import Route
    from medsched.domain.timing import AtMoment, Bounds, Days, Weekday


@frozen(kw_only=False)
class Count:
    """So many pieces, of a strength if one is named; an empty word is a bare number."""

    count: Decimal
    word: str
    strength: Amount | None = None


@frozen(kw_only=False)
class Much:
    """One dose: pieces, an amount, or pieces with the amount that they make (`in_all`: surely)."""

    pieces: tuple[Count, ...] = ()
    amount: Amount | None = None
    in_all: bool = False


@frozen(kw_only=False)
class Nothing:
    """No dose at the time that follows."""


@frozen(kw_only=False)
class Slots:
    """Pieces at each of the day's times: 1-0-2."""

    counts: tuple[Decimal, ...]


@frozen(kw_only=False)
class Verb:
    """Take, use, apply and so on."""


@frozen(kw_only=False)
class By:
    """The way in."""

    route: Route


@frozen(kw_only=False)
class Often:
    """So many times on each day with doses."""

    count: int


@frozen(kw_only=False)
class OnTheseDays:
    """So many times on each of the days that are listed after it."""

    count: int


@frozen(kw_only=False)
class Clock:
    """Clock times."""

    times: tuple[time, ...]


@frozen(kw_only=False)
class Moments:
    """Moments of the person's day."""

    moments: tuple[AtMoment, ...]


@frozen(kw_only=False)
class Places:
    """Which of the person's usual times of the day, from 1."""

    places: tuple[int, ...]


@frozen(kw_only=False)
class Spread:
    """Spread over the waking hours."""


@frozen(kw_only=False)
class Rule:
    """On which days, complete."""

    days: Days


@frozen(kw_only=False)
class On:
    """Weekdays."""

    weekdays: frozenset[Weekday]


@frozen(kw_only=False)
class Weekly:
    """Every so many weeks, so many times if it is said: needs its weekdays."""

    weeks: int
    count: int | None = None


@frozen(kw_only=False)
class Monthly:
    """Every so many months: needs its day."""

    months: int


@frozen(kw_only=False)
class DayOfMonth:
    """A day of the month."""

    day: int


@frozen(kw_only=False)
class Yearly:
    """Every so many years: needs its date."""

    years: int


@frozen(kw_only=False)
class DayOfYear:
    """A day of the year."""

    month: int
    day: int


@frozen(kw_only=False)
class Interval:
    """Every so many hours; by the clock when `grid`."""

    hours: int
    grid: bool = False


@frozen(kw_only=False)
class Since:
    """The first time of an interval by the clock."""

    first: time


@frozen(kw_only=False)
class After:
    """So many hours after the last dose."""

    hours: int


@frozen(kw_only=False)
class Once:
    """One dose only."""


@frozen(kw_only=False)
class Needed:
    """Only if needed."""

    reason: str = ""


@frozen(kw_only=False)
class Apart:
    """At least so many hours between doses."""

    hours: int


@frozen(kw_only=False)
class Most:
    """At most so much in so many hours; an empty word is a bare number."""

    number: Decimal
    word: str
    hours: int
    calendar_day: bool = False


@frozen(kw_only=False)
class Lasts:
    """For how long."""

    bounds: Bounds


@frozen(kw_only=False)
class Starts:
    """The first date."""

    day: date


@frozen(kw_only=False)
class Dates:
    """The first dates, and so on."""

    days: tuple[date, ...]


@frozen(kw_only=False)
class NotDaily:
    """A warning that it is not daily."""


@frozen(kw_only=False)
class InTurn:
    """Amounts follow that change from dose day to dose day."""


@frozen(kw_only=False)
class Turn:
    """On one day (first), or on the next."""

    first: bool


@frozen(kw_only=False)
class Again:
    """Then from the start again."""


@frozen(kw_only=False)
class ByWeekday:
    """Amounts follow for each weekday."""


@frozen(kw_only=False)
class Advice:
    """How to take it, which changes no time: with food, with water."""

    words: str


Part = (
    Much
    | Nothing
    | Slots
    | Verb
    | By
    | Often
    | OnTheseDays
    | Clock
    | Moments
    | Places
    | Spread
    | Rule
    | On
    | Weekly
    | Monthly
    | DayOfMonth
    | Yearly
    | DayOfYear
    | Interval
    | Since
    | After
    | Once
    | Needed
    | Apart
    | Most
    | Lasts
    | Starts
    | Dates
    | NotDaily
    | InTurn
    | Turn
    | Again
    | ByWeekday
    | Advice
)


class Found(NamedTuple):
    """A part and where in the text it stands."""

    part: Part
    start: int
    end: int
