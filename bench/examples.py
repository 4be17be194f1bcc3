"""A clinic to measure with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from uuid import UUID

from bench.courses import START, ZONE

from medsched.clock import FixedClock
from medsched.domain.person import Person, at_home
from medsched.protocols import load
from medsched.services.clinic import Admitted, Clinic, Ordered, Patient
from medsched.services.plan import Order
from medsched.services.planning import Choices
from medsched.store.opening import SqlStore, open_store

NOW = datetime(2026, 1, 5, 4, tzinfo=UTC)
DAYS = 90
AT_ONCE = 500


def patients(count: int) -> Iterator[list[Patient]]:
    """Yield people who begin the same medicine, some hundreds at a time."""
    rules = load("milnacipran")[0]
    choices = Choices(start=START, slots=(time(8), time(20)))
    one = Ordered(protocol=rules, choices=choices, order=Order(ordered_by="Dr. Weiss"))
    home = at_home(ZONE)
    for first in range(0, count, AT_ONCE):
        yield [
            Patient(person=Person(name=f"Patient {number}", itinerary=home), orders=(one,))
            for number in range(first + 1, min(count, first + AT_ONCE) + 1)
        ]


def keys() -> Iterator[str]:
    """Yield keys that are the same in every run."""
    number = 0
    while True:
        number += 1
        yield str(UUID(int=number))


def open_at(address: str | Path) -> SqlStore:
    return open_store(str(address), clock=FixedClock(NOW))


def plan_clinic(address: str | Path, count: int) -> Admitted:
    """Store so many people with ninety days of doses."""
    made = keys()
    clinic = Clinic(now=NOW, horizon_days=DAYS - 1, new_key=lambda: next(made))
    stored = Admitted()
    with open_at(address) as store, store.writing() as unit, unit.loading() as loader:
        for some in patients(count):
            stored += clinic.admit(unit, loader, some)
    return stored
