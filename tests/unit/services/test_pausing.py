"""A pause goes on where it stopped: no dose too many, none lost, and each cycle by its calendar."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.services.stories import Story

from medsched.domain.amount import amount
from medsched.domain.prescription import Status
from medsched.domain.timing import Cycle, OnDays
from medsched.errors import MedschedError
from medsched.services import amendments
from medsched.services.amend import NotRunning, OnHold
from medsched.services.pausing import hold, resume

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.amend import Amended, Amendment
    from medsched.services.book import Book
    from medsched.services.ports import Plan

START = date(2026, 3, 2)
DAY = timedelta(days=1)
ON, OFF = 21, 7


def pill() -> Story:
    return Story.begin("combined-contraceptive", start=START, slots=(time(8),))


def dose_days(story: Story) -> set[int]:
    """Return the days with a dose, counted from 1."""
    return {row.day - START.toordinal() + 1 for row in story.rows()}


def paused(story: Story, first: int, days: int | None, *, anew: bool = False) -> Amended:
    """Hold from therapy day `first` on, said the day before."""
    story.at(START + (first - 2) * DAY)
    return story.amend(lambda book, plan: hold(book, plan, story.asked(), days, anew=anew))


def resumed(story: Story, first: int, *, anew: bool = False) -> Amended:
    """Go on from therapy day `first` on, said the day before."""
    story.at(START + (first - 2) * DAY)
    return story.amend(lambda book, plan: resume(book, plan, story.asked(), anew=anew))


# --- a cycle ------------------------------------------------------------------------


def test_a_cycle_goes_on_by_its_calendar_after_a_pause() -> None:
    """Days 10 to 14 are left out; the pack still ends on day 21 and the next begins on day 29."""
    story = pill()
    paused(story, 10, 5)
    wanted = {one for one in range(1, 60) if (one - 1) % (ON + OFF) < ON} - set(range(10, 15))
    assert {one for one in dose_days(story) if one < 60} == wanted


def test_a_cycle_resumed_in_its_break_waits_for_the_next_pack() -> None:
    story = pill()
    paused(story, 20, None)
    resumed(story, 26)
    assert {one for one in dose_days(story) if 15 < one < 40} == {
        *range(16, 20), *range(29, 40),
    }  # fmt: skip


def test_an_early_end_of_a_pause_keeps_the_day_of_the_cycle() -> None:
    story = pill()
    paused(story, 10, 9)
    resumed(story, 12)
    assert {one for one in dose_days(story) if 8 < one < 30} == {9, *range(12, 22), 29}


def test_a_new_cycle_begins_only_when_it_is_asked_for_and_ordered() -> None:
    story = pill()
    paused(story, 10, None)
    resumed(story, 15, anew=True)
    assert {one for one in dose_days(story) if 8 < one < 44} == {9, *range(15, 36), 43}
    other = pill()
    drafted = other.at(START + 8 * DAY).amend(
        lambda book, plan: hold(book, plan, other.asked(by=""), 5, anew=True)
    )
    assert drafted.revision.prescription.status is Status.DRAFT


def test_a_second_pause_keeps_the_first_day_of_the_cycle() -> None:
    story = pill()
    paused(story, 5, 3)
    paused(story, 12, 3)
    assert {one for one in dose_days(story) if one < 30} == {
        *range(1, 5), *range(8, 12), *range(15, 22), 29,
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    pauses=st.lists(
        st.tuples(st.integers(2, 12), st.none() | st.integers(1, 30), st.integers(1, 20)),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_is_paused_the_cycle_is_a_part_of_its_own_calendar(
    pauses: list[tuple[int, int | None, int]],
) -> None:
    """No pause makes a day with a dose out of one without: never more days in a row than meant."""
    story, day = pill(), 1
    for ahead, days, wait in pauses:
        day += ahead
        paused(story, day, days)
        day += wait
        if days is None:
            resumed(story, day)
    meant = {one for one in range(1, 400) if (one - 1) % (ON + OFF) < ON}
    assert dose_days(story) <= meant


def _fortnightly(story: Story) -> None:
    """Let the pill stand for a medicine that is taken every 14 days."""
    from dataclasses import replace

    def change(book: Book, plan: Plan) -> Amended:
        now = book.revision(plan.number, plan.current).prescription
        dosage = now.phases[0].dosage
        assert isinstance(dosage, OnDays)
        assert isinstance(dosage.days, Cycle)
        every = replace(dosage, days=Cycle(on=1, off=13))
        phase = replace(now.phases[0], dosage=every)
        return amendments.change_phases(book, plan, story.asked(START), (phase,))

    story.amend(change)


def test_a_rare_dose_does_not_come_early_because_of_a_short_pause() -> None:
    story = pill()
    _fortnightly(story)
    paused(story, 3, 2)
    assert {one for one in dose_days(story) if one < 40} == {1, 15, 29}


def test_another_dose_with_the_same_days_keeps_the_calendar_of_the_cycle() -> None:
    story = pill().at(START + 5 * DAY)

    def change(book: Book, plan: Plan) -> Amended:
        phases = book.revision(plan.number, plan.current).prescription.phases
        return amendments.change_phases(book, plan, story.asked(START + 10 * DAY), phases)

    story.amend(change)
    assert {one for one in dose_days(story) if one < 35} == {*range(1, 22), *range(29, 35)}


# --- so many doses --------------------------------------------------------------------


@pytest.mark.parametrize(("day", "days"), [(2, 1), (3, 1), (4, 5), (1, 2)])
def test_a_course_of_so_many_doses_keeps_its_number_over_a_pause(day: int, days: int) -> None:
    story = Story.begin("amoxicillin", start=START, slots=(time(17),))
    story.at(START + (day - 1) * DAY, 12)
    story.amend(lambda book, plan: hold(book, plan, story.asked(story.today + DAY), days))
    assert len(story.rows()) == 21


def test_a_course_paused_from_today_counts_the_doses_of_today() -> None:
    story = Story.begin("amoxicillin", start=START, slots=(time(17),)).at(START + 2 * DAY, 12)
    story.amend(lambda book, plan: hold(book, plan, story.asked(story.today), 1))
    assert len(story.rows()) == 21


# --- what a pause refuses ---------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        lambda book, plan, asked: hold(book, plan, asked, 3),
        lambda book, plan, asked: amendments.step_back(book, plan, asked, 3),
        lambda book, plan, asked: amendments.change_target(book, plan, asked, amount("50 mg")),
        lambda book, plan, asked: amendments.change_phases(book, plan, asked, ()),
    ],
)
def test_only_a_resume_or_a_stop_ends_an_open_pause(
    act: Callable[[Book, Plan, Amendment], Amended],
) -> None:
    story = Story.begin().at(START + 10 * DAY)
    story.amend(lambda book, plan: hold(book, plan, story.asked(), None))
    with pytest.raises(OnHold, match="let it go on first: medsched resume 1"):
        story.amend(lambda book, plan: act(book, plan, story.asked()))


def test_a_step_back_in_a_pause_begins_with_the_first_dose_after_it() -> None:
    story = Story.begin().at(START + 10 * DAY)
    story.amend(lambda book, plan: hold(book, plan, story.asked(), 4))
    story.amend(lambda book, plan: amendments.step_back(book, plan, story.asked(), 2))
    assert story.per_day(START + 10 * DAY, 8) == ["100", "0", "0", "0", "0", "50", "50", "100"]


def test_a_plan_that_has_ended_is_not_paused() -> None:
    story = Story.begin().at(START + 9 * DAY)
    story.stop(START + 10 * DAY, abruptly=True)
    with pytest.raises(NotRunning):
        story.amend(lambda book, plan: hold(book, plan, story.asked(), 3))
    with pytest.raises(MedschedError):
        story.amend(lambda book, plan: resume(book, plan, story.asked()))
