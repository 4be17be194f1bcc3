"""What the parts of a file say about one another."""

from __future__ import annotations

import pytest
from tests.unit.protocols.files import changed, only_problem, problems_after, problems_of


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            'per_day = "200 mg"',
            'per_day = "75 mg"',
            "regimen[1].phase[3]: 100 mg a day is more than the ceiling of 75 mg",
        ),
        (
            'per_dose = "100 mg"',
            'per_dose = "40 mg"',
            "regimen[1].phase[3]: 50 mg a dose is more than the ceiling of 40 mg",
        ),
        (
            'cap_per_day = "100 mg"',
            'cap_per_day = "250 mg"',
            "renal[1].cap_per_day: 250 mg a day is more than the ceiling of 200 mg",
        ),
        (
            'plateau_per_day = "50 mg"',
            'plateau_per_day = "60 mg"',
            (
                "renal[1].plateau_per_day: 60 mg a day cannot be taken in 2 equal doses of whole"
                " pieces"
            ),
        ),
    ],
)
def test_amounts_that_contradict_one_another_are_refused(old: str, new: str, line: str) -> None:
    assert line in [one.replace("\u00a0", " ") for one in problems_after((old, new))]


def test_a_ceiling_holds_with_equality() -> None:
    assert problems_after(('per_day = "200 mg"', 'per_day = "100 mg"')) == []


def test_a_ceiling_that_only_warns_refuses_no_phase() -> None:
    assert problems_after(('per_day = "200 mg"', 'per_day = "75 mg"\nseverity = "warn"')) == []


def test_the_lowest_of_several_ceilings_counts() -> None:
    second = '\n[[ceiling]]\nper_day = "60 mg"\nrule = "R02"\n'
    assert any("ceiling of" in line for line in problems_of(changed() + second))


def test_a_rule_named_twice_wrongly_is_named_at_both_places() -> None:
    lines = problems_after(('id = "R02"', 'id = "R3"'))
    assert len(lines) > 5
    assert all("'R02' is no rule" in line for line in lines)


def test_an_amount_in_another_unit_is_no_traceback() -> None:
    lines = problems_after(
        ('strengths = ["12.5 mg", "25 mg", "50 mg", "100 mg"]', 'strengths = ["1 mL"]')
    )
    assert lines
    assert "the unit of the strengths" in " ".join(lines)


def test_one_mistake_makes_one_line() -> None:
    assert only_problem(('form = "film-coated tablet"', 'form = "tablet coated"')).startswith(
        "medication.form"
    )
