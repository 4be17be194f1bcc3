"""Doses become entries: what they say, whose identity they keep, which version they have."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.services.stories import KEY, Story

from medsched.domain.dose import DoseKey
from medsched.services.amendments import hold
from medsched.services.book import dose_id
from medsched.services.feed_entry import EntryStatus, FeedEntry
from medsched.services.publish import (
    entry_uid,
    named_uid,
    plan_entries,
    rows_by_uid,
    whole,
    withdrawn_entries,
)
from medsched.services.publish_how import Publication
from medsched.services.record import last_record, skip_dose, take_dose, undo
from medsched.services.taking import Taking

START = date(2026, 3, 2)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2026, 12, 1, tzinfo=UTC)


def entries(story: Story, how: Publication | None = None) -> list[FeedEntry]:
    with story.store.reading() as unit:
        plans = unit.plans.of_person(story.person)
        return plan_entries(story.book(unit), plans, SINCE, UNTIL, how or Publication())


def take(story: Story, dose: str, at: datetime) -> None:
    with story.store.writing() as unit:
        book = story.book(unit)
        plan = unit.plans.of_person(story.person)[0]
        take_dose(book, plan, dose, Taking(at=at, now=story.now))


def of(story: Story, dose: str, how: Publication | None = None) -> FeedEntry:
    uid = entry_uid(KEY, dose)
    return next(one for one in entries(story, how) if one.uid == uid)


FIRST = "1-20260302-1"


def test_every_stored_dose_is_one_entry_at_its_instant() -> None:
    story = Story.begin()
    with story.store.reading() as unit:
        rows = story.book(unit).rows(story.plan(), SINCE, UNTIL)
    assert [one.starts.timestamp() for one in entries(story)] == [row.due for row in rows]
    assert [one.uid for one in entries(story)] == [entry_uid(KEY, dose_id(row)) for row in rows]


@given(st.uuids(), st.text(max_size=40))
def test_a_uid_is_what_rfc_9562_says(space: uuid.UUID, name: str) -> None:
    name = name.encode(errors="replace").decode()
    assert named_uid(space.bytes, name) == str(uuid.uuid5(space, name))


def test_a_uid_holds_nothing_but_the_key_the_day_and_the_place() -> None:
    """The number of the prescription differs from database to database."""
    here, there = (str(DoseKey(number, START, 1)) for number in ("1", "77"))
    assert entry_uid(KEY, here) == entry_uid(KEY, there)


def test_an_entry_says_pieces_amount_step_late_line_and_disclaimer() -> None:
    lines = of(Story.begin(), FIRST).description.replace("\u00a0", " ").splitlines()
    assert lines[0].startswith("Take 1 tablet of 12.5 mg (12.5 mg)")
    assert lines[1].startswith("Step 1 of 4")
    assert any("Never take two doses at once" in line for line in lines)
    assert "not medical advice" in lines[-1]


def test_the_first_day_of_another_dose_says_old_and_new() -> None:
    changes = [one for one in entries(Story.begin()) if "Change of dose" in one.description]
    assert changes
    assert all("from " in one.description and " to " in one.description for one in changes)
    days = {one.starts.date() for one in changes}
    assert START not in days


def test_a_taken_dose_keeps_its_entry_and_loses_its_alarm() -> None:
    story = Story.begin()
    before = of(story, FIRST)
    story.at(START, 8, 5)
    take(story, FIRST, story.now)
    after = of(story, FIRST)
    assert (before.alarms, after.alarms) == ((0,), ())
    assert after.starts == before.starts
    assert after.sequence == before.sequence + 1
    assert after.revised == whole(story.now)
    assert after.completed == story.now
    assert "Taken on Monday 2 March 2026 at 08:05." in after.description


def test_the_clock_of_the_words_is_a_setting() -> None:
    story = Story.begin().at(START, 8, 5)
    take(story, FIRST, story.now)
    assert "at 8:05 AM." in of(story, FIRST, Publication(hours24=False)).description


def test_a_skipped_dose_loses_its_alarm_and_is_not_completed() -> None:
    story = Story.begin().at(START, 8, 5)
    with story.store.writing() as unit:
        plan = unit.plans.of_person(story.person)[0]
        skip_dose(story.book(unit), plan, FIRST, reason="ill", by="me", now=story.now)
    after = of(story, FIRST)
    assert after.alarms == ()
    assert after.completed is None
    assert "Skipped on" in after.description


def test_a_record_made_in_error_gives_the_alarm_back_in_a_later_version() -> None:
    story = Story.begin().at(START, 8, 5)
    take(story, FIRST, story.now)
    taken = of(story, FIRST)
    story.at(START, 8, 9)
    with story.store.writing() as unit:
        plan = unit.plans.of_person(story.person)[0]
        book = story.book(unit)
        wrong = last_record(book, [plan], FIRST)
        undo(book, plan, wrong, reason="", by="", now=story.now)
    again = of(story, FIRST)
    assert again.alarms == (0,)
    assert (again.sequence, again.revised) > (taken.sequence, taken.revised)


def test_alarms_lengths_and_links_are_as_asked() -> None:
    how = Publication(alarms=(15, 0), minutes=5, link=lambda row: f"https://x/{row.day}")
    one = of(Story.begin(), FIRST, how)
    assert (one.alarms, one.minutes) == ((15, 0), 5)
    assert one.url == f"https://x/{START.toordinal()}"


def test_a_held_plan_has_no_entries_while_it_is_held() -> None:
    story = Story.begin().at(date(2026, 3, 20))
    story.amend(lambda book, plan: hold(book, plan, story.asked(), None))
    assert max(one.starts for one in entries(story)) < datetime(2026, 3, 22, tzinfo=UTC)


def test_what_is_withdrawn_can_be_told_as_cancelled_with_a_higher_sequence() -> None:
    story = Story.begin()
    before = {one.uid: one for one in entries(story)}
    story.at(date(2026, 3, 20)).stop(date(2026, 3, 21), abruptly=True)
    with story.store.reading() as unit:
        plans = unit.plans.of_person(story.person)
        gone = withdrawn_entries(story.book(unit), plans, SINCE, UNTIL)
    assert gone
    for one in gone:
        assert one.status is EntryStatus.CANCELLED
        assert one.alarms == ()
        assert one.sequence > before[one.uid].sequence
        assert one.revised > before[one.uid].revised


def test_a_uid_leads_back_to_its_dose() -> None:
    story = Story.begin()
    with story.store.reading() as unit:
        plans = unit.plans.of_person(story.person)
        found = rows_by_uid(story.book(unit), plans, SINCE, UNTIL)
    assert dose_id(found[entry_uid(KEY, FIRST)][1]) == FIRST


@pytest.mark.parametrize("micro", [0, 1, 999_999])
def test_a_version_is_in_whole_seconds_and_never_before_its_cause(micro: int) -> None:
    at = datetime(2026, 3, 2, 8, 0, 59, micro, tzinfo=UTC)
    assert whole(at).microsecond == 0
    assert timedelta() <= whole(at) - at < timedelta(seconds=1)
