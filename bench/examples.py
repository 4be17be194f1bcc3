"""Whom and what the workloads are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from medsched.clock import FixedClock
from medsched.domain.amount import amount
from medsched.domain.course import Course, resolve
from medsched.domain.person import Person, at_home
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.timing import ForDays, OnDays, SameDose, TimesADay
from medsched.protocols import load
from medsched.services.clinic import Admitted, Clinic, Ordered, Patient
from medsched.services.plan import Order
from medsched.services.planning import Choices, prescribe
from medsched.store.opening import SqlStore, open_store

ZONE = ZoneInfo("Europe/Berlin")
START = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 4, tzinfo=UTC)
DAYS = 90
SIX = ("milnacipran", "lamotrigine", "buspirone", "gabapentin", "duloxetine", "levetiracetam")
STEPS = ("12.5 mg", "25 mg", "37.5 mg", "50 mg", "75 mg", "100 mg")
AT_ONCE = 500


def person(name: str = "Patient 1") -> Person:
    return Person(name=name, itinerary=at_home(ZONE))


def six_phases(years: int) -> Course:
    """Return a course of six phases, twice a day, over whole years."""
    last = START.replace(year=START.year + years) - timedelta(days=1)
    days = [7, 7, 14, 14, 28]
    days.append((last - START).days + 1 - sum(days))
    rules = load("milnacipran")[0]
    order, _assumed = prescribe(rules, person(), Choices(start=START, slots=(time(8), time(20))))
    phases = tuple(
        Phase(
            kind=PhaseKind.TITRATION,
            dosage=OnDays(times=TimesADay(count=2), doses=SameDose(amount(step))),
            bounds=ForDays(count),
        )
        for step, count in zip(STEPS, days, strict=True)
    )
    return resolve(replace(order, id="1", phases=phases), person())


def courses() -> Iterator[tuple[str, Course]]:
    """Yield a course of each of six medicines, by their own rules."""
    for name in SIX:
        rules = load(name)[0]
        order, _assumed = prescribe(rules, person(), Choices(start=START))
        yield name, resolve(replace(order, id="1"), person())


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
