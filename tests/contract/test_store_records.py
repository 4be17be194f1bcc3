"""Administrations: append-only, and one for a dose; over memory, SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.contract.store_examples import NOW, a_stored_plan, a_take, dose_id, rows

from medsched.domain.administration import AdministrationStatus
from medsched.domain.amount import amount
from medsched.services.ports import AlreadySettled

if TYPE_CHECKING:
    from medsched.services.ports import Store

HOUR = timedelta(hours=1)


def test_a_record_comes_back_as_stored_with_an_id(store: Store) -> None:
    plan = a_stored_plan(store)
    take = a_take(
        dose_id(rows(plan.number)[0]),
        at=NOW - HOUR,
        amount=amount("37.5 mg"),
        reason="felt “odd”",
        token="t-1",
    )
    with store.writing() as unit:
        stored = unit.records.append(take)
    assert stored.id > 0
    with store.reading() as unit:
        assert unit.records.of_plans([plan.number]) == [stored]
        assert unit.records.settling(take.dose) == stored
        assert unit.records.by_token("t-1") == stored
        assert unit.records.by_token("t-2") is None
        assert unit.records.by_token("") is None


def test_a_second_record_of_one_dose_is_refused_with_the_first(store: Store) -> None:
    """Also one that says the dose was not taken; and nothing is stored."""
    plan = a_stored_plan(store)
    dose = dose_id(rows(plan.number)[0])
    with store.writing() as unit:
        first = unit.records.append(a_take(dose, by="Anna"))
    for status in (AdministrationStatus.COMPLETED, AdministrationStatus.NOT_DONE):
        second = a_take(dose, by="Ben", status=status)
        with pytest.raises(AlreadySettled) as refused, store.writing() as unit:
            unit.records.append(second)
        assert refused.value.settled_by == first
    with store.reading() as unit:
        assert unit.records.of_plans([plan.number]) == [first]


def test_a_unit_goes_on_after_a_refused_record_and_keeps_none_of_it(store: Store) -> None:
    plan = a_stored_plan(store)
    one, two = (dose_id(row) for row in rows(plan.number)[:2])
    with store.writing() as unit:
        unit.records.append(a_take(one))
        with pytest.raises(AlreadySettled):
            unit.records.append(a_take(one, by="Ben"))
        unit.records.append(a_take(two))
    with store.reading() as unit:
        assert [record.by for record in unit.records.of_plans([plan.number])] == ["Anna", "Anna"]


def test_an_extra_dose_settles_nothing_and_any_number_can_be_recorded(store: Store) -> None:
    plan = a_stored_plan(store)
    extra = a_take("", prescription=str(plan.number))
    with store.writing() as unit:
        unit.records.append(extra)
        unit.records.append(extra)
    with store.reading() as unit:
        assert len(unit.records.of_plans([plan.number])) == 2


def test_after_a_correction_the_dose_can_be_settled_again(store: Store) -> None:
    """The wrong record stays, and so does the correction."""
    plan = a_stored_plan(store)
    dose = dose_id(rows(plan.number)[0])
    with store.writing() as unit:
        wrong = unit.records.append(a_take(dose))
    with store.writing() as unit:
        correction = a_take(
            dose,
            status=AdministrationStatus.ENTERED_IN_ERROR,
            corrects=wrong.id,
            recorded_at=NOW + HOUR,
        )
        correction = unit.records.append(correction)
        assert unit.records.settling(dose) == wrong
        unit.records.release(dose)
        assert unit.records.settling(dose) is None
        right = unit.records.append(a_take(dose, by="Ben", recorded_at=NOW + 2 * HOUR))
    with store.reading() as unit:
        assert unit.records.settling(dose) == right
        assert unit.records.of_plans([plan.number]) == [wrong, correction, right]


def test_a_repeated_request_is_the_same_record(store: Store) -> None:
    """A double tap, or a retry after the answer was lost."""
    plan = a_stored_plan(store)
    take = a_take(dose_id(rows(plan.number)[0]), token="tap")
    with store.writing() as unit:
        first = unit.records.append(take)
    with store.writing() as unit:
        assert unit.records.append(take) == first
    with store.reading() as unit:
        assert unit.records.of_plans([plan.number]) == [first]


def test_records_come_by_the_time_they_were_recorded(store: Store) -> None:
    plan = a_stored_plan(store)
    other = a_stored_plan(store, name="Ben", key="key-2")
    one, two, three = (dose_id(row) for row in rows(plan.number)[:3])
    with store.writing() as unit:
        late = unit.records.append(a_take(one, recorded_at=NOW + HOUR))
        early = unit.records.append(a_take(two, recorded_at=NOW))
        same = unit.records.append(a_take(three, recorded_at=NOW + HOUR))
        unit.records.append(a_take(dose_id(rows(other.number)[0])))
    with store.reading() as unit:
        assert unit.records.of_plans([plan.number]) == [early, late, same]
        assert unit.records.of_plans([plan.number], NOW + HOUR) == [late, same]
        assert len(unit.records.of_plans([plan.number, other.number])) == 4
        assert unit.records.of_plans([]) == []


def test_a_dose_that_nothing_settles_has_no_record(store: Store) -> None:
    plan = a_stored_plan(store)
    with store.reading() as unit:
        assert unit.records.settling(dose_id(rows(plan.number)[0])) is None
