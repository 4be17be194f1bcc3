"""Charts for tests: doses on a wall clock, records at clock times, and the questions to ask."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.domain.amount import Amount, amount
from medsched.domain.chart import Chart, chart_of
from medsched.domain.dose import DoseEvent
from medsched.domain.walltime import instant_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medsched.domain.missed_policy import MissedPolicy

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_numbers = count(1)


def at(clock: str, day: int = 0, zone: ZoneInfo = NEW_YORK, first: date = MONDAY) -> datetime:
    """Return the instant at which the clock shows `clock` on the day-th day after the first."""
    hour, minute, second = (*(int(part) for part in clock.split(":")), 0)[:3]
    wall = time(hour, minute, second)
    return datetime.combine(first + timedelta(days=day), wall, tzinfo=zone).astimezone(UTC)


def dose(
    clock: str,
    day: int = 0,
    *,
    amounts: str = "50 mg",
    slot: int | None = None,
    phase: int = 1,
    zone: ZoneInfo = NEW_YORK,
    first: date = MONDAY,
) -> DoseEvent:
    """Return the dose at `clock` on the day-th day."""
    on = first + timedelta(days=day)
    hour, minute = (int(part) for part in clock.split(":"))
    due = instant_at(on, time(hour, minute), zone)
    place = slot if slot is not None else hour + 1
    name = f"1-{on:%Y%m%d}-{place}"
    return DoseEvent(due, name, due.astimezone(zone), on, place, amount(amounts), phase)


def daily(
    clocks: Sequence[str],
    days: Iterable[int],
    *,
    amounts: str = "50 mg",
    phase: int = 1,
    zone: ZoneInfo = NEW_YORK,
    first: date = MONDAY,
) -> list[DoseEvent]:
    """Return the doses at the same clock times on many days; none on a day the zone never had."""
    return [
        dose(clock, day, amounts=amounts, slot=place, phase=phase, zone=zone, first=first)
        for day in days
        for place, clock in enumerate(clocks, 1)
        if exists(first + timedelta(days=day), zone)
    ]


def take(
    of: DoseEvent | None, when: datetime | None = None, *, much: Amount | None = None
) -> Administration:
    """Return the record of a dose taken, at its due time unless said otherwise; None: extra."""
    moment = when if when is not None else of.due if of is not None else LONG_AGO
    return Administration(
        id=next(_numbers),
        prescription="1",
        status=AdministrationStatus.COMPLETED,
        at=moment,
        recorded_at=moment,
        dose=of.id if of is not None else "",
        amount=much,
    )


def skip(of: DoseEvent, when: datetime | None = None) -> Administration:
    """Return the record of a dose deliberately not taken."""
    moment = when if when is not None else of.due
    return Administration(
        id=next(_numbers),
        prescription="1",
        status=AdministrationStatus.NOT_DONE,
        at=moment,
        recorded_at=moment,
        dose=of.id,
        reason="felt sick",
    )


def chart(
    policy: MissedPolicy,
    doses: Sequence[DoseEvent],
    records: Iterable[Administration] = (),
    *,
    tracked: bool = True,
    regimen: str = "",
    titrating: Iterable[int] = (),
    decided_at: datetime | None = None,
) -> Chart:
    """Return a chart, of a tracked plan unless said otherwise."""
    return chart_of(
        doses,
        records,
        policy,
        tracked_since=LONG_AGO if tracked else None,
        regimen=regimen,
        titrating=frozenset(titrating),
        decided_at=decided_at,
    )


def exists(day: date, zone: ZoneInfo) -> bool:
    """Return whether a zone ever had a day; Apia had no 30 December 2011."""
    return instant_at(day, time(12), zone).astimezone(zone).date() == day
