"""How much: an exact number with a unit.

Amounts are never floats. Arithmetic runs under a context that traps anything
inexact, so a milligram that cannot be written exactly stops the program rather
than rounding in silence.
"""

from __future__ import annotations

import re
from decimal import (
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
)
from enum import StrEnum
from functools import lru_cache
from typing import Final

from medsched.errors import InvalidValue, MedschedError
from medsched.frozen import frozen

NBSP: Final = "\u00a0"
"""A no-break space: number and unit are never parted at the end of a line."""

EXACT: Final = Context(
    prec=28,
    traps=[Inexact, FloatOperation, InvalidOperation, DivisionByZero, Overflow],
)
"""Decimal arithmetic that refuses to round."""

_MOST: Final = Decimal(1_000_000)
_DIGITS_AFTER_POINT: Final = 6
# Compiled when a text is first read, which most commands never do.
_NUMBER: Final = r"\d{1,7}(?:\.\d{1,6})?"
_GROUPED: Final = r"[1-9]\d{0,2}\.\d\d0"
"""What may be thousands: three decimals of which the last says nothing."""
_TEXT: Final = r"(?P<number>[0-9][0-9.,]*|\.[0-9]+)[\s\u00a0]*(?P<unit>[A-Za-z\u00b5\u03bc]+)"


class Unit(StrEnum):
    """Units of an amount, as they are written for people."""

    MG = "mg"
    MCG = "mcg"
    G = "g"
    ML = "mL"
    UNIT = "units"
    TABLET = "tablet"
    CAPSULE = "capsule"
    PATCH = "patch"
    DROP = "drop"
    PUFF = "puff"


_COUNTED: Final = frozenset({Unit.TABLET, Unit.CAPSULE, Unit.PATCH, Unit.DROP, Unit.PUFF})

_UNIT_WORDS: Final = {
    "mg": Unit.MG,
    "milligram": Unit.MG,
    "milligrams": Unit.MG,
    "mcg": Unit.MCG,
    "ug": Unit.MCG,
    "\u00b5g": Unit.MCG,
    "\u03bcg": Unit.MCG,
    "microgram": Unit.MCG,
    "micrograms": Unit.MCG,
    "g": Unit.G,
    "gram": Unit.G,
    "grams": Unit.G,
    "ml": Unit.ML,
    "milliliter": Unit.ML,
    "milliliters": Unit.ML,
    "millilitre": Unit.ML,
    "millilitres": Unit.ML,
    "unit": Unit.UNIT,
    "units": Unit.UNIT,
    "tablet": Unit.TABLET,
    "tablets": Unit.TABLET,
    "tab": Unit.TABLET,
    "tabs": Unit.TABLET,
    "capsule": Unit.CAPSULE,
    "capsules": Unit.CAPSULE,
    "cap": Unit.CAPSULE,
    "caps": Unit.CAPSULE,
    "patch": Unit.PATCH,
    "patches": Unit.PATCH,
    "drop": Unit.DROP,
    "drops": Unit.DROP,
    "puff": Unit.PUFF,
    "puffs": Unit.PUFF,
}


class UnitMismatch(MedschedError):
    """Two amounts in different units were compared or added."""

    def __init__(self, left: Unit, right: Unit) -> None:
        """Keep both units."""
        self.left, self.right = left, right
        super().__init__(f"amounts: {left} and {right} cannot be added or compared; use one unit")


