"""Numbers about a person, read with their bounds and units."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from medsched.errors import InvalidValue


def read_number(text: str, subject: str, low: int, high: int, unit: str) -> Decimal:
    """Read a plain number in `low` to `high`, both included."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not low <= value <= high:
        raise InvalidValue(subject, repr(text), f"use {low} to {high} {unit}")
    return value


def read_clearance(text: str | None) -> Decimal | None:
    """Read a creatinine clearance in mL/min, 0 to 400."""
    return None if text is None else read_number(text, "creatinine clearance", 0, 400, "mL/min")
