"""The next morning, on the wall clock."""

from __future__ import annotations

from datetime import date

from tests.unit.domain.charts import BERLIN, NEW_YORK, at, dose

from medsched.domain.morning import next_morning


def test_the_next_morning_begins_two_hours_before_the_usual_time() -> None:
    weekly = dose("08:00")
    assert next_morning(weekly, at("09:00"))[0] == at("08:00", 1)
    assert next_morning(weekly, at("05:59", 1))[0] == at("08:00", 1)
    assert next_morning(weekly, at("06:00", 1)) == (at("06:00", 1), at("11:59:59", 1))
    assert next_morning(weekly, at("12:00", 1))[0] == at("08:00", 2)
    evening = dose("21:00")
    assert next_morning(evening, at("23:30"))[0] == at("08:00", 1)
    assert evening.local.tzinfo == NEW_YORK


def test_the_morning_after_a_clock_change_is_a_morning_on_the_wall() -> None:
    spring = date(2026, 3, 29)
    saturday = dose("08:00", -1, zone=BERLIN, first=spring)
    opens, closes = next_morning(saturday, at("15:00", -1, BERLIN, spring))
    assert opens == at("08:00", 0, BERLIN, spring)
    assert closes == at("11:59:59", 0, BERLIN, spring)
