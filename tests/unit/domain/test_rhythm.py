"""Twice a day becomes clock times; times that a plan cannot use are refused."""

from __future__ import annotations

from datetime import time

import pytest

from medsched.domain.person import DayRhythm
from medsched.domain.rhythm import (
    SlotsDoNotFit,
    check_slots,
    resolve_times,
    slot_count,
    spread,
    time_of,
    usual_slots,
)
from medsched.domain.timing import (
    AtMoment,
    AtMoments,
    AtTimes,
    DayMoment,
    HourGrid,
    SpreadOverDay,
    TimesADay,
)
from medsched.errors import InvalidValue

DAY = DayRhythm(wake=time(7), breakfast=time(8), lunch=time(12), dinner=time(18), bed=time(23))


def test_four_a_day_are_spread_over_the_waking_hours() -> None:
    assert spread(4, time(7), time(23)) == (time(7), time(12, 20), time(17, 40), time(23))


def test_a_bedtime_after_midnight_is_understood() -> None:
    assert spread(3, time(8), time(0)) == (time(8), time(16), time(0))


@pytest.mark.parametrize("count", [0, 25])
def test_an_impossible_number_of_times_is_refused(count: int) -> None:
    with pytest.raises(InvalidValue, match="use 1 to 24"):
        spread(count, time(7), time(23))


@pytest.mark.parametrize(
    ("moment", "wall"),
    [
        (AtMoment(moment=DayMoment.BEFORE_BREAKFAST), time(7, 30)),
        (AtMoment(moment=DayMoment.AFTER_DINNER), time(18, 30)),
        (AtMoment(moment=DayMoment.BEFORE_LUNCH, offset=60), time(11)),
        (AtMoment(moment=DayMoment.BEDTIME), time(23)),
        (AtMoment(moment=DayMoment.WITH_DINNER, offset=-15), time(17, 45)),
        (AtMoment(moment=DayMoment.NOON), time(12)),
    ],
)
def test_moments_of_the_day_follow_the_persons_rhythm(moment: AtMoment, wall: time) -> None:
    assert time_of(moment, DAY) == wall


def test_each_kind_of_times_resolves_to_clock_times() -> None:
    bed = AtMoments(moments=(AtMoment(moment=DayMoment.BEDTIME),))
    assert resolve_times(TimesADay(count=2), DAY, (time(9), time(21))) == (time(9), time(21))
    assert resolve_times(AtTimes(times=(time(10),)), DAY, ()) == (time(10),)
    assert resolve_times(bed, DAY, ()) == (time(23),)
    assert resolve_times(HourGrid(hours=8, first=time(6)), DAY, ()) == (
        time(6),
        time(14),
        time(22),
    )
    assert len(resolve_times(SpreadOverDay(count=3), DAY, ())) == 3
    assert slot_count(HourGrid(hours=6, first=time(0))) == 4


def test_the_persons_own_times_replace_named_ones_when_there_is_one_for_each() -> None:
    assert resolve_times(AtTimes(times=(time(10),)), DAY, (time(11),)) == (time(11),)


def test_too_few_slots_are_refused_with_what_would_be_right() -> None:
    with pytest.raises(SlotsDoNotFit, match="the plan needs 2 a day; name one clock time for"):
        resolve_times(TimesADay(count=2), DAY, (time(8),))


@pytest.mark.parametrize(
    ("slots", "reason"),
    [
        ((time(20), time(8)), "not in rising order"),
        ((time(8), time(8)), "not in rising order"),
        ((time(8), time(12)), "too close together; keep at least 6 hours"),
        ((time(1), time(22)), "too close together"),
    ],
)
def test_slots_out_of_order_or_too_close_are_refused(slots: tuple[time, ...], reason: str) -> None:
    with pytest.raises(SlotsDoNotFit, match=reason):
        check_slots(slots, 360)


def test_exactly_the_minimum_gap_is_allowed_and_one_slot_has_no_neighbour() -> None:
    check_slots((time(8), time(14)), 360)
    check_slots((time(8),), 1440)


def test_more_than_four_a_day_are_spread() -> None:
    assert usual_slots(5, DAY) == spread(5, time(7), time(23))
