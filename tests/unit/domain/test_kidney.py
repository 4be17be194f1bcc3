"""Creatinine clearance is as given, or computed by Cockcroft and Gault, never rounded up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.domain.kidney import (
    ClearanceFrom,
    CreatinineUnit,
    age_on,
    clearance_of,
    cockcroft_gault,
    in_mg_dl,
    missing_for_clearance,
)
from medsched.domain.person import Facts, Sex
from medsched.errors import InvalidValue

DAY = date(2026, 3, 2)
FACTS = Facts(
    born=date(1976, 3, 2), sex=Sex.MALE, weight_kg=Decimal(72), creatinine=Decimal("1.25")
)


@pytest.mark.parametrize(
    ("age", "weight", "sex", "creatinine", "expected"),
    [
        (40, "72", Sex.MALE, "1", "100.0"),
        (40, "72", Sex.FEMALE, "1", "85.0"),
        (80, "60", Sex.MALE, "1.6", "31.2"),  # 31.25
        (80, "60", Sex.FEMALE, "1.6", "26.5"),  # 26.5625
        (50, "72", Sex.MALE, "3", "30.0"),
        (50, "71.9", Sex.MALE, "3", "29.9"),  # 29.958: rounding up would change the band
    ],
)
def test_the_formula_in_us_units(
    age: int, weight: str, sex: Sex, creatinine: str, expected: str
) -> None:
    assert cockcroft_gault(age, Decimal(weight), sex, Decimal(creatinine)) == Decimal(expected)


def test_micromoles_give_the_same_clearance_as_their_milligrams() -> None:
    us = cockcroft_gault(60, Decimal(80), Sex.MALE, Decimal("1.5"))
    si = cockcroft_gault(60, Decimal(80), Sex.MALE, Decimal("132.6"), CreatinineUnit.UMOL_L)
    assert us == si == Decimal("59.2")


def test_a_laboratory_value_in_micromoles_is_kept_in_milligrams() -> None:
    assert in_mg_dl(Decimal(100), CreatinineUnit.UMOL_L) == Decimal("1.1312")
    assert in_mg_dl(Decimal("1.1"), CreatinineUnit.MG_DL) == Decimal("1.1")


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "unit", "message"),
    [
        (17, "60", "1", CreatinineUnit.MG_DL, "age: 17 cannot be used"),
        (121, "60", "1", CreatinineUnit.MG_DL, "age: 121 cannot be used"),
        (40, "19.9", "1", CreatinineUnit.MG_DL, "weight: 19.9\u00a0kg cannot be used"),
        (40, "401", "1", CreatinineUnit.MG_DL, "weight: 401\u00a0kg cannot be used"),
        (40, "60", "90", CreatinineUnit.MG_DL, "creatinine: 90\u00a0mg per dL cannot be used"),
        (
            40,
            "60",
            "1.1",
            CreatinineUnit.UMOL_L,
            "creatinine: 1.1\u00a0micromoles per L cannot be used",
        ),
        (40, "60", "0", CreatinineUnit.MG_DL, "creatinine: 0\u00a0mg per dL cannot be used"),
    ],
)
def test_values_out_of_bounds_and_mixed_up_units_are_refused(
    age: int, weight: str, creatinine: str, unit: CreatinineUnit, message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        cockcroft_gault(age, Decimal(weight), Sex.MALE, Decimal(creatinine), unit)


def test_the_bounds_themselves_are_allowed() -> None:
    assert cockcroft_gault(120, Decimal(20), Sex.FEMALE, Decimal(30)) == Decimal("0.1")
    assert cockcroft_gault(18, Decimal(400), Sex.MALE, Decimal("0.1")) == Decimal("6777.7")


def test_age_counts_completed_years() -> None:
    born = date(2008, 3, 2)
    assert [age_on(born, day) for day in (date(2026, 3, 1), date(2026, 3, 2))] == [17, 18]


def test_somebody_born_on_a_leap_day_turns_on_the_first_of_march() -> None:
    born = date(2008, 2, 29)
    assert [age_on(born, day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]


@pytest.mark.parametrize("born", [date(2026, 3, 3), date(1900, 1, 1)])
def test_a_date_of_birth_that_cannot_be_is_refused(born: date) -> None:
    with pytest.raises(InvalidValue, match="date of birth"):
        age_on(born, DAY)


def test_a_given_clearance_wins_over_a_computed_one() -> None:
    facts = replace(FACTS, creatinine_clearance=Decimal("29.5"))
    found = clearance_of(facts, DAY)
    assert found is not None
    assert (found.value, found.origin) == (Decimal("29.5"), ClearanceFrom.GIVEN)


def test_a_clearance_is_computed_for_the_age_of_the_day_asked_for() -> None:
    today, before = clearance_of(FACTS, DAY), clearance_of(FACTS, date(2026, 3, 1))
    assert today is not None
    assert before is not None
    assert (today.value, before.value) == (Decimal("72.0"), Decimal("72.8"))
    assert today.origin is ClearanceFrom.COMPUTED


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("born", "date of birth"),
        ("sex", "sex"),
        ("weight_kg", "weight"),
        ("creatinine", "serum creatinine"),
    ],
)
def test_without_one_of_its_facts_nothing_is_computed(field: str, word: str) -> None:
    nothing: dict[str, Any] = {field: None}
    facts = replace(FACTS, **nothing)
    assert clearance_of(facts, DAY) is None
    assert missing_for_clearance(facts) == (word,)


@given(
    age=st.integers(18, 120),
    weight=st.decimals(20, 400, places=1),
    creatinine=st.decimals("0.1", 30, places=2),
    sex=st.sampled_from(Sex),
)
def test_the_result_is_the_exact_value_cut_to_a_tenth(
    age: int, weight: Decimal, creatinine: Decimal, sex: Sex
) -> None:
    exact = Fraction(140 - age) * Fraction(weight) / (72 * Fraction(creatinine))
    exact *= Fraction(85, 100) if sex is Sex.FEMALE else 1
    found = cockcroft_gault(age, weight, sex, creatinine)
    assert 0 <= exact - Fraction(found) < Fraction(1, 10)


def test_an_infant_is_no_years_old() -> None:
    assert age_on(date(2026, 3, 1), date(2026, 3, 1)) == 0
    assert age_on(date(2025, 3, 3), date(2026, 3, 2)) == 0
