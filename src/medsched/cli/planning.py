"""`plan`, `start` and `confirm`: from a drug's rules to a stored calendar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medsched.cli.facts import read_birth, read_clearance
from medsched.cli.pages import blocked_page, plan_page
from medsched.cli.revisions import revised_document
from medsched.cli.session import Session, with_session
from medsched.cli.shapes import dose_json, findings_json, phases_json, totals_json
from medsched.cli.when import read_day_and_time, read_times
from medsched.domain.amount import Amount, amount
from medsched.domain.dose import DoseStatus
from medsched.domain.person import HepaticClass
from medsched.errors import InvalidValue
from medsched.frozen import replace
from medsched.services.book import explain_draft, other_plans
from medsched.services.confirm import confirm_draft
from medsched.services.plan import Blocked, Order, adopt, find_plan
from medsched.services.planning import Choices, DraftPlan, beside, draft, totals
from medsched.services.weekday import A_WEEK, check_period, read_weekday

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from medsched.domain.person import Person
    from medsched.services.ports import Unit

DEFAULT_DAYS = 28


def _choices(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.option("--days", type=int, default=DEFAULT_DAYS, help="How many days to show."),
            click.option("--zone", help="Time zone of the person, such as Europe/Berlin."),
            click.option("--at", "times", help="Clock times, such as 08:00,20:00."),
            click.option("--crcl", help="Creatinine clearance in mL/min."),
            click.option("--hepatic", type=click.Choice(["mild", "moderate", "severe"])),
            click.option("--born", help="Date of birth."),
            click.option("--target", help="Maintenance a day, such as '150 mg/day'."),
            click.option("--regimen", help="Which way to take it, when there are several."),
            click.option("--weekday", help="Day of a weekly medicine, such as thursday."),
            click.option(
                "--day", "first_day", type=int, default=1, help="Therapy day of the start."
            ),
        )
    ):
        command = option(command)
    return command


def read_target(text: str | None) -> Amount | None:
    """Read a maintenance such as `150 mg/day`, `150 mg a day` or, once a week, `15 mg/week`."""
    if text is None:
        return None
    plain = text.strip()
    for ending in ("/day", "/d", " a day", " per day", " daily", *A_WEEK):
        if plain.lower().endswith(ending):
            return amount(plain[: -len(ending)], subject="target")
    raise InvalidValue("target", repr(text), "say how much a day, such as '150 mg/day'")


def _with_facts(person: Person, today: date, options: dict[str, Any]) -> Person:
    facts = person.facts
    clearance = read_clearance(options["crcl"])
    if clearance is not None:
        facts = replace(facts, creatinine_clearance=clearance)
    if options["hepatic"] is not None:
        facts = replace(facts, hepatic=HepaticClass(options["hepatic"]))
    if options["born"] is not None:
        facts = replace(facts, born=read_birth(options["born"], today))
    return replace(person, facts=facts)


def _drafted(
    session: Session, protocol_name: str, start: str, options: dict[str, Any]
) -> tuple[DraftPlan, tuple[str, ...], datetime]:
    """Return the plan that the options make, what was assumed, and the instant of now."""
    protocol = session.app.protocol(protocol_name)
    person, assumed = session.person_or_new(options["zone"])
    zone = person.itinerary.home
    now = session.now(zone)
    local = now.astimezone(zone)
    day, wall = read_day_and_time(start, local.date(), subject="start")
    if wall is None and day == local.date():
        wall = local.time().replace(second=0, microsecond=0)
    choices = Choices(
        start=day,
        starts_at=wall,
        slots=read_times(options["times"]) if options["times"] else None,
        regimen=options["regimen"],
        target=read_target(options["target"]),
        first_day=options["first_day"],
        weekday=read_weekday(options["weekday"]) if options["weekday"] else None,
        ordered_by=options.get("ordered_by") or "",
    )
    person = _with_facts(person, local.date(), options)
    plan = draft(protocol, person, choices, today=local.date(), days=options["days"])
    if options["target"]:
        check_period(plan.prescription.phases, options["target"])
    return plan, (*assumed, *plan.assumptions), now


def plan_document(plan: DraftPlan, number: str, status: str, revision: int) -> dict[str, Any]:
    """Return the JSON document of a plan."""
    prescription = replace(plan.prescription, id=number)
    doses = explain_draft(plan.events, prescription, plan.course)
    return {
        "prescription": number,
        "status": status,
        "revision": revision,
        "events": [dose_json(one, DoseStatus.UPCOMING) for one in doses],
        "phases": phases_json(plan.course),
        "totals": totals_json(totals(plan.events, plan.prescription)),
        "findings": findings_json(plan.findings),
    }


@click.command()
@click.argument("protocol")
@click.option("--start", required=True, help="First day, such as 2026-12-01 or tomorrow.")
@_choices
@click.option("--ics", type=click.Path(path_type=Path), help="Write the calendar file here.")
@with_session
def plan(session: Session, protocol: str, start: str, ics: Path | None, **options: Any) -> None:
    """Show the dosing calendar of a medicine, from a PROTOCOL's rules; stores nothing.

    PROTOCOL is a name that `medsched protocols list` shows, or your own FILE.toml.
    """
    from medsched.domain.safety import blocking

    drafted, assumed, _now = _drafted(session, protocol, start, options)
    drafted = _beside_stored(session, drafted)
    stopped = blocking(drafted.findings, ())
    if stopped:
        shown = replace(drafted, events=())
        document = plan_document(shown, drafted.prescription.id, "draft", 1)
        session.print(document | {"phases": []}, lambda: blocked_page(drafted))
        raise Blocked(stopped)
    document = plan_document(drafted, drafted.prescription.id, "draft", 1)
    session.print(document, lambda: plan_page(drafted, assumed))
    if ics is not None:
        _write_calendar(session, drafted, ics)


def _beside_stored(session: Session, drafted: DraftPlan) -> DraftPlan:
    """Return the plan checked beside what the person has stored, when something is."""
    if session.stored_person() is None:
        return drafted
    with session.reading() as (_unit, _person, book):
        return beside(drafted, drafted.person, other_plans(book), book.protocol)


def _write_calendar(session: Session, drafted: DraftPlan, ics: Path) -> None:
    from medsched.calendar.render import render
    from medsched.cli.files import write_private
    from medsched.services.publish import draft_entries, file_form

    entries = draft_entries(drafted)
    write_private(ics, render(entries, file_form(drafted.protocol.medication.name)))
    session.say(f"Calendar written to {ics}: {len(entries)} entries.")


@click.command()
@click.argument("protocol")
@click.option("--on", "start", required=True, help="First day, such as 2026-12-01 or today.")
@_choices
@click.option("--ordered-by", help="Who ordered it; without it the plan stays a draft.")
@click.option("--override", default="", help="Why a block is overruled; needs --ordered-by.")
@click.option(
    "--tracked/--untracked", default=None, help="Whether doses are recorded as taken or missed."
)
@with_session
def start(session: Session, protocol: str, start: str, override: str, **options: Any) -> None:
    """Adopt a plan: store it, active when it is said who ordered it, else as a draft."""
    drafted, assumed, now = _drafted(session, protocol, start, options)
    order = Order(ordered_by=options["ordered_by"] or "", override=override)
    with session.app.store.writing() as unit:
        person = _stored(session, unit, drafted.person, now)
        book = session.app.book(unit, person)
        drafted = beside(drafted, person, other_plans(book), book.protocol)
        stored = adopt(
            unit,
            drafted,
            key=session.app.new_key(),
            order=order,
            now=now,
            horizon_days=session.app.settings.horizon_days,
            tracked=options["tracked"],
        )
    document = plan_document(drafted, str(stored.number), stored.status.value, 1)
    session.print(document, lambda: plan_page(drafted, assumed, stored))


def _stored(session: Session, unit: Unit, person: Person, now: datetime) -> Person:
    """Store the person, new or with the facts just given.

    Raises:
        InvalidValue: another zone than the stored one: it would move other plans as well.
    """
    known = session.app.find_person(unit, session.person_name)
    if known is None:
        return unit.people.add(person, now)
    if known.itinerary.home != person.itinerary.home:
        wanted = f"the person's zone is {known.itinerary.home.key}; leave --zone out"
        raise InvalidValue("zone", person.itinerary.home.key, wanted)
    if known != person:
        unit.people.save(person, now)
    return person


@click.command()
@click.argument("prescription")
@click.option("--ordered-by", required=True, help="Who ordered it.")
@click.option("--override", default="", help="Why a block is overruled.")
@click.option("--already-started", is_flag=True, help="It was taken since its first day.")
@with_session
def confirm(session: Session, prescription: str, ordered_by: str, **options: Any) -> None:
    """Make the draft of PRESCRIPTION (its number or medicine) active.

    Without a draft: a plan that waits because doses were missed goes on as planned.
    """
    with session.writing() as (unit, person, book):
        now = session.now(person.itinerary.home)
        confirmed, diff, findings = confirm_draft(
            book,
            find_plan(unit, person, prescription),
            order=Order(ordered_by=ordered_by, override=options["override"]),
            now=now,
            horizon_days=session.app.settings.horizon_days,
            already_started=options["already_started"],
        )
        document = revised_document(book, confirmed, diff, findings)
    page = (
        f"Prescription {confirmed.number} is active, ordered by {ordered_by}. See: medsched today"
    )
    session.print(document, lambda: page)