@lru_cache(maxsize=4096)
def plain(value: Decimal) -> str:
    """Return the digits of `value` without trailing zeros or exponent: the stored form.

    >>> plain(Decimal("12.50")), plain(Decimal("100")), plain(Decimal("0.5"))
    ('12.5', '100', '0.5')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def number_words(value: Decimal) -> str:
    """Return the number as people read it: no trailing zero, a comma from 1,000.

    Source:
        Joint Commission "Do not use" list; ISMP list of error-prone abbreviations.

    >>> number_words(Decimal("1234.50")), number_words(Decimal("0.5"))
    ('1,234.5', '0.5')
    """
    whole, _, fraction = plain(value).partition(".")
    return f"{int(whole):,}.{fraction}" if fraction else f"{int(whole):,}"


@frozen(kw_only=False)
class Amount:
    """An exact amount of a medicine, such as 12.5 mg; never negative, at most 1,000,000.

    >>> Amount(Decimal("12.5"), Unit.MG) + Amount(Decimal("12.5"), Unit.MG) == amount("25 mg")
    True
    """

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse what is no exact, finite, non-negative number."""
        if not isinstance(self.value, Decimal):
            kind = type(self.value).__name__
            message = f"an amount's value is a Decimal, not {kind}"
            raise TypeError(message)
        if not self.value.is_finite() or not 0 <= self.value <= _MOST:
            raise InvalidValue("amount", self.value, f"use 0 to {_MOST:,} {self.unit}")

    def __add__(self, other: Amount) -> Amount:
        """Return the exact sum; both must be in the same unit."""
        self._same_unit(other)
        return Amount(EXACT.add(self.value, other.value), self.unit)

    def __sub__(self, other: Amount) -> Amount:
        """Return the exact difference; a negative one is refused."""
        self._same_unit(other)
        return Amount(EXACT.subtract(self.value, other.value), self.unit)

    def __mul__(self, times: int | Decimal) -> Amount:
        """Return the amount taken `times` times."""
        return Amount(EXACT.multiply(self.value, Decimal(times)), self.unit)

    def __lt__(self, other: Amount) -> bool:
        """Compare two amounts of the same unit."""
        self._same_unit(other)
        return self.value < other.value

    def __le__(self, other: Amount) -> bool:
        """Compare two amounts of the same unit."""
        self._same_unit(other)
        return self.value <= other.value

    def __gt__(self, other: Amount) -> bool:
        """Compare two amounts of the same unit."""
        return other < self

    def __ge__(self, other: Amount) -> bool:
        """Compare two amounts of the same unit."""
        return other <= self

    def __bool__(self) -> bool:
        """Return whether it is more than nothing."""
        return bool(self.value)

    def __str__(self) -> str:
        """Return it as written for people: `12.5 mg`, with a no-break space."""
        return f"{number_words(self.value)}{NBSP}{unit_words(self.unit, self.value)}"

    @property
    def digits(self) -> str:
        """The number alone, exact, without trailing zeros: the stored and JSON form."""
        return plain(self.value)

    def _same_unit(self, other: Amount) -> None:
        if self.unit is not other.unit:
            raise UnitMismatch(self.unit, other.unit)


def unit_words(unit: Unit, value: Decimal) -> str:
    """Return the unit's word for this number of it.

    >>> unit_words(Unit.TABLET, Decimal(2)), unit_words(Unit.UNIT, Decimal(1))
    ('tablets', 'unit')
    """
    if unit is Unit.UNIT:
        return "unit" if value == 1 else "units"
    if unit not in _COUNTED or value == 1:
        return str(unit)
    return "patches" if unit is Unit.PATCH else f"{unit}s"


def total(amounts: list[Amount], unit: Unit) -> Amount:
    """Return the exact sum of `amounts`, zero of `unit` when there are none."""
    result = Amount(Decimal(0), unit)
    for one in amounts:
        result += one
    return result


def decimal(text: str, *, subject: str = "number") -> Decimal:
    """Read a plain positive decimal number: digits, at most one point, at most 6 decimals.

    A comma is refused: `1,5` is one and a half to some readers and fifteen to others. So is
    `1.000`: one to some and a thousand to others.

    Raises:
        InvalidValue: when it is anything else.

    >>> decimal("12.50")
    Decimal('12.5')
    """
    if not re.fullmatch(_NUMBER, text):
        raise InvalidValue(subject, repr(text), "write digits and a point, such as 0.5 or 12.5")
    if re.fullmatch(_GROUPED, text):
        one, thousands = plain(Decimal(text)), text.replace(".", "")
        raise InvalidValue(subject, repr(text), f"write {one} or {thousands}, whichever is meant")
    return Decimal(plain(Decimal(text)))


@lru_cache(maxsize=1024)
def amount(text: str, *, subject: str = "amount") -> Amount:
    """Read an amount such as `12.5 mg` or the glued `12.5mg`.

    Raises:
        InvalidValue: no number, no unit, an unknown unit, a comma, or too large.

    >>> amount("12.5mg")
    Amount(value=Decimal('12.5'), unit=<Unit.MG: 'mg'>)
    """
    match = re.fullmatch(_TEXT, text.strip())
    if match is None:
        raise InvalidValue(subject, repr(text), "write a number and a unit, such as 12.5 mg")
    unit = _UNIT_WORDS.get(match["unit"].lower())
    if unit is None:
        known = ", ".join(member.value for member in Unit)
        raise InvalidValue(subject, repr(text), f"use one of the units {known}")
    return Amount(decimal(match["number"], subject=subject), unit)
