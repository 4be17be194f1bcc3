"""Amounts are exact, carry a unit, and are never rounded in silence."""

from __future__ import annotations

from decimal import Decimal, Inexact

import pytest

from medsched.domain.amount import EXACT, NBSP, Unit, UnitMismatch, amount, number_words, plain
from medsched.errors import InvalidValue, MedschedError


@pytest.mark.parametrize("text", ["12.5 mg", "12.5mg", "12.50 mg", f"12.5{NBSP}mg"])
def test_a_number_and_a_unit_are_read_however_they_are_spaced(text: str) -> None:
    found = amount(text)
    assert (found.value, found.unit) == (Decimal("12.5"), Unit.MG)
    assert str(found) == f"12.5{NBSP}mg"


@pytest.mark.parametrize("text", ["", "mg", "5", "-5 mg", "5 stones", "1e3 mg", "five mg"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(MedschedError):
        amount(text)


@pytest.mark.parametrize(
    ("text", "either"),
    [("1.000 mg", "1 or 1000"), ("12.500 mg", "12.5 or 12500"), ("2.250mg", "2.25 or 2250")],
)
def test_a_point_that_may_group_thousands_is_refused_with_both_readings(
    text: str, either: str
) -> None:
    with pytest.raises(InvalidValue, match=f"write {either}, whichever is meant"):
        amount(text)


def test_three_decimals_that_are_no_thousands_are_read() -> None:
    assert [str(amount(one).value) for one in ("0.250 mg", "0.125 mg", "1.125 mg")] == [
        "0.25",
        "0.125",
        "1.125",
    ]


def test_amounts_of_different_units_are_neither_added_nor_compared() -> None:
    with pytest.raises(UnitMismatch, match="use one unit"):
        amount("1 g") + amount("1 mg")
    with pytest.raises(UnitMismatch):
        _ = amount("1 g") < amount("1 mg")


def test_a_third_of_something_stops_the_program_rather_than_rounding() -> None:
    with pytest.raises(Inexact):
        EXACT.divide(Decimal(10), Decimal(3))


def test_numbers_are_written_as_safe_display_asks() -> None:
    assert [number_words(Decimal(one)) for one in ("5.0", "0.50", "1000", "1234567.5")] == [
        "5", "0.5", "1,000", "1,234,567.5",
    ]  # fmt: skip
    assert plain(Decimal("1E+2")) == "100"
