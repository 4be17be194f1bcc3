"""G1, G2: from a plan to its doses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.courses import START, ZONE, courses, orders, six_phases
from bench.measure import Pair, Row, Sample, Size, equal, in_process, python
from dateutil.rrule import DAILY, rrule

from medsched.domain import days, stretch, walltime
from medsched.domain.timeline import all_doses
from medsched.domain.timing import OnDays, SameDose
from medsched.services.document import prescription_text


def forget() -> None:
    """Drop every calendar that was worked out before: a new process has none."""
    for module in (walltime, stretch, days):
        for name in vars(module).copy():
            clear = getattr(getattr(module, name), "cache_clear", None)
            if clear is not None:
                clear()


@contextmanager
def expand(size: Size, _folder: Path) -> Iterator[Pair]:
    """G1: five years of doses, the calendars of the clock being there already."""
    with _expanded(size) as (pair, work):
        work()
        yield pair(
            Row(
                "G1",
                f"six phases, {size.years} years twice a day, each dose with its local time,"
                " instant, amount, phase and id",
                "dateutil: the bare list",
                0.60,
            ),
            work,
        )


@contextmanager
def expand_first(size: Size, _folder: Path) -> Iterator[Pair]:
    """G1c: the same as the first work of a new process."""

    with _expanded(size) as (pair, work):

        def cold() -> Any:
            forget()
            return work()

        yield pair(
            Row("G1c", "the same, the first of its process", "dateutil: the bare list", None), cold
        )


@contextmanager
def _expanded(size: Size) -> Iterator[tuple[Callable[..., Pair], Callable[[], Any]]]:
    course = six_phases(size.years)
    last = course.phases[-1].last_day
    first = datetime(START.year, START.month, START.day, 8, tzinfo=ZONE)
    until = datetime(last.year, last.month, last.day, 23, tzinfo=ZONE)

    def theirs() -> Sample:
        return in_process(
            lambda: list(
                rrule(
                    DAILY,
                    dtstart=first,
                    until=until,
                    byhour=(8, 20),
                    byminute=0,
                    bysecond=0,
                    cache=False,
                )
            )
        )

    def same(ours: Sample, others: Sample) -> None:
        assert [one.due for one in ours.answer] == [one.astimezone(UTC) for one in others.answer]
        assert [one.local for one in ours.answer] == others.answer
        assert len({one.id for one in ours.answer}) == len(ours.answer)

    def pair(row: Row, work: Callable[[], Any]) -> Pair:
        return Pair(rows=(row,), ours=lambda: in_process(work), theirs=theirs, same=same)

    yield pair, lambda: all_doses(course, last)


@contextmanager
def print_all(size: Size, folder: Path) -> Iterator[Pair]:
    """G2: six medicines printed, from the start of the program to its end."""
    stored, last = stored_orders(folder), last_day(size)
    rules = _rules(folder, last)
    yield Pair(
        rows=(
            Row(
                "G2",
                f"six prescriptions, {size.years} years printed, whole process",
                "dateutil printing the same lines",
                0.5,
            ),
        ),
        ours=lambda: python("print_orders.py", stored, ZONE.key, last.isoformat()),
        theirs=lambda: python("print_rules.py", rules),
        same=equal,
    )


@contextmanager
def print_by_rules(size: Size, folder: Path) -> Iterator[Pair]:
    """G2t: the same, when the rules of the six are read and checked first."""
    rules = _rules(folder, last_day(size))
    yield Pair(
        rows=(
            Row(
                "G2t",
                "the same, the rules of all six read from their files and checked first",
                "dateutil printing the same lines",
                None,
            ),
        ),
        ours=lambda: python("print_courses.py", size.years),
        theirs=lambda: python("print_rules.py", rules),
        same=equal,
    )


def stored_orders(folder: Path) -> Path:
    """Write the prescriptions of the six, as they are stored."""
    stored = folder / "orders.jsonl"
    stored.write_text("\n".join(prescription_text(one) for one in orders()), encoding="utf-8")
    return stored


def last_day(size: Size) -> date:
    return START.replace(year=START.year + size.years) - timedelta(days=1)


def _rules(folder: Path, last: date) -> Path:
    """Write the phases of the courses for the peer."""
    told = []
    for name, course in courses():
        phases = []
        for one in course.phases:
            assert isinstance(one.dosage, OnDays)
            assert isinstance(one.dosage.doses, SameDose)
            hours = [one.walls[place - 1].hour for place in one.places]
            end = min(one.last_day, last)
            digits = one.dosage.doses.amount.digits
            phases.append((one.first_day.isoformat(), end.isoformat(), hours, digits))
        told.append((name, phases))
    rules = folder / "rules.json"
    rules.write_text(json.dumps({"zone": ZONE.key, "medicines": told}))
    return rules
