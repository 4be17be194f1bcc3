"""A stop that was ordered keeps its last day, unless somebody says that it may move or go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.stories import HORIZON, Story

from medsched.domain.amount import amount
from medsched.domain.course import NEVER
from medsched.domain.prescription import Status
from medsched.domain.protocol import PhaseKind
from medsched.domain.taper_plan import TaperRefused
from medsched.services import amendments
from medsched.services.ending import (
    PauseWouldEnd,
    StopWouldBeLost,
    StopWouldMove,
    end_words,
    ordered_end,
    way_down,
)
from medsched.services.stopping import NothingToTaper

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.domain.course import Course
    from medsched.services.amend import Amended, Amendment
    from medsched.services.book import Book
    from medsched.services.ports import Plan

    Act = Callable[[Book, Plan, Amendment], Amended]

START = date(2026, 3, 2)
DAY = timedelta(days=1)
STOP = START + 41 * DAY
END = STOP + 20 * DAY
"""The last day of the usual taper of 21 days."""

WEEK_TWO = STOP + 9 * DAY


def stopping() -> Story:
    """Return a plan in the second week of its taper: 50, 25 and 12.5 mg, a week each."""
    story = Story.begin().at(STOP - DAY)
    story.stop(STOP)
    return story.at(WEEK_TWO)


def end_of(story: Story) -> date | None:
    with story.store.reading() as unit:
        return ordered_end(story.book(unit), unit.plans.of_person(story.person)[0])


def course_of(story: Story) -> Course:
    with story.store.reading() as unit:
        plan = unit.plans.of_person(story.person)[0]
        return story.book(unit).course(plan.number, plan.current)


def amended(story: Story, act: Act, *, move: bool = False, off: bool = False) -> Amended:
    asked = replace(story.asked(), move_end=move, call_off_stop=off)
    return story.amend(lambda book, plan: act(book, plan, asked))


PAUSE: Act = lambda book, plan, asked: amendments.hold(book, plan, asked, 3)  # noqa: E731  # one line says it
OPEN_PAUSE: Act = lambda book, plan, asked: amendments.hold(book, plan, asked, None)  # noqa: E731  # the same
BACK: Act = lambda book, plan, asked: amendments.step_back(book, plan, asked, 4)  # noqa: E731  # the same
BACK_FOR_GOOD: Act = lambda book, plan, asked: amendments.step_back(book, plan, asked, None)  # noqa: E731  # the same
TARGET_50: Act = lambda book, plan, asked: amendments.change_target(  # noqa: E731  # the same
    book, plan, asked, amount("50 mg")
)
TARGET_200: Act = lambda book, plan, asked: amendments.change_target(  # noqa: E731  # the same
    book, plan, asked, amount("200 mg")
)
TARGET: Act = lambda book, plan, asked: amendments.change_target(  # noqa: E731  # the same
    book, plan, asked, amount("100 mg")
)


def test_only_a_plan_that_somebody_stops_has_an_ordered_end() -> None:
    assert end_of(stopping()) == END
    assert end_of(Story.begin()) is None
    assert end_of(Story.begin("amoxicillin")) is None


def test_a_drafted_stop_is_no_end_until_it_is_confirmed() -> None:
    from medsched.services.confirm import confirm_draft
    from medsched.services.plan import Order

    story = Story.begin().at(STOP - DAY)
    story.stop(STOP, by="")
    assert end_of(story) is None
    with story.store.writing() as unit:
        plan = unit.plans.of_person(story.person)[0]
        order = Order(ordered_by="Dr Gray")
        confirm_draft(story.book(unit), plan, order=order, now=story.now, horizon_days=HORIZON)
    assert end_of(story) == END


@pytest.mark.parametrize("act", [PAUSE, OPEN_PAUSE, BACK])
def test_what_would_move_the_last_dose_is_refused_and_says_how(act: Act) -> None:
    story = stopping()
    before = story.rows()
    with pytest.raises(StopWouldMove, match=r"last dose on Saturday 2 May 2026.*--move-end"):
        amended(story, act)
    assert story.rows() == before
    assert end_of(story) == END


@pytest.mark.parametrize("act", [BACK_FOR_GOOD, TARGET])
def test_what_would_drop_the_stop_is_refused_and_says_how(act: Act) -> None:
    story = stopping()
    before = story.rows()
    with pytest.raises(StopWouldBeLost, match="--call-off-stop if that is meant"):
        amended(story, act)
    with pytest.raises(StopWouldBeLost):
        amended(story, act, move=True)
    assert story.rows() == before


def test_a_pause_that_may_move_the_end_moves_it_and_keeps_every_step() -> None:
    story = stopping()
    done = amended(story, PAUSE, move=True)
    assert story.per_day(WEEK_TWO, 5) == ["25", "0", "0", "0", "25"]
    assert (done.end_before, end_of(story)) == (END, END + 3 * DAY)
    assert [row.amount for row in story.rows(STOP, END + 9 * DAY)].count("12.5") == 14 + 7


def test_a_step_back_that_may_move_the_end_goes_on_down_afterwards() -> None:
    story = stopping()
    amended(story, BACK, move=True)
    assert story.per_day(WEEK_TWO, 7) == ["25", "50", "50", "50", "50", "25", "25"]
    assert end_of(story) == END + 4 * DAY


def test_a_stop_is_called_off_only_on_somebodys_word() -> None:
    story = stopping()
    done = amended(story, TARGET, off=True)
    assert story.per_day(WEEK_TWO, 3) == ["25", "100", "100"]
    assert end_of(story) is None
    words = end_words(done.end_before, course_of(story), on_hold=False)
    assert words == "The stop is called off: the last dose was to be on Saturday 2 May 2026."


def test_a_step_back_for_good_is_no_step_of_a_way_down_any_more() -> None:
    story = stopping()
    amended(story, BACK_FOR_GOOD, off=True)
    last = course_of(story).phases[-1]
    assert (last.kind, last.last_day) == (PhaseKind.MAINTENANCE, NEVER)
    assert way_down(course_of(story)) == []


def test_an_open_pause_keeps_the_stop_in_mind_and_goes_on_down() -> None:
    story = stopping()
    done = amended(story, OPEN_PAUSE, move=True)
    assert end_of(story) == END
    words = end_words(done.end_before, course_of(story), on_hold=True)
    assert words.endswith("It moves by as long as the pause lasts.")
    story.at(WEEK_TWO + 5 * DAY)
    story.amend(lambda book, plan: amendments.resume(book, plan, story.asked()))
    assert end_of(story) == END + 5 * DAY


def test_what_says_by_itself_that_all_moves_needs_no_word_more() -> None:
    story = stopping()
    done = story.amend(lambda book, plan: amendments.extend(book, plan, story.asked(), 2))
    assert end_of(story) == END + 2 * DAY
    words = end_words(done.end_before, course_of(story), on_hold=False)
    assert words == "The last dose moves from Saturday 2 May 2026 to Monday 4 May 2026."


def test_other_clock_times_leave_the_end_as_it_is() -> None:
    from datetime import time

    story = stopping()
    done = story.amend(
        lambda book, plan: amendments.change_times(book, plan, story.asked(), (time(9), time(21)))
    )
    words = end_words(done.end_before, course_of(story), on_hold=False)
    assert words == "The last dose is on Saturday 2 May 2026, as before."


def test_a_way_down_that_gets_too_long_is_warned_of() -> None:
    story = stopping()
    short = story.amend(lambda book, plan: amendments.extend(book, plan, story.asked(), 7))
    assert "R12" not in {one.rule for one in short.findings}
    long = story.amend(lambda book, plan: amendments.extend(book, plan, story.asked(), 1))
    (found,) = [one for one in long.findings if "the way down now takes" in one.message]
    assert "29 days, and the rules say at most 28 days" in found.message


def test_a_way_down_is_not_made_shorter_than_its_rules_say() -> None:
    story = stopping()
    last_week = story.asked(STOP + 12 * DAY)
    story.amend(lambda book, plan: amendments.shift(book, plan, story.asked(), -3))
    with pytest.raises(TaperRefused, match="13 days long; keep at least 14 days"):
        story.amend(lambda book, plan: amendments.shift(book, plan, last_week, -5))


def test_a_plan_on_hold_has_no_dose_to_come_down_from_and_can_be_ended() -> None:
    story = Story.begin().at(START + 40 * DAY)
    amended(story, OPEN_PAUSE)
    with pytest.raises(NothingToTaper, match=r"is on hold then.*--abruptly --ordered-by NAME"):
        story.stop(START + 45 * DAY)
    story.stop(START + 45 * DAY, abruptly=True)
    assert story.plan().status is Status.STOPPED
    assert not story.rows(START + 41 * DAY)


def test_a_stop_far_ahead_stores_every_dose_up_to_its_last_day() -> None:
    """Nobody pushes the horizon of a stopped plan on: what is still meant must be there."""
    story = Story.begin().at(START + 5 * DAY)
    story.stop(START + 120 * DAY, abruptly=True)
    days = {row.day for row in story.rows()}
    assert max(days) == (START + 119 * DAY).toordinal()
    assert len(days) == 120


def test_a_plan_that_is_stopped_before_its_first_day_has_no_dose() -> None:
    story = Story.begin()
    story.stop(START, abruptly=True)
    assert story.rows() == []


# --- a pause that was asked for ---------------------------------------------------------------


def paused() -> Story:
    """Return a plan on 100 mg with a pause of three days that begins in two days."""
    story = Story.begin().at(START + 30 * DAY)
    asked = story.asked(START + 32 * DAY)
    story.amend(lambda book, plan: amendments.hold(book, plan, asked, 3))
    return story


@pytest.mark.parametrize("act", [TARGET_50, BACK_FOR_GOOD])
def test_a_change_before_a_pause_does_not_end_it_unsaid(act: Act) -> None:
    story = paused()
    before = story.rows()
    with pytest.raises(PauseWouldEnd, match="begin after it, with --from 2026-04-06, or end it"):
        amended(story, act)
    with pytest.raises(PauseWouldEnd):
        story.stop(START + 31 * DAY)
    assert story.rows() == before


def test_a_change_in_a_pause_begins_after_it() -> None:
    story = paused().at(START + 32 * DAY)
    amended(story, TARGET_50)
    assert story.per_day(START + 31 * DAY, 5) == ["100", "0", "0", "0", "50"]


def test_a_stop_at_once_ends_a_pause_as_well() -> None:
    story = paused()
    story.stop(START + 31 * DAY, abruptly=True)
    assert not story.rows(START + 31 * DAY)


def test_a_step_down_from_a_high_dose_is_not_called_an_early_rise() -> None:
    story = Story.begin(target="200 mg").at(START + 40 * DAY)
    stopped = story.stop(START + 41 * DAY, over=28)
    story.at(START + 43 * DAY)
    longer = story.amend(lambda book, plan: amendments.extend(book, plan, story.asked(), 2))
    for done in (stopped, longer):
        assert not [one for one in done.findings if "come before it" in one.message]


def test_a_rise_that_is_too_early_is_still_warned_of() -> None:
    story = Story.begin().at(START + 9 * DAY)
    done = amended(story, TARGET_200)
    assert [one for one in done.findings if "come before it" in one.message]
