"""Adherence, with its denominator."""

from __future__ import annotations

from tests.unit.domain.charts import at, chart, daily, skip, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.adherence import Tally, adherence, together

POLICY = POLICIES["milnacipran"]
DOSES = daily(("08:00", "20:00"), range(4))


def test_each_dose_due_is_counted_once_by_what_became_of_it() -> None:
    records = [
        take(DOSES[0], at("09:00")),  # on time to the minute
        take(DOSES[1], at("21:01")),  # late
        skip(DOSES[2]),
        take(DOSES[3], at("18:59", 1)),  # early
    ]  # the fifth is missed, the sixth still open
    found = adherence(chart(POLICY, DOSES, records), at("00:00"), at("00:00", 9), at("21:00", 2))
    assert found.total == Tally(on_time=1, late=1, early=1, skipped=1, missed=1)
    assert (found.total.taken, found.total.due, found.total.percent) == (3, 5, 60)
    assert found.open == 1
    assert found.by_slot == {
        1: Tally(on_time=1, skipped=1, missed=1),
        2: Tally(late=1, early=1),
    }


def test_doses_from_before_the_plan_was_recorded_here_are_not_counted() -> None:
    on = chart(POLICY, DOSES, [take(DOSES[2])])
    found = adherence(on, at("07:00", 1), at("00:00", 9), at("10:00", 1))
    assert found.total == Tally(on_time=1)


def test_a_medicine_added_today_does_not_change_last_week() -> None:
    old = adherence(
        chart(POLICY, DOSES, [take(DOSES[0])]), at("00:00"), at("00:00", 1), at("12:00", 3)
    )
    added = chart(POLICY, daily(("08:00",), (3, 4)))
    new = adherence(added, at("00:00"), at("00:00", 1), at("12:00", 3))
    assert new.total == Tally()
    assert together([old.total, new.total]) == old.total


def test_where_nobody_records_there_is_no_figure() -> None:
    on = chart(POLICY, DOSES, tracked=False)
    found = adherence(on, at("00:00"), at("00:00", 9), at("12:00", 2))
    assert not found.is_recorded
    assert found.total.percent is None
    assert found.unrecorded == 4


def test_percent_is_rounded_down_so_that_only_all_is_a_hundred() -> None:
    assert Tally(on_time=999, missed=1).percent == 99
    assert Tally(on_time=3).percent == 100


def test_minutes_matter_for_a_time_critical_medicine() -> None:
    doses = daily(("08:00", "12:00", "16:00"), (0,))
    records = [take(doses[0], at("08:30")), take(doses[1], at("12:31"))]
    found = adherence(
        chart(POLICIES["levodopa"], doses, records), at("00:00"), at("00:00", 1), at("13:00")
    )
    assert found.total == Tally(on_time=1, late=1)


def test_a_dose_due_at_the_end_of_the_stretch_belongs_to_the_next_one() -> None:
    on = chart(POLICY, DOSES, [take(DOSES[0]), take(DOSES[1])])
    first = adherence(on, at("00:00"), at("20:00"), at("00:00", 9))
    second = adherence(on, at("20:00"), at("00:00", 1), at("00:00", 9))
    assert (first.total.due, second.total.due) == (1, 1)
