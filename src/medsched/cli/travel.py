"""`travel`: see what a change of time zone does to the doses, and adopt it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from medsched.cli.session import Session, read_zone, with_session
from medsched.cli.when import read_when
from medsched.domain.person import ZonePolicy
from medsched.domain.plain_words import date_words, length_words
from medsched.services.travel import Journey, PlanAbroad, adopt_journey, preview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.domain.dose import DoseEvent

_POLICIES = {
    "local": ZonePolicy.FOLLOW_LOCAL,
    "home": ZonePolicy.HOME_TIME,
    "elapsed": ZonePolicy.ELAPSED,
}


@click.command()
@click.option("--to", "zone", required=True, help="Time zone there, such as Asia/Tokyo.")
@click.option("--from", "since", required=True, help="When it begins, such as '2026-12-20 14:00'.")
@click.option("--until", help="When you are back home; until told when left out.")
@click.option("--policy", type=click.Choice(list(_POLICIES)), default="local")
@with_session
def travel(session: Session, zone: str, since: str, until: str | None, policy: str) -> None:
    """Show the doses around a change of time zone, and adopt it.

    Doses follow the local clock, stay on home time, or keep their elapsed hours.
    """
    there = read_zone(zone)
    with session.reading() as (_unit, person, book):
        home = person.itinerary.home
        now = session.now(home)
        journey = Journey(
            zone=there,
            since=read_when(since, now, person.itinerary.zone_at(now), subject="from"),
            until=read_when(until, now, there, subject="until") if until else None,
            policy=_POLICIES[policy],
        )
        shown = preview(book, journey, now)
    if not session.as_json:
        click.echo(travel_page(shown, journey))
    if not session.yes and not _agreed(session):
        session.print(_document(shown, adopted=False), lambda: "Shown only: nothing has changed.")
        return
    with session.writing() as (_unit, _person, book):
        adopt_journey(book, journey, now, session.app.settings.horizon_days)
    session.print(_document(shown, adopted=True), lambda: "Adopted. See: medsched agenda")


def _agreed(session: Session) -> bool:
    if session.as_json:
        return False
    try:
        return click.confirm("Adopt it?", default=False)
    except click.Abort:
        return False


def _document(shown: Sequence[PlanAbroad], *, adopted: bool) -> dict[str, Any]:
    return {
        "adopted": adopted,
        "plans": [
            {
                "prescription": str(one.plan.number),
                "medication": one.plan.medication,
                "longest_gap_minutes": int(one.longest_gap.total_seconds()) // 60,
                "before": [_dose(it) for it in one.before],
                "after": [_dose(it) for it in one.after],
            }
            for one in shown
        ],
    }


def _dose(one: DoseEvent) -> dict[str, str]:
    return {
        "id": one.id,
        "due": one.local.isoformat(),
        "amount": one.amount.digits,
        "unit": one.amount.unit.value,
    }


def travel_page(shown: Sequence[PlanAbroad], journey: Journey) -> str:
    """Return the doses around the change, plan by plan, with the longest gap."""
    if not shown:
        return "No plan is running: only the time zone changes."
    parts = [f"Doses around the journey to {journey.zone.key} ({journey.policy.value})"]
    for one in shown:
        minutes = int(one.longest_gap.total_seconds()) // 60
        lines = [f"{one.plan.medication}: longest time between two doses {length_words(minutes)}"]
        lines += [f"  {_line(it)}" for it in one.after]
        gone = {it.id for it in one.before} - {it.id for it in one.after}
        if gone:
            lines.append(f"  Left out by the change of clock, or too close to another: {len(gone)}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _line(one: DoseEvent) -> str:
    return f"{date_words(one.local.date())} {one.local:%H:%M} {one.local.tzinfo}: {one.amount}"
