"""`check` and `diff`: what is found about all plans, and what changed between two revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from medsched.cli.pages import findings_part
from medsched.cli.revision_pages import diff_page
from medsched.cli.revisions import diff_json
from medsched.cli.session import Session, with_session
from medsched.cli.shapes import findings_json
from medsched.domain.plain_words import counted_words, date_words
from medsched.services.check import check_all
from medsched.services.compare import between
from medsched.services.plan import find_plan
from medsched.services.zone_rules import displaced_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from medsched.domain.finding import DetectedIssue
    from medsched.services.zone_rules import Displaced


@click.command()
@with_session
def check(session: Session) -> None:
    """Show every finding about every plan of the person, overruled ones too."""
    with session.reading() as (_unit, person, book):
        now = session.now(person.itinerary.home)
        found = check_all(book, now)
        moved = displaced_of(book, now)
        zone = person.itinerary.zone_at(now)
    document = {
        "findings": [
            one | {"prescription": str(number), "overruled": issue.overruled}
            for number, issues in found
            for one, issue in zip(findings_json(issues), issues, strict=True)
        ],
        "displaced_by_zone_rules": [
            {
                "prescription": str(one.number),
                "doses": one.count,
                "first": one.first.astimezone(zone).isoformat(),
                "meant": one.meant.astimezone(zone).isoformat(),
            }
            for one in moved
        ],
    }
    session.print(document, lambda: "\n\n".join([_page(found), *_displaced_pages(moved, zone)]))


def _displaced_pages(moved: list[Displaced], zone: ZoneInfo) -> list[str]:
    """Return what the rules of a time zone changed, and what to do about it."""
    if not moved:
        return []
    lines = [f"Time zone: the rules of {zone.key} have changed since these doses were stored"]
    for one in moved:
        first, meant = one.first.astimezone(zone), one.meant.astimezone(zone)
        doses = counted_words(one.count, "dose")
        lines.append(
            f"  Prescription {one.number}: {doses}, the first on {date_words(first.date())}:"
            f" the clock shows {first:%H:%M} instead of {meant:%H:%M}"
        )
    lines += [
        "  They keep their instant until you lay them anew at their usual times:",
        f"  medsched travel --to {zone.key} --from tomorrow",
    ]
    return ["\n".join(lines)]


def _page(found: list[tuple[int, tuple[DetectedIssue, ...]]]) -> str:
    if not found:
        return "No plan runs, and nothing speaks about an ended one."
    parts = []
    for number, issues in found:
        shown = findings_part(issues) or "Safety\n  Nothing was found."
        parts.append(f"Prescription {number}\n{shown}")
    return "\n\n".join(parts)


@click.command()
@click.argument("prescription")
@click.argument("first", type=int, required=False)
@click.argument("second", type=int, required=False)
@with_session
def diff(session: Session, prescription: str, first: int | None, second: int | None) -> None:
    """List what changed in PRESCRIPTION between two revisions; the last two by default."""
    with session.reading() as (unit, person, book):
        plan = find_plan(unit, person, prescription)
        found = between(book, plan, first, second)
        document = {"prescription": str(plan.number), "diff": diff_json(book, found)}
        page = diff_page(book, found)
    session.print(document, lambda: page)
