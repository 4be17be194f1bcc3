"""A total is the sum of its doses, and the medicine's pieces make every dose."""

from __future__ import annotations

import pytest
from tests.unit.protocols.files import only_problem, problems_after

SECOND = 'days = "2-7"\ntimes_a_day = 2\ndose = "25 mg"\ndaily_total = "50 mg"'


def test_fifty_a_day_is_not_fifty_twice_a_day() -> None:
    line = only_problem(
        (SECOND, 'days = "2-7"\ntimes_a_day = 2\ndose = "50 mg"\ndaily_total = "50 mg"')
    )
    assert line == (
        "regimen[1].phase[2].daily_total: 50 mg is not the sum of the doses, which is 100 mg"
        " (correct the total or the dose)"
    )


@pytest.mark.parametrize(
    "keys",
    [
        'times_a_day = 2\ndoses = ["25 mg", "0 mg"]\ndaily_total = "25 mg"',
        'times_a_day = 2\nalternating = ["25 mg", "0 mg"]\nround_total = "50 mg"',
        'times_a_day = 1\nby_weekday = { friday = "25 mg" }\nweekly_total = "25 mg"',
        'times_a_day = 2\nweekdays = ["monday", "friday"]\ndose = "25 mg"\nweekly_total = "100 mg"',
        'times_a_day = 2\ndose = "25 mg"\ndaily_total = "50 mg"\nweekly_total = "350 mg"',
        'times_a_day = 4\nslots = [1, 4]\ndose = "25 mg"\ndaily_total = "50 mg"',
        'every_hours = 8\ndose = "25 mg"\ndaily_total = "75 mg"',
        'every_hours = 7\ndose = "25 mg"',
    ],
)
def test_each_dosage_has_its_total(keys: str) -> None:
    assert [
        one for one in problems_after((SECOND, f'days = "2-7"\n{keys}')) if "total" in one
    ] == []


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('times_a_day = 2\ndose = "25 mg"', "is missing; the doses sum to 50 mg"),
        ('times_a_day = 2\ndose = "25 mg"\nround_total = "50 mg"', "has no meaning"),
        ('times_a_day = 2\ndoses = ["25 mg", "0 mg"]\ndaily_total = "50 mg"', "which is 25 mg"),
        ('times_a_day = 2\ndose = "25 mg"\ndaily_total = "50 mcg"', "is not the sum"),
        ('times_a_day = 2\ndose = "25 mg"\ndaily_total = 50', "a number without a unit"),
        (
            'times_a_day = 1\nby_weekday = { monday = "25 mg" }\ndaily_total = "25 mg"',
            "has no meaning",
        ),
        (
            'times_a_day = 1\nweekdays = ["monday"]\ndose = "25 mg"\nweekly_total = "175 mg"',
            "25 mg",
        ),
    ],
)
def test_a_wrong_or_missing_total_is_refused(keys: str, words: str) -> None:
    found = " | ".join(problems_after((SECOND, f'days = "2-7"\n{keys}'))).replace("\u00a0", " ")
    assert words in found


def test_a_dose_that_no_pieces_make_is_refused_with_the_nearest() -> None:
    line = only_problem(
        (SECOND, 'days = "2-7"\ntimes_a_day = 2\ndose = "18.75 mg"\ndaily_total = "37.5 mg"')
    )
    assert line.startswith("regimen[1].phase[2].dose: ")
    assert line.endswith("use 12.5 mg or 25 mg")


def test_each_amount_of_a_pattern_is_checked_at_its_place() -> None:
    keys = 'times_a_day = 2\ndoses = ["25 mg", "26 mg"]\ndaily_total = "51 mg"'
    assert only_problem((SECOND, f'days = "2-7"\n{keys}')).startswith(
        "regimen[1].phase[2].doses[2]: "
    )


def test_a_split_tablet_is_a_dose_where_the_medicine_is_scored() -> None:
    half = (SECOND, 'days = "2-7"\ntimes_a_day = 2\ndose = "6.25 mg"\ndaily_total = "12.5 mg"')
    assert problems_after(half)
    assert problems_after(half, ("most_pieces = 4", "most_pieces = 4\ndivisible_by = 2")) == []
