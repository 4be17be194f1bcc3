"""The outbox: claimed in one statement, recorded under a fence, cancelled with its dose."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final

from medsched.services.outbox_ports import (
    LONGEST_HELD,
    OPEN,
    ClaimedRow,
    Finished,
    NewReminder,
    ReminderRow,
    RowState,
    Waiting,
)
from medsched.store import outbox_sql as sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from medsched.services.ports import RowKey
    from medsched.store.driver import Driver

_AT_ONCE: Final = 500
"""Rows that one statement is about, at most."""

_NEVER: Final = 2**62
_AS_CLAIMED: Final = partial(tuple.__new__, ClaimedRow)
"""As `ClaimedRow._make`, which counts the columns of each row anew."""
_WHAT_IS_TOLD: Final = itemgetter(slice(1, None))
"""All of a result but the row's id. Those of one message, which are alike, are neighbours."""
_IN_ORDER: Final = attrgetter("send_after", "channel", "id")


class SqlOutbox:
    """`outbox_ports.Outbox` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver, self._server = driver, driver.is_server
        self._skip = sql.SKIP_LOCKED if self._server else ""
        self._skip_channels = sql.SKIP_LOCKED_CHANNELS if self._server else ""
        self._lock = driver.for_update

    def server_time(self) -> datetime | None:
        """Return the database server's clock, None where the database has none of its own."""
        if not self._server:
            return None
        return self._driver.rows("SELECT clock_timestamp()", ())[0][0]  # type: ignore[no-any-return]  # the driver's

    def plannable(self, before: int, limit: int) -> list[int]:
        """Return active prescriptions whose reminders are planned to less far than `before`."""
        return [number for (number,) in self._driver.rows(sql.PLANNABLE, (before, limit))]

    def planned(self, prescription: int, until: int) -> None:
        """Remember how far a prescription's reminders are planned."""
        self._driver.each(sql.PLANNED, [(until, prescription)])

    def forget(self, prescription: int) -> None:
        """Have a prescription's reminders planned anew; what is planned stays until then."""
        self.planned(prescription, 0)

    def plan(self, rows: Iterable[NewReminder]) -> int:
        """Add rows, open again those that were cancelled or moved; return how many."""
        return self._driver.each(sql.PLAN, [(*row, row.send_after) for row in rows])

    def cancel(self, doses: Iterable[RowKey]) -> None:
        """Call off every row of these doses that could be sent, or gave way to another.

        A result still under way is fenced out.
        """
        self._driver.each(sql.cancel(sql.CANCEL_DOSE, self._lock), [tuple(one) for one in doses])

    def cancel_person(self, person: int) -> None:
        """Close what was not yet sent for a person, and have it planned anew."""
        for where in (sql.CANCEL_PERSON, sql.CANCEL_SNOOZED):
            self._driver.each(sql.cancel(where, self._lock), [(person,)])
        self._driver.each(sql.FORGET_PERSON, [(person,)])

    def start_over(self, now: int) -> None:
        """Cancel what was not to be sent before now, is closed as over or held for too long."""
        times = (now, now, now, now + LONGEST_HELD, now + LONGEST_HELD)
        self._driver.each(sql.START_OVER.format(lock=self._lock), [times])
        self._driver.each(sql.FORGET_ALL, [()])

    def snooze(self, dose: RowKey, until: int) -> None:
        """Supersede the open rows of a dose, but for its caregivers', up to `until`."""
        self._driver.each(sql.SNOOZE, [(*dose, until)])

    def of_dose(self, dose: RowKey) -> list[ReminderRow]:
        """Return all rows of a dose, by `send_after`, then id."""
        return _rows(self._driver.rows(sql.OF_DOSE, tuple(dose)))

    def row(self, number: int) -> ReminderRow | None:
        """Return one row."""
        found = _rows(self._driver.rows(sql.ROW, (number,)))
        return found[0] if found else None

    def expire(self, now: int) -> int:
        """Close the open rows whose time is over and return how many."""
        return self._driver.each(sql.expire(self._skip), [(now, now, now)])

    def claim(
        self, owner: str, now: int, *, lease: int, margin: int, limit: int
    ) -> list[ClaimedRow]:
        """Lease rows that are ready, at least `margin` seconds before they expire."""
        turn = sql.ready_channels(self._skip_channels)
        channels = [
            number for (number,) in self._driver.rows(turn, (now, now, now + margin, limit))
        ]
        found: list[ClaimedRow] = []
        for some in _parts(channels):
            cells = (now, now, now + margin, *some)
            told = self._driver.rows(sql.as_claimed(len(some), self._skip), cells)
            found += map(_AS_CLAIMED, told)
        found.sort(key=_IN_ORDER)
        for ids in _parts([row.id for row in found]):
            self._driver.each(sql.claim(len(ids)), [(owner, now + lease, *ids)])
        return found

    def record(self, results: Sequence[Finished]) -> list[int]:
        """Store results and log them; return the ids that were not ours any more."""
        if self._server:
            for ids in _parts(sorted(one.id for one in results)):
                self._driver.rows(sql.lock(len(ids)), ids)
        alike: dict[tuple[Any, ...], list[int]] = {}
        for told, some in groupby(results, _WHAT_IS_TOLD):
            alike.setdefault(told, []).extend(one.id for one in some)
        lost: list[int] = []
        for told, numbers in alike.items():
            for ids in _parts(numbers):
                ours = self._record(ids, *told)
                lost += sorted(set(ids).difference(ours)) if len(ours) < len(ids) else []
        return lost

    def _record(
        self,
        ids: list[int],
        fence: int,
        state: RowState,
        ready_at: int,
        at: int,
        attempted: bool,  # noqa: FBT001  # a record's field
        shown: bool,  # noqa: FBT001  # a record's field
        outcome: str,
    ) -> list[int]:
        """Store one result for those of these rows that are ours, nearly always all; return them.

        The log comes first: it takes what is held, and its count says whether that is all.
        """
        held = 0
        if attempted:
            held = self._driver.each(sql.log(len(ids)), [(at, state, shown, outcome, *ids, fence)])
        ours = ids
        if held < len(ids):
            ours = [n for (n,) in self._driver.rows(sql.held(len(ids)), [*ids, fence])]
        if ours:
            told = (state, state in OPEN, ready_at, int(attempted), int(shown), int(shown))
            self._driver.each(sql.record(len(ours)), [(*told, outcome, state, at, *ours)])
        return ours

    def close(self, numbers: Iterable[int], state: RowState) -> None:
        """Close rows claimed in this same unit without sending them."""
        self._driver.each(sql.CLOSE, [(state.value, number) for number in numbers])

    def give_back(self, numbers: Iterable[int]) -> None:
        """Undo the claim of rows claimed in this same unit; they are ready at once."""
        self._driver.each(sql.GIVE_BACK, [(number,) for number in numbers])

    def release(self, owner: str) -> int:
        """Give back every row that an owner holds."""
        return len(self._driver.rows(sql.RELEASE, (owner,)))

    def messages_since(self, person: int, since: int) -> int:
        """Return how many sends reached a person, or may have, from `since` on."""
        return int(self._driver.rows(sql.MESSAGES_SINCE, (person, since))[0][0])

    def waiting(self, now: int) -> Waiting:
        """Return what is ready and not sent."""
        return Waiting._make(self._driver.rows(sql.WAITING, (now, now))[0])

    def next_ready(self) -> int | None:
        """Return when the next row may be claimed."""
        [(free,)] = self._driver.rows(sql.NEXT_FREE, ())
        [(held,)] = self._driver.rows(sql.NEXT_HELD, (_NEVER if free is None else free,))
        return min((one for one in (free, held) if one is not None), default=None)

    def failed(self, since: int) -> list[ReminderRow]:
        """Return the rows that failed for good, of doses due from `since` on."""
        return _rows(self._driver.rows(sql.FAILED, (since,)))

    def prune(self, before: int) -> int:
        """Delete closed rows of doses due before, and their log."""
        self._driver.each(sql.PRUNE_LOG, [(before,)])
        return len(self._driver.rows(sql.PRUNE, (before,)))


def _rows(found: list[tuple[Any, ...]]) -> list[ReminderRow]:
    return list(map(ReminderRow._make, found))


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    """Yield so many numbers at a time as one statement takes."""
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]
