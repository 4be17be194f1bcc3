"""Why something is not recorded: one clear line that says what to do instead."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from tests.unit.services.plans import House, local

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.services.record_refusals import (
    AlreadyRecorded,
    BeforeThePlan,
    NotAtThatTime,
    NothingToUndo,
    NotPlanned,
    NotYetTaken,
    WhichDose,
)

BERLIN = ZoneInfo("Europe/Berlin")
DOSE = "1-20261201-1"


def recorded(status: AdministrationStatus, by: str = "") -> Administration:
    at = local("2026-12-01 08:03")
    return Administration(prescription="1", status=status, at=at, recorded_at=at, dose=DOSE, by=by)


def test_already_taken_says_when_and_by_whom_and_not_to_take_it_again() -> None:
    done = recorded(AdministrationStatus.COMPLETED, by="Ann")

    assert str(AlreadyRecorded(done, DOSE, BERLIN)) == (
        f"dose {DOSE}: already taken at 08:03, recorded by Ann; do not take it again;"
        " if a second one was taken, record it with --extra"
    )


def test_the_date_is_said_when_it_is_not_the_doses_own() -> None:
    done = recorded(AdministrationStatus.COMPLETED)

    assert "at 08:03 on Tuesday 1 December 2026;" in str(
        AlreadyRecorded(done, "1-20261130-2", BERLIN)
    )


def test_left_out_is_told_from_taken() -> None:
    skipped = recorded(AdministrationStatus.NOT_DONE)

    line = str(AlreadyRecorded(skipped, DOSE, BERLIN))
    assert "already recorded as not taken" in line
    assert "undo that record first" in line


def test_times_that_cannot_be_say_what_could() -> None:
    at, now = local("2026-12-01 09:00").astimezone(BERLIN), local("2026-12-01 08:00")

    assert "it is 2026-12-01 08:00 now" in str(NotYetTaken(at, now.astimezone(BERLIN)))
    assert "use 2026-12-01 or later" in str(BeforeThePlan(at, at, "milnacipran"))


def test_a_dose_that_is_not_meant_says_why() -> None:
    assert "is on hold and not to be taken" in str(NotPlanned(DOSE, "on hold"))


def test_the_doses_that_can_be_meant_are_listed() -> None:
    assert str(WhichDose(["1-a (x)", "2-b (y)"])).endswith("name one of: 1-a (x); 2-b (y)")
    assert "medsched start" in str(WhichDose([]))


def test_a_named_dose_at_another_time_says_what_to_do() -> None:
    house = House()
    house.start()
    with house.reading() as book:
        row = book.rows(house.plan(), local("2026-12-01 00:00"), local("2026-12-02 00:00"))[0]
        dose = book.explain(row)

    line = str(NotAtThatTime(dose, "That time is after this dose could be taken."))
    assert line.startswith(f"dose {DOSE}: that time is after this dose could be taken; leave")


@pytest.mark.parametrize("what", ["undo", f"dose {DOSE}"])
def test_nothing_to_undo_names_what_was_asked_for(what: str) -> None:
    assert str(NothingToUndo(what)) == f"{what}: nothing is recorded that could be undone"
