"""Small values that the store's tests keep: a person, an order, dose rows, a record."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.domain.amount import amount
from medsched.domain.dose import DoseKey
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.person import Person, at_home
from medsched.domain.prescription import Prescription, Status
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.timing import ForDays, OnDays, SameDose, TimesADay, UntilTold
from medsched.services.ports import DoseRow, Plan, Revision, RevisionKind

if TYPE_CHECKING:
    from pathlib import Path

    from medsched.services.ports import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = date(2026, 3, 2)
MEDICATION = Medication(
    name="examplin",
    ingredient="examplin",
    form=Form.FILM_COATED_TABLET,
    route=Route.ORAL,
    strengths=(amount("12.5 mg"), amount("25 mg")),
)


def python_path(repo: Path) -> str:
    """Return the module path for a program that a test starts: the tests, and what they test."""
    return os.pathsep.join([str(repo), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])


def a_person(name: str = "Anna") -> Person:
    """Return somebody at home in Berlin."""
    return Person(name=name, itinerary=at_home(ZoneInfo("Europe/Berlin")))


def phase(kind: PhaseKind, dose: str, days: int | None) -> Phase:
    """Return a phase of so many days, twice a day."""
    return Phase(
        kind=kind,
        dosage=OnDays(times=TimesADay(count=2), doses=SameDose(amount(dose))),
        bounds=UntilTold() if days is None else ForDays(days),
    )


def an_order(number: int, person: str, revision: int = 1) -> Prescription:
    """Return an order of two phases."""
    return Prescription(
        id=str(number),
        key=f"key-{number}",
        person=person,
        protocol="examplin",
        protocol_digest="d" * 64,
        regimen="standard",
        medication=MEDICATION,
        phases=(
            phase(PhaseKind.TITRATION, "12.5 mg", 7),
            phase(PhaseKind.MAINTENANCE, "25 mg", None),
        ),
        start=START,
        slots=(time(8), time(20)),
        revision=revision,
        status=Status.ACTIVE,
        ordered_by="Dr. Weiss",
    )


def a_revision(number: int, person: str, revision: int = 1, reason: str = "") -> Revision:
    """Return a revision of that order."""
    return Revision(
        prescription=an_order(number, person, revision),
        created_at=NOW,
        effective_from=NOW,
        kind=RevisionKind.START if revision == 1 else RevisionKind.CHANGE,
        reason=reason,
        ordered_by="Dr. Weiss",
    )


def rows(number: int, days: int = 3, dose: str = "12.5") -> list[DoseRow]:
    """Return two doses a day, at 08:00 and 20:00 UTC, from the start on."""
    first = int(datetime(2026, 3, 2, 8, tzinfo=UTC).timestamp())
    return [
        DoseRow(
            prescription=number,
            day=START.toordinal() + day,
            slot=slot,
            due=first + day * 86_400 + (slot - 1) * 43_200,
            amount=dose,
            phase=1,
            revision=1,
            sequence=0,
        )
        for day in range(days)
        for slot in (1, 2)
    ]


def dose_id(row: DoseRow) -> str:
    """Return the id of a row."""
    return str(DoseKey(str(row.prescription), date.fromordinal(row.day), row.slot))


def a_take(dose: str, by: str = "Anna", **more: object) -> Administration:
    """Return a record that a dose was taken."""
    record = Administration(
        prescription=dose.split("-", maxsplit=1)[0],
        status=AdministrationStatus.COMPLETED,
        at=NOW,
        recorded_at=NOW,
        dose=dose,
        by=by,
    )
    return replace(record, **more)  # type: ignore[arg-type]  # whichever fields the test names


def a_stored_plan(store: Store, name: str = "Anna", key: str = "key-1", days: int = 3) -> Plan:
    """Store a person, a prescription with one revision and its rows; return the prescription."""
    with store.writing() as unit:
        person = unit.people.add(a_person(name), NOW)
        plan = unit.plans.add(person.id, key, "examplin", "examplin", NOW)
        unit.plans.add_revision(a_revision(plan.number, person.id))
        unit.plans.insert_doses(rows(plan.number, days))
        current = replace(plan, status=Status.ACTIVE, current=1, stored_until=START.toordinal())
        unit.plans.save(current)
        return current
