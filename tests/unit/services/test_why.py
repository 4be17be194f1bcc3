"""One dose is explained: rule, phase, revision, clock, tablets, source."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.unit.services.plans import House, local
from tests.unit.services.stories import Story

from medsched.domain.dose import UnknownDose
from medsched.domain.walltime import ClockChange
from medsched.services import amendments
from medsched.services.why import clock_words, explain_dose, sentences

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def explained(dose: str, start: date = date(2026, 12, 1), *slots: time) -> dict[str, str]:
    house = House()
    house.start(start=start, slots=slots or None)
    with house.reading() as book:
        return {name: text.replace("\u00a0", " ") for name, text in sentences(
            explain_dose(book, dose, NOW)
        )}  # fmt: skip


def test_every_part_of_a_dose_is_explained() -> None:
    found = explained("1-20261204-1")

    assert list(found) == [
        "Dose", "When", "Clock", "Phase", "Tablets", "Rule", "Source", "Revision",
    ]  # fmt: skip
    assert found["Phase"].startswith("phase 3 (titration): 25 mg twice a day")
    assert found["Tablets"] == "1 times 25 mg makes 25 mg"
    assert found["Rule"].startswith("R06: Days 4 to 7")
    assert found["Revision"].startswith("1 (start), made on")


def test_the_spring_gap_moves_a_dose_and_says_by_how_much() -> None:
    found = explained("1-20270328-1", date(2027, 3, 20), time(2, 30), time(14, 30))

    assert found["Clock"].startswith("02:30 does not exist that day")
    assert "moves 60 minutes later to 03:30" in found["Clock"]


def test_the_autumn_fold_is_the_first_of_the_two() -> None:
    house = House()
    house.start(start=date(2027, 10, 25), slots=(time(2, 30), time(14, 30)))
    with house.reading() as book:
        found = explain_dose(book, "1-20271031-1", NOW)

    assert found.arithmetic.change is ClockChange.REPEATED
    assert found.arithmetic.offset == timedelta(hours=2)
    assert "the first of the two" in clock_words(found.arithmetic)


@pytest.mark.parametrize("dose", ["1-20261201-2", "2-20261201-1", "plan-20261201-1"])
def test_a_dose_that_is_not_stored_is_unknown(dose: str) -> None:
    house = House()
    house.start()

    with house.reading() as book, pytest.raises(UnknownDose):
        explain_dose(book, dose, NOW)


def test_a_dose_stands_where_every_other_page_says_that_it_does() -> None:
    house = House()
    house.start()
    house.take("2026-12-01 08:03")
    with house.reading() as book:
        status = {
            dose: explain_dose(book, dose, local("2026-12-02 08:10")).status
            for dose in ("1-20261201-1", "1-20261202-1", "1-20261202-2")
        }
    assert list(status.values()) == ["taken", "due", "upcoming"]


def test_a_dose_on_hold_is_not_called_withdrawn() -> None:
    story = Story.begin().at(date(2026, 3, 22))
    story.amend(lambda book, plan: amendments.hold(book, plan, story.asked(), 2))
    with story.store.reading() as unit:
        found = explain_dose(story.book(unit), "1-20260323-1", story.now)
    assert dict(sentences(found))["Status"] == "on hold: do not take this dose"
