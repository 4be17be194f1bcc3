"""What is not meant any more: each dose near the change, and one sentence for all the rest."""

from __future__ import annotations

from datetime import date, timedelta

from tests.unit.services.stories import Story

from medsched.domain.amount import amount
from medsched.domain.dose import DoseStatus
from medsched.services import amendments
from medsched.services.agenda import agenda
from medsched.services.folding import Fold, folded

START = date(2026, 3, 2)
DAY = timedelta(days=1)
TODAY = START + 20 * DAY


def seen(story: Story, days: int = 30) -> tuple[list[tuple[int, str]], tuple[Fold, ...]]:
    """Return (days from today, status) of the lines that are shown, and the sentences."""
    with story.store.reading() as unit:
        book = story.book(unit)
        lines, folds = folded(book, agenda(book, TODAY, TODAY + days * DAY, story.now).lines)
    return [((one.dose.day - TODAY).days, one.status.value) for one in lines], folds


def test_a_stop_shows_a_week_of_cancelled_doses_and_then_a_sentence() -> None:
    story = Story.begin().at(TODAY)
    story.stop(TODAY + DAY, abruptly=True)
    lines, (fold,) = seen(story)
    gone = [day for day, status in lines if status == "cancelled"]
    assert sorted(set(gone)) == list(range(1, 8))
    assert fold.sentence == ("milnacipran: stopped on Monday 23 March 2026, no doses from then on.")
    assert (fold.day, fold.on_hold) == (TODAY + 8 * DAY, False)


def test_after_a_taper_the_stop_is_the_day_after_its_last_dose() -> None:
    story = Story.begin().at(TODAY + 10 * DAY)
    story.stop(TODAY + 11 * DAY)
    _lines, folds = seen(story, 59)
    sentences = [one.sentence for one in folds]
    assert any(one.endswith("Do not take them.") for one in sentences), "the evening doses"
    assert sentences[-1] == (
        "milnacipran: stopped on Thursday 23 April 2026, no doses from then on."
    )


def test_an_open_pause_waits_to_be_resumed() -> None:
    story = Story.begin().at(TODAY)
    story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(), None))
    lines, (fold,) = seen(story)
    assert {day for day, status in lines if status == "held"} == set(range(1, 8))
    assert fold.on_hold
    assert fold.sentence == (
        "milnacipran: on hold since Monday 23 March 2026, no doses until it is resumed."
    )


def test_a_stop_of_a_plan_on_hold_ends_the_pause_too() -> None:
    story = Story.begin().at(TODAY)
    story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(), None))
    story.at(TODAY + 3 * DAY)
    story.stop(TODAY + 5 * DAY, abruptly=True)
    lines, (fold,) = seen(story)
    held = {day for day, status in lines if status == "held"}
    assert (held, fold.on_hold) == (set(range(1, 5)), False)
    assert "stopped on Friday 27 March 2026" in fold.sentence


def test_a_long_pause_says_when_it_ends() -> None:
    story = Story.begin().at(TODAY)
    story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(), 10))
    lines, (fold,) = seen(story)
    assert {day for day, status in lines if status == "upcoming"} >= {11, 12}
    assert "on hold from Monday 23 March 2026 to Wednesday 1 April 2026" in fold.sentence


def test_doses_that_a_change_leaves_out_are_counted() -> None:
    story = Story.begin().at(TODAY)
    story.stop(TODAY + DAY, over=28)
    story.amend(lambda book, plan: amendments.extend(book, plan, story.asked(), 2))
    _lines, folds = seen(story)
    (left_out,) = [one.sentence for one in folds if "not planned any more" in one.sentence]
    assert left_out.startswith("milnacipran: ")
    assert "since the change of" in left_out


def test_a_plan_that_runs_has_nothing_to_fold() -> None:
    story = Story.begin().at(TODAY)
    story.amend(
        lambda book, plan: amendments.change_target(book, plan, story.asked(), amount("150 mg"))
    )
    lines, folds = seen(story)
    assert folds == ()
    assert len(lines) == len(story.agenda(TODAY, TODAY + 30 * DAY).lines)


def test_the_facts_of_an_agenda_stay_whole() -> None:
    """Only the pages are short: the agenda itself, and so its JSON, has every dose."""
    story = Story.begin().at(TODAY)
    story.stop(TODAY + DAY, abruptly=True)
    lines = story.agenda(TODAY + 10 * DAY, TODAY + 12 * DAY).lines
    assert [one.status for one in lines] == [DoseStatus.CANCELLED] * 6
    assert {one.withdrawn_by for one in lines} == {2}
