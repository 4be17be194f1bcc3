"""What happened is recorded: each dose at most once, each intake for at most one dose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.services.plans import House, local

from medsched.domain.administration import AdministrationStatus
from medsched.domain.amount import amount
from medsched.domain.dose import UnknownDose
from medsched.errors import InvalidValue
from medsched.services import record
from medsched.services.agenda import followed
from medsched.services.record import take_dose
from medsched.services.record_refusals import (
    AlreadyRecorded,
    BeforeThePlan,
    NotAtThatTime,
    NothingToUndo,
    NotYetTaken,
)
from medsched.services.taking import Recorded, Taking


@pytest.fixture
def house() -> House:
    found = House()
    found.start()
    return found


def named(house: House, dose: str, at: str, now: str = "") -> Recorded:
    with house.writing() as book:
        taking = Taking(at=local(at), now=local(now or at))
        return take_dose(book, house.plan(), dose, taking)


def records(house: House) -> int:
    with house.reading() as book:
        return len(book.unit.records.of_plans([1]))


def test_an_intake_settles_the_dose_of_its_time(house: House) -> None:
    done = house.take("2026-12-01 08:03")

    assert done.dose is not None
    assert done.dose.id == "1-20261201-1"
    assert done.finding is None
    assert done.record.status is AdministrationStatus.COMPLETED


def test_the_same_dose_is_never_settled_twice(house: House) -> None:
    house.take("2026-12-01 08:03")

    with pytest.raises(AlreadyRecorded, match="already taken at 08:03"):
        house.take("2026-12-01 08:10")
    with pytest.raises(AlreadyRecorded):
        named(house, "1-20261201-1", "2026-12-01 08:10")
    assert records(house) == 1


def test_a_named_dose_is_not_taken_outside_its_window(house: House) -> None:
    with pytest.raises(NotAtThatTime, match="after this dose could be taken"):
        named(house, "1-20261202-1", "2026-12-02 14:01")

    assert records(house) == 0


def test_a_dose_that_nobody_planned_is_unknown(house: House) -> None:
    with pytest.raises(UnknownDose):
        named(house, "1-20261201-2", "2026-12-01 20:00")


def test_a_time_in_the_future_or_before_the_plan_is_refused(house: House) -> None:
    with pytest.raises(NotYetTaken):
        named(house, "1-20261201-1", "2026-12-01 08:00", now="2026-12-01 07:58")
    with pytest.raises(BeforeThePlan):
        named(house, "1-20261201-1", "2026-11-30 23:59", now="2026-12-01 08:00")


def test_clocks_that_differ_by_less_than_a_minute_are_no_future(house: House) -> None:
    done = named(house, "1-20261201-1", "2026-12-01 08:01", now="2026-12-01 08:00")

    assert done.record.at == local("2026-12-01 08:00")


def test_an_amount_is_said_in_the_medicines_unit(house: House) -> None:
    with pytest.raises(InvalidValue, match="say it in mg"):
        house.take("2026-12-01 08:00", amount=amount("5 mL"))


def test_a_skip_settles_a_dose_as_not_taken(house: House) -> None:
    with house.writing() as book:
        done = record.skip_dose(
            book,
            house.plan(),
            "1-20261201-1",
            reason="felt sick",
            by="Ann",
            now=local("2026-12-01 08:00"),
        )

    assert done.record.status is AdministrationStatus.NOT_DONE
    with pytest.raises(AlreadyRecorded, match="already recorded as not taken"):
        named(house, "1-20261201-1", "2026-12-01 08:10")


def test_an_undo_keeps_the_record_and_opens_the_dose(house: House) -> None:
    house.take("2026-12-01 08:03")
    with house.writing() as book:
        wrong = record.last_record(book, followed(book), "")
        record.undo(book, house.plan(), wrong, reason="", by="", now=local("2026-12-01 08:05"))

    assert records(house) == 2
    assert named(house, "1-20261201-1", "2026-12-01 08:10").dose is not None


def test_with_no_record_there_is_nothing_to_undo(house: House) -> None:
    with house.reading() as book, pytest.raises(NothingToUndo):
        record.last_record(book, followed(book), "")


def test_an_intake_that_fits_no_dose_is_an_extra_one_and_flagged(house: House) -> None:
    house.take("2026-12-01 08:03")
    with house.writing() as book:
        now = local("2026-12-01 08:10")
        done = record.take_any(book, house.plan(), Taking(at=now, now=now, extra=True))

    assert done.dose is None
    assert done.finding is not None


def test_the_first_instant_of_the_first_day_is_not_before_the_plan(house: House) -> None:
    with house.reading() as book:
        now = local("2026-12-01 09:00")
        midnight = Taking(at=local("2026-12-01 00:00"), now=now)
        assert record.check_time(book, house.plan(), midnight) == midnight
        with pytest.raises(BeforeThePlan):
            record.check_time(
                book, house.plan(), replace(midnight, at=midnight.at - timedelta(seconds=1))
            )


@pytest.mark.parametrize("at", ["2026-12-10 07:00", "2026-12-10 14:00"])
def test_at_both_ends_of_the_window_of_a_taken_dose_a_second_one_is_refused(
    house: House, at: str
) -> None:
    house.take("2026-12-10 08:03")
    before = records(house)
    taking = Taking(at=local(at), now=local("2026-12-10 14:00"))
    with house.writing() as book, pytest.raises(AlreadyRecorded):
        record.take_any(book, house.plan(), taking)
    assert records(house) == before
