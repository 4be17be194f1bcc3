"""One cycle of reminding: plan, close what is over, claim, look, send, record.

At least once, never exactly: a crash between the wire and the record repeats one message,
worded as a repeat. A lease keeps two daemons apart, a fence keeps a late one from
recording, and the last look keeps a message from inviting to a dose that is settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.errors import MedschedError
from medsched.frozen import replace
from medsched.services.book import seconds
from medsched.services.outbox_plan import plan_reminders
from medsched.services.outbox_ports import NewReminder, RowState, Step
from medsched.services.remind_claim import claim
from medsched.services.remind_clock import ClockState, Reading, read_clock
from medsched.services.remind_ports import (
    Alarm,
    Breakers,
    CycleReport,
    InTurn,
    NoBreakers,
    Parcel,
    Senders,
    Sent,
    Workers,
    counted,
    nothing,
)
from medsched.services.remind_send import FAILURES, Sending
from medsched.services.remind_settings import RemindSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from medsched.services.ports import Clock, Store, Unit
    from medsched.services.remind_clock import Machine

__all__ = ["Alarm", "CycleReport", "RemindSettings", "Reminders"]

_STOPPED: Final = frozenset({ClockState.HELD, ClockState.SKEWED})
_HOUR: Final = 3600
_FAST: Final = 1.0
"""A claim that is sent within so many seconds may be followed by a larger one."""


class Reminders:
    """The use case that a daemon wakes; everything it does is in the store."""

    def __init__(  # noqa: PLR0913  # everything it needs of the world
        self,
        store: Store,
        senders: Senders,
        clock: Clock,
        *,
        owner: str,
        machine: Machine,
        chance: Callable[[], float],
        new_token: Callable[[], str],
        settings: RemindSettings | None = None,
        breakers: Breakers | None = None,
        workers: Workers | None = None,
        pages: str = "",
        at: Callable[[str], None] = nothing,
    ) -> None:
        """Keep what a cycle needs.

        Args:
            owner: Unique for each start of a daemon. chance: gives 0 <= x < 1.
            new_token: Gives a new secret of 256 bits as URL-safe text.
            pages: Address that one-tap tokens are appended to; empty for no buttons.
            at: Called at each step; the simulation crashes there.

        Raises:
            UnsafeTimes: the settings do not fit together.
        """
        self._store, self._senders, self._clock = store, senders, clock
        self._owner, self._machine, self._chance = owner, machine, chance
        self._new_token, self._pages, self._at = new_token, pages, at
        self._settings = settings or RemindSettings()
        self._breakers = breakers or NoBreakers()
        self._workers = workers or InTurn()
        self._limit = self._settings.claim_least
        self._unrecorded: list[Sent] = []
        self._stopping = False

    def stop(self) -> None:
        """Claim nothing more; the send in hand is finished. Safe from another thread."""
        self._stopping = True

    @property
    def in_hand(self) -> frozenset[int]:
        """Ids of reminders that were sent and could not be recorded yet."""
        return frozenset(row.id for one in self._unrecorded for row in one.parcel.rows)

    def release(self) -> int:
        """Give back what is leased and was not sent; call it when no cycle runs.

        Raises:
            MedschedError: nothing can be stored; nothing is given back then, because what
                was sent and not recorded would be sent again as if it were new.
        """
        self._record_rest(CycleReport(clock=ClockState.GOOD))
        with self._store.writing() as unit:
            return unit.outbox.release(self._owner)

    def cycle(self) -> CycleReport:
        """Do everything that is to be done now, and tell about it.

        Raises:
            MedschedError: the database cannot be used now; the next cycle goes on.
        """
        self._at("begin")
        before = self._record_rest(CycleReport(clock=ClockState.GOOD))
        with self._store.reading() as unit:
            reading = read_clock(unit, self._clock, self._machine, self._settings)
            ready = unit.outbox.next_ready()
            over = ready is not None and ready <= seconds(reading.now)
            busy = over or bool(self._plannable(unit, reading))
        report = replace(before, clock=reading.state, held=reading.state in _STOPPED)
        if reading.mark is not None:
            with self._store.writing() as unit:
                unit.daemons.set_mark(reading.mark)
        if report.held:
            return replace(report, alarms=(Alarm(reading.state.name.lower(), 0),))
        if not busy:
            return replace(report, waiting_until=ready)
        report = self._send_all(self._expire(self._plan(report, reading), reading), reading)
        with self._store.reading() as unit:
            return replace(report, waiting_until=unit.outbox.next_ready())

    def _plannable(self, unit: Unit, reading: Reading) -> list[int]:
        """Return what is to be planned; nothing while the clock stands in the past."""
        if reading.state is ClockState.WENT_BACK:
            return []
        until = seconds(reading.now) + self._settings.ahead_hours * 1800
        return unit.outbox.plannable(until, self._settings.plans_at_once)

    def _plan(self, report: CycleReport, reading: Reading) -> CycleReport:
        """Plan each prescription in a transaction of its own: one that fails stops no other."""
        with self._store.reading() as unit:
            numbers = self._plannable(unit, reading)
        for number in numbers:
            self._at("before a plan")
            try:
                with self._store.writing() as unit:
                    planned = plan_reminders(unit, number, reading.now, self._settings)
                    self._at("in a plan")
            except FAILURES as wrong:
                report = self._set_aside(report, reading, number, type(wrong).__name__)
            else:
                report = replace(report, planned=report.planned + planned)
        return report

    def _set_aside(
        self, report: CycleReport, reading: Reading, number: int, why: str
    ) -> CycleReport:
        """Leave a prescription that cannot be planned for an hour, and tell the operator."""
        later = seconds(reading.now) + self._settings.ahead_hours * 1800 + _HOUR
        with self._store.writing() as unit:
            unit.outbox.planned(number, later)
        alarm = Alarm("cannot plan", 0, detail=f"prescription {number}: {why}")
        return replace(report, alarms=(*report.alarms, alarm))

    def _expire(self, report: CycleReport, reading: Reading) -> CycleReport:
        """Close what is over: once a cycle, for no claim takes it."""
        self._at("before the close")
        with self._store.writing() as unit:
            return replace(report, expired=unit.outbox.expire(seconds(reading.now)))

    def _send_all(self, report: CycleReport, reading: Reading) -> CycleReport:
        began = self._machine.monotonic()

        def now() -> datetime:
            return self._clock.now() + reading.ahead

        sending = self._sending(now)
        while not self._stopping:
            report, found = self._batch(report, sending, now)
            took = self._machine.monotonic() - began
            if not found or took > self._settings.cycle_most:
                break
        return report

    def _sending(self, now: Callable[[], datetime]) -> Sending:
        return Sending(
            store=self._store,
            senders=self._senders,
            breakers=self._breakers,
            machine=self._machine,
            settings=self._settings,
            now=now,
            chance=self._chance,
            new_token=self._new_token,
            pages=self._pages,
            at=self._at,
        )

    def _batch(
        self, report: CycleReport, sending: Sending, now: Callable[[], datetime]
    ) -> tuple[CycleReport, bool]:
        """Claim once, send, record; return whether there was anything to claim."""
        self._at("before the claim")
        began, claimed_at = self._machine.monotonic(), self._machine.elapsed()
        with self._store.writing() as unit:
            found = claim(
                unit,
                self._owner,
                seconds(now()),
                self._settings,
                limit=self._limit,
                claimed_at=claimed_at,
            )
            self._at("in the claim")
        self._at("after the claim")
        report = replace(
            report,
            claimed=report.claimed + found.claimed,
            superseded=report.superseded + found.superseded,
            alarms=(*report.alarms, *found.alarms),
        )
        report = self._deliver(report, sending, found.parcels)
        self._limit = self._next_limit(self._machine.monotonic() - began)
        return report, bool(found.claimed)

    def _next_limit(self, took: float) -> int:
        if took > _FAST:
            return self._settings.claim_least
        return min(self._limit * 2, self._settings.claim_most)

    def _deliver(
        self, report: CycleReport, sending: Sending, parcels: Sequence[Parcel]
    ) -> CycleReport:
        """Send, and record results as they come: alone, unless sends are faster than commits.

        Results that cannot be stored are kept and stored by the next cycle that can.
        """
        since, refused = 0.0, None
        for sent in self._workers.each(sending.send, parcels):
            if not self._unrecorded:
                since = self._machine.monotonic()
            self._unrecorded.append(sent)
            if refused or self._machine.monotonic() - since < self._settings.record_within:
                continue
            try:
                report = self._record_rest(report)
            except MedschedError as wrong:
                refused = wrong
        if refused:
            raise refused
        return self._record_rest(report)

    def _record_rest(self, report: CycleReport) -> CycleReport:
        """Record what is in hand, if anything is; it stays in hand when that fails."""
        if self._unrecorded:
            report = self._record(report, self._unrecorded)
            self._unrecorded = []
        return report

    def _record(self, report: CycleReport, sent: Sequence[Sent]) -> CycleReport:
        results = [one for each in sent for one in each.results]
        self._at("before the record")
        with self._store.writing() as unit:
            fenced = unit.outbox.record(results)
            self._another_channel(unit, sent, set(fenced))
            self._at("in the record")
        self._at("after the record")
        tried = [one for one in results if one.attempted]
        return replace(
            report,
            messages=report.messages + sum(1 for one in sent if one.delivery is not None),
            delivered=report.delivered + counted(tried, RowState.SENT),
            unknown=report.unknown + counted(tried, RowState.UNKNOWN),
            failed=report.failed + counted(results, RowState.FAILED),
            dropped=report.dropped + len(results) - len(tried),
            fenced=report.fenced + len(fenced),
            alarms=(*report.alarms, *(alarm for one in sent for alarm in one.alarms)),
        )

    def _another_channel(self, unit: Unit, sent: Sequence[Sent], fenced: set[int]) -> None:
        """Give what a channel refuses for good to the person's next channel, at once."""
        for one in sent:
            refused = {
                each.id
                for each in one.results
                if each.state is RowState.FAILED and each.attempted and each.id not in fenced
            }
            for row in one.parcel.rows:
                if row.id not in refused or row.kind in {Step.CARER, Step.DONE}:
                    continue
                channels = unit.channels.of_person(str(row.person))
                places = [each.number for each in channels if not each.caregiver]
                later = places[places.index(row.channel) + 1 :] if row.channel in places else []
                if later:
                    at = row.send_after
                    new = NewReminder(*row[1:5], later[0], row.person, row.due, at, row.expires_at)
                    unit.outbox.plan([new])
