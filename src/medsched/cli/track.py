"""`track`: whether what is taken of a plan is recorded."""

from __future__ import annotations

import click

from medsched.cli.session import Session, with_session
from medsched.services import track as tracking
from medsched.services.plan import find_plan


@click.command()
@click.argument("prescription")
@click.option("--on/--off", "on", required=True, help="Whether doses are recorded.")
@with_session
def track(session: Session, prescription: str, *, on: bool) -> None:
    """Say whether the doses of PRESCRIPTION are recorded; unrecorded ones are never missed."""
    with session.writing() as (unit, person, book):
        now = session.now(person.itinerary.home)
        plan = tracking.track(book, find_plan(unit, person, prescription), now, on=on)
    document = {"prescription": str(plan.number), "tracked": on}
    session.print(document, lambda: _page(plan.medication, on=on))


def _page(medication: str, *, on: bool) -> str:
    if on:
        return f"{medication}: recorded from now on. A dose without a record counts as missed."
    return f"{medication}: not recorded. No dose counts as missed, and nothing asks."
