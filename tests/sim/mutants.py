"""Six ways to build it wrong. Each must break a story, or the simulation proves nothing."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from medsched.services import remind_look, remind_send
from medsched.services.outbox_changes import key_of_row
from medsched.services.outbox_ports import Finished, RowState, Step
from medsched.services.remind import Reminders
from medsched.services.remind_look import Drop, LastLook, Tell
from medsched.store import outbox_sql
from medsched.store.outbox import SqlOutbox
from medsched.store.outbox_sql import IS_OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from medsched.services.outbox_ports import ClaimedRow
    from medsched.services.remind_ports import CycleReport, Parcel
    from medsched.services.remind_send import Sending


@contextmanager
def ack_before_send() -> Iterator[None]:
    """Write down that it was sent, and then send."""
    real = Reminders._deliver

    def deliver(
        self: Reminders, report: CycleReport, sending: Sending, parcels: Sequence[Parcel]
    ) -> CycleReport:
        results = [
            Finished(row.id, row.fence, RowState.SENT, 0, row.due, True, True, "")
            for one in parcels
            for row in one.rows
        ]
        with self._store.writing() as unit:
            unit.outbox.record(results)
        with mock.patch.object(LastLook, "at", _careless):
            return real(self, report, sending, parcels)

    with mock.patch.object(Reminders, "_deliver", deliver):
        yield


@contextmanager
def no_last_look() -> Iterator[None]:
    """Send what was claimed, whatever has happened since."""
    with mock.patch.object(LastLook, "at", _careless):
        yield


def _careless(self: LastLook, claimed: ClaimedRow, margin: int) -> Tell | Drop:
    """Say what the row says, without asking whether it is still so."""
    row = self.unit.outbox.row(claimed.id)
    assert row is not None
    if row.kind is Step.DONE:
        return self._done(row)
    dose = self.unit.plans.dose(key_of_row(row))
    if dose is None:
        return Drop(state=RowState.CANCELLED, why="gone")
    rows = self.unit.outbox.of_dose(key_of_row(row))
    with mock.patch.object(remind_look, "chart_around", _nobody_recorded):
        return self._tell(row, dose, repeat=remind_look._may_be_known(row, rows))


def _nobody_recorded(book: Any, plan: Any, since: Any, until: Any) -> Any:
    from dataclasses import replace

    from medsched.services.agenda import chart_around

    chart, rows = chart_around(book, plan, since, until)
    return replace(chart, settled={}, intakes=()), rows


@contextmanager
def no_fence() -> Iterator[None]:
    """Record whatever comes back, also when the row has gone to somebody else."""
    real = SqlOutbox.record

    def record(self: SqlOutbox, results: Sequence[Finished]) -> list[int]:
        late = []
        for one in results:
            row = self.row(one.id)
            if row is not None and (row.fence != one.fence or row.state != RowState.LEASED):
                self._driver.each(
                    "UPDATE outbox SET state = 'leased', fence = ? WHERE id = ?",
                    [(one.fence, one.id)],
                )
            late += real(self, [one])
        return late

    with mock.patch.object(SqlOutbox, "record", record):
        yield


@contextmanager
def no_expiry() -> Iterator[None]:
    """Remind for ever."""
    real_claim, real_at = SqlOutbox.claim, LastLook.at
    ages = 10**9

    def claim(self: SqlOutbox, owner: str, now: int, **more: int) -> list[ClaimedRow]:
        return real_claim(self, owner, now, lease=more["lease"], margin=-ages, limit=more["limit"])

    def at(self: LastLook, claimed: ClaimedRow, margin: int) -> Tell | Drop:
        return real_at(self, claimed, -ages)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(SqlOutbox, "claim", claim))
        stack.enter_context(mock.patch.object(SqlOutbox, "expire", return_value=0))
        stack.enter_context(mock.patch.object(LastLook, "at", at))
        fresh = remind_send.Sending._lease_left
        stack.enter_context(
            mock.patch.object(remind_send.Sending, "_is_fresh", lambda s, p, _l: fresh(s, p))
        )
        yield


@contextmanager
def no_unique_key() -> Iterator[None]:
    """Plan a reminder again each time that planning runs."""
    plan = outbox_sql.PLAN.partition(" ON CONFLICT")[0]
    with mock.patch.object(outbox_sql, "PLAN", plan):
        yield


@contextmanager
def attempt_missing_from_the_text() -> Iterator[None]:
    """Word every message as if it were the first."""
    with mock.patch.object(remind_look, "_may_be_known", return_value=False):
        yield


MUTANTS = (
    ack_before_send,
    no_last_look,
    no_fence,
    no_expiry,
    no_unique_key,
    attempt_missing_from_the_text,
)


def without_the_unique_key(path: Path) -> None:
    """Take the unique key out of a database file."""
    with sqlite3.connect(path) as connection:
        [(made,)] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'outbox'")
        lines = [one for one in made.splitlines() if "UNIQUE" not in one]
        text = "\n".join(lines).rstrip().rstrip(")").rstrip().rstrip(",") + "\n)"
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DROP TABLE outbox")
        connection.execute(text)
        connection.execute(f"CREATE INDEX ix_outbox_ready_at ON outbox (ready_at) WHERE {IS_OPEN}")
    connection.close()
