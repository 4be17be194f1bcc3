"""Dated events besides doses: each kind by itself, silent on hold, and after the last dose."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tests.unit.services.stories import Story

from medsched.domain.amount import amount
from medsched.domain.monitoring_rules import MonitoringKind
from medsched.services import amendments
from medsched.services.events import count_stock, events_of, supply_of, switch, switches_of

START = date(2026, 3, 2)
DAY = timedelta(days=1)


def kinds(story: Story, first: date, days: int) -> dict[MonitoringKind, list[int]]:
    """Return the days of each kind, as days from the start."""
    with story.store.reading() as unit:
        listed = events_of(story.book(unit), first, first + days * DAY, story.now)
    found: dict[MonitoringKind, list[int]] = {}
    for one in listed:
        found.setdefault(one.event.kind, []).append((one.event.day - START).days)
    return found


def test_one_kind_is_switched_off_and_the_others_stay() -> None:
    story = Story.begin()
    before = kinds(story, START, 90)
    with story.store.writing() as unit:
        switch(story.book(unit), MonitoringKind.MOOD, story.now, on=False)
        assert switches_of(story.book(unit)) == {MonitoringKind.MOOD: False}
    after = kinds(story, START, 90)
    assert set(before) - set(after) == {MonitoringKind.MOOD}


def test_after_a_stop_the_end_of_the_washout_is_dated() -> None:
    """The last dose is on day 10 at 20:00: 120 hours later is day 15."""
    story = Story.begin().at(START + 9 * DAY)
    story.stop(START + 10 * DAY)
    assert kinds(story, START, 60)[MonitoringKind.WASHOUT] == [14]


def test_an_open_hold_asks_nothing() -> None:
    story = Story.begin().at(START + 9 * DAY)
    day = START + 11 * DAY
    assert kinds(story, day, 30)
    story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(day), None))
    assert kinds(story, day, 30) == {}


def test_the_next_supply_is_asked_for_before_the_counted_one_ends() -> None:
    """40 tablets of 50 mg, twice a day, from the evening of day 30: the last ones on day 50."""
    story = Story.begin().at(START + 29 * DAY)
    assert MonitoringKind.REFILL not in kinds(story, START, 120)
    with story.store.writing() as unit:
        book = story.book(unit)
        count_stock(book, story.plan(), {amount("50 mg"): Decimal(40)}, story.now)
        left = supply_of(book, story.plan(), story.now)
    assert left is not None
    assert left.runs_out is not None
    (refill,) = kinds(story, START, 120)[MonitoringKind.REFILL]
    assert START + (refill + 8) * DAY == left.runs_out
