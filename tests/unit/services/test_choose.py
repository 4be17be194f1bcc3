"""Which plan and which dose somebody means who names a medicine, an id, or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.services.plans import House, local

from medsched.domain.dose import UnknownDose
from medsched.services.choose import (
    as_needed_dosage,
    ended,
    is_dated,
    is_dose_id,
    open_dose,
    plan_of_dose,
    plan_taken,
)
from medsched.services.record_refusals import NoneIsOpen, WhichDose
from medsched.services.taking import Taking


def taking(at: str) -> Taking:
    return Taking(at=local(at), now=local(at))


@pytest.mark.parametrize(
    ("text", "is_id"),
    [
        ("1-20261201-1", True),
        ("12-20261201-102", True),
        ("milnacipran", False),
        ("1-2026-1", False),
    ],
)
def test_an_id_is_told_from_a_name(text: str, is_id: bool) -> None:
    assert is_dose_id(text) is is_id


def test_the_plan_of_a_dose_is_the_persons_own() -> None:
    house = House()
    house.start()

    with house.reading() as book:
        assert plan_of_dose(book, "1-20261201-1").number == 1
        with pytest.raises(UnknownDose):
            plan_of_dose(book, "2-20261201-1")


def test_nothing_named_means_the_plan_whose_dose_fits_the_time() -> None:
    from datetime import time

    house = House()
    house.start(slots=(time(8), time(20)))
    house.start("sertraline", slots=(time(15),))

    with house.reading() as book:
        assert plan_taken(book, "", taking("2026-12-01 08:05")).number == 1
        assert plan_taken(book, "", taking("2026-12-02 15:00")).number == 2


def test_two_doses_of_the_same_time_are_asked_about() -> None:
    house = House()
    house.start()
    house.start("sertraline")

    with house.reading() as book, pytest.raises(WhichDose, match="milnacipran"):
        plan_taken(book, "", taking("2026-12-01 08:00"))


def test_the_one_open_dose_is_meant_and_one_to_come_is_named() -> None:
    """A `skip` that is given twice does not leave out the next dose as well."""
    house = House()
    house.start()

    with house.reading() as book:
        assert open_dose(book, "", local("2026-12-02 08:10")).dose.id == "1-20261202-1"
        with pytest.raises(NoneIsOpen, match=r"name it: 1-20261202-1 \(milnacipran, .*08:00"):
            open_dose(book, "milnacipran", local("2026-12-02 03:00"))


def test_only_a_dosage_only_if_needed_is_one() -> None:
    house = House()
    dated, needed = house.start(), house.start("paracetamol")

    with house.reading() as book:
        assert as_needed_dosage(book, dated, date(2026, 12, 1)) is None
        assert as_needed_dosage(book, needed, date(2026, 12, 1)) is not None
        assert as_needed_dosage(book, needed, date(2026, 11, 30)) is None
        assert is_dated(book, dated, taking("2026-12-01 08:00"))
        assert not is_dated(book, needed, taking("2026-12-01 08:00"))


def test_a_plan_has_ended_two_days_after_its_last_day() -> None:
    house = House()
    house.start("amoxicillin")

    with house.reading() as book:
        course = book.course(1, 1)
        assert not ended(course, book, local("2026-12-10 12:00"))
        assert ended(course, book, local("2026-12-11 12:00"))
