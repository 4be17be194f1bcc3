"""G2r, G6e, G7k: programs that people have, doing what ours does; skipped where they are not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import recurring_ical_events
from bench.clinic import clinic_at, rows_of
from bench.courses import START, ZONE, courses, six_phases
from bench.examples import NOW
from bench.feed import FORM, entries
from bench.measure import Pair, Row, Sample, Size, Skipped, in_process, program, python
from bench.planning import last_day, stored_orders
from bench.start import medsched
from icalendar import Calendar

from medsched.calendar.render import render
from medsched.domain.timeline import expand
from medsched.domain.timing import OnDays, SameDose
from medsched.services.feed_entry import FeedEntry


@contextmanager
def expanded(size: Size, _folder: Path) -> Iterator[Pair]:
    """G6e: a year of a plan, from the plan and from its calendar."""
    course, told = six_phases(6), entries(size.feed_days)
    parsed: Any = Calendar.from_ical(render(told, replace(FORM, compact=True)))
    since = datetime(START.year, START.month, START.day, tzinfo=UTC)
    until = since + timedelta(days=min(365, size.feed_days))

    def same(ours: Sample, theirs: Sample) -> None:
        found = sorted(one["DTSTART"].dt.astimezone(UTC) for one in theirs.answer)
        assert [one.due for one in ours.answer] == found

    yield Pair(
        rows=(
            Row(
                "G6e",
                "a year of one plan: its doses",
                "recurring-ical-events, its compact calendar",
                None,
            ),
        ),
        ours=lambda: in_process(lambda: list(expand(course, since, until))),
        theirs=lambda: in_process(
            lambda: recurring_ical_events.of(parsed).between(since, until - timedelta(seconds=1))
        ),
        same=same,
    )


@contextmanager
def by_remind(size: Size, folder: Path) -> Iterator[Pair]:
    """G2r: six medicines printed, against remind's list of the same months."""
    remind = shutil.which("remind")
    if remind is None:
        raise Skipped("remind is not installed")
    last = last_day(size)
    orders, script = stored_orders(folder), folder / "six.rem"
    script.write_text("\n".join(_rem_lines(last)) + "\n")
    months = 12 * size.years + 1

    def same(ours: Sample, theirs: Sample) -> None:
        mine = sorted(_local(line) for line in ours.answer.splitlines())
        assert mine == sorted(filter(None, map(_shown, theirs.answer.splitlines())))

    yield Pair(
        rows=(
            Row(
                "G2r",
                f"six prescriptions, {size.years} years printed, whole process",
                "remind -s, the same months",
                None,
            ),
        ),
        ours=lambda: python("print_orders.py", orders, ZONE.key, last.isoformat()),
        theirs=lambda: program(remind, f"-s{months}", script, START.isoformat()),
        same=same,
    )


def _rem_lines(last: date) -> Iterator[str]:
    """Yield the phases as reminders, one line for each time of the day."""
    for name, course in courses():
        for one in course.phases:
            assert isinstance(one.dosage, OnDays)
            assert isinstance(one.dosage.doses, SameDose)
            end = min(one.last_day, last)
            for place in one.places:
                wall, digits = one.walls[place - 1], one.dosage.doses.amount.digits
                yield (
                    f"REM {one.first_day} *1 UNTIL {end} AT {wall:%H:%M} MSG dose {name} {digits}"
                )


def _local(line: str) -> tuple[str, ...]:
    name, day, _at, here, digits = line.split()
    return day, here, name, digits


def _shown(line: str) -> tuple[str, ...] | None:
    """Return day, time, name and digits of `2026/01/05 * * * 480 08:00 dose NAME DIGITS`."""
    if " dose " not in line:
        return None
    before, _, after = line.partition(" dose ")
    day, minute = before.split()[0].replace("/", "-"), int(before.split()[4])
    name, digits = after.split()
    return day, f"{minute // 60:02}:{minute % 60:02}", name, digits


@contextmanager
def by_khal(size: Size, folder: Path) -> Iterator[Pair]:
    """G7k: thirty days shown, against khal and its cache of the same calendar."""
    khal = shutil.which("khal")
    if khal is None:
        raise Skipped("khal is not installed")
    database, first = clinic_at(folder, size.patients), START + timedelta(days=10)
    configuration = _khal(folder, database)
    last = first + timedelta(days=29)
    told = ("--home", str(folder), "--database", f"sqlite:///{database}", "--person", "Patient 2")
    days = ("--from", first.isoformat(), "--to", last.isoformat())

    def theirs() -> Sample:
        shown = ("--format", "{start-date} {start-time} {title}", "--day-format", "")
        return program(khal, "-c", configuration, "list", *shown, first.isoformat(), "30d")

    def same(ours: Sample, others: Sample) -> None:
        doses = json.loads(ours.answer)["doses"]
        mine = [f"{one['due'][:10]} {one['due'][11:16]} {one['amount']}" for one in doses]
        assert mine == sorted(line for line in others.answer.splitlines() if line.strip())

    theirs()  # it fills its cache
    yield Pair(
        rows=(
            Row(
                "G7k", "medsched agenda: thirty days", "khal list, the same calendar, cached", None
            ),
        ),
        ours=lambda: medsched("agenda", *told, *days, "--as-of", NOW.isoformat(), "--json"),
        theirs=theirs,
        same=same,
    )


def _khal(folder: Path, database: Path) -> Path:
    """Write the second patient's calendar as khal wants it, a file for each entry."""
    calendar = folder / "khal"
    calendar.mkdir(exist_ok=True)
    for row in rows_of(database, "WHERE prescription = 2"):
        _prescription, day, slot, due, amount = row[:5]
        one = FeedEntry(
            uid=f"{day}-{slot}",
            starts=datetime.fromtimestamp(due, UTC),
            zone=ZONE.key,
            summary=amount,
            sequence=0,
            revised=NOW,
        )
        (calendar / f"{one.uid}.ics").write_bytes(render([one], FORM))
    configuration = folder / "khal.conf"
    configuration.write_text(
        f"[calendars]\n[[doses]]\npath = {calendar}\ntype = calendar\n"
        f"[sqlite]\npath = {folder / 'khal.db'}\n"
        f"[locale]\nlocal_timezone = {ZONE.key}\ndefault_timezone = {ZONE.key}\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    return configuration
