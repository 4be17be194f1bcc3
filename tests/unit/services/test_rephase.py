"""Phases are cut, kept and laid again without a hole, and keep their numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.plans import START, drafted

from medsched.domain.course import resolve
from medsched.domain.timing import (
    Cycle,
    EveryNDays,
    ForDays,
    OnDays,
    OnWeekdays,
    UntilDay,
    UntilTold,
    Weekday,
)
from medsched.services.rephase import (
    NoPhaseThen,
    beside,
    followed_by,
    has_pattern,
    hold_phase,
    hold_phases,
    kept_before,
    left_from,
    phase_on,
)

if TYPE_CHECKING:
    from medsched.domain.course import Course
    from medsched.domain.prescription import Prescription
    from medsched.domain.timing import Days

PLAN = drafted()
PRESCRIPTION, COURSE = PLAN.prescription, PLAN.course
DAY = timedelta(days=1)


@pytest.mark.parametrize(("day", "number"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4)])
def test_each_day_has_one_phase(day: int, number: int) -> None:
    assert phase_on(COURSE, START + (day - 1) * DAY).number == number


def test_a_day_before_the_plan_has_none() -> None:
    with pytest.raises(NoPhaseThen, match="choose a day inside the plan"):
        phase_on(COURSE, START - DAY)


def test_what_lies_before_a_day_is_kept_and_the_running_phase_is_cut_there() -> None:
    kept = kept_before(PRESCRIPTION, COURSE, START + 4 * DAY)
    assert kept[:2] == PRESCRIPTION.phases[:2]
    assert (kept[2].starts, kept[2].bounds) == (START + 3 * DAY, UntilDay(START + 3 * DAY))
    assert kept_before(PRESCRIPTION, COURSE, START) == ()


def test_what_is_left_keeps_the_days_it_still_had() -> None:
    left = left_from(PRESCRIPTION, COURSE, START + 4 * DAY)
    assert [one.bounds for one in left] == [ForDays(3), UntilTold()]
    assert all(one.starts is None for one in left)


def test_what_follows_begins_on_the_day_itself() -> None:
    pause = hold_phase(2)
    laid = followed_by(PRESCRIPTION, COURSE, date(2026, 12, 5), (pause, *PRESCRIPTION.phases[3:]))
    assert (laid[3].starts, laid[3].dosage) == (date(2026, 12, 5), None)
    assert laid[4] == PRESCRIPTION.phases[3]


def test_a_hold_without_days_lasts_until_told() -> None:
    assert hold_phase(None).bounds == UntilTold()


# --- two tracks ---------------------------------------------------------------------------


def two_tracks() -> tuple[Prescription, Course]:
    """Return a plan with a second track of 20 days beside its last step."""
    second = replace(PRESCRIPTION.phases[3], track=1, bounds=ForDays(20))
    prescription = replace(PRESCRIPTION, phases=(*PRESCRIPTION.phases, second))
    return prescription, resolve(prescription, PLAN.person)


def test_a_pause_holds_every_track_and_each_goes_on_with_the_days_it_had() -> None:
    prescription, course = two_tracks()
    day = START + 10 * DAY
    pauses = hold_phases(course, day, 4)
    left = left_from(prescription, course, day)
    laid = replace(prescription, phases=followed_by(prescription, course, day, (*pauses, *left)))
    after = resolve(laid, PLAN.person)
    assert {one.track for one in after.phases if one.dosage is None} == {0, 1}
    last = next(one for one in after.phases if one.track == 1 and one.first_day > day)
    assert (last.first_day, last.last_day) == (day + 4 * DAY, START + 23 * DAY)


def test_what_runs_beside_a_changed_track_goes_on() -> None:
    prescription, course = two_tracks()
    (other,) = beside(prescription, course, START + 10 * DAY, 0)
    assert (other.track, other.bounds) == (1, ForDays(10))


def test_only_days_that_are_counted_from_somewhere_are_a_pattern() -> None:
    daily = PRESCRIPTION.phases[3]
    assert isinstance(daily.dosage, OnDays)
    weekly = OnWeekdays(weekdays=frozenset({Weekday.MONDAY}))
    rules: dict[Days, bool] = {
        EveryNDays(n=2): True,
        weekly: False,
        replace(weekly, weeks=2): True,
        Cycle(on=21, off=7): True,
    }
    for rule, counted in rules.items():
        assert has_pattern(replace(daily, dosage=replace(daily.dosage, days=rule))) is counted
    assert not has_pattern(daily)
    assert not has_pattern(hold_phase(2))
