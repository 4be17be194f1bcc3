"""A journey is shown before it is adopted, and never rewrites what is over."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.unit.services.stories import Story

from medsched.domain.person import ZonePolicy
from medsched.services import amendments
from medsched.services.travel import (
    Journey,
    JourneyBackwards,
    JourneyInThePast,
    adopt_journey,
    preview,
)

START = date(2026, 3, 2)
DAY = timedelta(days=1)
TOKYO = ZoneInfo("Asia/Tokyo")


def begun() -> Story:
    return Story.begin().at(START + 10 * DAY)


def adopt(story: Story, journey: Journey) -> None:
    with story.store.writing() as unit:
        adopt_journey(story.book(unit), journey, story.now, 60)


def hours(story: Story, day: date) -> list[str]:
    return [f"{one.dose.local:%H:%M %Z}" for one in story.agenda(day, day).lines]


def test_a_preview_stores_nothing_and_shows_what_adopting_brings() -> None:
    story = begun()
    rows = story.rows()
    journey = Journey(zone=TOKYO, since=story.now + DAY)
    with story.store.reading() as unit:
        (shown,) = preview(story.book(unit), journey, story.now)
    assert story.rows() == rows
    adopt(story, journey)
    since, until = shown.after[0].due.timestamp(), shown.after[-1].due.timestamp()
    due = [row.due for row in story.rows() if since <= row.due <= until]
    assert due == [one.due.timestamp() for one in shown.after]
    assert shown.longest_gap >= timedelta(hours=6)


@pytest.mark.parametrize(
    ("policy", "shown"),
    [
        (ZonePolicy.FOLLOW_LOCAL, ["08:00 JST", "20:00 JST"]),
        (ZonePolicy.HOME_TIME, ["16:00 JST", "04:00 JST"]),
        (ZonePolicy.ELAPSED, ["16:00 JST", "04:00 JST"]),
    ],
)
def test_doses_follow_the_policy_that_was_chosen(policy: ZonePolicy, shown: list[str]) -> None:
    story = begun()
    adopt(story, Journey(zone=TOKYO, since=story.now + DAY, policy=policy))
    assert hours(story, START + 14 * DAY) == shown


def test_back_home_the_doses_are_what_they_were() -> None:
    story = begun()
    far = START + 20 * DAY
    before = story.rows(far)
    adopt(story, Journey(zone=TOKYO, since=story.now + DAY, until=story.now + 4 * DAY))
    assert story.rows(far)[: len(before)] == before


@pytest.mark.parametrize("ending", ["stopped", "held"])
def test_a_plan_that_ends_or_pauses_later_travels_until_then(ending: str) -> None:
    story = begun()
    later = START + 16 * DAY
    if ending == "stopped":
        story.stop(later)
    else:
        story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(later), None))
    adopt(story, Journey(zone=TOKYO, since=story.now + DAY))
    assert hours(story, START + 14 * DAY) == ["08:00 JST", "20:00 JST"]
    assert story.rows(later) == []


def test_a_journey_in_the_past_or_backwards_is_refused() -> None:
    story = begun()
    with pytest.raises(JourneyInThePast, match="the past is not rewritten"):
        adopt(story, Journey(zone=TOKYO, since=story.now - DAY))
    with pytest.raises(JourneyBackwards, match="is before the journey begins"):
        adopt(story, Journey(zone=TOKYO, since=story.now + DAY, until=story.now))
