"""Prescriptions, revisions and dose rows: the same over memory, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.contract.store_examples import (
    NOW,
    START,
    a_person,
    a_revision,
    a_stored_plan,
    rows,
)

from medsched.domain.prescription import Status
from medsched.services.ports import Override, RowKey, StaleRevision, Withdrawal, WithdrawnDose
from medsched.store.refusals import ChangedMeanwhile

if TYPE_CHECKING:
    from medsched.services.ports import Store

FOR_EVER = 10**11


def test_a_new_prescription_is_a_draft_without_revisions(store: Store) -> None:
    with store.writing() as unit:
        person = unit.people.add(a_person(), NOW)
        plan = unit.plans.add(person.id, "key-1", "examplin", "examplin", NOW)
        assert (plan.number, plan.status, plan.current, plan.draft) == (1, Status.DRAFT, 0, 0)
        assert (plan.tracked, plan.stored_until, plan.created_at) == (None, 0, NOW)
    with store.reading() as unit:
        assert unit.plans.get(1) == plan
        assert unit.plans.of_person(person.id) == [plan]
        assert unit.plans.get(2) is None
        assert unit.plans.of_person("99") == []


@pytest.mark.parametrize("tracked", [None, True, False])
def test_status_revision_tracking_and_horizon_are_saved(store: Store, tracked: bool | None) -> None:
    plan = a_stored_plan(store)
    changed = replace(
        plan, status=Status.ON_HOLD, current=2, draft=3, tracked=tracked, stored_until=740_000
    )
    with store.writing() as unit:
        assert unit.plans.lock(plan.number) == plan
        unit.plans.save(changed)
    with store.reading() as unit:
        found = unit.plans.get(plan.number)
    assert found == changed
    assert found.tracked is tracked  # 1 would be equal to True, but is not shown as it


def test_locking_or_saving_an_unknown_prescription_is_an_error(store: Store) -> None:
    plan = a_stored_plan(store)
    with pytest.raises(KeyError), store.writing() as unit:
        unit.plans.lock(99)
    with pytest.raises(KeyError), store.writing() as unit:
        unit.plans.save(replace(plan, number=99))


def test_numbers_come_rising_and_all(store: Store) -> None:
    with store.writing() as unit:
        person = unit.people.add(a_person(), NOW)
        made = [
            unit.plans.add(person.id, f"key-{n}", "examplin", "examplin", NOW).number
            for n in range(5)
        ]
    with store.reading() as unit:
        assert list(unit.plans.numbers()) == made == sorted(made)


def test_revisions_come_back_as_stored_and_in_order(store: Store) -> None:
    """Why, on whose word and what was overruled included."""
    plan = a_stored_plan(store)
    overruled = Override(rule="R22", reason="agreed", ordered_by="Dr. Weiss", at=NOW)
    second = replace(
        a_revision(plan.number, plan.person, 2, reason="too much; “less” please"),
        overrides=(overruled,),
    )
    with store.writing() as unit:
        unit.plans.add_revision(second)
    with store.reading() as unit:
        assert unit.plans.revision(plan.number, 2) == second
        first = a_revision(plan.number, plan.person)
        assert unit.plans.revisions(plan.number) == [first, second]
        with pytest.raises(KeyError):
            unit.plans.revision(plan.number, 3)


@pytest.mark.parametrize("number", [1, 3])
def test_a_revision_out_of_turn_is_refused(store: Store, number: int) -> None:
    """Two people who amend revision 1 at once: the second one looks again."""
    plan = a_stored_plan(store)
    stale = a_revision(plan.number, plan.person, number)
    with pytest.raises(StaleRevision, match="changed meanwhile"), store.writing() as unit:
        unit.plans.add_revision(stale)
    with store.reading() as unit:
        assert len(unit.plans.revisions(plan.number)) == 1


def test_a_key_is_unique_in_the_world(store: Store) -> None:
    plan = a_stored_plan(store)
    with pytest.raises(ChangedMeanwhile), store.writing() as unit:
        unit.plans.add(plan.person, plan.key, "examplin", "examplin", NOW)


def test_doses_come_by_due_from_since_up_to_before_until(store: Store) -> None:
    """The earlier bound counts, the later one does not."""
    plan = a_stored_plan(store)
    other = a_stored_plan(store, name="Ben", key="key-2")
    first = rows(plan.number)
    with store.reading() as unit:
        assert unit.plans.doses([plan.number], 0, FOR_EVER) == first
        assert unit.plans.doses([plan.number], first[1].due, first[3].due) == first[1:3]
        both = unit.plans.doses([other.number, plan.number], 0, FOR_EVER)
        assert both == sorted(first + rows(other.number), key=lambda row: (row.due, row))
        assert unit.plans.doses([], 0, FOR_EVER) == []


def test_doses_of_local_days_include_both_ends(store: Store) -> None:
    plan = a_stored_plan(store)
    day = START.toordinal()
    with store.reading() as unit:
        assert unit.plans.doses_of_days(plan.number, day + 1, day + 2) == rows(plan.number)[2:]
        assert unit.plans.doses_of_days(plan.number, day - 5, day - 1) == []


def test_one_dose_is_found_by_its_key(store: Store) -> None:
    plan = a_stored_plan(store)
    row = rows(plan.number)[1]
    with store.reading() as unit:
        assert unit.plans.dose(RowKey(*row[:3])) == row
        assert unit.plans.dose(RowKey(plan.number, row.day, 9)) is None


def test_a_dose_is_found_however_far_its_instant_is_from_its_local_day(store: Store) -> None:
    """Fourteen hours east, twelve hours west, and a bedtime past midnight."""
    plan = a_stored_plan(store, days=0)
    row = rows(plan.number)[0]
    apart = [
        row._replace(day=row.day + day, due=row.due + day * 86_400 + hours * 3600)
        for day, hours in ((0, -22), (10, 36), (20, 0))
    ]
    with store.writing() as unit:
        assert unit.plans.insert_doses(apart) == 3
    with store.reading() as unit:
        for one in apart:
            assert unit.plans.doses([plan.number], one.due, one.due + 1) == [one]


def test_a_dose_that_is_there_cannot_be_inserted_again(store: Store) -> None:
    """And nothing of the rest is stored."""
    plan = a_stored_plan(store, days=1)
    more = rows(plan.number, days=2)
    with pytest.raises(ChangedMeanwhile), store.writing() as unit:
        unit.plans.insert_doses(reversed(more))
    with store.reading() as unit:
        assert unit.plans.doses([plan.number], 0, FOR_EVER) == more[:2]


def test_updated_doses_keep_their_key_and_change_the_rest(store: Store) -> None:
    plan = a_stored_plan(store)
    before = rows(plan.number)
    moved = [
        row._replace(due=row.due + 1800, amount="25", phase=2, revision=2, sequence=1)
        for row in before[2:4]
    ]
    with store.writing() as unit:
        unit.plans.update_doses(iter(moved))
    with store.reading() as unit:
        found = unit.plans.doses([plan.number], 0, FOR_EVER)
        assert found == before[:2] + moved + before[4:]


def test_updating_a_dose_that_is_not_there_is_an_error(store: Store) -> None:
    plan = a_stored_plan(store, days=1)
    with pytest.raises(KeyError), store.writing() as unit:
        unit.plans.update_doses(rows(plan.number, days=2))


def test_withdrawn_doses_leave_the_plan_and_are_kept(store: Store) -> None:
    plan = a_stored_plan(store)
    before = rows(plan.number)
    gone = [
        WithdrawnDose(row=row._replace(sequence=1), by=2, why=Withdrawal.CANCELLED)
        for row in before[4:]
    ]
    with store.writing() as unit:
        unit.plans.withdraw_doses(gone)
    with store.reading() as unit:
        assert unit.plans.doses([plan.number], 0, FOR_EVER) == before[:4]
        assert unit.plans.withdrawn([plan.number], 0, FOR_EVER) == gone
        assert unit.plans.withdrawn([plan.number], 0, gone[1].row.due) == gone[:1]
        key = RowKey(*gone[0].row[:3])
        assert unit.plans.withdrawn_dose(key) == gone[0]
        assert unit.plans.dose(key) is None


def test_a_held_dose_can_be_cancelled_later(store: Store) -> None:
    plan = a_stored_plan(store)
    held = WithdrawnDose(row=rows(plan.number)[0], by=2, why=Withdrawal.HELD)
    cancelled = replace(held, by=3, why=Withdrawal.CANCELLED)
    with store.writing() as unit:
        unit.plans.withdraw_doses([held])
        unit.plans.withdraw_doses([cancelled])
    with store.reading() as unit:
        assert unit.plans.withdrawn([plan.number], 0, FOR_EVER) == [cancelled]


def test_restored_doses_are_in_the_plan_again_with_their_new_content(store: Store) -> None:
    plan = a_stored_plan(store)
    row = rows(plan.number)[0]
    again = row._replace(sequence=2, amount="25")
    with store.writing() as unit:
        unit.plans.withdraw_doses([WithdrawnDose(row=row, by=2, why=Withdrawal.HELD)])
        unit.plans.restore_doses([again])
    with store.reading() as unit:
        assert unit.plans.dose(RowKey(*row[:3])) == again
        assert unit.plans.withdrawn([plan.number], 0, FOR_EVER) == []
    with pytest.raises(KeyError), store.writing() as unit:
        unit.plans.restore_doses([again])


def test_a_unit_that_fails_stores_nothing(store: Store) -> None:
    """Not the person, not the plan, not the rows."""
    plan = a_stored_plan(store)

    def fail_at_the_end() -> None:
        with store.writing() as unit:
            unit.people.add(a_person("Ben"), NOW)
            unit.plans.save(replace(plan, status=Status.STOPPED))
            unit.plans.insert_doses(rows(plan.number, days=9)[6:])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end()
    with store.reading() as unit:
        assert unit.people.by_name("Ben") is None
        assert unit.plans.get(plan.number) == plan
        assert len(unit.plans.doses([plan.number], 0, FOR_EVER)) == 6


def test_a_reading_unit_changes_nothing(store: Store) -> None:
    with pytest.raises(AssertionError, match="reading unit"), store.reading() as unit:
        unit.people.add(a_person("Ben"), NOW)
    with store.reading() as unit:
        assert unit.people.by_name("Ben") is None


def test_a_writing_unit_works_after_a_reading_one_and_back(store: Store) -> None:
    plan = a_stored_plan(store)
    for status in (Status.ON_HOLD, Status.ACTIVE):
        with store.writing() as unit:
            unit.plans.save(replace(plan, status=status))
        with store.reading() as unit:
            found = unit.plans.get(plan.number)
            assert found is not None
            assert found.status is status
