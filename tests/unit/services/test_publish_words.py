"""The words of an entry: the same for all doses of a phase, notes in their place."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.unit.services.stories import Story

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.services.publish_how import Publication
from medsched.services.publish_words import Texts, settled_words, texts_of


def test_notes_come_after_the_dose_and_before_the_late_line() -> None:
    texts = Texts("summary", ("dose", "step"), ("late", "disclaimer"))
    assert texts.described("note").splitlines() == ["dose", "step", "note", "late", "disclaimer"]


def test_doses_of_one_phase_say_the_same_but_for_the_day_of_a_change() -> None:
    story = Story.begin()
    with story.store.reading() as unit:
        book = story.book(unit)
        rows = [row for row in story.rows() if row.phase == 2]
        protocol = book.protocol(book.revision(1, 1).prescription)
        said = [texts_of(book.explain(row), protocol) for row in rows]
    first = [one for one in said if any("Change of dose" in line for line in one.before)]
    assert len(first) == 2
    assert len(set(said)) == 2


def test_what_was_done_is_told_on_the_clock_where_it_was_done() -> None:
    story = Story.begin()
    record = Administration(
        prescription="1",
        status=AdministrationStatus.COMPLETED,
        at=datetime(2026, 7, 1, 18, tzinfo=UTC),
        recorded_at=datetime(2026, 7, 1, 18, tzinfo=UTC),
    )
    with story.store.reading() as unit:
        person = story.book(unit).person
    assert settled_words((), person, Publication()) == ()
    assert settled_words((record,), person, Publication()) == (
        "Taken on Wednesday 1 July 2026 at 20:00.",
    )
    assert date(2026, 7, 1).weekday() == 2
