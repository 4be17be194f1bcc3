"""The shapes of a taper are exact, and always end at nothing."""

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest

from medsched.domain.amount import UnitMismatch, amount
from medsched.domain.taper_shapes import (
    Hyperbolic,
    Linear,
    LinearIn,
    PercentOfCurrent,
    PercentOfFirst,
    Shape,
    amounts_of,
    dose_at,
)
from medsched.errors import InvalidValue

HUNDRED = amount("100 mg")


@pytest.mark.parametrize(
    ("shape", "amounts"),
    [
        (Linear(amount("25 mg")), "75 50 25"),
        (Linear(amount("30 mg")), "70 40 10"),
        (LinearIn(4), "75 50 25"),
        (LinearIn(1), ""),
        (PercentOfFirst(Decimal(50)), "50"),
        (PercentOfFirst(Decimal(100)), ""),
        (PercentOfCurrent(Decimal(100)), ""),
        (Hyperbolic(HUNDRED, 2), "100/3"),
    ],
)
def test_a_shape_falls_to_nothing(shape: Shape, amounts: str) -> None:
    assert " ".join(str(one) for one in amounts_of(shape, HUNDRED)) == amounts


def test_ten_percent_a_month_follows_the_published_row() -> None:
    row = amounts_of(PercentOfCurrent(Decimal(10)), HUNDRED)
    shown = [f"{float(one):.2f}" for one in row[:6]]
    assert shown == ["90.00", "81.00", "72.90", "65.61", "59.05", "53.14"]
    assert row[-1] <= Fraction(1, 10) < row[-2]


def test_occupancy_falls_by_equal_steps() -> None:
    half = Fraction("2.98")
    row = [Fraction(20), *amounts_of(Hyperbolic(amount("2.98 mg"), 8), amount("20 mg"))]
    shares = [one / (one + half) for one in row]
    steps = {before - after for before, after in itertools.pairwise(shares)}
    assert steps == {shares[0] / 8}
    assert dose_at(shares[3], half) == row[3]


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (Linear(amount("0 mg")), "step"),
        (Linear(amount("0.001 mg")), "step"),
        (LinearIn(0), "steps"),
        (LinearIn(1000), "steps"),
        (PercentOfCurrent(Decimal("0.5")), "percent"),
        (PercentOfFirst(Decimal(101)), "percent"),
        (Hyperbolic(amount("0 mg"), 4), "half maximum"),
        (Hyperbolic(amount("3 mg"), 0), "steps"),
    ],
)
def test_a_number_that_makes_no_taper_is_refused(shape: Shape, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        amounts_of(shape, HUNDRED)


def test_another_unit_is_refused() -> None:
    with pytest.raises(UnitMismatch):
        amounts_of(Linear(amount("1 mL")), HUNDRED)
    with pytest.raises(UnitMismatch):
        amounts_of(Hyperbolic(amount("1 mL"), 4), HUNDRED)
