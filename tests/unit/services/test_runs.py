"""Runs of doses: many rows that differ only by the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from medsched.domain.amount import amount
from medsched.domain.course import resolve
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.person import Person, at_home
from medsched.domain.prescription import Prescription
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.timeline import doses_of_days
from medsched.domain.timing import EveryHours, ForDays, OnDays, SameDose, TimesADay, UntilTold
from medsched.services.book import row_of
from medsched.services.ports import DoseRow, DoseRun
from medsched.services.runs import runs_of, shared_runs


def test_a_run_of_every_other_day_keeps_its_hour_in_utc() -> None:
    run = DoseRun(
        prescription=1,
        day=739_000,
        doses=3,
        step=2,
        slot=1,
        due=1_000_000,
        amount="25",
        phase=2,
        revision=3,
        sequence=4,
    )
    assert list(run.rows()) == [
        DoseRow(1, 739_000 + days, 1, 1_000_000 + days * 86_400, "25", 2, 3, 4)
        for days in (0, 2, 4)
    ]


MEDICATION = Medication(
    name="examplin",
    ingredient="examplin",
    form=Form.FILM_COATED_TABLET,
    route=Route.ORAL,
    strengths=(amount("12.5 mg"), amount("25 mg")),
)


def an_order(start: date, *phases: Phase) -> Prescription:
    return Prescription(
        id="7",
        key="key",
        person="1",
        protocol="examplin",
        protocol_digest="d" * 64,
        regimen="standard",
        medication=MEDICATION,
        phases=phases,
        start=start,
        slots=(time(2, 30), time(20)),
    )


def twice(dose: str, days: int | None) -> Phase:
    return Phase(
        kind=PhaseKind.MAINTENANCE,
        dosage=OnDays(times=TimesADay(count=2), doses=SameDose(amount(dose))),
        bounds=UntilTold() if days is None else ForDays(days),
    )


HOURS = Phase(
    kind=PhaseKind.MAINTENANCE,
    dosage=EveryHours(hours=36, amount=amount("25 mg")),
    bounds=UntilTold(),
)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"])
@pytest.mark.parametrize("phases", [(twice("12.5 mg", 7), twice("25 mg", None)), (HOURS,)])
def test_runs_hold_exactly_the_rows_of_the_events(zone: str, phases: tuple[Phase, ...]) -> None:
    """Through a year with both clock changes, one of them on the very time of a dose."""
    person = Person(name="Anna", itinerary=at_home(ZoneInfo(zone)))
    course = resolve(an_order(date(2026, 1, 5), *phases), person)
    events = doses_of_days(course, course.start, date(2026, 12, 31))
    runs = runs_of(events, 7, 3)
    held = [row for run in runs for row in run.rows()]
    assert sorted(held) == sorted(row_of(one, 7, 3) for one in events)


def test_a_year_of_doses_is_few_runs() -> None:
    person = Person(name="Anna", itinerary=at_home(ZoneInfo("Europe/Berlin")))
    course = resolve(an_order(date(2026, 1, 5), twice("25 mg", None)), person)
    assert len(runs_of(doses_of_days(course, course.start, date(2026, 12, 31)), 7, 1)) <= 10


def test_a_run_is_never_longer_than_the_store_takes() -> None:
    person = Person(name="Anna", itinerary=at_home(ZoneInfo("UTC")))
    course = resolve(an_order(date(2026, 1, 5), twice("25 mg", None)), person)
    runs = runs_of(doses_of_days(course, course.start, date(2032, 1, 5)), 7, 1)
    assert max(run.doses for run in runs) == 1000


def test_nothing_is_no_run() -> None:
    assert runs_of([], 7, 1) == []


def test_the_same_course_is_worked_out_once() -> None:
    person = Person(name="Anna", itinerary=at_home(ZoneInfo("UTC")))
    course = replace(resolve(an_order(date(2026, 1, 5), twice("25 mg", None)), person))
    span = (date(2026, 1, 5), date(2026, 1, 9))
    assert shared_runs(replace(course), *span) is shared_runs(course, *span)
    assert datetime.fromtimestamp(shared_runs(course, *span)[0].due, tz=UTC) == datetime(
        2026, 1, 5, 2, 30, tzinfo=UTC
    )
