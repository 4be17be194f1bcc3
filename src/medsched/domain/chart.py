"""A medication chart: a stretch of one plan's doses beside what was recorded about them.

All questions about taken and missed doses are asked of a chart. It is small on purpose:
the doses around the instant in question, and the records of that stretch. It holds
no time of its own; every question brings its `now`, and what happened after that
instant is not seen.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from medsched.domain.administration import intakes, standing
from medsched.domain.dose import TRACK_PLACES
from medsched.domain.late_window import Window, window_of
from medsched.frozen import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medsched.domain.administration import Administration
    from medsched.domain.amount import Amount
    from medsched.domain.dose import DoseEvent
    from medsched.domain.missed_policy import MissedPolicy


@frozen
class Chart:
    """Doses and records of one prescription. Made by `chart_of`.

    Args:
        doses: In force, rising by due; with at least two on each side of the instants that
            are asked about, where the plan has them.
        settled: The standing record of each settled dose, taken or deliberately not.
        intakes: Standing records of what was really taken, rising; the last intake is
            among them however old it is, so that a gap is seen.
        tracked_since: From this instant on doses without a record are missed; None: nobody
            records, and past doses are presumed taken as planned.
        regimen: Id of the regimen, which chooses a half-life.
        titrating: Numbers of the phases that are titration.
        decided_at: When somebody last decided about the plan; earlier misses hold nothing.
        as_needed: The plan also has doses taken only if needed: an intake that settles no
            dose is one of them, not an extra dose.
        pauses: When the plan is on hold or stopped, aware UTC, the end exclusive and None
            while nobody said: an open dose of before is left out then.
        places: Of each dose in `doses`. windows: those worked out so far, only to save time.
    """

    policy: MissedPolicy
    doses: tuple[DoseEvent, ...]
    settled: Mapping[str, Administration]
    intakes: tuple[Administration, ...]
    tracked_since: datetime | None
    regimen: str = ""
    titrating: frozenset[int] = frozenset()
    decided_at: datetime | None = None
    as_needed: bool = False
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    places: Mapping[str, int] = field(repr=False)
    windows: dict[str, Window] = field(default_factory=dict, repr=False, compare=False)

    def before(self, dose: DoseEvent) -> DoseEvent | None:
        """Return the dose before in the plan, by due, then id; none of its companions."""
        return next(self.earlier(dose), None)

    def after(self, dose: DoseEvent) -> DoseEvent | None:
        """Return the dose after in the plan, by due, then id; none of its companions."""
        return next(self.later(dose), None)

    def earlier(self, dose: DoseEvent) -> Iterator[DoseEvent]:
        """Yield the doses before in the plan, the latest first; none of its companions."""
        for place in range(self.places[dose.id] - 1, -1, -1):
            if not companions(one := self.doses[place], dose):
                yield one

    def later(self, dose: DoseEvent) -> Iterator[DoseEvent]:
        """Yield the doses after in the plan; none of its companions."""
        for place in range(self.places[dose.id] + 1, len(self.doses)):
            if not companions(one := self.doses[place], dose):
                yield one

    def window(self, dose: DoseEvent) -> Window:
        """Return the windows of a dose of this chart."""
        found = self.windows.get(dose.id)
        if found is None:
            found = window_of(dose, self.before(dose), self.after(dose), self.policy)
            self.windows[dose.id] = found
        return found

    def settling(self, dose: DoseEvent, now: datetime) -> Administration | None:
        """Return the record that settles a dose, unless it tells of a time after `now`."""
        record = self.settled.get(dose.id)
        return record if record is not None and record.at <= now else None

    def taken(self, now: datetime) -> tuple[Administration, ...]:
        """Return the intakes up to `now`, inclusive, rising."""
        return self.intakes[: bisect_right(self.intakes, now, key=_at)]

    def is_paused(self, now: datetime) -> bool:
        """Return whether the plan is on hold or stopped at an instant."""
        return any(since <= now and (end is None or now < end) for since, end in self.pauses)

    def is_tracked(self, dose: DoseEvent) -> bool:
        """Return whether a dose without a record counts as missed."""
        return self.tracked_since is not None and dose.due >= self.tracked_since

    def dose(self, name: str) -> DoseEvent | None:
        """Return the dose of that id, None when it is not on this chart."""
        place = self.places.get(name)
        return None if place is None else self.doses[place]

    def amount_of(self, intake: Administration) -> Amount | None:
        """Return what an intake amounted to; None when neither it nor its dose tells."""
        if intake.amount is not None:
            return intake.amount
        dose = self.dose(intake.dose)
        return None if dose is None else dose.amount


def chart_of(
    doses: Iterable[DoseEvent],
    records: Iterable[Administration],
    policy: MissedPolicy,
    *,
    tracked_since: datetime | None,
    regimen: str = "",
    titrating: frozenset[int] = frozenset(),
    decided_at: datetime | None = None,
    as_needed: bool = False,
) -> Chart:
    """Lay doses and records of one prescription side by side.

    Args:
        doses: Those in force, in any order. records: All of them, corrections too.
    """
    ordered = tuple(sorted(doses))
    kept = standing(records)
    return Chart(
        policy=policy,
        doses=ordered,
        settled={one.dose: one for one in kept if one.dose},
        intakes=intakes(kept),
        tracked_since=tracked_since,
        regimen=regimen,
        titrating=titrating,
        decided_at=decided_at,
        as_needed=as_needed,
        places={one.id: place for place, one in enumerate(ordered)},
    )


def companions(one: DoseEvent, other: DoseEvent) -> bool:
    """Return whether the plan means two doses to be taken together: from tracks side by side.

    Doses of one track that fall on the same instant were pushed together by travel or a
    clock change; they are never meant together.
    """
    if one.due != other.due or one.day != other.day:
        return False
    return (one.slot - 1) // TRACK_PLACES != (other.slot - 1) // TRACK_PLACES


def utc(instant: datetime) -> datetime:
    """Return an aware instant in UTC: only there do differences count elapsed time.

    Two datetimes of one zone are subtracted by their clocks, which a clock change falsifies.

    Raises:
        TypeError: the instant has no zone.
    """
    if instant.tzinfo is None:
        message = "an instant is an aware datetime, not a naive one"
        raise TypeError(message)
    return instant.astimezone(UTC)


def _at(record: Administration) -> datetime:
    return record.at
