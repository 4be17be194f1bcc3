"""Give a running plan other clock times, without losing or doubling a dose on the way.

A dose that is still to come keeps its old time, once, when its new one is over already. A
dose whose new time would be too soon after one that stays is put off, once, to the first
instant that keeps the limits on both sides; only where there is none is it left out.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.prescription import MovedDose
from medsched.domain.rhythm import check_slots
from medsched.domain.timeline import doses_of_days
from medsched.domain.timing import AfterLastDose, EveryHours
from medsched.errors import InvalidValue
from medsched.frozen import field, frozen, replace
from medsched.services.amend import Amended, Amendment, amend, running, takes_effect
from medsched.services.book import instant, row_of, seconds
from medsched.services.keep_apart import limits_of, too_close
from medsched.services.ports import RevisionKind
from medsched.services.rephase import phase_on
from medsched.services.revise import key_of, settled_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import time

    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.prescription import Prescription
    from medsched.services.book import Book
    from medsched.services.keep_apart import Limits
    from medsched.services.ports import DoseRow, Plan

_AROUND: Final = timedelta(days=4)
_LOOK_ON: Final = 6
"""So many of the next doses may meet one that is put off."""


def change_times(book: Book, plan: Plan, asked: Amendment, slots: tuple[time, ...]) -> Amended:
    """Move the clock times of a plan; what was taken stays taken, ids stay.

    Raises:
        InvalidValue: not one time for each dose of the day. SlotsDoNotFit: too close together.
    """
    running(plan)
    before = book.revision(plan.number, plan.current).prescription
    _check(book, before, phase_on(book.course(plan.number, plan.current), asked.day), slots)

    def change(now: Prescription, _course: Course) -> Prescription:
        kept = tuple(one for one in now.moved if one not in _moved_for_times(book, plan))
        bare = replace(now, slots=slots, moved=kept)
        return replace(bare, moved=(*kept, *_bridge(book, plan, asked, bare)))

    return amend(book, plan, RevisionKind.CHANGE, asked, change, needs_order=False)


def _check(book: Book, before: Prescription, here: CoursePhase, slots: tuple[time, ...]) -> None:
    shown = ",".join(f"{one:%H:%M}" for one in slots)
    if isinstance(here.dosage, EveryHours | AfterLastDose):
        wanted = f"its doses follow one another, every {here.dosage.hours} hours"
        raise InvalidValue("times", shown, wanted)
    needed = len(before.slots) or len(here.walls)
    if not needed:
        raise InvalidValue("times", shown, "its doses have no clock times then")
    if len(slots) != needed:
        raise InvalidValue("times", shown, f"name {needed} time{'s' if needed > 1 else ''}")
    policy = book.protocol(before)
    missed = policy.regimen(before.regimen).missed or policy.missed
    check_slots(slots, int(missed.min_gap_hours * 60))


def _moved_for_times(book: Book, plan: Plan) -> set[MovedDose]:
    """Return the doses that earlier changes of the clock times moved, and no late dose did."""
    found: set[MovedDose] = set()
    before: set[MovedDose] = set()
    for one in book.unit.plans.revisions(plan.number):
        moved = set(one.prescription.moved)
        if one.kind is RevisionKind.CHANGE:
            found |= moved - before
        before = moved
    return found


def _bridge(book: Book, plan: Plan, asked: Amendment, after: Prescription) -> Iterator[MovedDose]:
    """Yield the doses between the old times and the new ones that get a time of their own."""
    since = takes_effect(book, asked)
    rows = book.rows(plan, since - _AROUND, since + _AROUND)
    settled = settled_keys(book, plan, since)
    stays = [one for one in rows if one.due < seconds(since) or key_of(one) in settled]
    old = {key_of(one): one.due for one in rows if one not in stays}
    first, last = (since - _AROUND).date(), (since + _AROUND).date()
    new = [row_of(one, plan.number, 0) for one in doses_of_days(book.resolve(after), first, last)]
    coming = sorted((one for one in new if key_of(one) in old), key=lambda row: row.due)
    way = _Way(limits=limits_of(book, after), since=seconds(since), stays=stays)
    for place, one in enumerate(coming):
        due = way.place(one, old[key_of(one)], coming[place + 1 :])
        if due is not None and due != one.due:
            yield MovedDose(day=date.fromordinal(one.day), slot=one.slot, due=instant(due))


@frozen
class _Way:
    """The doses from the old times to the new ones, each placed after those before it.

    Args:
        since: When the new times take effect, in seconds.
        stays: What is past or settled, and what got a time of its own.
        placed: The doses that have their new time.
    """

    limits: Limits
    since: int
    stays: list[DoseRow]
    placed: list[DoseRow] = field(default_factory=list)

    def place(self, new: DoseRow, old_due: int, following: Sequence[DoseRow]) -> int | None:
        """Return when a dose is due: at its new time, or another one; None: it is left out."""
        if new.due >= self.since and self._fits(new):
            self.placed.append(new)
            return new.due
        over = new.due < self.since
        for due in self._instead(new, old_due, over=over):
            row = new._replace(due=due)
            if self._fits(row) and not self._in_the_way(row, following):
                self.stays.append(row)
                return due
        return None

    def _fits(self, row: DoseRow) -> bool:
        return row not in too_close(self.stays, [*self.placed, row], self.limits)

    def _instead(self, new: DoseRow, old_due: int, *, over: bool) -> list[int]:
        """Return other instants for a dose: its old time first when its new one is over."""
        waits = (self.limits.gap, self.limits.window)
        later = {one.due + int(it.total_seconds()) for one in self.stays for it in waits}
        found = sorted(one for one in {*later, old_due} if one >= max(self.since, new.due))
        return [old_due, *found] if over else found

    def _in_the_way(self, row: DoseRow, following: Sequence[DoseRow]) -> bool:
        """Return whether a dose at this instant would push out one that comes after it."""
        after = [one for one in following if one.due >= self.since][:_LOOK_ON]
        if after and after[0].due <= row.due:
            return True
        already = too_close(self.stays, [*self.placed, *after], self.limits)
        pushed = too_close([*self.stays, row], [*self.placed, *after], self.limits)
        return len(pushed) > len(already)
