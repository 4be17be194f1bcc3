"""Doses and phases in sentences for people."""

from __future__ import annotations

import pytest
from tests.unit.services.plans import drafted

from medsched.domain.amount import amount
from medsched.services.dose_words import (
    changes,
    dosage_words,
    dose_words,
    length_of,
    often_words,
    step_words,
)

BY_WEEKDAY = (
    "once a day at 18:00, by weekday: 5 mg on Monday, Wednesday and Friday;"
    " 2.5 mg on Tuesday, Thursday, Saturday and Sunday"
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_dose_is_its_amount_and_its_pieces() -> None:
    prescription = drafted("methotrexate").prescription

    assert plain(dose_words(amount("7.5 mg"), prescription)) == "7.5 mg: 3 tablets of 2.5 mg"


@pytest.mark.parametrize(
    ("medicine", "words"),
    [
        ("milnacipran", "12.5 mg once a day"),
        ("methotrexate", "7.5 mg once a week, on Monday, NOT daily"),
        ("amoxicillin", "500 mg every 8 hours"),
        ("gabapentin", "300 mg at bedtime"),
        ("warfarin", BY_WEEKDAY),
    ],
)
def test_a_dosage_is_what_and_how_often(medicine: str, words: str) -> None:
    assert plain(dosage_words(drafted(medicine).course.phases[0].dosage)) == words


def test_a_hold_has_no_doses() -> None:
    assert dosage_words(None) == "no doses"


def test_a_change_of_dose_is_old_and_new_with_its_first_date() -> None:
    assert [plain(one) for one in changes(drafted().course)] == [
        "from 12.5 mg once a day to 12.5 mg twice a day, starting Wednesday 2 December 2026",
        "from 12.5 mg to 25 mg twice a day, starting Friday 4 December 2026",
        "from 25 mg to 50 mg twice a day, starting Tuesday 8 December 2026",
    ]


def test_a_phase_has_its_place_and_its_length() -> None:
    course = drafted().course
    third, last = course.phases[2], course.phases[3]

    assert plain(step_words(course, third)) == "step 3 of 4"
    assert (length_of(third), length_of(last)) == ("4 days", "until told otherwise")
    assert third.dosage is not None
    assert often_words(third.dosage) == "twice a day"
