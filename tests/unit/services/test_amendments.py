"""Amendments replace the future, leave the past byte for byte, and keep the ids of doses."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.stories import Story

from medsched.domain.amount import amount
from medsched.domain.dose import DoseStatus
from medsched.domain.prescription import Status
from medsched.errors import InvalidValue
from medsched.services import amendments
from medsched.services.amend import InThePast, NotRunning
from medsched.services.compare import between
from medsched.services.plan import Blocked

if TYPE_CHECKING:
    from medsched.services.ports import DoseRow

START = date(2026, 3, 2)
DAY = timedelta(days=1)


def shown(story: Story, first: date, last: date) -> list[tuple[str, str, str, str]]:
    lines = story.agenda(first, last).lines
    return [(one.dose.id, one.dose.slot, str(one.dose.amount), one.status.value) for one in lines]


def test_shifting_the_titration_by_a_day_moves_all_phases_and_overlaps_none() -> None:
    story = Story.begin()
    before = story.rows()
    done = story.shift(1, START)
    assert story.per_day(START, 10) == [
        "0",
        "12.5",
        "25",
        "25",
        "50",
        "50",
        "50",
        "50",
        "100",
        "100",
    ]
    gone = {(START.toordinal(), 1), ((START + DAY).toordinal(), 2)}
    kept = {(row.day, row.slot) for row in before} - gone
    assert kept == {(row.day, row.slot) for row in story.rows()}
    moved = {after.day - START.toordinal() for _before, after in done.diff.changed}
    assert moved == {3, 7}
    assert [row.day - START.toordinal() for row in done.diff.removed] == [0, 1]


def test_shifting_a_running_titration_prolongs_the_step_and_changes_only_what_moves() -> None:
    story = Story.begin().at(START + 4 * DAY)
    done = story.shift(2)
    assert story.per_day(START, 11) == [
        "12.5", "25", "25", "50", "50", "50", "50", "50", "50", "100", "100",
    ]  # fmt: skip
    assert {after.day - START.toordinal() for _old, after in done.diff.changed} == {7, 8}
    assert not done.diff.added
    assert not done.diff.removed


def test_a_change_on_day_10_leaves_the_rows_and_the_agenda_of_days_1_to_9() -> None:
    story = Story.begin().at(START + 9 * DAY, 7)
    last = START + 8 * DAY
    rows, lines = story.rows(START, last), shown(story, START, last)
    story.amend(
        lambda book, plan: amendments.change_target(
            book, plan, story.asked(START + 9 * DAY), amount("200 mg")
        )
    )
    assert story.rows(START, last) == rows
    assert shown(story, START, last) == lines
    assert story.per_day(last, 2) == ["100", "200"]


def test_moving_the_clock_times_keeps_every_id_and_counts_each_change_once() -> None:
    story = Story.begin().at(START + 2 * DAY, 12)
    before = story.rows()
    story.amend(
        lambda book, plan: amendments.change_times(book, plan, story.asked(), (time(9), time(21)))
    )
    after = story.rows()[: len(before)]
    assert [row[:3] for row in after] == [row[:3] for row in before]
    steps = {new.sequence - old.sequence for old, new in zip(before, after, strict=True)}
    assert steps == {0, 1}


def test_a_dose_of_today_that_is_over_is_not_planned_again_at_a_later_time() -> None:
    story = Story.begin().at(START + 2 * DAY, 10)
    today = START + 2 * DAY
    story.amend(
        lambda book, plan: amendments.change_times(
            book, plan, story.asked(today), (time(11), time(20))
        )
    )
    assert len(story.rows(today, today)) == 2
    assert [one.dose.local.hour for one in story.agenda(today, today).lines] == [8, 20]


def test_a_hold_shows_its_doses_as_held_and_the_plan_goes_on_where_it_stopped() -> None:
    story = Story.begin().at(START + 4 * DAY)
    story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(), 2))
    assert story.per_day(START + 3 * DAY, 9) == [
        "50",
        "50",
        "0",
        "0",
        "50",
        "50",
        "100",
        "100",
        "100",
    ]
    held = story.agenda(START + 5 * DAY, START + 6 * DAY).lines
    assert {one.status for one in held} == {DoseStatus.HELD}


def test_an_open_hold_waits_until_it_is_resumed_on_somebodys_word() -> None:
    story = Story.begin().at(START + 4 * DAY)
    story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(), None))
    assert story.plan().status is Status.ON_HOLD
    assert story.per_day(START + 5 * DAY, 20) == ["0"] * 20
    story.at(START + 9 * DAY)
    drafted = story.amend(lambda book, plan: amendments.resume(book, plan, story.asked(by="")))
    assert drafted.revision.prescription.status is Status.DRAFT
    story.amend(lambda book, plan: amendments.resume(book, plan, story.asked()))
    assert story.plan().status is Status.ACTIVE
    assert story.per_day(START + 9 * DAY, 4) == ["0", "50", "50", "100"]


def test_extending_a_step_moves_all_that_follow_and_an_open_one_has_no_end() -> None:
    story = Story.begin().at(START + 3 * DAY)
    story.amend(lambda book, plan: amendments.extend(book, plan, story.asked(), 3))
    assert story.per_day(START + 6 * DAY, 5) == ["50", "50", "50", "50", "100"]
    story.at(START + 20 * DAY)
    with pytest.raises(InvalidValue, match="it has no end that could move"):
        story.amend(lambda book, plan: amendments.extend(book, plan, story.asked(), 3))


def test_a_step_back_takes_the_dose_before_for_a_while_or_until_told() -> None:
    story = Story.begin().at(START + 10 * DAY)
    story.amend(lambda book, plan: amendments.step_back(book, plan, story.asked(), 3))
    assert story.per_day(START + 10 * DAY, 5) == ["100", "50", "50", "50", "100"]
    first = Story.begin().at(START - DAY)
    with pytest.raises(InvalidValue, match="it is the first step"):
        first.amend(lambda book, plan: amendments.step_back(book, plan, first.asked(START), None))


def test_what_changes_a_dose_is_a_draft_that_changes_nothing_until_it_is_ordered() -> None:
    story = Story.begin().at(START + 9 * DAY)
    before = story.rows()
    done = story.amend(
        lambda book, plan: amendments.change_target(
            book, plan, story.asked(by=""), amount("150 mg")
        )
    )
    assert done.diff.changed
    assert story.rows() == before
    assert story.plan().draft == 2


def test_a_target_above_the_most_is_blocked_and_nothing_is_stored() -> None:
    story = Story.begin().at(START + 20 * DAY)
    before = story.rows()
    with pytest.raises(Blocked, match="R10"):
        story.amend(
            lambda book, plan: amendments.change_target(book, plan, story.asked(), amount("400 mg"))
        )
    assert story.rows() == before


def test_the_past_is_refused_and_so_is_a_plan_that_has_ended() -> None:
    story = Story.begin().at(START + 9 * DAY)
    with pytest.raises(InThePast, match="the past is not rewritten"):
        story.shift(1, START)
    story.stop(START + 10 * DAY, abruptly=True)
    with pytest.raises(NotRunning, match="only a running plan is changed"):
        story.shift(1)


def test_a_diff_of_two_revisions_lists_exactly_the_doses_that_moved() -> None:
    story = Story.begin()
    done = story.shift(1, START)
    with story.store.reading() as unit:
        found = between(story.book(unit), story.plan(), 1, 2)

    def keys(rows: tuple[DoseRow, ...]) -> list[tuple[int, int]]:
        return [(row.day, row.slot) for row in rows]

    assert keys(found.removed) == keys(done.diff.removed)
    assert keys(tuple(new for _old, new in found.changed)) == keys(
        tuple(new for _old, new in done.diff.changed)
    )
