"""Texts with a unit that are no amounts of medicine: lengths, rates, ages, shares.

Each reader takes the whole text or refuses; a number without a unit is never guessed at.
"""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal
from typing import Final

from medsched.domain.amount import EXACT, decimal, plain
from medsched.errors import InvalidValue

_QUANTITY: Final = re.compile(r"(?P<number>[0-9.,]+)\s*(?P<unit>%|[A-Za-z]+(?:/[A-Za-z]+)?)")
_CLOCK: Final = re.compile(r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)")

_MINUTES_OF: Final = {
    "minute": Decimal(1),
    "minutes": Decimal(1),
    "hour": Decimal(60),
    "hours": Decimal(60),
    "day": Decimal(1440),
    "days": Decimal(1440),
    "week": Decimal(10080),
    "weeks": Decimal(10080),
}
"""Minutes in one of each."""

_LONGEST: Final = Decimal(1440 * 3660)
_FINEST: Final = 3
"""Minutes that are an exact decimal number of hours."""

_MOST_PERCENT: Final = 100


def _parts(text: str, subject: str, example: str) -> tuple[Decimal, str]:
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise InvalidValue(subject, repr(text), f"write a number and a unit, such as {example}")
    return decimal(match["number"], subject=subject), match["unit"]


def minutes(text: str, *, subject: str = "length") -> Decimal:
    """Return a length such as `6 hours` or `14 days` in minutes; a day is 24 hours.

    Raises:
        InvalidValue: no number, no unit, an unknown unit, nothing, or over ten years.

    >>> minutes("6 hours"), minutes("14 days")
    (Decimal('360'), Decimal('20160'))
    """
    number, unit = _parts(text, subject, "6 hours or 14 days")
    if unit not in _MINUTES_OF:
        raise InvalidValue(subject, repr(text), "use minutes, hours, days or weeks")
    length = number * _MINUTES_OF[unit]
    if not 0 < length <= _LONGEST:
        raise InvalidValue(subject, repr(text), "use more than nothing and at most ten years")
    return length


def hours(text: str, *, subject: str = "length") -> Decimal:
    """Return a length in hours, exactly.

    >>> hours("14 days"), hours("90 minutes")
    (Decimal('336'), Decimal('1.5'))
    """
    length = minutes(text, subject=subject)
    if length % _FINEST:
        raise InvalidValue(subject, repr(text), "use steps of 3 minutes, such as 25.4 hours")
    return Decimal(plain(EXACT.divide(length, Decimal(60))))


def exact_minutes(text: str, *, subject: str = "length") -> int:
    """Return a length as whole minutes."""
    length = minutes(text, subject=subject)
    if length % 1:
        raise InvalidValue(subject, repr(text), "use whole minutes")
    return int(length)


def whole_hours(text: str, *, subject: str = "length") -> int:
    """Return a length as whole hours."""
    length = minutes(text, subject=subject)
    if length % 60:
        raise InvalidValue(subject, repr(text), "use whole hours")
    return int(length) // 60


def whole_days(text: str, *, subject: str = "length") -> int:
    """Return a length as whole days.

    >>> whole_days("2 weeks")
    14
    """
    length = minutes(text, subject=subject)
    if length % 1440:
        raise InvalidValue(subject, repr(text), "use whole days, such as 14 days")
    return int(length) // 1440


def clearance(text: str, *, subject: str = "clearance") -> Decimal:
    """Return a creatinine clearance in mL/min, 0 to 300.

    >>> clearance("29.5 mL/min")
    Decimal('29.5')
    """
    number, unit = _parts(text, subject, "30 mL/min")
    if unit != "mL/min" or number > 300:  # noqa: PLR2004  # far above any kidney's
        raise InvalidValue(subject, repr(text), "use 0 to 300 mL/min")
    return number


def years(text: str, *, subject: str = "age") -> int:
    """Return an age in whole years, 1 to 120.

    >>> years("18 years")
    18
    """
    number, unit = _parts(text, subject, "18 years")
    if unit not in {"year", "years"} or number % 1 or not 1 <= number <= 120:  # noqa: PLR2004
        raise InvalidValue(subject, repr(text), "use 1 to 120 whole years")
    return int(number)


def kilograms(text: str, *, subject: str = "weight") -> Decimal:
    """Return a body weight, 1 to 400 kg.

    >>> kilograms("50 kg")
    Decimal('50')
    """
    number, unit = _parts(text, subject, "50 kg")
    if unit != "kg" or not 1 <= number <= 400:  # noqa: PLR2004  # the bounds of a person's
        raise InvalidValue(subject, repr(text), "use 1 to 400 kg")
    return number


def percent(text: str, *, subject: str = "share") -> int:
    """Return a share of 1 to 100 percent.

    >>> percent("50 %")
    50
    """
    number, unit = _parts(text, subject, "50 %")
    if unit != "%" or number % 1 or not 1 <= number <= _MOST_PERCENT:
        raise InvalidValue(subject, repr(text), "use 1 to 100 whole %")
    return int(number)


def clock(text: str, *, subject: str = "time") -> time:
    """Return a time of day written as two digits each: `08:00`.

    >>> clock("08:05")
    datetime.time(8, 5)
    """
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise InvalidValue(subject, repr(text), "write a time of day such as 08:00")
    return time(int(match["hour"]), int(match["minute"]))
