"""Adherence of each plan of a person, as of an instant, with its denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.adherence import Adherence, adherence
from medsched.frozen import frozen
from medsched.services.agenda import chart_around, followed
from medsched.services.planning import beginning

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.chart import Chart
    from medsched.services.book import Book
    from medsched.services.ports import Plan


@frozen
class PlanAdherence:
    """The figures of one plan; `slots` names the clock time of each place of the day."""

    plan: Plan
    figures: Adherence
    slots: dict[int, str]


def adherence_of(book: Book, now: datetime, since: datetime | None = None) -> list[PlanAdherence]:
    """Return the figures of each plan since it was recorded here, or since a later instant.

    A medicine added today does not change last week's figure: doses from before its plan
    was made count only where somebody recorded them.
    """
    found = []
    for plan in followed(book):
        begin = beginning(book.course(plan.number, 1))
        first = max(begin, since) if since is not None else begin
        if first >= now:
            continue
        chart, _rows = chart_around(book, plan, first, now)
        counted = max(first, chart.tracked_since or first)
        figures = adherence(chart, counted, now, now)
        found.append(PlanAdherence(plan=plan, figures=figures, slots=_slots(chart)))
    return found


def _slots(chart: Chart) -> dict[int, str]:
    """Return the latest clock time of each place of the day."""
    return {one.slot: f"{one.local:%H:%M}" for one in chart.doses}
