"""Kidney bands begin at 0, touch one another, and the last has no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.protocols.files import POLICIES, VALID, only_problem, problems_after

from medsched.protocols.read import read_protocol

if TYPE_CHECKING:
    from decimal import Decimal

RULES = read_protocol(VALID, file="examplamine.toml", policies=POLICIES).safety


@given(st.decimals(min_value=0, max_value=300, places=2))
def test_every_clearance_is_in_exactly_one_band(clearance: Decimal) -> None:
    held = [
        band
        for band in RULES.renal
        if band.low <= clearance and (band.high is None or clearance < band.high)
    ]
    assert held == [RULES.band_of(clearance)]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            'below = "30 mL/min"',
            'below = "29 mL/min"',
            "renal[2].from: leaves a hole from 29 to 30 mL/min",
        ),
        (
            'from = "30 mL/min"',
            'from = "29 mL/min"',
            "renal[2].from: overlaps the band 'severe', which ends below 30 mL/min",
        ),
        (
            'below = "30 mL/min"\n',
            "",
            "renal[2].from: overlaps the band 'severe', which has no upper end",
        ),
        (
            'from = "0 mL/min"',
            'from = "5 mL/min"',
            "renal[1].from: leaves a hole below; the first band begins at 0 mL/min",
        ),
        (
            'from = "30 mL/min"',
            'from = "30 mL/min"\nbelow = "90 mL/min"',
            "renal[2].below: leaves a hole above; the last band has no upper end",
        ),
        (
            'plateau_per_day = "50 mg"',
            'plateau_per_day = "200 mg"',
            "renal[1].plateau_per_day: 200 mg is more than the cap of 100 mg",
        ),
        (
            'text = "Half of the dose."\n',
            "",
            "renal[1].text: is missing; a severity needs a sentence",
        ),
    ],
)
def test_bands_that_leave_something_open_are_refused(old: str, new: str, line: str) -> None:
    assert only_problem((old, new)) == line


def test_a_band_that_ends_before_it_begins_is_refused() -> None:
    lines = problems_after(('from = "0 mL/min"', 'from = "30 mL/min"'))
    assert "renal[1].below: 30 mL/min is not above 30 mL/min" in lines


@pytest.mark.parametrize("bound", ['"30"', "30", '"30 ml/min"', '"-5 mL/min"', '"under 30 mL/min"'])
def test_a_bound_without_its_unit_is_refused(bound: str) -> None:
    assert problems_after(('below = "30 mL/min"', f"below = {bound}"))
