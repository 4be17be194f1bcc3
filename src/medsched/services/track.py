"""Whether what is taken of a plan is recorded: by choice, or from the first record on.

Where nobody records, a past dose is presumed taken as planned, never counted as missed,
and nothing nags.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from medsched.domain.dose import dose_key
from medsched.frozen import replace
from medsched.services.book import instant, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from medsched.domain.administration import Administration
    from medsched.domain.person import Itinerary
    from medsched.services.book import Book
    from medsched.services.ports import Plan


def track(book: Book, plan: Plan, now: datetime, *, on: bool) -> Plan:
    """Record from now on, or record no more; what was recorded stays.

    Switched on where nobody recorded before, only doses from `now` on count as missed.
    """
    locked = book.unit.plans.lock(plan.number)
    records = book.unit.records.of_plans([plan.number])
    if on and tracked_since(book, locked, records) is None:
        book.unit.settings.put(book.person.id, _since(plan), seconds(now), now)
    after = replace(locked, tracked=on)
    book.unit.plans.save(after)
    return after


def tracked_since(book: Book, plan: Plan, records: Sequence[Administration]) -> datetime | None:
    """Return from when on a dose without a record counts as missed; None: nobody records.

    It is the first day on which somebody recorded a dose, or, when it is tracked by choice,
    the plan's making or the moment of that choice.
    """
    if plan.tracked is False:
        return None
    if plan.tracked:
        chosen = book.unit.settings.get(book.person.id, _since(plan))
        return instant(chosen) if isinstance(chosen, int) else plan.created_at
    if not records:
        return None
    itinerary = book.person.itinerary
    day = min(_day_of(one, itinerary) for one in records)
    return datetime.combine(day, time(0), tzinfo=itinerary.home).astimezone(UTC)


def _day_of(record: Administration, itinerary: Itinerary) -> date:
    """Return the local day of a record's dose, or of the time it tells of."""
    if record.dose:
        return dose_key(record.dose).day
    return record.at.astimezone(itinerary.zone_at(record.at)).date()


def _since(plan: Plan) -> str:
    return f"tracked since: {plan.number}"
