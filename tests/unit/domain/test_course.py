"""A prescription laid on the calendar: contiguous phases, and a first day without two doses."""

from __future__ import annotations

from datetime import date, time

import pytest
from tests.unit.domain.courses import MG, course_of, phase, twice_a_day

from medsched.domain.amount import amount
from medsched.domain.course import NEVER
from medsched.domain.dosage import daily_total, largest_dose
from medsched.domain.protocol import PhaseKind
from medsched.domain.timeline import all_doses
from medsched.domain.timing import (
    AsNeeded,
    DosePerSlot,
    EveryHours,
    ForDays,
    ForDoses,
    OnDays,
    SameDose,
    SingleDose,
    TimesADay,
    UntilDay,
)
from medsched.errors import InvalidValue

START = date(2026, 3, 2)
ONCE = OnDays(times=TimesADay(count=1), doses=SameDose(amount("12.5 mg")))
LADDER = (
    phase(ONCE, ForDays(1), kind=PhaseKind.TITRATION),
    phase(twice_a_day("12.5 mg"), ForDays(2), kind=PhaseKind.TITRATION),
    phase(twice_a_day("25 mg"), ForDays(4), kind=PhaseKind.TITRATION),
    phase(twice_a_day("50 mg")),
)


def test_phases_follow_one_another_without_a_hole_and_the_last_is_open() -> None:
    course = course_of(*LADDER)
    assert [(one.first_day.day, one.last_day) for one in course.phases] == [
        (2, date(2026, 3, 2)),
        (3, date(2026, 3, 4)),
        (5, date(2026, 3, 8)),
        (9, NEVER),
    ]
    assert course.phases[-1].is_open


def test_a_start_after_the_morning_slot_gives_one_dose_in_the_evening() -> None:
    doses = all_doses(course_of(*LADDER, starts_at=time(9)), date(2026, 3, 3))
    assert [(one.id, str(one.amount.value)) for one in doses] == [
        ("1-20260302-2", "12.5"),
        ("1-20260303-1", "12.5"),
        ("1-20260303-2", "12.5"),
    ]


def test_a_start_at_the_very_slot_takes_that_slot() -> None:
    doses = all_doses(course_of(*LADDER, starts_at=time(8)), START)
    assert [one.id for one in doses] == ["1-20260302-1"]


def test_a_start_after_all_slots_begins_the_next_day_with_day_1() -> None:
    course = course_of(*LADDER, starts_at=time(21))
    assert course.start == date(2026, 3, 3)
    assert course.therapy_day(date(2026, 3, 3)) == 1


def test_a_running_plan_moves_in_on_its_therapy_day_and_keeps_the_numbers() -> None:
    course = course_of(*LADDER, first_day=6)
    assert [one.number for one in course.phases] == [3, 4]
    assert course.phases[0].last_day == date(2026, 3, 3)
    assert course.therapy_day(START) == 6


def test_a_fixed_start_inside_an_open_phase_ends_it_and_inside_another_is_refused() -> None:
    course = course_of(phase(ONCE), phase(twice_a_day(), starts=date(2026, 3, 10)))
    assert course.phases[0].last_day == date(2026, 3, 9)
    with pytest.raises(InvalidValue, match="start after 2026-03-11, when phase 1 ends"):
        course_of(phase(ONCE, ForDays(10)), phase(ONCE, starts=date(2026, 3, 5)))


def test_a_number_of_doses_ends_on_the_very_place() -> None:
    doses = all_doses(course_of(phase(twice_a_day(), ForDoses(5))), date(2026, 4, 1))
    assert [one.id for one in doses][-1] == "1-20260304-1"
    assert len(doses) == 5


def test_a_number_of_doses_that_is_never_reached_is_refused() -> None:
    with pytest.raises(InvalidValue, match="they end before 2200"):
        course_of(phase(ONCE, ForDoses(1_000_000)))


def test_phases_side_by_side_never_share_an_id() -> None:
    course = course_of(phase(twice_a_day()), phase(ONCE, track=1))
    doses = all_doses(course, START)
    assert len({one.id for one in doses}) == 3


def test_totals_are_exact_and_count_what_is_taken() -> None:
    assert daily_total(twice_a_day("37.5 mg")) == amount("75 mg")
    mixed = OnDays(times=TimesADay(count=3), doses=DosePerSlot((MG, None, amount("100 mg"))))
    assert daily_total(mixed) == amount("150 mg")
    assert largest_dose(mixed) == amount("100 mg")
    assert daily_total(EveryHours(hours=8, amount=MG)) == amount("150 mg")
    assert daily_total(SingleDose(amount=MG)) == MG
    assert daily_total(AsNeeded(amount=MG, min_gap_hours=4, most_doses=4)) is None
    assert daily_total(None) is None


def test_until_a_day_includes_that_day() -> None:
    course = course_of(phase(ONCE, UntilDay(date(2026, 3, 6))))
    assert all_doses(course, date(2026, 3, 30))[-1].day == date(2026, 3, 6)
    assert course.last_day == date(2026, 3, 6)
