"""Feeds: who may fetch, what is in them, and that every version is remembered."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.stories import Story

from medsched.errors import InvalidValue
from medsched.services.feeds import (
    FeedChoice,
    FeedSettings,
    UnknownFeed,
    add_feed,
    checked_address,
    digest_of_token,
    feed_entries,
    form_of,
    open_feed,
    revoke_feed,
    window_of,
)
from medsched.services.publish_how import FeedKind, NamesShown
from medsched.services.record import take_dose
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from medsched.services.feed_entry import FeedEntry
    from medsched.services.feed_ports import Feed

TOKEN = "t" * 43
SETTINGS = FeedSettings()


def add(story: Story, token: str = TOKEN, choice: FeedChoice | None = None) -> Feed:
    with story.store.writing() as unit:
        return add_feed(story.book(unit), token, choice or FeedChoice(), story.now)


def made(story: Story, feed: Feed, settings: FeedSettings = SETTINGS) -> list[FeedEntry]:
    with story.store.writing() as unit:
        return feed_entries(story.book(unit), feed, settings, story.now)


def opened(story: Story, token: str) -> Feed | None:
    with story.store.reading() as unit:
        return open_feed(unit, token)


def test_a_token_opens_its_feed_and_no_other_does() -> None:
    story = Story.begin()
    feed = add(story)
    assert opened(story, TOKEN) == feed
    for wrong in ("", "x", TOKEN[:-1], TOKEN.upper(), TOKEN + "\ud800", "../" * 9):
        assert opened(story, wrong) is None


def test_the_token_is_stored_nowhere() -> None:
    feed = add(Story.begin())
    assert TOKEN not in repr(feed)
    assert feed.digest == digest_of_token(TOKEN)
    assert re.fullmatch("[0-9a-f]{64}", feed.digest)


def test_a_revoked_feed_is_as_if_it_had_never_been() -> None:
    story = Story.begin()
    feed = add(story)
    with story.store.writing() as unit:
        revoke_feed(unit, story.person, feed.number, story.now)
    assert opened(story, TOKEN) is None


@pytest.mark.parametrize("person", ["1", "2"])
def test_nobody_revokes_what_is_not_there_or_another_s(person: str) -> None:
    story = Story.begin()
    number = add(story).number
    with (
        story.store.writing() as unit,
        pytest.raises(UnknownFeed, match="feed list"),
    ):
        revoke_feed(unit, person, number if person != story.person else 99, story.now)


def test_names_are_hidden_unless_somebody_wants_them() -> None:
    story = Story.begin()
    feed = add(story)
    assert feed.names is NamesShown.HIDDEN
    assert {one.summary for one in made(story, feed)} == {"Reminder"}
    assert form_of(feed).name == "Reminders"
    assert form_of(replace(feed, names=NamesShown.FULL)).name == "Doses"


def test_the_window_is_whole_days_so_a_feed_is_the_same_all_day() -> None:
    early, late = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    assert window_of(early, SETTINGS) == window_of(late, SETTINGS)
    since, until = window_of(early, SETTINGS)
    assert (early - since, until - early) == (timedelta(days=7), timedelta(days=61))


def test_alarms_can_be_left_out_and_one_before_be_added() -> None:
    story = Story.begin()
    quiet = add(story, "q" * 43, FeedChoice(alarms=False))
    assert {one.alarms for one in made(story, quiet)} == {()}
    loud = add(story, "l" * 43)
    assert {one.alarms for one in made(story, loud, FeedSettings(before=10))} == {(10, 0)}


def test_a_setting_that_changes_entries_is_announced_in_every_one() -> None:
    story = Story.begin()
    feed = add(story)
    before = {one.uid: one for one in made(story, feed)}
    story.now += timedelta(hours=1)
    after = made(story, feed, FeedSettings(before=10))
    assert all(one.sequence == before[one.uid].sequence + 1 for one in after)
    assert all(one.revised > before[one.uid].revised for one in after)


def test_the_same_facts_are_the_same_entries_at_any_time_of_the_day() -> None:
    story = Story.begin().at(date(2026, 3, 4), 9)
    feed = add(story)
    first = made(story, feed)
    assert made(story.at(date(2026, 3, 4), 22), feed) == first


def test_kinds_are_feeds_of_their_own_or_together() -> None:
    story = Story.begin()
    both = frozenset({FeedKind.DOSES, FeedKind.CHECKINS})
    full = {"names": NamesShown.FULL}
    counts = [
        len(made(story, add(story, token * 43, FeedChoice(kinds=kinds, **full))))  # type: ignore[arg-type]
        for token, kinds in (
            ("d", frozenset({FeedKind.DOSES})),
            ("c", frozenset({FeedKind.CHECKINS})),
            ("b", both),
        )
    ]
    assert counts[0] > 0
    assert counts[1] > 0
    assert counts[2] == counts[0] + counts[1]


def test_a_hidden_entry_of_two_doses_rings_until_both_are_taken() -> None:
    story = Story.begin().at(date(2026, 3, 2), 8)
    feed = add(story)
    with story.store.writing() as unit:
        plan = unit.plans.of_person(story.person)[0]
        take_dose(story.book(unit), plan, "1-20260302-1", Taking(at=story.now, now=story.now))
    quiet = [one for one in made(story, feed) if not one.alarms]
    assert [one.starts for one in quiet] == [story.now]


def test_a_feed_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue, match="doses, checkins, refills"):
        add(Story.begin(), choice=FeedChoice(kinds=frozenset()))


@pytest.mark.parametrize(
    "address",
    [
        "http://meds.example.org",
        "ftp://meds.example.org",
        "meds.example.org",
        "https://",
        "https://me:secret@meds.example.org",
        "https://meds.example.org/path",
        "https://meds.example.org?x=1",
        "https://meds.example.org:port",
    ],
)
def test_an_address_is_https_and_a_host_alone(address: str) -> None:
    with pytest.raises(InvalidValue, match="https://host"):
        checked_address(address)


@pytest.mark.parametrize(
    "address", ["", "https://meds.example.org", "https://x:8443", "http://127.0.0.1:8765"]
)
def test_an_address_that_can_be_used_stays(address: str) -> None:
    assert checked_address(address) == address
