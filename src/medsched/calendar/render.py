"""Feed entries in, RFC 5545 bytes out: the same bytes for the same entries, anywhere.

No clock is read and nothing is drawn by lot. Entries are written in UTC unless asked
otherwise, one VEVENT each, in the order of their start and then of their UID.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from medsched.calendar.instants import UtcClock, as_written, text_of
from medsched.calendar.series import series_of
from medsched.calendar.shapes import Shapes
from medsched.calendar.vtimezone import vtimezone
from medsched.frozen import replace
from medsched.services.feed_entry import TimesForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medsched.calendar.instants import Span
    from medsched.calendar.series import Series
    from medsched.services.feed_entry import CalendarForm, FeedEntry

_END: Final = b"END:VCALENDAR\r\n"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# The instants that are written in each zone.
Zones = dict[str, list[datetime]]


def render(entries: Iterable[FeedEntry], form: CalendarForm) -> bytes:
    """Return the calendar of `entries`.

    A calendar without entries holds the VTIMEZONE of UTC, because RFC 5545 asks for at
    least one component; a subscriber takes down what it showed.

    Raises:
        ValueError: a UID comes twice, a time has no zone, or an entry has no length; each
            is a mistake of the program.

    Source:
        RFC 5545 section 3.6, RFC 7986 sections 5.1 and 5.7, RFC 9074 section 4.
    """
    chosen = [_sound(entry) for entry in entries]
    if len({entry.uid for entry in chosen}) < len(chosen):
        raise ValueError("a UID comes twice in one calendar")
    series, chosen = series_of(chosen) if form.compact else ((), chosen)
    zones: Zones = {}
    repeated = {row.first.uid: _series(row, form.times, zones) for row in series}
    chosen += [row.first for row in series]
    chosen.sort(key=attrgetter("starts", "uid"))
    events = _events(chosen, form.times, repeated, zones)
    if not events:
        zones["UTC"] = [_EPOCH]
    return b"".join([_head(form), *_clocks(zones), *events, _END])


def _clocks(zones: Zones) -> list[bytes]:
    """Return a VTIMEZONE for each zone; each is right for all the time that is written."""
    used = [instant for instants in zones.values() for instant in instants]
    return [vtimezone(key, min(used), max(used)) for key in sorted(zones)]


@lru_cache(maxsize=64)
def _head(form: CalendarForm) -> bytes:
    from medsched.calendar.component import calendar

    written: bytes = calendar(form).to_ical()
    return written.removesuffix(_END)


def _sound(entry: FeedEntry) -> FeedEntry:
    """Return the entry with its times in UTC."""
    if entry.minutes < 1:
        raise ValueError(f"entry {entry.uid}: {entry.minutes} minutes long")
    if entry.starts.tzinfo is UTC and entry.revised.tzinfo is UTC:
        return entry
    if entry.starts.tzinfo is None or entry.revised.tzinfo is None:
        raise ValueError(f"entry {entry.uid}: a time has no zone")
    return replace(
        entry, starts=entry.starts.astimezone(UTC), revised=entry.revised.astimezone(UTC)
    )


def _events(
    entries: Sequence[FeedEntry], times: TimesForm, repeated: dict[str, bytes], zones: Zones
) -> list[bytes]:
    """Return the events in pieces: filled into the shapes that icalendar wrote.

    Pieces, because the one join of them all is what takes the memory and the time.
    """
    shapes = Shapes(lambda entry: _single(entry, times))
    clock = UtcClock()
    pieces: list[bytes] = []
    for entry in entries:
        if entry.uid in repeated:
            pieces.append(repeated[entry.uid])
            continue
        if times is TimesForm.UTC:
            start, end = clock.ends(entry.starts, entry.minutes)
            shown = ""
        else:
            span = as_written(entry, times)
            start, end, shown = text_of(span.start), text_of(span.end), _shown(span, zones)
        pieces += shapes.fill(entry, start, end, clock.stamp(entry.revised), shown)
    return pieces


def _shown(span: Span, zones: Zones) -> str:
    """Return the zone in which a span is written, and remember that it is used."""
    match span.start.tzinfo:
        case None:
            return "floating"
        case ZoneInfo(key=key):
            zones.setdefault(key, []).extend(span)
            return str(key)
        case _:
            return ""


def _single(entry: FeedEntry, times: TimesForm) -> bytes:
    from medsched.calendar.component import event

    written: bytes = event(entry, as_written(entry, times)).to_ical()
    return written


def _series(series: Series, times: TimesForm, zones: Zones) -> bytes:
    """Return a series, in local time, so that it follows the changes of the clock."""
    from medsched.calendar.component import event

    local = TimesForm.FLOATING if times is TimesForm.FLOATING else TimesForm.ZONED
    span = as_written(series.first, local)
    if _shown(span, zones) in zones:
        zones[series.first.zone].append(series.last)
    written: bytes = event(series.first, span, rule=series.rule).to_ical()
    return written
