"""A whole clinic at once ends as if everybody had been started alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from medsched.domain.amount import amount
from medsched.domain.person import Facts, Person, Sex, at_home
from medsched.domain.prescription import Status
from medsched.errors import InvalidValue
from medsched.protocols import load
from medsched.services.book import Book
from medsched.services.clinic import Clinic, Ordered, Patient
from medsched.services.clinic_refusals import NamedTwice, SomebodyElse, StoredOtherwise
from medsched.services.horizons import check_until, push_plans
from medsched.services.plan import Blocked, Order, adopt, push_horizon
from medsched.services.planning import Choices, draft

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from medsched.services.clinic import Admitted
    from medsched.services.ports import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = load("milnacipran")[0]
FOR_EVER = 10**11


def ordered(start: date = date(2026, 3, 2), by: str = "Dr. Weiss", target: str = "") -> Ordered:
    choices = Choices(
        start=start,
        slots=(time(8), time(20)),
        target=amount(target) if target else None,
    )
    return Ordered(protocol=RULES, choices=choices, order=Order(ordered_by=by))


def a_patient(
    name: str, *orders: Ordered, zone: str = "Europe/Berlin", crcl: Decimal | None = None
) -> Patient:
    facts = Facts(creatinine_clearance=crcl)
    return Patient(
        person=Person(name=name, itinerary=at_home(ZoneInfo(zone)), facts=facts), orders=orders
    )


PATIENTS = (
    a_patient("Anna", ordered()),
    a_patient("Ben", ordered(by="")),
    a_patient("Cleo", ordered(date(2026, 3, 20)), zone="America/New_York"),
    a_patient("Dora", ordered(date(2026, 2, 1), target="50 mg")),
    a_patient("Eve"),
    a_patient("Finn", ordered()),
)


def a_clinic(at: datetime = NOW) -> Clinic:
    keys = count(1)
    return Clinic(now=at, horizon_days=90, new_key=lambda: f"key-{next(keys)}")


def admit(store: Store, patients: Sequence[Patient], clinic: Clinic | None = None) -> Admitted:
    with store.writing() as unit, unit.loading() as loader:
        return (clinic or a_clinic()).admit(unit, loader, patients)


def start_alone(store: Store, patient: Patient, key: str) -> None:
    """Store one patient the way `start` does."""
    with store.writing() as unit:
        person = unit.people.add(patient.person, NOW)
        for one in patient.orders:
            plan = draft(one.protocol, person, one.choices, today=NOW.date(), days=28)
            adopt(unit, plan, key=key, order=one.order, now=NOW, horizon_days=90)


def everything(store: Store) -> list[object]:
    """Return all that is stored about everybody, without the keys."""
    with store.reading() as unit:
        found: list[object] = list(unit.people.all())
        for number in unit.plans.numbers():
            plan = unit.plans.get(number)
            assert plan is not None
            found.append(replace(plan, key=""))
            found += [
                replace(one, prescription=replace(one.prescription, key=""))
                for one in unit.plans.revisions(number)
            ]
            found.append(unit.plans.doses([number], 0, FOR_EVER))
    return found


def test_a_clinic_is_stored_as_if_each_had_been_started_alone(store: Store) -> None:
    stored = admit(store, PATIENTS)
    assert (stored.people, stored.prescriptions) == (6, 5)
    from tests.fakes.memory_store import MemoryStore

    alone = MemoryStore()
    for number, one in enumerate(PATIENTS):
        start_alone(alone, one, f"key-{number}")
    assert everything(store) == everything(alone)
    doses = [one for one in everything(store) if isinstance(one, list)]
    assert stored.doses == sum(map(len, doses)) > 500


def test_every_plan_gets_a_key_of_its_own(store: Store) -> None:
    admit(store, PATIENTS)
    with store.reading() as unit:
        plans = [unit.plans.get(number) for number in unit.plans.numbers()]
    assert len({one.key for one in plans if one is not None}) == 5


def test_who_is_there_already_is_known_and_another_of_the_name_is_refused(store: Store) -> None:
    admit(store, PATIENTS)
    later = a_clinic(NOW + timedelta(hours=1))
    with store.reading() as unit:
        assert all(later.is_there(unit, one) for one in PATIENTS)
        assert not later.is_there(unit, a_patient("Gil", ordered()))
        for other in (a_patient("Anna"), a_patient("Anna", ordered(target="50 mg"))):
            with pytest.raises(StoredOtherwise, match="another name"):
                later.is_there(unit, other)


def born(patient: Patient, day: date | None, sex: Sex | None = None) -> Patient:
    """Return the patient with a date of birth and a sex."""
    facts = replace(patient.person.facts, born=day, sex=sex)
    return replace(patient, person=replace(patient.person, facts=facts))


def test_somebody_else_of_the_same_name_is_not_taken_for_the_one_stored(store: Store) -> None:
    """The plans are the same: only the facts tell that it is not the same person."""
    stored = born(a_patient("Anna", ordered()), date(1980, 1, 1), Sex.FEMALE)
    admit(store, [stored])
    later = a_clinic(NOW + timedelta(hours=1))
    with store.reading() as unit:
        assert later.is_there(unit, stored)
        assert later.is_there(unit, born(stored, None))
        for other in (born(stored, date(1950, 1, 1)), born(stored, None, Sex.MALE)):
            with pytest.raises(SomebodyElse):
                later.is_there(unit, other)


def test_a_name_that_this_run_has_stored_is_not_taken_for_one_stored_before(store: Store) -> None:
    clinic, anna = a_clinic(), a_patient("Anna", ordered())
    with store.writing() as unit, unit.loading() as loader:
        clinic.admit(unit, loader, [anna])
    with store.reading() as unit:
        with pytest.raises(NamedTwice, match="further up in this file"):
            clinic.is_there(unit, anna)
        assert a_clinic().is_there(unit, anna)


def test_a_patient_whom_the_rules_block_is_refused() -> None:
    with pytest.raises(Blocked):
        a_clinic().templates(
            replace(
                a_patient("Anna", ordered()),
                person=Person(
                    name="Anna",
                    itinerary=at_home(ZoneInfo("UTC")),
                    facts=Facts(end_stage_renal=True),
                ),
            )
        )


def test_the_orders_of_one_patient_are_checked_against_one_another() -> None:
    """The same medicine twice."""
    with pytest.raises(Blocked):
        a_clinic().templates(a_patient("Anna", ordered(), ordered()))


def test_a_start_far_away_is_refused() -> None:
    with pytest.raises(InvalidValue, match="within ten years"):
        a_clinic().templates(a_patient("Anna", ordered(date(2046, 1, 1))))


def test_pushing_everybody_is_pushing_each_alone(store: Store) -> None:
    """From whatever horizon each has; drafts stay as they are; twice does nothing."""
    from tests.fakes.memory_store import MemoryStore

    alone = MemoryStore()
    admit(store, PATIENTS)
    admit(alone, PATIENTS)
    until = date(2026, 11, 30)
    with store.writing() as unit:
        numbers = list(unit.plans.numbers())
        pushed, doses = push_plans(unit, numbers, until)
    with alone.writing() as unit:
        for number in unit.plans.numbers():
            plan = unit.plans.get(number)
            assert plan is not None
            person = unit.people.by_id(plan.person)
            assert person is not None
            push_horizon(Book(unit, person), plan, until - timedelta(days=300), 300)
    assert pushed == 4
    assert doses > 1000
    assert everything(store) == everything(alone)
    with store.writing() as unit:
        assert push_plans(unit, numbers, until) == (0, 0)
        assert unit.plans.get(2).status is Status.DRAFT  # type: ignore[union-attr]  # stored above


def test_a_horizon_is_neither_over_nor_too_far() -> None:
    check_until(date(2026, 3, 1), date(2026, 3, 1))
    for wrong in (date(2026, 2, 28), date(2028, 3, 1)):
        with pytest.raises(InvalidValue, match="at most 400 days ahead"):
            check_until(wrong, date(2026, 3, 1))


def test_the_numbers_of_plans_can_be_asked_for_page_by_page(store: Store) -> None:
    admit(store, PATIENTS)
    with store.reading() as unit:
        numbers = list(unit.plans.numbers())
        assert list(unit.plans.numbers(numbers[1])) == numbers[2:]
        assert list(unit.plans.numbers(numbers[-1])) == []
