"""One dose is explained: rule, phase, revision, clock, tablets, source."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from tests.unit.services.plans import House

from medsched.domain.dose import UnknownDose
from medsched.domain.walltime import ClockChange
from medsched.services.why import clock_words, explain_dose, sentences


def explained(dose: str, start: date = date(2026, 12, 1), *slots: time) -> dict[str, str]:
    house = House()
    house.start(start=start, slots=slots or None)
    with house.reading() as book:
        return {name: text.replace("\u00a0", " ") for name, text in sentences(
            explain_dose(book, dose)
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
        found = explain_dose(book, "1-20271031-1")

    assert found.arithmetic.change is ClockChange.REPEATED
    assert found.arithmetic.offset == timedelta(hours=2)
    assert "the first of the two" in clock_words(found.arithmetic)


@pytest.mark.parametrize("dose", ["1-20261201-2", "2-20261201-1", "plan-20261201-1"])
def test_a_dose_that_is_not_stored_is_unknown(dose: str) -> None:
    house = House()
    house.start()

    with house.reading() as book, pytest.raises(UnknownDose):
        explain_dose(book, dose)
