"""Where a changed plan meets what stays, no dose comes too soon: it is left out, never moved."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.stories import Story

from medsched.domain.amount import amount
from medsched.domain.dose import TRACK_PLACES
from medsched.services import amendments
from medsched.services.confirm import ChangeIsOver, confirm_draft
from medsched.services.keep_apart import Limits, too_close
from medsched.services.plan import Order
from medsched.services.ports import DoseRow
from medsched.services.travel import Journey, adopt_journey

if TYPE_CHECKING:
    from medsched.services.ports import Plan

START = date(2026, 3, 2)
DAY = timedelta(days=1)
HOUR = 3600
GAP = Limits(gap=timedelta(hours=6))
WINDOW = Limits(gap=timedelta(hours=6), window=timedelta(hours=18), most=2)


def row(hour: int, slot: int = 1) -> DoseRow:
    return DoseRow(1, 739000 + hour // 24, slot, hour * HOUR, "50", 1, 1, 0)


def test_a_dose_exactly_the_gap_away_stays_and_one_hour_less_goes() -> None:
    assert too_close([row(20)], [row(26)], GAP) == []
    assert too_close([row(20)], [row(25)], GAP) == [row(25)]
    assert too_close([row(30)], [row(25)], GAP) == [row(25)]


def test_new_doses_are_not_compared_with_one_another() -> None:
    assert too_close([row(0)], [row(10), row(12)], GAP) == []


def test_a_window_that_reaches_back_holds_no_more_than_it_may() -> None:
    assert too_close([row(8), row(20)], [row(26)], WINDOW) == []
    assert too_close([row(9), row(20)], [row(26)], WINDOW) == [row(26)]
    assert too_close([row(20)], [row(27), row(34)], WINDOW) == [row(34)]


def test_tracks_side_by_side_are_meant_together() -> None:
    assert too_close([row(8)], [row(8, TRACK_PLACES + 1)], GAP) == []


def test_times_that_move_into_the_gap_leave_the_first_dose_out() -> None:
    story = Story.begin().at(START + 20 * DAY)
    day = START + 21 * DAY
    story.amend(
        lambda book, plan: amendments.change_times(
            book, plan, story.asked(day), (time(1), time(12))
        )
    )
    assert [one.slot for one in story.rows(day, day)] == [2]
    assert [one.slot for one in story.rows(day + DAY, day + DAY)] == [1, 2]


def confirm(story: Story) -> Plan:
    with story.store.writing() as unit:
        return confirm_draft(
            story.book(unit),
            unit.plans.of_person(story.person)[0],
            order=Order(ordered_by="Dr Gray"),
            now=story.now,
            horizon_days=60,
        )[0]


def test_a_drafted_taper_that_is_confirmed_too_late_does_not_begin_in_its_middle() -> None:
    story = Story.begin().at(START + 40 * DAY)
    story.stop(START + 41 * DAY, by="")
    before = story.rows()
    story.at(START + 50 * DAY)
    with pytest.raises(ChangeIsOver, match="which is over; ask for the change again"):
        confirm(story)
    assert story.rows() == before


def test_a_draft_that_a_journey_overtook_can_still_be_confirmed() -> None:
    from zoneinfo import ZoneInfo

    story = Story.begin().at(START + 20 * DAY)
    later = START + 25 * DAY
    story.amend(
        lambda book, plan: amendments.change_target(
            book, plan, story.asked(later, by=""), amount("150 mg")
        )
    )
    journey = Journey(zone=ZoneInfo("Europe/London"), since=story.now + DAY)
    with story.store.writing() as unit:
        adopt_journey(story.book(unit), journey, story.now, 60)
    assert confirm(story).current == 4
    assert story.per_day(later, 1) == ["150"]


def test_the_agenda_reads_a_dose_that_was_withdrawn_after_a_draft() -> None:
    """The revision before the one that withdrew it may be a draft with fewer phases."""
    story = Story.begin().at(START + 3 * DAY)
    story.amend(
        lambda book, plan: amendments.change_target(book, plan, story.asked(by=""), amount("25 mg"))
    )
    story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(START + 8 * DAY), 2))
    held = story.agenda(START + 8 * DAY, START + 9 * DAY).lines
    assert {one.status.value for one in held} == {"held"}
    assert {str(one.dose.amount) for one in held} == {"50\u00a0mg"}
