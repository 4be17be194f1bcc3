"""How long somebody has been exposed to a medicine: whether stopping asks for a taper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.dose_status import counts_as_taken
from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import date, datetime

    from medsched.domain.chart import Chart


@frozen
class Exposure:
    """From the first to the last dose date, both inclusive.

    Args:
        presumed: Some of it is as planned, because nobody recorded it.
    """

    first: date
    last: date
    presumed: bool = False

    @property
    def days(self) -> int:
        """Last dose date minus first dose date plus one, whatever was missed in between."""
        return exposure_days(self.first, self.last)


def exposure_days(first: date, last: date) -> int:
    """Return the days from the first dose date to the last, both inclusive.

    >>> from datetime import date
    >>> exposure_days(date(2026, 3, 2), date(2026, 3, 22))
    21
    """
    return (last - first).days + 1


def exposure(
    chart: Chart, now: datetime, *, first: date | None = None, until: date | None = None
) -> Exposure | None:
    """Return the exposure as of `now`, by intakes where recorded, else as planned.

    A dose counts on its dosing day: one taken after midnight belongs to the day before.

    Args:
        first: The first dose date when the chart does not reach back to it.
        until: The last dose date when the plan goes on until then; it counts as planned.

    Returns:
        None while no dose was taken and none is planned until then.
    """
    had = [one for one in chart.doses if counts_as_taken(one, chart, now)]
    days = {one.day for one in had}
    if first is not None:
        days.add(first)
    ahead = {one.day for one in chart.doses if until is not None and now < one.due}
    days |= {one for one in ahead if until is not None and one <= until}
    if not days:
        return None
    presumed = any(one.id not in chart.settled for one in had)
    return Exposure(first=min(days), last=max(days), presumed=presumed)
