"""One plan through its life, seen by subscribers: after each change exactly the current doses.

The subscribers are the models of `test_calendar_subscriber`: one takes over an entry if
any of SEQUENCE, DTSTAMP or LAST-MODIFIED moved, one looks at LAST-MODIFIED alone, one at
SEQUENCE alone; all of them take down what is gone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from tests.contract.test_calendar_subscriber import NEWER, Subscriber
from tests.unit.services.stories import KEY, Story

from medsched.calendar.render import render
from medsched.services.amendments import change_target, change_times, hold, resume
from medsched.services.book import dose_id
from medsched.services.exporting import file_entries
from medsched.services.feeds import FeedChoice, FeedSettings, add_feed, feed_entries, form_of
from medsched.services.publish import entry_uid, file_form
from medsched.services.publish_how import NamesShown, Publication
from medsched.services.record import last_record, take_dose, undo
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from medsched.services.feed_ports import Feed

SETTINGS = FeedSettings(past_days=14, future_days=21)
BACK, AHEAD = timedelta(days=14), timedelta(days=20)
Rings = bool


def take(story: Story, dose: str) -> None:
    with story.store.writing() as unit:
        plan = unit.plans.of_person(story.person)[0]
        take_dose(story.book(unit), plan, dose, Taking(at=story.now, now=story.now))


def take_back(story: Story, dose: str) -> None:
    with story.store.writing() as unit:
        book = story.book(unit)
        plan = unit.plans.of_person(story.person)[0]
        undo(book, plan, last_record(book, [plan], dose), reason="", by="", now=story.now)


def life(story: Story) -> Iterator[str]:
    """Change one thing after another, and say what was changed."""
    yield "start"
    story.at(date(2026, 3, 2), 8, 10)
    take(story, "1-20260302-1")
    yield "taken"
    story.at(date(2026, 3, 2), 8, 20)
    take_back(story, "1-20260302-1")
    yield "taken back"
    story.at(date(2026, 3, 3), 12)
    story.amend(lambda book, plan: change_times(book, plan, story.asked(), (time(9), time(21))))
    yield "moved"
    story.at(date(2026, 3, 12), 12)
    from medsched.domain.amount import amount

    story.amend(lambda book, plan: change_target(book, plan, story.asked(), amount("150 mg")))
    yield "changed"
    story.at(date(2026, 3, 15), 12)
    story.amend(lambda book, plan: hold(book, plan, story.asked(), None))
    yield "held"
    story.at(date(2026, 3, 18), 12)
    story.amend(lambda book, plan: resume(book, plan, story.asked()))
    yield "resumed"
    story.at(date(2026, 3, 20), 12).stop(date(2026, 3, 25), over=14)
    yield "stopped"


def doses_of(story: Story) -> dict[str, tuple[datetime, Rings]]:
    """Return the database's own list: UID, instant, whether it is still open."""
    with story.store.reading() as unit:
        book = story.book(unit)
        plan = unit.plans.of_person(story.person)[0]
        rows = book.rows(plan, story.now - BACK, story.now + AHEAD)
        settled = {dose_id(row): unit.records.settling(dose_id(row)) for row in rows}
    return {
        entry_uid(KEY, dose_id(row)): (
            datetime.fromtimestamp(row.due, UTC),
            settled[dose_id(row)] is None,
        )
        for row in rows
    }


def add(story: Story, names: NamesShown) -> Feed:
    with story.store.writing() as unit:
        return add_feed(story.book(unit), names.value * 9, FeedChoice(names=names), story.now)


def fetched(story: Story, feed: Feed) -> bytes:
    with story.store.writing() as unit:
        entries = feed_entries(story.book(unit), feed, SETTINGS, story.now)
    data: bytes = render(entries, form_of(feed))
    return data


def shown(subscriber: Subscriber, story: Story) -> dict[str, tuple[datetime, Rings]]:
    low, high = story.now - BACK, story.now + AHEAD
    return {
        uid: (at, bool(alarms))
        for uid, (at, _summary, alarms) in subscriber.shows().items()
        if low <= at < high
    }


@pytest.mark.parametrize("names", list(NamesShown))
def test_after_each_change_every_subscriber_shows_exactly_the_current_doses(
    names: NamesShown,
) -> None:
    story = Story.begin()
    feed = add(story, names)
    subscribers = {name: Subscriber(newer) for name, newer in NEWER.items()}
    changes = []
    for change in life(story):
        changes.append(change)
        data = fetched(story, feed)
        assert fetched(story, feed) == data
        for name, subscriber in subscribers.items():
            subscriber.refresh(data)
            assert shown(subscriber, story) == doses_of(story), (change, name)
    assert len(changes) == 8


def test_the_texts_are_current_too() -> None:
    story = Story.begin()
    feed = add(story, NamesShown.FULL)
    subscriber = Subscriber(NEWER["any of the three"])
    for change in life(story):
        data = fetched(story, feed)
        subscriber.refresh(data)
        now = {str(part["UID"]): str(part["DESCRIPTION"]) for part in parts_of(data)}
        kept = {uid: str(part["DESCRIPTION"]) for uid, part in subscriber.kept.items()}
        assert kept == now, change


def parts_of(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def in_a_feed(story: Story) -> set[str]:
    return uids(fetched(story, add(story, NamesShown.FULL)))


def in_a_hidden_feed(story: Story) -> set[str]:
    return uids(fetched(story, add(story, NamesShown.HIDDEN)))


def in_a_file(story: Story) -> set[str]:
    since, until = story.now - BACK, story.now + AHEAD
    with story.store.writing() as unit:
        how = Publication()
        entries = file_entries(story.book(unit), since, until, story.now, how)
    return uids(render(entries, file_form("x")))


def on_a_server(story: Story) -> set[str]:
    from tests.unit.services.test_caldav_sync import Server

    from medsched.services.caldav_sync import Sync
    from medsched.services.feed_ports import CalDavLink

    server = Server()
    with story.store.writing() as unit:
        link = CalDavLink(
            person=story.person,
            url="https://x/",
            username="me",
            password="x",  # nobody's
            created_at=story.now,
            names=NamesShown.FULL,
        )
        number = unit.caldav_links.add(link).number
    Sync(story.store, SETTINGS, lambda _link: server).run(number, story.now)
    return set(server.held)


def uids(data: bytes) -> set[str]:
    return {str(part["UID"]) for part in parts_of(data)}


@pytest.mark.parametrize(
    "place", [in_a_feed, in_a_hidden_feed, in_a_file, on_a_server], ids=lambda one: one.__name__
)
def test_the_same_doses_have_the_same_names_in_feed_file_and_on_a_server(
    place: Callable[[Story], set[str]],
) -> None:
    story = Story.begin()
    for _change in life(story):
        pass
    wanted = set(doses_of(story))
    near = place(story)
    assert wanted <= near
    assert len(near - wanted) <= 4  # the whole days of a window hold a little more
