"""How many of the doses that were due were taken, with the denominator in plain sight.

Due are the doses in force whose time has come and whose fate is known: no holds, nothing
cancelled, nothing taken only if needed, and none from before the plan was recorded here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, assert_never

from medsched.domain.chart import utc
from medsched.domain.dose import DoseStatus
from medsched.domain.dose_status import status_of
from medsched.frozen import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent


@frozen
class Tally:
    """Counts of doses due, by what became of them."""

    on_time: int = 0
    early: int = 0
    late: int = 0
    missed: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            on_time=self.on_time + other.on_time,
            early=self.early + other.early,
            late=self.late + other.late,
            missed=self.missed + other.missed,
            skipped=self.skipped + other.skipped,
        )

    @property
    def taken(self) -> int:
        """Doses taken, on time or not."""
        return self.on_time + self.early + self.late

    @property
    def due(self) -> int:
        """The denominator: doses due whose fate is known."""
        return self.taken + self.missed + self.skipped

    @property
    def percent(self) -> int | None:
        """Taken of due in whole percent, rounded down; None when none was due."""
        return self.taken * 100 // self.due if self.due else None


@frozen
class Adherence:
    """The figures of one prescription over a stretch of time.

    Args:
        total, by_slot: Counts, in all and by the place of the day.
        unrecorded: Past doses that nobody recorded; in no count. open: Doses due now whose
            window is still open; in no count either.
        since, until: The stretch, aware; doses with `since` <= due < `until`.
    """

    total: Tally
    by_slot: Mapping[int, Tally] = field(default_factory=dict)
    unrecorded: int = 0
    open: int = 0
    since: datetime
    until: datetime

    @property
    def is_recorded(self) -> bool:
        """Whether there is a figure at all; else it is said that nobody recorded."""
        return self.total.due > 0


def adherence(chart: Chart, since: datetime, until: datetime, now: datetime) -> Adherence:
    """Return the adherence to one plan over a stretch of time, as of `now`.

    On time is within the tolerance of the doses' rhythm (`late_window.on_time_tolerance`).

    Args:
        since: Never before the plan was first recorded here, so that a medicine added today
            does not change last week's figure. until: exclusive.
    """
    now, since, until = utc(now), utc(since), utc(until)
    slots: dict[int, Tally] = defaultdict(Tally)
    unrecorded = still_open = 0
    for one in chart.doses:
        if not since <= one.due < until or one.due > now:
            continue
        status = status_of(one, chart, now)
        unrecorded += status is DoseStatus.UNRECORDED
        still_open += status in {DoseStatus.DUE, DoseStatus.LATE}
        slots[one.slot] += _tally(one, status, chart)
    return Adherence(
        total=together(slots.values()),
        by_slot={slot: tally for slot, tally in sorted(slots.items()) if tally.due},
        unrecorded=unrecorded,
        open=still_open,
        since=since,
        until=until,
    )


def together(tallies: Iterable[Tally]) -> Tally:
    """Return the sum: of slots, or of medicines. One without doses due changes nothing."""
    return sum(tallies, Tally())


def _tally(dose: DoseEvent, status: DoseStatus, chart: Chart) -> Tally:
    match status:
        case DoseStatus.TAKEN:
            return _taken(dose, chart)
        case DoseStatus.MISSED:
            return Tally(missed=1)
        case DoseStatus.SKIPPED:
            return Tally(skipped=1)
        case (
            DoseStatus.UPCOMING
            | DoseStatus.DUE
            | DoseStatus.LATE
            | DoseStatus.UNRECORDED
            | DoseStatus.HELD
            | DoseStatus.CANCELLED
        ):
            return Tally()
        case _:
            assert_never(status)


def _taken(dose: DoseEvent, chart: Chart) -> Tally:
    taken_at, window = chart.settled[dose.id].at, chart.window(dose)
    if taken_at < window.on_time_from:
        return Tally(early=1)
    return Tally(on_time=1) if taken_at <= window.on_time_until else Tally(late=1)
