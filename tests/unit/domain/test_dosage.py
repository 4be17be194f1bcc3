"""How much a dosage holds: in a day, at each place of it, and at most at once."""

from __future__ import annotations

from datetime import date

import pytest

from medsched.domain.amount import Amount, amount
from medsched.domain.dosage import amounts_of_day, daily_total, largest_dose
from medsched.domain.timing import (
    AlternatingDose,
    AsNeeded,
    Dosage,
    DosePerSlot,
    DosePerWeekday,
    EveryHours,
    OnDays,
    SameDose,
    SingleDose,
    TimesADay,
)

MONDAY = date(2026, 3, 2)
TEN, FIVE = amount("10 mg"), amount("5 mg")
WEEK = DosePerWeekday((TEN, FIVE, None, FIVE, TEN, None, None))


def days(doses: object, count: int = 2) -> OnDays:
    return OnDays(times=TimesADay(count=count), doses=doses)  # type: ignore[arg-type]  # any of the four


def test_each_place_of_a_day_has_its_amount() -> None:
    assert amounts_of_day(SameDose(TEN), 3, MONDAY, 2) == (TEN, TEN)
    assert amounts_of_day(DosePerSlot((TEN, None)), 3, MONDAY, 2) == (TEN, None)
    alternating = AlternatingDose((TEN, FIVE, None))
    assert [amounts_of_day(alternating, day, MONDAY, 1)[0] for day in range(4)] == [
        TEN, FIVE, None, TEN,
    ]  # fmt: skip
    assert amounts_of_day(WEEK, 0, date(2026, 3, 4), 1) == (None,)


@pytest.mark.parametrize(
    ("dosage", "total", "largest"),
    [
        (days(SameDose(TEN)), amount("20 mg"), TEN),
        (days(DosePerSlot((TEN, None, FIVE)), 3), amount("15 mg"), TEN),
        (days(AlternatingDose((FIVE, None, TEN)), 1), TEN, TEN),
        (days(WEEK, 1), TEN, TEN),
        (EveryHours(hours=8, amount=FIVE), amount("15 mg"), FIVE),
        (EveryHours(hours=7, amount=FIVE), amount("20 mg"), FIVE),
        (SingleDose(amount=TEN), TEN, TEN),
        (AsNeeded(amount=TEN, min_gap_hours=4, most_doses=4), None, TEN),
        (None, None, None),
    ],
)
def test_a_day_and_a_dose_hold_at_most_so_much(
    dosage: Dosage | None, total: Amount | None, largest: Amount | None
) -> None:
    assert daily_total(dosage) == total
    assert largest_dose(dosage) == largest


def test_a_pattern_by_weekday_knows_its_day() -> None:
    assert daily_total(days(WEEK, 1), date(2026, 3, 3)) == FIVE
