"""Stored rows are explained by the revision that last changed them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.unit.services.plans import House, drafted, local

from medsched.domain.dose import dose_key
from medsched.services.book import (
    dose_id,
    explain_draft,
    instant,
    other_plans,
    phase_key,
    phase_of_key,
    row_key,
    seconds,
)


def test_instants_are_whole_seconds_and_back() -> None:
    at = datetime(2026, 12, 1, 7, tzinfo=UTC)

    assert instant(seconds(at)) == at


def test_a_phase_of_a_revision_is_one_number() -> None:
    assert phase_of_key(phase_key(3, 12)) == (3, 12)


def test_a_row_is_named_by_its_doses_id() -> None:
    key = row_key(dose_key("1-20261201-2"))

    assert key is not None
    assert dose_id(key) == "1-20261201-2"
    assert row_key(dose_key("plan-20261201-2")) is None


def test_an_explained_dose_has_its_clock_time_amount_and_phase() -> None:
    house = House()
    house.start()

    with house.reading() as book:
        row = book.rows(house.plan(), local("2026-12-04 00:00"), local("2026-12-05 00:00"))[0]
        dose = book.explain(row)
        event = book.event(row)

    assert (dose.id, dose.slot, str(dose.phase.kind)) == ("1-20261204-1", "08:00", "titration")
    assert (event.id, event.due, event.amount) == (dose.id, dose.due, dose.amount)
    assert event.phase == phase_key(1, 3)


def test_rows_beyond_the_horizon_are_as_they_will_be_stored() -> None:
    from medsched.services.plan import push_horizon

    house = House()
    house.start()
    far = (local("2027-03-01 00:00"), local("2027-03-08 00:00"))
    with house.reading() as book:
        before = book.rows(house.plan(), *far)
    with house.writing() as book:
        push_horizon(book, house.plan(), local("2027-03-01 12:00").date(), 30)
    with house.reading() as book:
        after = book.rows(house.plan(), *far)

    assert len(before) == 14
    assert before == after


def test_a_draft_is_explained_without_a_store() -> None:
    plan = drafted()

    doses = explain_draft(plan.events, plan.prescription, plan.course)

    assert [one.slot for one in doses[:3]] == ["08:00", "08:00", "20:00"]


def test_other_plans_are_those_that_run() -> None:
    house = House()
    house.start()
    house.start("sertraline")
    house.start("metoprolol", ordered_by="")

    with house.reading() as book:
        names = [one.prescription.medication.name for one in other_plans(book, but=1)]

    assert names == ["sertraline"]


def test_rules_that_are_not_kept_are_a_bug() -> None:
    house = House()
    house.start()

    with house.reading() as book, pytest.raises(KeyError):
        book.revision(1, 9)
