"""Numbers about a person are read with their bounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from medsched.cli.facts import read_birth, read_clearance, read_creatinine, read_number
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


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1.2", "1.2"),
        ("1.2 mg/dL", "1.2"),
        ("25mg/dl", "25"),
        ("106 umol/L", "1.1991"),
        ("106 µmol/l", "1.1991"),
        ("106\u03bcmol/L", "1.1991"),
        ("88.4 UMOL/L", "1.0000"),
    ],
)
def test_a_laboratory_value_is_kept_in_milligrams_whatever_its_unit(text: str, kept: str) -> None:
    assert read_creatinine(text) == Decimal(kept)


@pytest.mark.parametrize(
    "text",
    ["25", "106", "0", "0.09 mg/dL", "31 mg/dL", "8 umol/L", "2653 umol/L", "1.2 g/L", "1,2"],
)
def test_a_laboratory_value_that_may_be_in_another_unit_is_refused(text: str) -> None:
    """25 without a unit may be a low value in micromoles or a high one in milligrams."""
    with pytest.raises(InvalidValue, match=r"creatinine: .*name the unit, such as '106 umol/L'"):
        read_creatinine(text)
