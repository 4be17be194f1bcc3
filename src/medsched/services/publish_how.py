"""How doses are published: with names or without, which kinds, which alarms, which clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.frozen import frozen
from medsched.services.feed_entry import FeedKind
from medsched.services.outbox_ports import NamesShown

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.ports import DoseRow

__all__ = ["ALL_KINDS", "OPEN_FORM", "FeedKind", "NamesShown", "Publication", "alarms_of"]


ALL_KINDS: Final = frozenset(FeedKind)


def alarms_of(before: int, *, on: bool = True) -> tuple[int, ...]:
    """Return when an entry rings, in minutes before its start: at the start, and once before.

    Args:
        before: Minutes of the second alarm; 0 for none.
        on: False for no alarm at all.

    >>> alarms_of(0), alarms_of(15), alarms_of(15, on=False)
    ((0,), (15, 0), ())
    """
    if not on:
        return ()
    return (before, 0) if before > 0 else (0,)


@frozen
class Publication:
    """How entries are made.

    Args:
        names: HIDDEN shows "Reminder" and nothing else.
        kinds: What is shown.
        alarms: Minutes before the start at which an open dose rings, in falling order.
        minutes: Length of an entry.
        hours24: Clock times as 20:00, else as 8:00 PM.
        link: The address at which a dose can be confirmed, or None.
    """

    names: NamesShown = NamesShown.FULL
    kinds: frozenset[FeedKind] = frozenset({FeedKind.DOSES})
    alarms: tuple[int, ...] = (0,)
    minutes: int = 15
    hours24: bool = True
    link: Callable[[DoseRow], str | None] | None = None

    def link_to(self, row: DoseRow) -> str | None:
        """Return the address at which this dose can be confirmed."""
        return None if self.link is None else self.link(row)


OPEN_FORM: Final = Publication()
"""With names, one alarm at the due time, doses only."""
