"""Dose events: the right instants around clock changes, by slots and by elapsed hours."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.unit.domain.courses import MG, course_of, phase, twice_a_day

from medsched.domain.prescription import Anchor, MovedDose
from medsched.domain.timeline import all_doses, doses_of_days, expand_once
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AsNeeded,
    DosePerSlot,
    EveryHours,
    ForDays,
    ForDoses,
    HourGrid,
    OnDays,
    SameDose,
    SingleDose,
    TimesADay,
)

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)


def clocks(course_doses: list[datetime]) -> list[str]:
    return [f"{one.astimezone(BERLIN):%d %H:%M}" for one in course_doses]


def test_twice_a_day_keeps_the_wall_clock_over_both_changes() -> None:
    course = course_of(phase(twice_a_day()), start=date(2026, 3, 1))
    for day in (SPRING, AUTUMN):
        doses = doses_of_days(course, day, day)
        assert [f"{one.local:%H:%M}" for one in doses] == ["08:00", "20:00"]
    spring = [one.due for one in doses_of_days(course, date(2026, 3, 28), SPRING)]
    assert spring[2] - spring[1] == timedelta(hours=11)


def test_every_twelve_hours_keeps_elapsed_time_over_both_changes() -> None:
    every = course_of(phase(EveryHours(hours=12, amount=MG)), start=date(2026, 3, 27))
    dues = [one.due for one in doses_of_days(every, date(2026, 3, 27), date(2026, 4, 2))]
    assert {b - a for a, b in itertools.pairwise(dues)} == {timedelta(hours=12)}
    assert clocks(dues)[3:6] == ["28 20:00", "29 09:00", "29 21:00"]


def test_an_hour_grid_keeps_the_clock_and_elapsed_hours_do_not() -> None:
    grid = OnDays(times=HourGrid(hours=8, first=time(6)), doses=SameDose(MG))
    course = course_of(phase(grid), start=date(2026, 3, 1), slots=())
    local = [f"{one.local:%H:%M}" for one in doses_of_days(course, SPRING, SPRING)]
    assert local == ["06:00", "14:00", "22:00"]


def test_a_dose_in_the_spring_gap_moves_and_the_order_stays_by_due() -> None:
    course = course_of(phase(twice_a_day()), start=SPRING, slots=(time(2, 30), time(3, 15)))
    doses = doses_of_days(course, SPRING, SPRING)
    assert [f"{one.local:%H:%M}" for one in doses] == ["03:15", "03:30"]
    assert [one.slot for one in doses] == [2, 1]


def test_a_seven_day_course_every_eight_hours_is_21_doses() -> None:
    course = course_of(phase(EveryHours(hours=8, amount=MG), ForDoses(21)), slots=(time(14),))
    doses = all_doses(course, date(2026, 4, 1))
    assert len(doses) == 21
    assert doses[-1].due - doses[0].due == timedelta(hours=160)


def test_a_single_dose_comes_once() -> None:
    course = course_of(
        phase(SingleDose(amount=MG)), phase(twice_a_day()), slots=(time(8), time(20))
    )
    doses = all_doses(course, date(2026, 3, 3))
    assert [one.id for one in doses] == ["1-20260302-1", "1-20260303-1", "1-20260303-2"]


def test_as_needed_and_a_hold_have_no_events() -> None:
    needed = AsNeeded(amount=MG, min_gap_hours=4, most_doses=4)
    assert all_doses(course_of(phase(needed)), date(2026, 4, 1)) == []
    held = course_of(
        phase(twice_a_day(), ForDays(1)), phase(None, ForDays(3)), phase(twice_a_day())
    )
    days = {one.day.day for one in all_doses(held, date(2026, 3, 7))}
    assert days == {2, 6, 7}


def test_an_anchor_counts_on_from_the_dose_that_was_taken() -> None:
    taken = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    course = course_of(
        phase(AfterLastDose(hours=8, amount=MG)), anchor=Anchor(at=taken, dose=2), slots=(time(6),)
    )
    dues = [one.due for one in expand_once(course, taken, taken + timedelta(hours=17))]
    assert dues == [taken, taken + timedelta(hours=8), taken + timedelta(hours=16)]
    assert expand_once(course, taken, taken + timedelta(hours=1))[0].slot == 2


def test_patterns_alternate_and_leave_places_out() -> None:
    pattern = OnDays(times=TimesADay(count=1), doses=AlternatingDose((MG, None)))
    days = [one.day.day for one in all_doses(course_of(phase(pattern)), date(2026, 3, 8))]
    assert days == [2, 4, 6, 8]
    one_zero_two = OnDays(times=TimesADay(count=3), doses=DosePerSlot((MG, None, MG)))
    course = course_of(phase(one_zero_two), slots=(time(8), time(14), time(20)))
    assert [one.slot for one in all_doses(course, date(2026, 3, 2))] == [1, 3]


def test_a_moved_dose_keeps_its_day_and_place_in_every_window() -> None:
    course = course_of(phase(twice_a_day()))
    late = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
    moved = replace(course, moved=(MovedDose(day=date(2026, 3, 2), slot=2, due=late),))
    doses = all_doses(moved, date(2026, 3, 3))
    assert [one.id for one in doses] == [
        "1-20260302-1",
        "1-20260302-2",
        "1-20260303-1",
        "1-20260303-2",
    ]
    assert doses[1].due == late
    hour = timedelta(hours=1)
    assert [one.id for one in expand_once(moved, late, late + hour)] == ["1-20260302-2"]
