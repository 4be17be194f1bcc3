"""How long somebody has been exposed."""

from __future__ import annotations

from datetime import date, timedelta

from tests.unit.domain.charts import MONDAY, at, chart, daily, skip, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.exposure import exposure

POLICY = POLICIES["milnacipran"]
DOSES = daily(("08:00", "20:00"), range(30))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number - 1)


def test_exposure_runs_from_the_first_to_the_last_dose_taken_whatever_was_missed() -> None:
    on = chart(POLICY, DOSES, [take(DOSES[1]), take(DOSES[42]), skip(DOSES[43])])
    found = exposure(on, at("20:00", 29))
    assert found is not None
    assert (found.first, found.last, found.days) == (day(1), day(22), 22)
    assert not found.presumed


def test_where_nobody_records_it_is_as_planned_up_to_now() -> None:
    on = chart(POLICY, DOSES, tracked=False)
    found = exposure(on, at("07:59", 21))
    assert found is not None
    assert (found.days, found.presumed) == (21, True)
    later = exposure(on, at("08:00", 21))
    assert later is not None
    assert later.days == 22


def test_a_dose_taken_after_midnight_belongs_to_its_dosing_day() -> None:
    on = chart(POLICY, DOSES, [take(DOSES[0]), take(DOSES[41], at("01:30", 21))])
    found = exposure(on, at("08:00", 21))
    assert found is not None
    assert found.days == 21


def test_a_stop_to_come_counts_the_plan_until_then() -> None:
    on = chart(POLICY, DOSES, [take(DOSES[0])])
    found = exposure(on, at("12:00"), until=day(22))
    assert found is not None
    assert found.days == 22


def test_a_chart_that_does_not_reach_back_is_told_the_first_date() -> None:
    on = chart(POLICY, DOSES[40:], [take(DOSES[40])])
    found = exposure(on, at("09:00", 20), first=day(1))
    assert found is not None
    assert found.days == 21


def test_without_a_dose_there_is_no_exposure() -> None:
    assert exposure(chart(POLICY, DOSES), at("12:00", 3)) is None
