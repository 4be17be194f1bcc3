"""What later doses do after a late one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.domain.charts import at, daily
from tests.unit.domain.policies import POLICIES

from medsched.domain.after_late import later_doses
from medsched.domain.missed_policy import AfterLate

KEEPING = {AfterLate.KEEP, AfterLate.KEEP_WEEKDAY}
EIGHT_HOURLY = ("06:00", "14:00", "22:00")
RESPACE = POLICIES["antibiotic_q8h"]
SHIFT = replace(RESPACE, after_late=AfterLate.SHIFT)


@pytest.mark.parametrize(
    "name",
    [
        one.id
        for one in POLICIES.values()
        if one.after_late in {AfterLate.KEEP, AfterLate.KEEP_WEEKDAY}
    ],
)
def test_a_late_dose_on_the_clock_or_on_a_weekday_moves_nothing(name: str) -> None:
    doses = daily(("08:00", "20:00"), (0, 1, 2))
    later = tuple(doses[1:])
    assert later_doses(POLICIES[name], doses[0], at("13:59"), later) == later


def test_doses_of_an_interval_shift_by_as_much() -> None:
    doses = daily(EIGHT_HOURLY, (0, 1))
    moved = later_doses(SHIFT, doses[0], at("08:30"), doses[1:])
    assert [one.due for one in moved[:3]] == [at("16:30"), at("00:30", 1), at("08:30", 1)]
    assert [one.id for one in moved] == [one.id for one in doses[1:]]
    assert moved[1].local.hour == 0
    assert moved[1].day == doses[2].day


def test_the_rest_of_the_day_is_spread_up_to_its_last_dose() -> None:
    doses = daily(EIGHT_HOURLY, (0, 1))
    moved = later_doses(RESPACE, doses[0], at("10:00"), doses[1:])
    assert [one.due for one in moved[:3]] == [at("16:00"), at("22:00"), at("06:00", 1)]


def test_a_dose_never_moves_earlier_nor_into_the_minimum_gap() -> None:
    doses = daily(EIGHT_HOURLY, (0, 1))
    for clock in ("06:30", "09:59", "10:00"):
        before = at(clock)
        moved = later_doses(RESPACE, doses[0], before, doses[1:])
        for old, new in zip(doses[1:], moved, strict=True):
            assert new.due >= old.due
            assert new.due - before >= at("04:00") - at("00:00")
            before = new.due


def test_where_there_is_no_room_before_tomorrow_nothing_moves() -> None:
    doses = daily(EIGHT_HOURLY, (0, 1))
    later = tuple(doses[1:])
    assert later_doses(RESPACE, doses[0], at("20:00"), later) == later
    assert later_doses(RESPACE, doses[2], at("23:00"), tuple(doses[3:])) == tuple(doses[3:])


def test_a_dose_taken_on_time_or_early_moves_nothing() -> None:
    doses = daily(EIGHT_HOURLY, (0,))
    later = tuple(doses[1:])
    assert later_doses(SHIFT, doses[0], at("06:00:59"), later) == later
    assert later_doses(SHIFT, doses[0], at("05:30"), later) == later
