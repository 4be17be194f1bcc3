"""Numbers about a person are read with their bounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from medsched.cli.facts import read_birth, read_clearance, read_number
from medsched.errors import InvalidValue

TODAY = date(2026, 12, 1)


def test_a_number_is_exact() -> None:
    assert read_number("29.5", "weight", 1, 400, "kg") == Decimal("29.5")
    assert read_clearance(None) is None
    assert read_clearance("0") == 0


@pytest.mark.parametrize(
    "text", ["", "-1", "401", "many", "NaN", "Infinity", "1e9", "1e2", "1_0", "29,5", "٢٩", "5."]
)
def test_what_is_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="use 0 to 400 mL/min"):
        read_clearance(text)


def test_a_birth_is_in_the_past_of_somebody_alive() -> None:
    assert read_birth("1960-02-29", TODAY) == date(1960, 2, 29)
    with pytest.raises(InvalidValue, match="from 1896 to today"):
        read_birth("2026-12-02", TODAY)
