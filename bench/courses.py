"""The plans that the workloads lay out; what is imported here is what printing them needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from medsched.domain.amount import amount
from medsched.domain.course import Course, resolve
from medsched.domain.person import Person, at_home
from medsched.domain.prescription import Prescription
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.timing import ForDays, OnDays, SameDose, TimesADay
from medsched.protocols import load
from medsched.services.planning import Choices, prescribe

ZONE = ZoneInfo("Europe/Berlin")
START = date(2026, 1, 5)
SIX = ("milnacipran", "lamotrigine", "buspirone", "gabapentin", "duloxetine", "levetiracetam")
STEPS = ("12.5 mg", "25 mg", "37.5 mg", "50 mg", "75 mg", "100 mg")


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


def orders() -> Iterator[Prescription]:
    """Yield a prescription of each of six medicines, by their own rules."""
    for name in SIX:
        order, _assumed = prescribe(load(name)[0], person(), Choices(start=START))
        yield replace(order, id="1", key="1")


def courses() -> Iterator[tuple[str, Course]]:
    """Yield the courses of these."""
    for order in orders():
        yield order.protocol, resolve(order, person())
