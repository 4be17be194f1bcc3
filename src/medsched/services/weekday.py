"""Which day of the week a weekly medicine is taken: the person's own instead of the rules'.

Only a dose of one single weekday moves; a pattern of several days means those days.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from medsched.domain.timing import OnDays, OnWeekdays, Weekday
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from medsched.domain.protocol import Phase


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


def _weekdays(phase: Phase) -> frozenset[Weekday]:
    dosage = phase.dosage
    assert isinstance(dosage, OnDays)  # noqa: S101  # `_is_weekly` looked
    assert isinstance(dosage.days, OnWeekdays)  # noqa: S101  # the same
    return dosage.days.weekdays


def _is_weekly(phase: Phase) -> bool:
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
