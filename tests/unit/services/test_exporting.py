"""A file takes back what an earlier file showed, and mentions nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.unit.services.stories import Story

from medsched.services.exporting import file_entries, lasting_entries
from medsched.services.feed_entry import EntryStatus, FeedEntry
from medsched.services.publish_how import NamesShown, Publication


def exported(story: Story, days: int = 50, names: NamesShown = NamesShown.FULL) -> list[FeedEntry]:
    since = story.now - timedelta(days=400)
    with story.store.writing() as unit:
        return file_entries(
            story.book(unit),
            since,
            story.now + timedelta(days=days),
            story.now,
            Publication(names=names),
        )


def gone(entries: list[FeedEntry]) -> dict[str, FeedEntry]:
    return {one.uid: one for one in entries if one.status is EntryStatus.CANCELLED}


def stopped(story: Story) -> Story:
    story.at(date(2026, 3, 20)).stop(date(2026, 3, 21), abruptly=True)
    return story


def test_what_was_exported_and_is_withdrawn_is_cancelled_once_and_for_good() -> None:
    story = Story.begin()
    first = {one.uid: one for one in exported(story)}
    second = gone(exported(stopped(story)))
    assert second
    assert all(one.sequence > first[uid].sequence for uid, one in second.items())
    assert all(one.alarms == () for one in second.values())
    assert gone(exported(story)) == second


def test_what_was_never_exported_is_not_mentioned() -> None:
    assert gone(exported(stopped(Story.begin()))) == {}


def test_a_shorter_file_takes_nothing_back() -> None:
    story = Story.begin()
    exported(story)
    assert gone(exported(story, days=5)) == {}


def test_a_dose_that_comes_back_has_a_higher_version_than_its_cancellation() -> None:
    story = Story.begin()
    exported(story)
    story.at(date(2026, 3, 20))
    from medsched.services.amendments import hold, resume

    story.amend(lambda book, plan: hold(book, plan, story.asked(), None))
    cancelled = gone(exported(story))
    assert cancelled
    story.at(date(2026, 3, 20), 13)
    story.amend(lambda book, plan: resume(book, plan, story.asked()))
    back = {one.uid: one for one in exported(story) if one.status is EntryStatus.CONFIRMED}
    assert back.keys() & cancelled.keys()
    for uid in back.keys() & cancelled.keys():
        assert back[uid].sequence > cancelled[uid].sequence
        assert back[uid].revised > cancelled[uid].revised


def test_with_hidden_names_what_is_taken_back_has_no_name_either() -> None:
    story = Story.begin()
    exported(story, names=NamesShown.HIDDEN)
    told = exported(stopped(story), names=NamesShown.HIDDEN)
    assert gone(told)
    assert {(one.summary, one.description) for one in told} == {("Reminder", "")}


def test_a_file_of_series_is_not_remembered() -> None:
    story = Story.begin()
    since: datetime = story.now - timedelta(days=1)
    with story.store.writing() as unit:
        how = Publication()
        until = story.now + timedelta(days=20)
        assert lasting_entries(story.book(unit), since, until, story.now, how)
        assert unit.announcements.of(f"file:{story.person}") == {}
