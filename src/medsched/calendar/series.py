"""Days in a row at one time become one series, for a file that is kept for ever.

Only local times that every reader agrees on are gathered; whatever a clock change
touches stays an entry of its own. A feed never has series: Thunderbird keeps showing
one that was taken out.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from medsched.calendar.identity import series_uid
from medsched.calendar.instants import unsettled
from medsched.frozen import frozen, replace
from medsched.services.feed_entry import EntryStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from medsched.services.feed_entry import FeedEntry

DAILY: Final = 1
WEEKLY: Final = 7
# Two days in a row are rather two weekly series: twice a week is a common dosage.
_SHORTEST: Final = {DAILY: 3, WEEKLY: 2}
_FREQUENCY: Final = {DAILY: "DAILY", WEEKLY: "WEEKLY"}

Dated = tuple["date", "FeedEntry"]


@frozen
class Series:
    """Entries that differ in their day only.

    Args:
        first: The first entry, named and revised as the series is.
        step: Days from each to the next, 1 or 7.
        members: All of them, in order.
    """

    first: FeedEntry
    step: int
    members: tuple[FeedEntry, ...]

    @property
    def rule(self) -> dict[str, object]:
        """The RRULE: a count, because UNTIL is written wrongly by too many."""
        return {"FREQ": [_FREQUENCY[self.step]], "COUNT": [len(self.members)]}

    @property
    def last(self) -> datetime:
        """The start of the last member."""
        return self.members[-1].starts


def series_of(entries: Iterable[FeedEntry]) -> tuple[list[Series], list[FeedEntry]]:
    """Return the series among `entries`, and the entries that are in none of them."""
    alike: dict[object, list[Dated]] = defaultdict(list)
    single: list[FeedEntry] = []
    for entry in entries:
        local = entry.starts.astimezone(ZoneInfo(entry.zone))
        if _may_repeat(entry):
            alike[_likeness(entry, local)].append((local.date(), entry))
        else:
            single.append(entry)
    series: list[Series] = []
    for dated in alike.values():
        rest = sorted(dated, key=lambda pair: pair[0])
        for step in (DAILY, WEEKLY):
            found, rest = _runs(rest, step)
            series += found
        single += [entry for _, entry in rest]
    return series, single


def _may_repeat(entry: FeedEntry) -> bool:
    zone = ZoneInfo(entry.zone)
    end = entry.starts + timedelta(minutes=entry.minutes)
    return entry.status is EntryStatus.CONFIRMED and not (
        unsettled(entry.starts, zone) or unsettled(end, zone)
    )


def _likeness(entry: FeedEntry, local: datetime) -> object:
    return (
        entry.zone,
        local.time(),
        entry.minutes,
        entry.summary,
        entry.description,
        entry.alarms,
        entry.url,
        entry.categories,
    )


def _runs(dated: Sequence[Dated], step: int) -> tuple[list[Series], list[Dated]]:
    """Return the runs of entries `step` days apart, and what is in none."""
    if step == WEEKLY:
        dated = sorted(dated, key=lambda pair: (pair[0].weekday(), pair[0]))
    runs: list[list[Dated]] = [list(dated[:1])]
    for before, after in pairwise(dated):
        if (after[0] - before[0]).days == step:
            runs[-1].append(after)
        else:
            runs.append([after])
    long = [run for run in runs if len(run) >= _SHORTEST[step]]
    short = [pair for run in runs if len(run) < _SHORTEST[step] for pair in run]
    return [_series([entry for _, entry in run], step) for run in long], sorted(
        short, key=lambda pair: pair[0]
    )


def _series(members: Sequence[FeedEntry], step: int) -> Series:
    first = replace(
        members[0],
        uid=series_uid(members[0].uid),
        sequence=max(entry.sequence for entry in members),
        revised=max(entry.revised for entry in members),
    )
    return Series(first=first, step=step, members=tuple(members))
