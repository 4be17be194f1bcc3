"""Limits on real intakes: gap, doses and amount in a window of elapsed time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.domain.charts import at
from tests.unit.domain.policies import POLICIES

from medsched.domain.amount import Amount, UnitMismatch, amount
from medsched.domain.intake_limits import (
    NEVER,
    Limit,
    comparable,
    doses_left,
    gap_ready,
    limit_of,
    limit_ready,
    measured,
)

DAY = timedelta(hours=24)
GRAM = amount("1 g")


def test_the_gap_is_over_exactly_when_it_has_passed() -> None:
    least = timedelta(hours=4)
    assert gap_ready([(at("08:00"), None)], least, at("11:59")) == at("12:00")
    assert gap_ready([(at("08:00"), None)], least, at("12:00")) == at("12:00")
    assert gap_ready([], least, at("03:00")) == at("03:00")


def test_a_dose_exactly_as_old_as_the_window_is_outside_it() -> None:
    four = [(at(clock), GRAM) for clock in ("08:00", "12:00", "16:00", "20:00")]
    limit = Limit(window=DAY, most_doses=4)
    assert limit_ready(four, limit, GRAM, at("07:59", 1)) == at("08:00", 1)
    assert limit_ready(four, limit, GRAM, at("08:00", 1)) == at("08:00", 1)
    assert doses_left(four, limit, GRAM, at("07:59:59", 1)) == 0
    assert doses_left(four, limit, GRAM, at("08:00", 1)) == 1


def test_amounts_of_mass_are_summed_whatever_their_unit() -> None:
    taken = [(at("08:00"), amount("1.5 g")), (at("12:00"), amount("2000 mg"))]
    limit = limit_of(POLICIES["paracetamol_prn"].rolling)  # type: ignore[arg-type]
    assert limit_ready(taken, limit, amount("500 mg"), at("16:00")) == at("16:00")
    assert limit_ready(taken, limit, amount("501 mg"), at("16:00")) == at("08:00", 1)
    assert doses_left(taken, limit, amount("250 mg"), at("16:00")) == 2
    assert doses_left(taken, limit, amount("500 mg"), at("16:00")) == 1


def test_an_unknown_amount_counts_as_one_more_dose() -> None:
    limit = Limit(window=DAY, most=amount("2 g"))
    assert limit_ready([(at("08:00"), None)], limit, GRAM, at("12:00")) == at("12:00")
    twice: list[tuple[object, Amount | None]] = [(at("08:00"), None), (at("09:00"), None)]
    assert limit_ready(twice, limit, GRAM, at("12:00")) == at("08:00", 1)  # type: ignore[arg-type]


def test_one_dose_above_the_limit_is_never_allowed() -> None:
    limit = Limit(window=DAY, most=amount("4 g"))
    assert limit_ready([(at("08:00"), GRAM)], limit, amount("5 g"), at("12:00")) == NEVER


def test_what_is_counted_in_pieces_is_limited_in_pieces() -> None:
    limit = Limit(window=DAY, most=amount("8 puffs"))
    taken = [(at("08:00"), amount("6 puffs"))]
    assert limit_ready(taken, limit, amount("2 puffs"), at("12:00")) == at("12:00")
    assert limit_ready(taken, limit, amount("3 puffs"), at("12:00")) == at("08:00", 1)


def test_units_that_cannot_be_compared_are_refused_not_ignored() -> None:
    limit = Limit(window=DAY, most=amount("4 g"))
    assert comparable(amount("250 mcg"), limit)
    assert not comparable(amount("1 tablet"), limit)
    with pytest.raises(UnitMismatch):
        measured(amount("1 tablet"), GRAM.unit)
