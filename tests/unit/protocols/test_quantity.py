"""Texts with a unit are taken whole or refused."""

from __future__ import annotations

import doctest
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from medsched.errors import InvalidValue
from medsched.protocols import missed_checks, quantity

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("6 hours", "6"),
        ("1 hour", "1"),
        ("14 days", "336"),
        ("90 minutes", "1.5"),
        ("2 weeks", "336"),
    ],
)
def test_a_length_is_read_in_hours(text: str, wanted: str) -> None:
    assert quantity.hours(text) == Decimal(wanted)


def test_a_half_life_is_read_exactly() -> None:
    assert quantity.hours("25.4 hours") == Decimal("25.4")


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (quantity.hours, "6"),
        (quantity.hours, "6 h"),
        (quantity.hours, "0 hours"),
        (quantity.hours, "-6 hours"),
        (quantity.hours, "six hours"),
        (quantity.hours, "6 hours 30 minutes"),
        (quantity.hours, "1 minutes"),
        (quantity.hours, "4000 days"),
        (quantity.whole_hours, "90 minutes"),
        (quantity.whole_days, "36 hours"),
        (quantity.exact_minutes, "0.5 minutes"),
        (quantity.clearance, "30"),
        (quantity.clearance, "30 ml/min"),
        (quantity.clearance, "301 mL/min"),
        (quantity.years, "18"),
        (quantity.years, "17.5 years"),
        (quantity.years, "0 years"),
        (quantity.percent, "50"),
        (quantity.percent, "101 %"),
        (quantity.percent, "0.5 %"),
        (quantity.clock, "8:00"),
        (quantity.clock, "24:00"),
        (quantity.clock, "08:00:00"),
        (quantity.clock, "8 am"),
    ],
)
def test_what_is_not_wholly_understood_is_refused(
    reader: Callable[[str], object], text: str
) -> None:
    with pytest.raises(InvalidValue, match="cannot be used"):
        reader(text)


@pytest.mark.parametrize("module", [quantity, missed_checks])
def test_the_examples_of_the_docstrings_run(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
