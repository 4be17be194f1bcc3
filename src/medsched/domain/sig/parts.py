"""What directions are made of: one value for each phrase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date, time
    from decimal import Decimal

    from medsched.domain.amount import Amount
    from medsched.domain.medication import Route
    from medsched.domain.timing import AtMoment, Bounds, Days, Weekday


@dataclass(frozen=True, slots=True)
class Count:
    """So many pieces, of a strength if one is named; an empty word is a bare number."""

    count: Decimal
    word: str
    strength: Amount | None = None


@dataclass(frozen=True, slots=True)
class Much:
    """One dose: pieces, an amount, or pieces with the amount that they make (`in_all`: surely)."""

    pieces: tuple[Count, ...] = ()
    amount: Amount | None = None
    in_all: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """No dose at the time that follows."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Pieces at each of the day's times: 1-0-2."""

    counts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Verb:
    """Take, use, apply and so on."""


@dataclass(frozen=True, slots=True)
class By:
    """The way in."""

    route: Route


@dataclass(frozen=True, slots=True)
class Often:
    """So many times on each day with doses."""

    count: int


@dataclass(frozen=True, slots=True)
class OnTheseDays:
    """So many times on each of the days that are listed after it."""

    count: int


@dataclass(frozen=True, slots=True)
class Clock:
    """Clock times."""

    times: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of the person's day."""

    moments: tuple[AtMoment, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Which of the person's usual times of the day, from 1."""

    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Spread over the waking hours."""


@dataclass(frozen=True, slots=True)
class Rule:
    """On which days, complete."""

    days: Days


@dataclass(frozen=True, slots=True)
class On:
    """Weekdays."""

    weekdays: frozenset[Weekday]


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every so many weeks, so many times if it is said: needs its weekdays."""

    weeks: int
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Monthly:
    """Every so many months: needs its day."""

    months: int


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day of the month."""

    day: int


@dataclass(frozen=True, slots=True)
class Yearly:
    """Every so many years: needs its date."""

    years: int


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A day of the year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so many hours; by the clock when `grid`."""

    hours: int
    grid: bool = False


@dataclass(frozen=True, slots=True)
class Since:
    """The first time of an interval by the clock."""

    first: time


@dataclass(frozen=True, slots=True)
class After:
    """So many hours after the last dose."""

    hours: int


@dataclass(frozen=True, slots=True)
class Once:
    """One dose only."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Only if needed."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """At least so many hours between doses."""

    hours: int


@dataclass(frozen=True, slots=True)
class Most:
    """At most so much in so many hours; an empty word is a bare number."""

    number: Decimal
    word: str
    hours: int
    calendar_day: bool = False


@dataclass(frozen=True, slots=True)
class Lasts:
    """For how long."""

    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Starts:
    """The first date."""

    day: date


@dataclass(frozen=True, slots=True)
class Dates:
    """The first dates, and so on."""

    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class NotDaily:
    """A warning that it is not daily."""


@dataclass(frozen=True, slots=True)
class InTurn:
    """Amounts follow that change from dose day to dose day."""


@dataclass(frozen=True, slots=True)
class Turn:
    """On one day (first), or on the next."""

    first: bool


@dataclass(frozen=True, slots=True)
class Again:
    """Then from the start again."""


@dataclass(frozen=True, slots=True)
class ByWeekday:
    """Amounts follow for each weekday."""


@dataclass(frozen=True, slots=True)
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
