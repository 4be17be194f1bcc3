"""Doses whose record may have been lost, because a backup was restored.

Between the backup and the restore somebody may have recorded them, or taken them without
a record: nobody can know, so nothing says to take one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.advice import Advice, Ask, Step, Take

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

RULE: Final = "restored backup"
REASON: Final = (
    "It is not known whether this dose was taken: a backup was restored, and records from"
    " that time are lost. If you took it, record it. If you are not sure, leave it out and"
    " ask your pharmacist or prescriber."
)
LOST: Final = (
    "It is not known what was taken: a backup was restored, and records from before that are"
    " lost. Record what was taken then. If you are not sure, ask your pharmacist first."
)


def lost_until(
    gaps: Sequence[tuple[datetime, datetime]], now: datetime, window: timedelta
) -> datetime | None:
    """Return from when no lost record can matter within `window` any more; None: none can now."""
    ends = [until + window for _since, until in gaps if until <= now < until + window]
    return max(ends, default=None)


def may_be_lost(dose: DoseEvent, chart: Chart, gaps: Sequence[tuple[datetime, datetime]]) -> bool:
    """Return whether a dose could have been taken in one of the lost stretches."""
    if not gaps:
        return False
    window = chart.window(dose)
    begins, ends = min(dose.due, window.on_time_from), max(dose.due, window.take_until)
    return any(begins <= until and ends >= since for since, until in gaps)


def doubted(
    advice: Advice | None,
    dose: DoseEvent,
    chart: Chart,
    gaps: Sequence[tuple[datetime, datetime]],
) -> Advice | None:
    """Return the advice, or a question where the record of this dose may be lost."""
    if not isinstance(advice, Take) or not may_be_lost(dose, chart, gaps):
        return advice
    return Ask(reason=REASON, rule=RULE, step=Step.WINDOW)
