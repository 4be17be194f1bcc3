"""Names hidden: one entry for each instant, "Reminder", and nothing else in any byte.

Doses of one instant are one entry: two entries "Reminder" at 08:00 tell nothing and
ring twice. Its UID is that of its first dose, so it survives a move of that dose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.services.feed_entry import EntryStatus, FeedEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REMINDER: Final = "Reminder"
NAME: Final = "Reminders"


def hidden(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    """Return one entry for each instant, without names; it rings while one of them is open.

    Args:
        entries: In an order that lasts: the first of an instant gives its UID.
    """
    together: dict[object, list[FeedEntry]] = {}
    for one in entries:
        together.setdefault(one.starts, []).append(one)
    return [_one(group) for group in together.values()]


def _one(group: Sequence[FeedEntry]) -> FeedEntry:
    first = group[0]
    standing = [one for one in group if one.status is not EntryStatus.CANCELLED]
    done = [one.completed for one in group if one.completed is not None]
    return FeedEntry(
        uid=first.uid,
        starts=first.starts,
        zone=first.zone,
        summary=REMINDER,
        sequence=sum(one.sequence for one in group),
        revised=max(one.revised for one in group),
        minutes=max(one.minutes for one in group),
        status=EntryStatus.CONFIRMED if standing else EntryStatus.CANCELLED,
        alarms=max(one.alarms for one in group),
        completed=max(done) if len(done) == len(group) else None,
    )
