"""`person set` and `person show`: the facts that rules need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from medsched.bootstrap import machine_zone
from medsched.cli.facts import read_birth, read_clearance, read_creatinine, read_number
from medsched.cli.session import Session, read_zone, with_session
from medsched.cli.when import read_time
from medsched.domain.person import HepaticClass, Sex, at_home
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from medsched.domain.person import DayRhythm, Facts, Person

_MOMENTS = ("wake", "breakfast", "lunch", "dinner", "bed")
_YES_NO = ("dialysis", "end_stage_renal", "pregnant", "breastfeeding", "alcohol")


@click.group()
def person() -> None:
    """Keep the facts about a person that rules need."""


def _facts(command: Callable[..., None]) -> Callable[..., None]:
    options = [
        click.option("--zone", help="Home time zone, such as Europe/Berlin."),
        click.option("--born", help="Date of birth."),
        click.option("--sex", type=click.Choice([one.value for one in Sex])),
        click.option("--weight", help="Body weight in kg."),
        click.option("--creatinine", help="Serum creatinine in mg/dL, or as '106 umol/L'."),
        click.option("--crcl", help="Creatinine clearance in mL/min."),
        click.option("--hepatic", type=click.Choice([one.value for one in HepaticClass])),
        click.option("--condition", "conditions", multiple=True, help="Something the person has."),
        click.option("--no-condition", "absent", multiple=True, help="Something they do not have."),
    ]
    options += [
        click.option(f"--{name.replace('_', '-')}/--no-{name.replace('_', '-')}", default=None)
        for name in _YES_NO
    ]
    options += [
        click.option(f"--{name}", help=f"Usual time, such as {name} 08:00.") for name in _MOMENTS
    ]
    for option in reversed(options):
        command = option(command)
    return command


@person.command("set")
@_facts
@with_session
def set_facts(session: Session, **options: Any) -> None:
    """Store facts about the person; what is not named stays as it is."""
    zone = read_zone(options["zone"]) if options["zone"] else None
    assumed = False
    with session.app.store.writing() as unit:
        known = session.app.find_person(unit, session.person_name)
        if known is None:
            home = zone or machine_zone(session.app.environment)
            known = unit.people.add(
                session.app.new_person(session.person_name, home), session.app.clock.now()
            )
            assumed = zone is None
        elif zone is not None and zone != known.itinerary.home:
            _refuse_moving(unit.plans.of_person(known.id), known, zone.key)
            known = replace(known, itinerary=at_home(zone))
        now = session.now(known.itinerary.home)
        today = now.astimezone(known.itinerary.home).date()
        after = replace(
            known,
            facts=_changed_facts(known.facts, options, today),
            rhythm=_changed_rhythm(known.rhythm, options),
        )
        unit.people.save(after, now)
    if assumed:
        home = after.itinerary.home
        session.say(f"No time zone was given: this machine's own, {home.key}, is assumed.")
    session.print(person_document(after), lambda: person_page(after))


def _refuse_moving(plans: list[Any], known: Person, zone: str) -> None:
    from medsched.errors import InvalidValue

    if plans:
        wanted = (
            f"home is {known.itinerary.home.key} and plans are stored in it;"
            " use `medsched travel` so that no dose is lost or doubled"
        )
        raise InvalidValue("zone", zone, wanted)


def _changed_facts(facts: Facts, options: dict[str, Any], today: date) -> Facts:
    changed: dict[str, Any] = {name: options[name] for name in _YES_NO if options[name] is not None}
    if options["born"]:
        changed["born"] = read_birth(options["born"], today)
    if options["sex"]:
        changed["sex"] = Sex(options["sex"])
    if options["weight"]:
        changed["weight_kg"] = read_number(options["weight"], "weight", 1, 400, "kg")
    if options["creatinine"]:
        changed["creatinine"] = read_creatinine(options["creatinine"])
    if options["crcl"]:
        changed["creatinine_clearance"] = read_clearance(options["crcl"])
    if options["hepatic"]:
        changed["hepatic"] = HepaticClass(options["hepatic"])
    present = {one.strip().lower() for one in options["conditions"]}
    absent = {one.strip().lower() for one in options["absent"]}
    changed["conditions"] = (facts.conditions | present) - absent
    changed["not_conditions"] = (facts.not_conditions | absent) - present
    return replace(facts, **changed)


def _changed_rhythm(rhythm: DayRhythm, options: dict[str, Any]) -> DayRhythm:
    named = {one: read_time(options[one], subject=one) for one in _MOMENTS if options[one]}
    return replace(rhythm, **named)


@person.command("show")
@with_session
def show(session: Session) -> None:
    """Show the facts stored about the person."""
    with session.reading() as (_unit, known, _book):
        pass
    session.print(person_document(known), lambda: person_page(known))


def person_document(known: Person) -> dict[str, Any]:
    """Return the JSON document of a person."""
    facts = known.facts
    return {
        "person": known.name,
        "zone": known.itinerary.home.key,
        "born": None if facts.born is None else facts.born.isoformat(),
        "sex": facts.sex,
        "weight_kg": _text(facts.weight_kg),
        "creatinine_mg_dl": _text(facts.creatinine),
        "creatinine_clearance_ml_min": _text(facts.creatinine_clearance),
        "hepatic": facts.hepatic,
        **{name: getattr(facts, name) for name in _YES_NO},
        "conditions": sorted(facts.conditions),
        "not_conditions": sorted(facts.not_conditions),
        "day": {name: f"{getattr(known.rhythm, name):%H:%M}" for name in _MOMENTS},
        "taking": [one.name for one in known.taking],
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def person_page(known: Person) -> str:
    """Return the facts as lines; what nobody said is shown as such."""
    lines = []
    for name, value in person_document(known).items():
        shown = ", ".join(value) if isinstance(value, list) else value
        if isinstance(value, dict):
            shown = ", ".join(f"{key} {at}" for key, at in value.items())
        words = {None: "not said", True: "yes", False: "no", "": "none"}
        label = name.replace("_", " ").replace("ml min", "(mL/min)").replace("mg dl", "(mg/dL)")
        lines.append(f"{label + ':':<32}{words.get(shown, shown)}")
    return "\n".join(lines)
