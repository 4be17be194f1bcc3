"""Where a changed plan meets what stays: doses that would come too soon are left out.

New clock times keep their distance from one another, but the first of them may come too
soon after the last dose by the old times. As on a journey, such a dose is left out: it
would be two doses at once for whoever takes both. `retime` puts it off where it can.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from medsched.domain.dose import SECOND_PASS, TRACK_PLACES
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.domain.prescription import Prescription
    from medsched.services.book import Book
    from medsched.services.ports import DoseRow


@frozen
class Limits:
    """The least time between two doses, and the most doses in any window of elapsed time."""

    gap: timedelta
    window: timedelta = timedelta()
    most: int | None = None


def limits_of(book: Book, prescription: Prescription) -> Limits:
    """Return the limits by which a prescription's doses are kept apart."""
    protocol = book.protocol(prescription)
    rolling = (protocol.regimen(prescription.regimen).missed or protocol.missed).rolling
    gap = timedelta(minutes=prescription.min_gap_minutes)
    if rolling is None:
        return Limits(gap=gap)
    window = timedelta(seconds=int(rolling.window_hours * 3600))
    return Limits(gap=gap, window=window, most=rolling.max_doses)


def too_close(kept: Iterable[DoseRow], new: Iterable[DoseRow], limits: Limits) -> list[DoseRow]:
    """Return which of the `new` doses would break a limit together with the `kept` ones.

    Only doses of the same track count: tracks are meant to be taken together.
    """
    standing = list(kept)
    accepted: list[DoseRow] = []
    found: list[DoseRow] = []
    for one in sorted(new, key=lambda row: (row.due, row.slot)):
        old = [it for it in standing if _track(it) == _track(one)]
        added = [it for it in accepted if _track(it) == _track(one)]
        if _inside_gap(one, old, limits) or _crowded(one, old, added, limits):
            found.append(one)
        else:
            accepted.append(one)
    return found


def _track(row: DoseRow) -> int:
    return (row.slot % SECOND_PASS - 1) // TRACK_PLACES


def _inside_gap(one: DoseRow, around: list[DoseRow], limits: Limits) -> bool:
    gap = limits.gap.total_seconds()
    return any(abs(one.due - it.due) < gap for it in around)


def _crowded(one: DoseRow, old: list[DoseRow], added: list[DoseRow], limits: Limits) -> bool:
    """Return whether a window that reaches back to a dose that stays would hold too many."""
    window = limits.window.total_seconds()
    begin = one.due - window
    inside = [it for it in (*old, *added) if begin < it.due <= one.due]
    reaches_back = any(begin < it.due <= one.due for it in old)
    return limits.most is not None and reaches_back and len(inside) >= limits.most
