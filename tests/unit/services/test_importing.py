"""A calendar read back: which doses are meant, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.contract.calendar_cases import entry
from tests.unit.services.stories import Story
from tests.unit.services.test_publish import FIRST, entries, of, take

from medsched.services.feed_entry import EntryStatus, FeedEntry
from medsched.services.importing import Imported, Match, bring_over, compare, done_of
from medsched.services.publish_how import Publication


def compared(story: Story, *file: FeedEntry) -> list[Imported]:
    with story.store.reading() as unit:
        return compare(story.book(unit), file)


def brought(story: Story, file: list[FeedEntry]) -> list[Imported]:
    with story.store.writing() as unit:
        book = story.book(unit)
        return bring_over(book, compare(book, file), story.now)


def test_each_entry_of_one_s_own_file_is_its_dose() -> None:
    story = Story.begin()
    found = compared(story, *entries(story))
    assert {one.match for one in found} == {Match.SAME}
    assert found[0].dose == FIRST


def test_a_dose_that_was_moved_is_still_the_same_dose() -> None:
    story = Story.begin()
    one = of(story, FIRST)
    (found,) = compared(story, replace(one, starts=one.starts + timedelta(hours=1)))
    assert (found.match, found.dose) == (Match.MOVED, FIRST)


def test_a_plan_that_was_begun_anew_is_found_by_instant_and_words() -> None:
    story = Story.begin()
    one = of(story, FIRST)
    (found,) = compared(story, replace(one, uid="another"))
    assert (found.match, found.dose) == (Match.ALIKE, FIRST)
    (other,) = compared(story, replace(one, uid="another", summary="something else"))
    assert (other.match, other.dose) == (Match.UNKNOWN, "")


def test_what_is_taken_back_and_what_is_unknown_is_no_dose() -> None:
    story = Story.begin()
    gone = replace(of(story, FIRST), status=EntryStatus.CANCELLED)
    found = compared(story, gone, entry(uid="x"))
    assert [one.match for one in found] == [Match.CANCELLED, Match.UNKNOWN]
    assert compared(story) == []


@pytest.mark.parametrize("hours24", [True, False])
def test_records_come_over_once_at_the_minute_they_were_made(hours24: bool) -> None:
    old = Story.begin().at(date(2026, 3, 3), 20, 5)
    take(old, "1-20260303-2", old.now)
    file = entries(old, Publication(hours24=hours24))
    new = Story.begin().at(date(2026, 3, 9))
    found = [one for one in brought(new, file) if one.recorded]
    assert [(one.dose, one.at) for one in found] == [("1-20260303-2", old.now)]
    assert of(new, "1-20260303-2").completed == old.now
    assert not any(one.recorded for one in brought(new, file))


def test_a_dose_that_was_skipped_comes_over_as_skipped() -> None:
    story = Story.begin().at(date(2026, 3, 9))
    text = "Skipped on Monday 2 March 2026 at 08:05."
    (found,) = brought(story, [replace(of(story, FIRST), description=text)])
    assert (found.done, found.recorded) == ("skipped", True)
    assert of(story, FIRST).alarms == ()


def test_what_cannot_be_recorded_is_told_and_the_rest_goes_on() -> None:
    story = Story.begin().at(date(2026, 3, 2), 7)
    text = "Taken on Monday 2 March 2026 at 08:05."
    (found,) = brought(story, [replace(of(story, FIRST), description=text)])
    assert not found.recorded
    assert found.trouble


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Taken on Monday 31 February 2026 at 08:05.",
        "Taken on Monday 2 March 2026 at 99:99.",
        "Taken on Monday 2 March 0000 at 08:05.",
        "Taken on Monday 2 March 2026 at whenever.",
        "I have Taken on Monday 2 March 2026 at 08:05. really",
    ],
)
def test_words_that_are_not_ours_tell_of_nothing(text: str) -> None:
    story = Story.begin()
    with story.store.reading() as unit:
        assert done_of(text, story.book(unit)) == ("", None)


def test_noon_and_midnight_are_read_as_they_are_written() -> None:
    story = Story.begin()
    with story.store.reading() as unit:
        book = story.book(unit)
        at = [
            done_of(f"Taken on Monday 2 March 2026 at {one}.", book)[1]
            for one in ("12 noon", "midnight", "12:05 PM", "12:05 AM")
        ]
    day = datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert at == [
        day + timedelta(hours=12),
        day,
        day + timedelta(hours=12, minutes=5),
        day + timedelta(minutes=5),
    ]
