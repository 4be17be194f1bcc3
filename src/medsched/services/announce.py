"""Every change of what an entry shows is announced, and nothing else is.

A stored dose carries its own version. What it shows may also change by a setting, by
another clock format, or because a second dose joined its instant; programs keep the
old entry for ever unless SEQUENCE and LAST-MODIFIED moved, so what was published is
remembered with its version.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from medsched.frozen import replace
from medsched.services.book import instant, seconds
from medsched.services.discreet import REMINDER
from medsched.services.feed_entry import EntryStatus, FeedEntry
from medsched.services.feed_ports import Announced
from medsched.services.publish import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

_SECOND: Final = timedelta(seconds=1)


def announce(
    entries: Iterable[FeedEntry], before: Mapping[str, Announced], now: datetime
) -> tuple[list[FeedEntry], list[Announced]]:
    """Return the entries, each with the version to publish, and what is new to remember.

    An entry that shows what it showed keeps its version. One that shows something else
    has a higher SEQUENCE and a later revision than ever before.

    Args:
        before: What was published there before, by UID.
        now: The time of a change that no stored revision tells of.
    """
    published: list[FeedEntry] = []
    news: list[Announced] = []
    for entry in entries:
        digest = digest_of(entry)
        last = before.get(entry.uid)
        if last is not None and last.digest == digest:
            published.append(replace(entry, sequence=last.sequence, revised=instant(last.revised)))
            continue
        one = entry if last is None else _after(entry, last, now)
        published.append(one)
        news.append(_noted(one, digest))
    return published, news


def _after(entry: FeedEntry, last: Announced, now: datetime) -> FeedEntry:
    """Return the next version of an entry that shows something else than it last did."""
    before = instant(last.revised)
    if entry.sequence > last.sequence and entry.revised > before:
        return entry
    return replace(
        entry,
        sequence=max(entry.sequence, last.sequence + 1),
        revised=max(entry.revised, before + _SECOND, whole(now)),
    )


def _noted(entry: FeedEntry, digest: str) -> Announced:
    gone = entry.status is EntryStatus.CANCELLED
    return Announced(
        entry.uid, seconds(entry.starts), entry.sequence, seconds(entry.revised), digest, gone
    )


def digest_of(entry: FeedEntry) -> str:
    """Return a digest of all that an entry shows; its version is left out."""
    shown = (
        seconds(entry.starts),
        entry.minutes,
        entry.zone,
        entry.summary,
        entry.description,
        entry.status.value,
        entry.alarms,
        entry.url,
        entry.categories,
    )
    return sha256(repr(shown).encode()).hexdigest()[:16]


def cancelled(
    entries: Sequence[FeedEntry],
    withdrawn: Iterable[FeedEntry],
    before: Mapping[str, Announced],
) -> list[FeedEntry]:
    """Return CANCELLED entries of what was in a file before and is in this one no more.

    What was never in a file is not mentioned. `announce` gives them their version.

    Args:
        withdrawn: How to say it, where it is known; else it is a cancelled "Reminder".
        before: Of the days that the new file covers.
    """
    here = {one.uid for one in entries}
    known = {one.uid: one for one in withdrawn}
    found = []
    for uid, last in sorted(before.items()):
        if uid in here:
            continue
        told = known.get(uid)
        found.append(told if told is not None else _unnamed(uid, last))
    return found


def _unnamed(uid: str, last: Announced) -> FeedEntry:
    return FeedEntry(
        uid=uid,
        starts=instant(last.starts),
        zone="UTC",
        summary=REMINDER,
        sequence=last.sequence,
        revised=instant(last.revised),
        status=EntryStatus.CANCELLED,
        alarms=(),
    )
