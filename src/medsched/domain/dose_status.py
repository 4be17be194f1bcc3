"""What became of a dose: derived from the chart and `now`, never stored."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from medsched.domain.administration import AdministrationStatus
from medsched.domain.chart import utc
from medsched.domain.dose import DoseStatus

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

NOT_TAKEN = frozenset({DoseStatus.MISSED, DoseStatus.SKIPPED})
"""Past doses of which it is known that they were not taken."""


def status_of(
    dose: DoseEvent, chart: Chart, now: datetime, withdrawn: DoseStatus | None = None
) -> DoseStatus:
    """Return what became of a dose as of `now`.

    Upcoming until it is due; due while it is on time; late to the end of its late window,
    inclusive; then missed, or unrecorded where nobody records.

    Args:
        withdrawn: `HELD` or `CANCELLED` for a dose no longer in the plan; what was recorded
            about it stays. It need not be on the chart.
    """
    now = utc(now)
    record = chart.settling(dose, now)
    if record is not None:
        taken = record.status is AdministrationStatus.COMPLETED
        return DoseStatus.TAKEN if taken else DoseStatus.SKIPPED
    if withdrawn is not None:
        return withdrawn
    if now < dose.due:
        return DoseStatus.UPCOMING
    window = chart.window(dose)
    if now <= window.on_time_until:
        return DoseStatus.DUE
    if now <= window.late_until:
        return DoseStatus.LATE
    return DoseStatus.MISSED if chart.is_tracked(dose) else DoseStatus.UNRECORDED


def missed_before(dose: DoseEvent, chart: Chart, now: datetime) -> tuple[DoseEvent, ...]:
    """Return the doses not taken in a row right before `dose`, the latest first.

    A dose deliberately not taken counts as well: the body had none of it.
    """
    earlier = chart.earlier(dose)
    return tuple(takewhile(lambda one: status_of(one, chart, now) in NOT_TAKEN, earlier))


def counts_as_taken(dose: DoseEvent, chart: Chart, now: datetime) -> bool:
    """Return whether a dose was taken or, where nobody records, is presumed taken as planned.

    For exposure, tapers and supply. Presumed from its due time on.
    """
    now = utc(now)
    record = chart.settling(dose, now)
    if record is not None:
        return record.status is AdministrationStatus.COMPLETED
    return dose.due <= now and not chart.is_tracked(dose)
