"""How the medicine is ended: when a taper is due, how long it is, or a published one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from medsched.domain.protocol import Stopping
from medsched.errors import InvalidValue
from medsched.protocols.quantity import percent, whole_days
from medsched.protocols.totals import check_unit

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.protocols.table import Table

_SPAN: Final = re.compile(r"(\d{1,4})-(\d{1,4}) days")
_LONGEST: Final = 3660
_USUAL: Final = Stopping(rule="")


def span(text: str) -> tuple[int, int]:
    """Read `14-28 days`, or `14 days` for exactly so long.

    Raises:
        InvalidValue: anything else, or the longer one first.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        days = whole_days(text)
        return days, days
    least, most = int(match[1]), int(match[2])
    if not 1 <= least <= most <= _LONGEST:
        raise InvalidValue("length", repr(text), "write the shortest first, such as 14-28 days")
    return least, most


def read_stopping(root: Table, medication: Medication | None) -> Stopping | None:
    """Return how the medicine is ended; None when the file does not say."""
    table = root.table("stopping")
    if table is None:
        return None
    steps = _steps(table, medication)
    least, most = table.may("length", span) or _span_of(steps)
    stopping = Stopping(
        rule=table.rule(),
        stop_rule=table.rule("stop_rule") if table.has("stop_rule") else "",
        taper_after_days=_taper_after(table),
        min_days=least,
        max_days=most,
        default_days=table.may("usual_length", whole_days) or _usual(least, most, steps),
        min_step_days=table.may("min_step", whole_days) or _USUAL.min_step_days,
        max_drop_percent=table.may("max_drop", percent) or _USUAL.max_drop_percent,
        once_daily_smallest=table.flag("once_daily_smallest", default=True),
        plan=steps,
        short_text=table.sentence("short_text", ""),
        abrupt_text=table.sentence("abrupt_text", ""),
        assumption=table.flag("assumption", default=False),
    )
    table.close()
    if table.sound:
        _check(table, stopping)
    return stopping


def _taper_after(table: Table) -> int | None:
    """Return after how many days of exposure; `always` is 0."""
    return table.may("taper_after", lambda text: 0 if text == "always" else whole_days(text))


def _steps(table: Table, medication: Medication | None) -> tuple[tuple[Amount, int], ...]:
    found = []
    for step in table.tables("step"):
        check_unit(step, "daily_total", medication)
        found.append((step.amount("daily_total"), step.need("length", whole_days, 1)))
        step.close()
    return tuple(found)


def _span_of(steps: tuple[tuple[Amount, int], ...]) -> tuple[int, int]:
    days = sum(days for _, days in steps)
    return (days, days) if days else (_USUAL.min_days, _USUAL.max_days)


def _usual(least: int, most: int, steps: tuple[tuple[Amount, int], ...]) -> int:
    planned = sum(days for _, days in steps)
    return planned or min(max(_USUAL.default_days, least), most)


def _check(table: Table, stopping: Stopping) -> None:
    """Note lengths that no taper can have, and a published one that does not fall.

    Source:
        Section 6, check 8 of the clinical rules: `min_days` is at most `max_days`, and a
        plan exists for every dose that people reach.
    """
    least, most = stopping.min_days, stopping.max_days
    if not least <= stopping.default_days <= most:
        message = f"{stopping.default_days} days are not within {least} to {most} days"
        table.note("usual_length", "taper", message)
    if stopping.min_step_days > most:
        message = f"{stopping.min_step_days} days do not fit into {most} days"
        table.note("min_step", "taper", message)
    if any(later >= earlier for (earlier, _), (later, _) in pairwise(stopping.plan)):
        table.note("step", "taper", "does not fall from step to step")
    planned = sum(days for _, days in stopping.plan)
    if planned and not least <= planned <= most:
        table.note("step", "taper", f"the steps last {planned} days, not {least} to {most}")
    if any(not amount for amount, _ in stopping.plan):
        table.note("step", "taper", "has a step of nothing; the end of the last one is the end")
