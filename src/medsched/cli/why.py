"""`why`: explain one dose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from medsched.cli.pages import wrapped
from medsched.cli.session import Session, with_session
from medsched.cli.shapes import dose_json, phase_json
from medsched.services.why import explain_dose, sentences

if TYPE_CHECKING:
    from medsched.services.why import Explanation


@click.command()
@click.argument("dose")
@with_session
def why(session: Session, dose: str) -> None:
    """Explain a DOSE: its phase, rule, revision, clock arithmetic, tablets and source."""
    with session.reading() as (_unit, person, book):
        found = explain_dose(book, dose, session.now(person.itinerary.home))
    session.print(_document(found), lambda: _page(found))


def _page(found: Explanation) -> str:
    return "\n".join(wrapped(f"{label + ':':<10}{text}") for label, text in sentences(found))


def _document(found: Explanation) -> dict[str, Any]:
    how = found.arithmetic
    rule = found.rule
    return {
        "dose": dose_json(found.dose, found.status),
        "phase": phase_json(found.dose.phase),
        "rule": None if rule is None else {"id": rule.id, "text": rule.text},
        "provenance": None if rule is None else rule.provenance.value,
        "sources": [] if rule is None else list(rule.sources),
        "revision": found.revision.prescription.revision,
        "protocol": {"id": found.protocol.id, "version": found.protocol.version},
        "zone": how.zone,
        "wall": f"{how.wall:%H:%M}",
        "offset_minutes": int(how.offset.total_seconds()) // 60,
        "clock_change": how.change.value,
        "utc": how.due.isoformat(),
        "sentences": dict(sentences(found)),
    }
