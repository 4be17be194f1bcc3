"""What stands beside today's planned doses: extra ones, those only if needed, the next ones.

Somebody who asks "did I take it?" also hears what was taken beyond the plan, whether one
taken only if needed is allowed now, and when a medicine without a dose today comes next.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.administration import intakes
from medsched.domain.dose import DoseStatus
from medsched.domain.extra_dose import recent_extras
from medsched.frozen import frozen
from medsched.services.agenda import chart_around, followed, plan_lines, running
from medsched.services.choose import as_needed_dosage
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.as_needed import AsNeededState
    from medsched.services.agenda import AgendaLine
    from medsched.services.book import Book
    from medsched.services.ports import Plan

_AHEAD: Final = (timedelta(days=8), timedelta(days=100))
_LONG_AGO: Final = timedelta(days=100)


@frozen
class Needed:
    """A medicine taken only if needed, as of now; `last` is its latest intake."""

    plan: Plan
    state: AsNeededState
    last: Administration | None


@frozen
class Beside:
    """What stands beside the doses of a day.

    Args:
        extras: Taken beyond the plan so lately that nothing is advised yet, with their plans.
        coming: The next dose of each plan that has none today.
    """

    extras: tuple[tuple[Plan, Administration], ...] = ()
    needed: tuple[Needed, ...] = ()
    coming: tuple[AgendaLine, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is anything to say."""
        return bool(self.extras or self.needed or self.coming)


def beside(book: Book, now: datetime, shown: Container[int]) -> Beside:
    """Return what stands beside today's doses; `shown` are the plans that have some."""
    day = now.astimezone(book.person.itinerary.zone_at(now)).date()
    needed, extras, coming = [], [], []
    for plan in followed(book):
        records = intakes(book.unit.records.of_plans([plan.number]))
        known = [one for one in records if one.at <= now]
        dosage = as_needed_dosage(book, plan, day)
        if dosage is None:
            extras += [(plan, one) for one in _extras(book, plan, known, now)]
        elif plan in running(book):
            from medsched.services.need import allowed  # few have such a medicine

            state = allowed(book, plan, dosage, Taking(at=now, now=now))
            needed.append(Needed(plan=plan, state=state, last=known[-1] if known else None))
        if plan.number not in shown:
            coming += _next_dose(book, plan, now)
    return Beside(extras=tuple(extras), needed=tuple(needed), coming=tuple(coming))


def _extras(
    book: Book, plan: Plan, known: Sequence[Administration], now: datetime
) -> tuple[Administration, ...]:
    """Return the extra doses of a plan after which nothing is advised yet."""
    recent = (one for one in known if one.at > now - _LONG_AGO)
    if not any(not one.dose or one.amount is not None for one in recent):
        return ()
    chart, _rows = chart_around(book, plan, now - _AHEAD[0], now + _AHEAD[0])
    return recent_extras(chart, now)


def _next_dose(book: Book, plan: Plan, now: datetime) -> list[AgendaLine]:
    for ahead in _AHEAD:
        lines = plan_lines(book, plan, now, now + ahead, now)
        found = [one for one in lines if one.status is DoseStatus.UPCOMING]
        if found:
            return [min(found, key=lambda one: one.dose.due)]
    return []
