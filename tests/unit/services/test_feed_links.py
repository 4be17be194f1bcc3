"""A link in a dose of a feed: always the same, made from the feed's secret, of use once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.stories import Story
from tests.unit.services.test_feeds import SETTINGS, TOKEN, add

from medsched.errors import InvalidValue
from medsched.services.feed_links import link_text
from medsched.services.feeds import FeedChoice, feed_entries
from medsched.services.one_tap import look_at, press
from medsched.services.publish_how import NamesShown

if TYPE_CHECKING:
    from medsched.services.feed_entry import FeedEntry

CHOICE = FeedChoice(names=NamesShown.FULL, links=True, address="https://meds.example.org")
FIRST = "1-20260302-1"


def published(story: Story) -> list[FeedEntry]:
    with story.store.writing() as unit:
        (feed,) = unit.feeds.of_person(story.person)
        return feed_entries(story.book(unit), feed, SETTINGS, story.now, TOKEN)


def test_a_link_is_the_same_each_time_and_another_for_each_dose_and_feed() -> None:
    story = Story.begin()
    add(story, TOKEN, CHOICE)
    links = [one.url for one in published(story)]
    assert links == [one.url for one in published(story)]
    assert None not in links
    assert len(set(links)) == len(links)
    assert links[0] == f"https://meds.example.org/act/{link_text(TOKEN, FIRST)}"
    assert link_text(TOKEN, FIRST) != link_text("other", FIRST)


def test_a_link_records_its_dose_once_and_is_gone_from_the_entry() -> None:
    story = Story.begin()
    add(story, TOKEN, CHOICE)
    published(story)
    story.at(date(2026, 3, 2), 8, 1)
    text = link_text(TOKEN, FIRST)
    with story.store.writing() as unit:
        offered = look_at(unit, text, story.now)
        assert offered is not None
        assert offered.button
        assert unit.records.settling(FIRST) is None
        press(unit, text, story.now)
        record = unit.records.settling(FIRST)
    assert record is not None
    assert record.at == story.now
    assert published(story)[0].url is None


def test_a_dose_that_is_long_over_has_no_link() -> None:
    story = Story.begin()
    add(story, TOKEN, CHOICE)
    story.at(date(2026, 3, 5))
    over = [one for one in published(story) if one.starts < story.now - timedelta(days=2)]
    assert over
    assert {one.url for one in over} == {None}


@pytest.mark.parametrize(
    "choice",
    [
        FeedChoice(links=True, address="https://meds.example.org"),
        FeedChoice(names=NamesShown.FULL, links=True),
    ],
)
def test_links_need_names_and_somewhere_to_lead(choice: FeedChoice) -> None:
    with pytest.raises(InvalidValue, match="--names full"):
        add(Story.begin(), TOKEN, choice)
