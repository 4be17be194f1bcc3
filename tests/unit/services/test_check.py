"""Every plan is checked again: a fact that changed, another medicine, an ended plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.unit.services.plans import House, local
from tests.unit.services.stories import BERLIN, Story

from medsched.domain.person import Facts, OtherMedicine
from medsched.services.check import check_all, check_plan, stopped_everywhere

if TYPE_CHECKING:
    from medsched.domain.finding import DetectedIssue

START = date(2026, 3, 2)
DAY = timedelta(days=1)


def found(story: Story, rule: str) -> list[DetectedIssue]:
    with story.store.reading() as unit:
        checked = check_all(story.book(unit), story.now)
    return [one for _number, issues in checked for one in issues if one.rule == rule]


def learn(
    story: Story, *, facts: Facts | None = None, taking: tuple[OtherMedicine, ...] = ()
) -> None:
    with story.store.writing() as unit:
        person = unit.people.by_id(story.person)
        assert person is not None
        known = replace(person, facts=facts or person.facts, taking=taking)
        unit.people.save(known, story.now)


def test_a_fact_that_changes_changes_what_is_found() -> None:
    story = Story.begin().at(START + 10 * DAY)
    assert not [one for one in found(story, "R21") if one.severity.value == "block"]
    learn(story, facts=Facts(creatinine_clearance=Decimal(4)))
    assert [one.severity.value for one in found(story, "R21")][:1] == ["block"]


def maoi(hour: int, minute: int) -> OtherMedicine:
    since = datetime(2026, 3, 17, hour, minute, tzinfo=BERLIN).astimezone(UTC)
    return OtherMedicine(name="phenelzine", since=since)


def test_after_a_stop_an_maoi_too_soon_is_still_found_and_nothing_else_is() -> None:
    """The last dose is on 12 March at 20:00; 120 hours later is 17 March at 20:00."""
    story = Story.begin().at(START + 9 * DAY)
    story.stop(START + 11 * DAY)
    learn(story, taking=(maoi(20, 0),))
    with story.store.reading() as unit:
        assert check_all(story.book(unit), story.now) == []
    learn(story, taking=(maoi(19, 59),))
    assert [one.severity.value for one in found(story, "R23")] == ["block"]


def test_a_plan_stopped_before_its_first_dose_has_nothing_to_say() -> None:
    story = Story.begin()
    story.stop(START)
    learn(story, taking=(maoi(8, 0),))
    with story.store.reading() as unit:
        assert check_all(story.book(unit), story.now) == []


def test_plans_that_run_and_drafts_are_checked_against_one_another() -> None:
    house = House()
    house.start()
    house.start("sertraline", ordered_by="")

    with house.reading() as book:
        found = check_all(book, local("2026-12-01 09:00"))
        alone = check_plan(book, house.plan(1), local("2026-12-01 09:00"))

    assert [number for number, _findings in found] == [1, 2]
    assert found[0][1] == alone
    assert any("milnacipran" in one.message for one in found[1][1])


def test_what_stops_a_running_plan_is_named_by_number_and_rule_until_it_is_overruled() -> None:
    story = Story.begin().at(START + 10 * DAY)
    with story.store.reading() as unit:
        assert stopped_everywhere(unit, story.now) == []
    learn(story, facts=Facts(creatinine_clearance=Decimal(4)))
    with story.store.reading() as unit:
        assert set(stopped_everywhere(unit, story.now)) == {(1, "R21")}


def test_a_washout_that_is_over_by_now_is_history_for_a_plan_that_runs() -> None:
    """The last dose of it was on 1 March, so 14 days later the danger is over."""
    old = OtherMedicine(name="phenelzine", until=date(2026, 3, 1))
    for days, severity in ((9, "block"), (30, "info")):
        story = Story.begin().at(START + days * DAY)
        learn(story, taking=(old,))
        assert [one.severity.value for one in found(story, "R22")] == [severity]
