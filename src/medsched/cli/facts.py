"""Numbers about a person, read with their bounds and units."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.cli.when import read_date
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from datetime import date

_OLDEST: Final = 130
_PLAIN: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def read_number(text: str, subject: str, low: int, high: int, unit: str) -> Decimal:
    """Read a plain number in `low` to `high`, both included: digits, and a point if needed."""
    if not _PLAIN.fullmatch(text) or not low <= Decimal(text) <= high:
        raise InvalidValue(subject, repr(text), f"use {low} to {high} {unit}")
    return Decimal(text)


def read_clearance(text: str | None) -> Decimal | None:
    """Read a creatinine clearance in mL/min, 0 to 400."""
    return None if text is None else read_number(text, "creatinine clearance", 0, 400, "mL/min")


def read_birth(text: str, today: date) -> date:
    """Read a date of birth: not in the future, and of somebody who can be alive."""
    born = read_date(text, today, subject="date of birth")
    if not today.year - _OLDEST <= born.year or born > today:
        wanted = f"use a date from {today.year - _OLDEST} to today"
        raise InvalidValue("date of birth", born.isoformat(), wanted)
    return born
