"""`import people` and `plan-all`: a whole clinic, in constant memory, stopped and run again."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import click

from medsched.cli.import_file import ics
from medsched.cli.session import Session, with_session
from medsched.domain.words import date_words
from medsched.errors import Exit, MedschedError

if TYPE_CHECKING:
    from medsched.cli.clinic_lines import BadLine
    from medsched.cli.clinic_patients import Lines
    from medsched.services.clinic import Admitted, Clinic, Patient
    from medsched.services.ports import Loader, Store, Unit

_AT_ONCE: Final = 500
_MOST_SHOWN: Final = 1000
"""Bad lines kept for the JSON document; all of them are printed as they are met."""


class BadLines(MedschedError):
    """A file with lines that cannot be stored; nothing of it was."""

    exit_code = Exit.BAD_FILE

    def __init__(self, path: Path, count: int) -> None:
        """Keep the file and how many lines are bad."""
        self.path, self.count = path, count
        lines = "1 line is" if count == 1 else f"{count:,} lines are"
        super().__init__(
            f"{path}: {lines} bad, nothing was stored; mend them, or leave them out by --skip-bad"
        )


@click.group("import")
def import_() -> None:
    """Bring in the people of a clinic, or read a calendar back."""


import_.add_command(ics)


@dataclass
class Import:
    """One run of `import people`: what was stored, what was not."""

    session: Session
    skip_bad: bool
    stored: Admitted
    bad: int = 0
    shown: list[BadLine] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        """Whether anything will be stored: after a bad line the rest is only read."""
        return self.skip_bad or not self.bad

    def note(self, one: BadLine) -> None:
        """Tell a bad line at once."""
        self.bad += 1
        self.session.say(str(one))
        if len(self.shown) < _MOST_SHOWN:
            self.shown.append(one)

    def document(self) -> dict[str, Any]:
        """Return the JSON document."""
        return {
            "people": self.stored.people,
            "prescriptions": self.stored.prescriptions,
            "doses": self.stored.doses,
            "already_stored": self.stored.already,
            "warned": self.stored.warned,
            "bad_lines": self.bad,
            "bad": [{"line": one.number, "message": one.message} for one in self.shown],
        }

    def page(self) -> str:
        """Return the result as one line for people."""
        it = self.stored
        parts = [f"{it.people:,} people, {it.prescriptions:,} prescriptions, {it.doses:,} doses"]
        if it.already:
            parts.append(f"{it.already:,} people were stored already")
        if it.warned:
            parts.append(
                f"of {it.warned:,} prescriptions the rules warn: medsched check --person NAME"
            )
        if self.bad:
            parts.append(f"{self.bad:,} bad lines were left out")
        return f"Stored: {'; '.join(parts)}."


@import_.command("people")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Store the good lines, leave the bad ones out.")
@with_session
def people(session: Session, file: Path, skip_bad: bool) -> None:
    """Store the people of FILE (.csv or .jsonl) with their facts, prescriptions and doses.

    All of it is stored, or nothing. Stopped half-way it stores nothing; run again, it
    passes over who is there already. The columns are told in docs/clinic.md.
    """
    from medsched.cli.clinic_lines import read_lines
    from medsched.cli.clinic_patients import Reader
    from medsched.cli.progress import counting
    from medsched.services.clinic import Admitted, Clinic

    now = session.now(ZoneInfo("UTC"))
    size = file.stat().st_size if file.is_file() else 0
    done = Import(session=session, skip_bad=skip_bad, stored=Admitted())
    reader = Reader(now=now, protocol=session.app.protocol)
    clinic = Clinic(
        now=now,
        horizon_days=session.app.settings.horizon_days,
        new_key=session.app.new_key,
    )
    found = reader.patients(read_lines(file))
    first = list(islice(found, _AT_ONCE))  # an unreadable file is told before a store is made
    with ExitStack() as stack:
        unit = stack.enter_context(session.app.store.writing())
        loader = stack.enter_context(unit.loading())
        tell = stack.enter_context(counting("patients", size))
        while first:
            _store(done, clinic, unit, loader, first)
            tell(len(first), first[-1].read)
            first = list(islice(found, _AT_ONCE))
        if not done.goes_on:
            raise BadLines(file, done.bad)
    session.print(done.document(), done.page)


def _store(done: Import, clinic: Clinic, unit: Unit, loader: Loader, some: list[Lines]) -> None:
    """Store the good ones of some hundreds of patients."""
    from medsched.cli.clinic_lines import BadLine
    from medsched.services.clinic import Admitted
    from medsched.services.clinic_refusals import NamedTwice

    good: dict[str, Patient] = {}
    for one in some:
        for wrong in one.bad:
            done.note(wrong)
        if one.patient is None:
            continue
        try:
            if one.patient.person.name in good:
                raise NamedTwice
            clinic.templates(one.patient)
            there = clinic.is_there(unit, one.patient)
        except MedschedError as refused:
            number = one.number_of(clinic.refused(one.patient))
            done.note(BadLine(number=number, message=str(refused)))
            continue
        if there:
            done.stored += Admitted(already=1)
        else:
            good[one.patient.person.name] = one.patient
    if good and done.goes_on:
        done.stored += clinic.admit(unit, loader, list(good.values()))


@click.command("plan-all")
@click.option("--until", required=True, help="The last day whose doses are to be stored.")
@with_session
def plan_all(session: Session, until: str) -> None:
    """Store the doses of every active plan of everybody up to a day.

    Some hundreds of plans are one piece of work; stopped half-way and run again, it does
    the rest.
    """
    from medsched.cli.progress import counting
    from medsched.cli.session import NothingStored
    from medsched.cli.when import read_date
    from medsched.services.horizons import check_until, push_plans

    if not session.app.has_store:
        raise NothingStored(session.app.home)
    store = session.app.store
    today = session.now(ZoneInfo("UTC")).date()
    last = read_date(until, today, subject="until")
    check_until(last, today)
    plans = doses = seen = 0
    with store.reading() as unit:
        total = sum(1 for _ in unit.plans.numbers())
    with counting("plans", total) as tell:
        reached = 0
        while some := _after(store, reached):
            with store.writing() as unit:
                pushed, stored = push_plans(unit, some, last)
            plans, doses, reached = plans + pushed, doses + stored, some[-1]
            seen += len(some)
            tell(len(some), seen)
    document = {"until": last.isoformat(), "prescriptions": plans, "doses": doses}
    page = f"Stored: {doses:,} doses of {plans:,} prescriptions, up to {date_words(last)}."
    session.print(document, lambda: page)


def _after(store: Store, reached: int) -> list[int]:
    """Return the numbers of the next plans after one, some hundreds."""
    with store.reading() as unit:
        return list(islice(unit.plans.numbers(reached), _AT_ONCE))
