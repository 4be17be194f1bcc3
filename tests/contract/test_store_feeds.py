"""Feeds, announcements and CalDAV links: the same promises in memory, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.stories import Story

from medsched.services.feed_ports import Announced, CalDavLink, Feed
from medsched.services.publish_how import FeedKind, NamesShown
from medsched.services.record import take_dose
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from medsched.services.ports import Store

NOW = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ROW = Announced("uid", 1_000, 2, 3_000, "digest")


def feed(person: str = "1", digest: str = "d") -> Feed:
    kinds = frozenset({FeedKind.DOSES, FeedKind.REFILLS})
    return Feed(
        person=person,
        digest=digest,
        created_at=NOW,
        label="for \U0001f48a",
        kinds=kinds,
        alarms=False,
    )


def link() -> CalDavLink:
    return CalDavLink(
        person="1",
        url="https://x/",
        username="me",
        password="pass word",  # nobody's
        created_at=NOW,
        as_tasks=True,
        names=NamesShown.FULL,
        known={"a": "b c"},
    )


def test_a_feed_comes_back_as_it_was_stored_with_its_number(store: Store) -> None:
    Story.begin(store=store)
    with store.writing() as unit:
        one, other = unit.feeds.add(feed()), unit.feeds.add(feed(digest="e"))
    assert one == replace(feed(), number=one.number)
    with store.reading() as unit:
        assert unit.feeds.of_person("1") == [one, other]
        assert unit.feeds.by_digest("d") == unit.feeds.get(one.number) == one
        assert unit.feeds.by_digest("D") is None
        assert unit.feeds.get(99) is None


def test_a_feed_is_revoked_once_and_for_ever(store: Store) -> None:
    Story.begin(store=store)
    with store.writing() as unit:
        number = unit.feeds.add(feed()).number
        unit.feeds.revoke(number, NOW)
        unit.feeds.revoke(number, LATER)
        found = unit.feeds.get(number)
    assert found is not None
    assert found.revoked_at == NOW


def test_fetches_are_counted_with_the_last_program(store: Store) -> None:
    Story.begin(store=store)
    with store.writing() as unit:
        number = unit.feeds.add(feed()).number
        unit.feeds.fetched(number, NOW, "iOS")
        unit.feeds.fetched(number, LATER, "curl")
        unit.feeds.changed(number, "etag", LATER)
        found = unit.feeds.get(number)
    assert found is not None
    assert (found.fetches, found.fetched_at, found.fetched_by) == (2, LATER, "curl")
    assert (found.etag, found.changed_at) == ("etag", LATER)


def test_the_stamp_moves_with_every_fact_and_with_nothing_else(store: Store) -> None:
    story = Story.begin(store=store)

    def stamp() -> str:
        with store.reading() as unit:
            return unit.feeds.stamp(story.person)

    seen = [stamp()]
    assert stamp() == seen[0]
    story.now = NOW
    with store.writing() as unit:
        plan = unit.plans.of_person(story.person)[0]
        take_dose(story.book(unit), plan, "1-20260302-1", Taking(at=NOW, now=NOW))
    seen.append(stamp())
    story.shift(2)
    seen.append(stamp())
    with store.writing() as unit:
        unit.settings.put(story.person, "events", {"refill": False}, LATER)
    seen.append(stamp())
    with store.writing() as unit:
        person = unit.people.by_id(story.person)
        assert person is not None
        unit.people.save(replace(person, name="somebody else"), LATER)
    seen.append(stamp())
    assert len(set(seen)) == len(seen)
    with store.writing() as unit:
        number = unit.feeds.add(feed()).number
        unit.feeds.fetched(number, LATER, "curl")
    assert stamp() == seen[-1]


def test_what_was_announced_is_kept_by_place_and_the_newest_counts(store: Store) -> None:
    with store.writing() as unit:
        unit.announcements.put("feed:1", [ROW, ROW._replace(uid="other", starts=5)])
        unit.announcements.put("feed:2", [ROW])
        unit.announcements.put("feed:1", [ROW._replace(sequence=9, gone=True)])
        unit.announcements.put("feed:1", [])
    with store.reading() as unit:
        assert unit.announcements.of("feed:2") == {"uid": ROW}
        assert unit.announcements.of("feed:1")["uid"] == ROW._replace(sequence=9, gone=True)
        assert unit.announcements.of("feed:3") == {}
    with store.writing() as unit:
        unit.announcements.prune("feed:1", 1_000)
        assert unit.announcements.of("feed:1").keys() == {"uid"}
        assert unit.announcements.of("feed:2").keys() == {"uid"}


def test_a_link_comes_back_whole_is_saved_and_forgotten(store: Store) -> None:
    Story.begin(store=store)
    with store.writing() as unit:
        one = unit.caldav_links.add(link())
        assert one == replace(link(), number=one.number)
        saved = replace(one, sync_token="t", known={}, synced_at=LATER, trouble="x")  # no secret
        unit.caldav_links.save(saved)
    with store.writing() as unit:
        assert unit.caldav_links.of_person("1") == unit.caldav_links.all() == [saved]
        unit.caldav_links.remove(one.number)
        assert unit.caldav_links.get(one.number) is None
        assert unit.caldav_links.of_person("1") == []
        with pytest.raises(KeyError):
            unit.caldav_links.save(saved)
