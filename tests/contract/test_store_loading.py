"""A clinic's import: very many at once ends as if each had been stored by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect
from tests.contract.store_examples import (
    NOW,
    START,
    a_person,
    a_revision,
    a_stored_plan,
    rows,
)

from medsched.domain.prescription import Status
from medsched.services.ports import DoseRun, Plan
from medsched.store.refusals import ChangedMeanwhile, NameTaken

if TYPE_CHECKING:
    from tests.contract.conftest import Database

    from medsched.domain.person import Person
    from medsched.services.ports import Store, Unit

FOR_EVER = 10**11


def a_plan(person: Person, key: str) -> Plan:
    """Return an active prescription that has no number yet."""
    return Plan(
        number=0,
        key=key,
        person=person.id,
        protocol="examplin",
        medication="examplin",
        status=Status.ACTIVE,
        current=1,
        draft=0,
        tracked=True,
        stored_until=START.toordinal(),
        created_at=NOW,
    )


def runs(number: int, days: int) -> list[DoseRun]:
    """Return two runs that mean the same as `rows`."""
    first = rows(number, days=1)
    return [
        DoseRun(number, row.day, days, 1, row.slot, row.due, row.amount, 1, 1, 0) for row in first
    ]


def load(unit: Unit, names: list[str], days: int) -> list[Plan]:
    """Load so many people with a plan each, and its doses as runs."""
    with unit.loading() as loader:
        people = loader.people([a_person(name) for name in names], NOW)
        plans = loader.plans([a_plan(one, f"key-{one.name}") for one in people])
        loader.revisions(a_revision(plan.number, plan.person) for plan in plans)
        assert loader.runs(run for plan in plans for run in runs(plan.number, days)) == (
            len(names) * days * 2
        )
    return plans


def test_what_was_loaded_reads_as_if_stored_one_by_one(store: Store) -> None:
    """People, prescriptions, revisions and doses; and after it life goes on."""
    with store.writing() as unit:
        plans = load(unit, ["Anna", "Ben", "Cleo"], days=5)
    with store.reading() as unit:
        assert [one.name for one in unit.people.all()] == ["Anna", "Ben", "Cleo"]
        for plan in plans:
            assert unit.plans.get(plan.number) == plan
            assert unit.plans.of_person(plan.person) == [plan]
            assert unit.plans.revisions(plan.number) == [a_revision(plan.number, plan.person)]
            assert unit.plans.doses([plan.number], 0, FOR_EVER) == rows(plan.number, days=5)
    assert a_stored_plan(store, name="Dora").number not in {plan.number for plan in plans}


def test_a_second_load_adds_to_the_first(store: Store) -> None:
    with store.writing() as unit:
        first = load(unit, ["Anna"], days=2)
    with store.writing() as unit:
        second = load(unit, ["Ben"], days=3)
    with store.reading() as unit:
        numbers = [plan.number for plan in first + second]
        assert len(unit.plans.doses(numbers, 0, FOR_EVER)) == 10


def test_rows_can_be_loaded_as_they_come(store: Store) -> None:
    plan = a_stored_plan(store, days=0)
    with store.writing() as unit, unit.loading() as loader:
        assert loader.doses(row for row in rows(plan.number, days=400)) == 800
    with store.reading() as unit:
        assert unit.plans.doses([plan.number], 0, FOR_EVER) == rows(plan.number, days=400)


def test_a_name_that_is_taken_stops_the_load_and_nothing_is_stored(store: Store) -> None:
    a_stored_plan(store, name="Ben")
    for names in (["Anna", "Ben"], ["Cleo", "Cleo"]):
        with pytest.raises(NameTaken), store.writing() as unit:
            load(unit, names, days=2)
    with store.reading() as unit:
        assert [one.name for one in unit.people.all()] == ["Ben"]


def test_a_dose_that_is_there_stops_the_load_and_nothing_is_stored(store: Store) -> None:
    plan = a_stored_plan(store, days=2)
    with pytest.raises(ChangedMeanwhile), store.writing() as unit, unit.loading() as loader:
        loader.runs(runs(plan.number, 3))
    with store.reading() as unit:
        assert unit.plans.doses([plan.number], 0, FOR_EVER) == rows(plan.number, days=2)


def test_a_run_is_its_rows(store: Store) -> None:
    """Every day, every other day, weekly; one dose or a year; side by side."""
    plan = a_stored_plan(store, days=0)
    due = rows(plan.number, days=1)[0].due
    told = [(1, 0, 400, 1), (2, 0, 1, 1), (2, 3, 30, 2), (3, 1, 52, 7), (4, 5, 9, 14)]
    made = [
        DoseRun(plan.number, START.toordinal() + day, count, step, slot, due, "0.5", 2, 1, 3)
        for slot, day, count, step in told
    ]
    expected = [row for run in made for row in run.rows()]
    assert len(expected) == 492
    with store.writing() as unit, unit.loading() as loader:
        assert loader.runs(iter(made)) == 492
    with store.reading() as unit:
        found = unit.plans.doses_of_days(plan.number, 0, 10**6)
    assert sorted(found) == sorted(expected)


def test_the_index_and_the_pragmas_are_back_after_a_load(database: Database) -> None:
    """Also after one that failed."""
    with database.open() as store:
        with store.writing() as unit:
            load(unit, ["Anna"], days=2)
        with pytest.raises(NameTaken), store.writing() as unit:
            load(unit, ["Anna"], days=2)
        with store.engine.connect() as connection:
            names = {one["name"] for one in inspect(connection).get_indexes("dose")}
            assert names == {"ix_dose_due"}
            if database.kind == "sqlite":
                assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
                assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == -2000


def test_a_failed_first_load_leaves_an_empty_database_with_its_index(database: Database) -> None:
    with database.open() as store:
        with pytest.raises(NameTaken), store.writing() as unit:
            load(unit, ["Anna", "Anna"], days=2)
        with store.engine.connect() as connection:
            names = {one["name"] for one in inspect(connection).get_indexes("dose")}
        assert names == {"ix_dose_due"}
        a_stored_plan(store)
