"""VTIMEZONE in RRULE form, right for every zone in every reader.

icalendar's own (`add_missing_timezones`) begins summer time one hour late and lists
transitions in one RDATE, of which Thunderbird reads the first: an hour off all summer.
Here a rule that holds for ever is one RRULE, and each transition before it, or in a
zone that never settles on a rule, is an observance of its own.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from medsched.calendar.instants import Change, changes, changes_of_year, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import time

# tzdata lists irregular years up to 2087 (Casablanca); what holds in these 40 years, in
# which every date falls on every weekday, leap year or not, is the zone's rule for ever.
_SETTLED: Final = range(2090, 2130)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST_DAYS: Final = {1: 31, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_WEEK: Final = 7


class Rule(NamedTuple):
    """One change a year, for ever: on a weekday within some days of a month."""

    before: timedelta
    after: timedelta
    month: int
    weekday: int
    days: tuple[int, ...]
    clock: time

    def covers(self, change: Change) -> bool:
        """Return whether the rule makes this change."""
        onset = change.onset
        return (
            (change.before, change.after) == (self.before, self.after)
            and (onset.month, onset.weekday()) == (self.month, self.weekday)
            and onset.day in self.days
            and onset.time() == self.clock
        )

    def __str__(self) -> str:
        """Return the rule as RFC 5545 writes it."""
        weekday = _WEEKDAYS[self.weekday]
        head = f"FREQ=YEARLY;BYMONTH={self.month}"
        first, last = self.days[0], self.days[-1]
        if last - first == _WEEK - 1 and first % _WEEK == 1:
            return f"{head};BYDAY={last // _WEEK}{weekday}"
        if last - first == _WEEK - 1 and last == _LAST_DAYS.get(self.month):
            return f"{head};BYDAY=-1{weekday}"
        return f"{head};BYMONTHDAY={','.join(map(str, self.days))};BYDAY={weekday}"


@lru_cache(maxsize=1024)
def lasting_rules(key: str) -> tuple[Rule, ...]:
    """Return the rules by which a zone changes its clock for ever; none if it does not.

    A change that wanders over the end of a month (Cairo: midnight after the last
    Thursday of October) is two rules, one for each month.
    """
    alike: dict[tuple[timedelta, timedelta, int], list[datetime]] = defaultdict(list)
    for change in changes(key, _SETTLED[0], _SETTLED[-1]):
        alike[change.before, change.after, change.onset.month].append(change.onset)
    rules = tuple(
        Rule(
            before=before,
            after=after,
            month=month,
            weekday=onsets[0].weekday(),
            days=tuple(range(min(at.day for at in onsets), max(at.day for at in onsets) + 1)),
            clock=onsets[0].time(),
        )
        for (before, after, month), onsets in alike.items()
    )
    return rules if all(_kept(rules, key, year) for year in _SETTLED) else ()


def _kept(rules: Sequence[Rule], key: str, year: int) -> bool:
    """Return whether the changes of `year` are just those that the rules make."""
    made = [change for change in changes_of_year(key, year) if _rule_of(change, rules)]
    shifts = sorted((change.before, change.after) for change in changes_of_year(key, year))
    wanted = sorted({(rule.before, rule.after) for rule in rules})
    return len(made) == len(shifts) and shifts == wanted


def _rule_of(change: Change, rules: Sequence[Rule]) -> Rule | None:
    return next((rule for rule in rules if rule.covers(change)), None)


@lru_cache(maxsize=1024)
def _lasting_from(key: str, first: int) -> int:
    """Return the first year, not before `first`, from which the lasting rules hold for ever."""
    rules = lasting_rules(key)
    year = _SETTLED[0]
    while year > first and _kept(rules, key, year - 1):
        year -= 1
    return year


class Observance(NamedTuple):
    """One STANDARD or DAYLIGHT: its first change, and the rule that repeats it."""

    change: Change
    rule: Rule | None

    def __str__(self) -> str:
        """Return the observance as lines of a VTIMEZONE."""
        change = self.change
        kind = "DAYLIGHT" if change.summer else "STANDARD"
        return "".join(
            f"{line}\r\n"
            for line in (
                f"BEGIN:{kind}",
                f"DTSTART:{text_of(change.onset).decode()}",
                *([f"RRULE:{self.rule}"] if self.rule else []),
                f"TZNAME:{change.name}",
                f"TZOFFSETFROM:{_offset(change.before)}",
                f"TZOFFSETTO:{_offset(change.after)}",
                f"END:{kind}",
            )
        )


def observances(key: str, first: datetime, last: datetime) -> list[Observance]:
    """Return what a reader needs to tell the zone's time from `first` to `last`.

    A lasting rule begins with its first change since the January before the year of
    `first`, so that an observance is in force at `first`; where no change lies there,
    a change that changes nothing, in 1970, states the offset.
    """
    begin, end = first.year - 1, last.year + 2
    lasting = _lasting_from(key, begin) if lasting_rules(key) else end + 1
    found = [Observance(change, None) for change in changes(key, begin, min(end, lasting - 1))]
    if lasting <= end:
        found += [Observance(_first_of(rule, key, lasting), rule) for rule in lasting_rules(key)]
    if not any(observance.change.at <= first for observance in found):
        found.insert(0, Observance(_constant(key, first), None))
    return sorted(found, key=lambda observance: observance.change.at)


def _first_of(rule: Rule, key: str, year: int) -> Change:
    return next(
        change for change in changes(key, year, year + len(_SETTLED)) if rule.covers(change)
    )


def _constant(key: str, instant: datetime) -> Change:
    local = instant.astimezone(ZoneInfo(key))
    offset = local.utcoffset() or timedelta()
    name = local.tzname() or key
    return Change(_EPOCH - offset, offset, offset, name, summer=False)


def vtimezone(key: str, first: datetime, last: datetime) -> bytes:
    """Return the VTIMEZONE of a zone, right for every instant from `first` to `last`.

    Args:
        key: IANA name; it is also the TZID.
        first: Aware instant of the first time that is written in the zone.
        last: Aware instant of the last.

    Source:
        RFC 5545, section 3.6.5.
    """
    told = "".join(str(observance) for observance in observances(key, first, last))
    return f"BEGIN:VTIMEZONE\r\nTZID:{key}\r\n{told}END:VTIMEZONE\r\n".encode()


def _offset(offset: timedelta) -> str:
    """Return an offset from UTC as RFC 5545 writes it, with seconds where it has any.

    >>> _offset(timedelta(hours=-3, minutes=-30))
    '-0330'
    """
    seconds = round(abs(offset).total_seconds())
    sign = "-" if offset < timedelta() else "+"
    text = f"{sign}{seconds // 3600:02d}{seconds // 60 % 60:02d}"
    return f"{text}{seconds % 60:02d}" if seconds % 60 else text
