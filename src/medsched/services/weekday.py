"""Which day of the week a weekly medicine is taken: the person's own instead of the rules'.

Only a dose of one single weekday moves; a pattern of several days means those days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.timing import OnDays, OnWeekdays, Weekday
from medsched.errors import InvalidValue
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.domain.course import CoursePhase
    from medsched.domain.protocol import Phase

A_WEEK: Final = ("/week", "/wk", " a week", " per week", " weekly")
"""How an amount a week ends."""


def read_weekday(text: str) -> Weekday:
    """Read the English name of a day of the week, such as `Thursday` or `thu`.

    Raises:
        InvalidValue: no day, or more than one, begins like this.

    >>> read_weekday("Thu").name
    'THURSDAY'
    """
    word = text.strip().upper()
    found = [one for one in Weekday if len(word) > 2 and one.name.startswith(word)]  # noqa: PLR2004  # "tu" could be a slip
    if len(found) != 1:
        raise InvalidValue("weekday", repr(text), "name a day of the week, such as thursday")
    return found[0]


def on_weekday(phases: tuple[Phase, ...], day: Weekday) -> tuple[Phase, ...]:
    """Return the phases with their weekly dose on another day of the week.

    Raises:
        InvalidValue: the medicine is not taken once a week.
    """
    weekly = [_is_weekly(one) for one in phases]
    if not any(weekly):
        wanted = "leave it out: this medicine is not taken once a week"
        raise InvalidValue("weekday", day.name.lower(), wanted)
    return tuple(
        _moved(one, day) if is_weekly else one
        for one, is_weekly in zip(phases, weekly, strict=True)
    )


def weekly_day(phases: Iterable[Phase | CoursePhase]) -> Weekday | None:
    """Return the day of a medicine that is taken once a week in every step; None of others."""
    dosed = [one for one in phases if one.dosage is not None]
    if not is_weekly(dosed):
        return None
    days = {day for one in dosed for day in _weekdays(one)}
    return days.pop() if len(days) == 1 else None


def is_weekly(phases: Iterable[Phase | CoursePhase]) -> bool:
    """Return whether a medicine is taken once a week in every step."""
    dosed = [one for one in phases if one.dosage is not None]
    return bool(dosed) and all(_is_weekly(one) for one in dosed)


def check_period(phases: Iterable[Phase | CoursePhase], text: str) -> None:
    """Refuse a target a day of a weekly medicine, and one a week of any other.

    Raises:
        InvalidValue: with what would be right.
    """
    weekly = is_weekly(phases)
    if weekly and not said_a_week(text):
        wanted = "it is taken once a week: say how much a week, such as '15 mg/week'"
        raise InvalidValue("target", repr(text), wanted)
    if said_a_week(text) and not weekly:
        wanted = "it is not taken once a week: say how much a day, such as '150 mg/day'"
        raise InvalidValue("target", repr(text), wanted)


def said_a_week(text: str) -> bool:
    """Return whether an amount is said a week.

    >>> said_a_week("15 mg/week"), said_a_week("15 mg a day")
    (True, False)
    """
    return text.strip().lower().endswith(A_WEEK)


def assumed_weekday(phases: tuple[Phase, ...]) -> str:
    """Return that nobody named the day of a weekly medicine; empty where none is needed.

    >>> assumed_weekday(())
    ''
    """
    days = {day for one in phases if _is_weekly(one) for day in _weekdays(one)}
    if len(days) != 1:
        return ""
    name = days.pop().name.capitalize()
    return (
        f"No day of the week was given: {name}, as the rules have it, is assumed. Another is"
        " chosen with --weekday."
    )


def _weekdays(phase: Phase | CoursePhase) -> frozenset[Weekday]:
    dosage = phase.dosage
    assert isinstance(dosage, OnDays)  # noqa: S101  # `_is_weekly` looked
    assert isinstance(dosage.days, OnWeekdays)  # noqa: S101  # the same
    return dosage.days.weekdays


def _is_weekly(phase: Phase | CoursePhase) -> bool:
    dosage = phase.dosage
    if not isinstance(dosage, OnDays) or not isinstance(dosage.days, OnWeekdays):
        return False
    return len(dosage.days.weekdays) == 1


def _moved(phase: Phase, day: Weekday) -> Phase:
    dosage = phase.dosage
    assert isinstance(dosage, OnDays)  # noqa: S101  # `_is_weekly` looked
    assert isinstance(dosage.days, OnWeekdays)  # noqa: S101  # the same
    days = replace(dosage.days, weekdays=frozenset({day}))
    return replace(phase, dosage=replace(dosage, days=days))
