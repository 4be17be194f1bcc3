"""Other clock times: on no day is a dose lost or doubled by the mere change of time."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.services.stories import Story

from medsched.domain.rhythm import SlotsDoNotFit
from medsched.errors import InvalidValue
from medsched.services import record
from medsched.services.keep_apart import limits_of
from medsched.services.retime import change_times
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from medsched.services.amend import Amended

START = date(2026, 3, 2)
DAY = timedelta(days=1)
TODAY = START + 20 * DAY
HOUR = timedelta(hours=1)
SPRING = date(2026, 3, 29)
BERLIN = ZoneInfo("Europe/Berlin")


def retimed(story: Story, day: date, *slots: time) -> Amended:
    return story.amend(lambda book, plan: change_times(book, plan, story.asked(day), slots))


def clock(story: Story, day: date) -> list[str]:
    """Return the clock times of the doses that belong to a day."""
    return [
        f"{datetime.fromtimestamp(row.due, BERLIN):%d %H:%M}".removeprefix(f"{day:%d} ")
        for row in story.rows(day, day)
    ]


def counts(story: Story) -> Counter[int]:
    return Counter(row.day for row in story.rows())


# --- one change ---------------------------------------------------------------------------


def test_a_dose_whose_new_time_is_over_keeps_its_old_one_once() -> None:
    """At 19:00 the evening dose is still to come; it does not vanish because 18:00 is over."""
    story = Story.begin().at(TODAY, 19)
    retimed(story, TODAY, time(6), time(18))
    assert clock(story, TODAY) == ["08:00", "20:00"]
    assert clock(story, TODAY + DAY) == ["06:00", "18:00"]


def test_a_dose_whose_new_time_is_still_ahead_takes_it_today() -> None:
    story = Story.begin().at(TODAY, 17)
    retimed(story, TODAY, time(6), time(18))
    assert clock(story, TODAY) == ["08:00", "18:00"]


def test_a_dose_that_is_over_is_not_planned_again() -> None:
    story = Story.begin().at(TODAY, 10)
    retimed(story, TODAY, time(11), time(23))
    assert clock(story, TODAY) == ["08:00", "23:00"]


def test_a_dose_that_was_taken_ahead_stays_the_dose_of_its_day() -> None:
    story = Story.begin().at(TODAY, 17)
    taking = Taking(at=story.now, now=story.now)
    with story.store.writing() as unit:
        plan = unit.plans.of_person(story.person)[0]
        record.take_dose(story.book(unit), plan, f"1-{TODAY:%Y%m%d}-2", taking)
    retimed(story, TODAY, time(9), time(21))
    assert counts(story)[TODAY.toordinal()] == 2


def test_a_second_change_of_the_same_day_frees_what_the_first_had_fixed() -> None:
    story = Story.begin().at(TODAY, 19)
    retimed(story, TODAY, time(6), time(18))
    retimed(story, TODAY, time(9), time(21))
    assert clock(story, TODAY) == ["08:00", "21:00"]
    assert clock(story, TODAY + DAY) == ["09:00", "21:00"]


def test_what_a_change_fixed_outlives_another_amendment() -> None:
    from medsched.services.amendments import extend

    story = Story.begin().at(START + 4 * DAY, 19)
    retimed(story, START + 4 * DAY, time(6), time(18))
    story.amend(lambda book, plan: extend(book, plan, story.asked(), 2))
    assert clock(story, START + 4 * DAY) == ["08:00", "20:00"]


def test_a_dose_too_soon_after_the_last_one_is_put_off_once() -> None:
    """Once a day at 20:00, from tomorrow at 06:00: 12 hours between lead to 08:00 tomorrow."""
    story = Story.begin("sertraline", slots=(time(20),)).at(TODAY, 12)
    retimed(story, TODAY + DAY, time(6))
    days = [clock(story, TODAY + one * DAY) for one in range(4)]
    assert days == [["20:00"], ["08:00"], ["06:00"], ["06:00"]]


def test_where_no_instant_keeps_the_limits_the_dose_is_left_out() -> None:
    story = Story.begin().at(TODAY, 12)
    done = retimed(story, TODAY + DAY, time(1), time(12))
    assert clock(story, TODAY + DAY) == ["12:00"]
    assert [row.slot for row in done.diff.removed] == [1]


def test_as_many_times_as_before_are_named_and_far_enough_apart() -> None:
    story = Story.begin().at(TODAY)
    with pytest.raises(InvalidValue, match="name 2 times"):
        retimed(story, TODAY, time(8))
    with pytest.raises(SlotsDoNotFit, match="too close together"):
        retimed(story, TODAY, time(8), time(9))


# --- any change ---------------------------------------------------------------------------

QUARTERS = st.integers(0, 95).map(lambda at: time(at // 4, at % 4 * 15))
PROTOCOLS = {"milnacipran": (time(8), time(20)), "levothyroxine": (time(7),)}


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(PROTOCOLS)),
    wait=st.integers(0, 30),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    ahead=st.integers(0, 3),
    by=st.integers(-5 * 60, 5 * 60),
    taken=st.booleans(),
)
def test_a_shift_of_some_hours_at_any_moment_leaves_every_day_its_doses(
    name: str, wait: int, hour: int, minute: int, ahead: int, by: int, *, taken: bool
) -> None:
    old = PROTOCOLS[name]
    minutes = [one.hour * 60 + one.minute + by for one in old]
    new = [time(*divmod(one, 60)) for one in minutes if 0 <= one < 1440]
    if len(new) < len(old):
        return
    story = Story.begin(name, slots=old).at(START + wait * DAY, hour, minute)
    if taken:
        with story.store.writing() as unit:
            plan = unit.plans.of_person(story.person)[0]
            record.take_any(story.book(unit), plan, Taking(at=story.now, now=story.now, extra=True))
    before = counts(story)
    retimed(story, story.today + ahead * DAY, *new)
    after = counts(story)
    assert {day: after[day] for day in before} == before


@settings(max_examples=60, deadline=None)
@given(
    wait=st.integers(0, 30),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    ahead=st.integers(0, 3),
    times=st.lists(QUARTERS, min_size=2, max_size=2, unique=True).map(sorted),
    again=st.lists(QUARTERS, min_size=2, max_size=2, unique=True).map(sorted),
)
def test_any_times_at_any_moment_double_no_dose_and_lose_one_only_to_the_limits(
    wait: int, hour: int, minute: int, ahead: int, times: list[time], again: list[time]
) -> None:
    story = Story.begin().at(START + wait * DAY, hour, minute)
    meant = counts(story)
    for slots in (times, again):
        before = counts(story)
        try:
            done = retimed(story, story.today + ahead * DAY, *slots)
        except SlotsDoNotFit:
            continue
        after = counts(story)
        fewer = {day for day in before if after[day] < before[day]}
        assert all(after[day] <= meant[day] for day in meant), "a dose was doubled"
        assert len(fewer) <= 1, f"lost on more than one day: {fewer}"
        assert len(done.diff.removed) <= 1
        _keeps_the_gap(story)
        story.now += timedelta(hours=3)


def _keeps_the_gap(story: Story) -> None:
    with story.store.reading() as unit:
        plan = unit.plans.of_person(story.person)[0]
        book = story.book(unit)
        limits = limits_of(book, book.revision(plan.number, plan.current).prescription)
    shown = [datetime.fromtimestamp(row.due, BERLIN).replace(tzinfo=None) for row in story.rows()]
    meant = [one - HOUR if _may_be_put_on(one) else one for one in shown]
    # Whether spring put a time into that hour cannot be seen: one of both readings keeps it.
    gaps = [[two - one for one, two in pairwise(sorted(walls))] for walls in (shown, meant)]
    assert all(max(both) >= limits.gap for both in zip(*gaps, strict=True))


def _may_be_put_on(wall: datetime) -> bool:
    """Return whether spring may have moved a time between 02:00 and 03:00 on by its hour."""
    return (wall.date(), wall.hour) == (SPRING, 3)


# --- which plans have times -----------------------------------------------------------------


def test_a_plan_by_moments_of_the_day_gets_clock_times() -> None:
    """In the morning, in the afternoon and at bedtime are three times as well."""
    story = Story.begin("gabapentin", slots=()).at(TODAY, 12)
    retimed(story, TODAY + DAY, time(9), time(15), time(21))
    assert clock(story, TODAY + DAY) == ["09:00", "15:00", "21:00"]
    with pytest.raises(InvalidValue, match="name 3 times"):
        retimed(story, TODAY + 2 * DAY, time(9))


def test_doses_by_the_hour_and_doses_if_needed_have_no_clock_times() -> None:
    hours = Story.begin("amoxicillin", slots=(time(8),)).at(START + DAY)
    with pytest.raises(InvalidValue, match="follow one another, every 8 hours"):
        retimed(hours, START + 2 * DAY, time(9))
    needed = Story.begin("paracetamol", slots=()).at(START + DAY)
    with pytest.raises(InvalidValue, match="have no clock times then"):
        retimed(needed, START + 2 * DAY, time(9))
