"""Creatinine clearance: as it was given, or by Cockcroft and Gault.

Never an eGFR: the bands of labels were studied with this formula. The arithmetic is
exact; the result is rounded down to a tenth of a millilitre per minute, so that
rounding never lifts anybody into a better band.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import NBSP, number_words
from medsched.domain.person import Sex
from medsched.domain.plain_words import date_words
from medsched.errors import InvalidValue
from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.person import Facts

MICROMOLES_PER_MG_DL: Final = Fraction("88.4")
"""Micromoles per litre of creatinine in one milligram per decilitre (molar mass 113.12)."""

_FEMALE: Final = Fraction("0.85")
_AGES: Final = (18, 120)
_WEIGHTS: Final = (Decimal(20), Decimal(400))
_CREATININES: Final = (Fraction("0.1"), Fraction(30))


class CreatinineUnit(StrEnum):
    """Units in which laboratories report serum creatinine."""

    MG_DL = "mg/dL"
    UMOL_L = "umol/L"

    @property
    def words(self) -> str:
        """The unit as people read it: a slash can be taken for a digit."""
        return "mg per dL" if self is CreatinineUnit.MG_DL else "micromoles per L"


class ClearanceFrom(StrEnum):
    """Where a creatinine clearance comes from, in words for people."""

    GIVEN = "as given"
    COMPUTED = "computed by Cockcroft-Gault"


@frozen
class Clearance:
    """A creatinine clearance in mL per minute, and where it comes from."""

    value: Decimal
    origin: ClearanceFrom


def age_on(born: date, day: date) -> int:
    """Return completed years; somebody born on 29 February turns on 1 March.

    Raises:
        InvalidValue: born after that day, or more than 120 years before it.

    >>> from datetime import date
    >>> age_on(date(2008, 3, 2), date(2026, 3, 1)), age_on(date(2008, 3, 2), date(2026, 3, 2))
    (17, 18)
    """
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if not 0 <= years <= _AGES[1]:
        raise InvalidValue(
            "date of birth",
            date_words(born),
            f"use a date at most {_AGES[1]} years before {date_words(day)}",
        )
    return years


def in_mg_dl(value: Decimal, unit: CreatinineUnit) -> Decimal:
    """Return serum creatinine in mg per dL, to four decimals (half to even).

    >>> in_mg_dl(Decimal("88.4"), CreatinineUnit.UMOL_L)
    Decimal('1.0000')
    """
    if unit is CreatinineUnit.MG_DL:
        return value
    return Decimal(round(_mg_dl(value, unit) * 10_000)).scaleb(-4)


def cockcroft_gault(
    age: int,
    weight_kg: Decimal,
    sex: Sex,
    creatinine: Decimal,
    unit: CreatinineUnit = CreatinineUnit.MG_DL,
) -> Decimal:
    """Return creatinine clearance in mL per minute: (140 - age) x weight / (72 x creatinine).

    For women times 0.85. Exact, then rounded down to 0.1.

    Args:
        age: Completed years, 18 to 120; the formula is for adults.
        weight_kg: Body weight, 20 to 400 kg.
        creatinine: Serum creatinine, 0.1 to 30 mg/dL, or as much in umol/L.

    Raises:
        InvalidValue: a value outside these bounds; a unit mixed up is outside.

    Source:
        Cockcroft DW, Gault MH. Nephron 1976; 16: 31-41.

    >>> cockcroft_gault(40, Decimal(72), Sex.MALE, Decimal(1))
    Decimal('100.0')
    """
    _check(age, weight_kg, creatinine, unit)
    exact = Fraction(140 - age) * Fraction(weight_kg) / (72 * _mg_dl(creatinine, unit))
    if sex is Sex.FEMALE:
        exact *= _FEMALE
    return Decimal(floor(exact * 10)).scaleb(-1)


def _mg_dl(creatinine: Decimal, unit: CreatinineUnit) -> Fraction:
    exact = Fraction(creatinine)
    return exact / MICROMOLES_PER_MG_DL if unit is CreatinineUnit.UMOL_L else exact


def _check(age: int, weight_kg: Decimal, creatinine: Decimal, unit: CreatinineUnit) -> None:
    if not _AGES[0] <= age <= _AGES[1]:
        raise InvalidValue("age", age, f"Cockcroft-Gault is for {_AGES[0]} to {_AGES[1]} years")
    if not _WEIGHTS[0] <= weight_kg <= _WEIGHTS[1]:
        raise InvalidValue("weight", _with_unit(weight_kg, "kg"), f"use 20 to 400{NBSP}kg")
    if not _CREATININES[0] <= _mg_dl(creatinine, unit) <= _CREATININES[1]:
        raise InvalidValue(
            "creatinine",
            _with_unit(creatinine, unit.words),
            f"use 0.1 to 30{NBSP}mg per dL, which is 8.84 to 2,652 micromoles per L",
        )


def _with_unit(value: Decimal, unit: str) -> str:
    return f"{number_words(value)}{NBSP}{unit}"


def clearance_of(facts: Facts, on: date) -> Clearance | None:
    """Return a person's creatinine clearance, as given or computed; None when facts are missing.

    Args:
        on: The day for which the age counts.

    Raises:
        InvalidValue: a fact that cannot be.
    """
    if facts.creatinine_clearance is not None:
        return Clearance(value=facts.creatinine_clearance, origin=ClearanceFrom.GIVEN)
    if facts.born is None or facts.weight_kg is None:
        return None
    if facts.sex is None or facts.creatinine is None:
        return None
    value = cockcroft_gault(
        age_on(facts.born, on), facts.weight_kg, facts.sex, facts.creatinine, CreatinineUnit.MG_DL
    )
    return Clearance(value=value, origin=ClearanceFrom.COMPUTED)


def missing_for_clearance(facts: Facts) -> tuple[str, ...]:
    """Return what would have to be said to compute it, in words."""
    wanted = (
        ("date of birth", facts.born),
        ("sex", facts.sex),
        ("weight", facts.weight_kg),
        ("serum creatinine", facts.creatinine),
    )
    return tuple(word for word, value in wanted if value is None)
