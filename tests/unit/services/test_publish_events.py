"""Check-ins and refills beside the doses: a kind each, at breakfast, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.unit.services.stories import BERLIN, Story

from medsched.domain.monitoring_rules import MonitoringKind
from medsched.services.events import count_stock, switch
from medsched.services.publish_events import event_entries
from medsched.services.publish_how import ALL_KINDS, FeedKind, Publication

if TYPE_CHECKING:
    from medsched.services.feed_entry import FeedEntry

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = datetime(2026, 6, 1, tzinfo=UTC)


def entries(story: Story, *kinds: FeedKind) -> list[FeedEntry]:
    how = Publication(kinds=frozenset(kinds))
    with story.store.reading() as unit:
        return event_entries(story.book(unit), SINCE, UNTIL, SINCE, how)


def test_doses_alone_bring_no_events() -> None:
    assert entries(Story.begin(), FeedKind.DOSES) == []


def test_check_ins_are_at_breakfast_on_the_person_s_clock() -> None:
    found = entries(Story.begin(), FeedKind.CHECKINS)
    assert found
    with_hour = [one for one in found if "washout" not in one.summary.lower()]
    assert {one.starts.astimezone(BERLIN).hour for one in with_hour} == {8}
    assert len({one.uid for one in found}) == len(found)


def test_a_kind_that_is_switched_off_is_not_there() -> None:
    story = Story.begin()
    before = entries(story, FeedKind.CHECKINS)
    with story.store.writing() as unit:
        for kind in MonitoringKind:
            if kind is not MonitoringKind.MOOD:
                switch(story.book(unit), kind, story.now, on=False)
    after = entries(story, FeedKind.CHECKINS)
    assert 0 < len(after) < len(before)
    assert {one.summary.partition(":")[0] for one in after} == {"Mood check-in"}


def test_refills_are_a_kind_of_their_own_and_follow_the_stock() -> None:
    story = Story.begin().at(date(2026, 3, 20))
    assert entries(story, FeedKind.REFILLS) == []
    with story.store.writing() as unit:
        book = story.book(unit)
        plan = unit.plans.of_person(story.person)[0]
        strengths = book.revision(1, 1).prescription.medication.strengths
        count_stock(book, plan, dict.fromkeys(strengths, Decimal(40)), story.now)
    found = entries(story, FeedKind.REFILLS)
    assert [one.summary.partition(":")[0] for one in found] == ["Refill"]
    assert len(entries(story, *ALL_KINDS)) == len(found) + len(entries(story, FeedKind.CHECKINS))


def test_the_same_event_is_the_same_entry_when_the_plan_is_amended() -> None:
    story = Story.begin()
    before = {one.uid for one in entries(story, FeedKind.CHECKINS)}
    story.at(date(2026, 3, 3)).shift(2)
    after = {one.uid: one for one in entries(story, FeedKind.CHECKINS)}
    assert before & after.keys()
    assert all(one.sequence == story.plan().current for one in after.values())
    assert all(SINCE <= one.starts < UNTIL + timedelta(days=1) for one in after.values())
