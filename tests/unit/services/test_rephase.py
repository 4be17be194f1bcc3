"""Phases are cut, kept and laid again without a hole, and keep their numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.unit.services.plans import START, drafted

from medsched.domain.timing import ForDays, UntilDay, UntilTold
from medsched.services.rephase import (
    NoPhaseThen,
    followed_by,
    hold_phase,
    kept_before,
    left_from,
    phase_on,
)

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
