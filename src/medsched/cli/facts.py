"""Numbers about a person, read with their bounds and units."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.cli.when import read_date
from medsched.domain.kidney import CreatinineUnit, in_mg_dl
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from datetime import date

_OLDEST: Final = 130
_PLAIN: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_CREATININE: Final = re.compile(r"([0-9.]+) ?(mg/dl|[uµμ]mol/l)?", re.IGNORECASE)
_CREATININES: Final[dict[CreatinineUnit, tuple[Decimal, int]]] = {
    CreatinineUnit.MG_DL: (Decimal("0.1"), 30),
    CreatinineUnit.UMOL_L: (Decimal(9), 2652),
}
_UNSAID: Final = 20
"""Most mg/dL without the unit: a higher number may well be of micromoles."""


def read_number(text: str, subject: str, low: int, high: int, unit: str) -> Decimal:
    """Read a plain number in `low` to `high`, both included: digits, and a point if needed."""
    if not _PLAIN.fullmatch(text) or not low <= Decimal(text) <= high:
        raise InvalidValue(subject, repr(text), f"use {low} to {high} {unit}")
    return Decimal(text)


def read_creatinine(text: str) -> Decimal:
    """Read a serum creatinine, with its unit or in mg/dL, and return it in mg/dL.

    >>> read_creatinine("106 umol/L"), read_creatinine("1.2")
    (Decimal('1.1991'), Decimal('1.2'))
    """
    found = _CREATININE.fullmatch(text.strip())
    number, named = found.groups() if found else ("", None)
    unit = CreatinineUnit.UMOL_L if named and "mol" in named.lower() else CreatinineUnit.MG_DL
    low, high = _CREATININES[unit]
    most = high if named else _UNSAID
    if not _PLAIN.fullmatch(number) or not low <= Decimal(number) <= most:
        wanted = "use 0.1 to 20 mg/dL, or name the unit, such as '106 umol/L'"
        raise InvalidValue("creatinine", repr(text), wanted)
    return in_mg_dl(Decimal(number), unit)


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
