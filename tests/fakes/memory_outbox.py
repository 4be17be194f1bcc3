"""The outbox, channels, daemons and tokens in memory; held to the same suite as the real ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from medsched.domain.prescription import Status
from medsched.services.outbox_ports import (
    LONGEST_HELD,
    OPEN,
    Channel,
    ClaimedRow,
    ClockMark,
    DaemonRow,
    Finished,
    NewReminder,
    ReminderRow,
    RowState,
    Step,
    Token,
    Waiting,
)
from medsched.store.refusals import ChangedMeanwhile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from tests.fakes.memory_store import State

    from medsched.services.ports import RowKey


_GAVE_WAY = OPEN | {RowState.SUPERSEDED}


@dataclass(slots=True)
class Reminding:
    """Everything that is stored about reminding."""

    rows: dict[int, ReminderRow] = field(default_factory=dict)
    log: dict[int, tuple[int, int, int, bool]] = field(default_factory=dict)
    until: dict[int, int] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    daemons: dict[str, DaemonRow] = field(default_factory=dict)
    marks: list[ClockMark] = field(default_factory=list)
    tokens: dict[str, Token] = field(default_factory=dict)

    def copy(self) -> Reminding:
        """Return one that can be changed without changing this one."""
        return Reminding(*(getattr(self, name).copy() for name in self.__slots__))


class MemoryOutbox:
    """`outbox_ports.Outbox` in memory."""

    def __init__(self, state: State) -> None:
        self._plans, self._state = state.plans, state.reminding

    def server_time(self) -> datetime | None:
        return None

    def plannable(self, before: int, limit: int) -> list[int]:
        until = self._state.until
        active = (n for n, one in self._plans.items() if one.status is Status.ACTIVE)
        found = (n for n in active if until.get(n, 0) < before)
        return sorted(found, key=lambda n: (until.get(n, 0), n))[:limit]

    def planned(self, prescription: int, until: int) -> None:
        self._state.until[prescription] = until

    def forget(self, prescription: int) -> None:
        self.planned(prescription, 0)

    def plan(self, rows: Iterable[NewReminder]) -> int:
        return sum(self._plan(row) for row in rows)

    def _plan(self, new: NewReminder) -> bool:
        key = new[:5]
        there = next((one for one in self._state.rows.values() if one[1:6] == key), None)
        if there is None:
            self._state.numbers["outbox"] += 1
            number = self._state.numbers["outbox"]
            rest = ("pending", "", new.send_after, 0, 0, 0, 0, 0, False, None, "")
            self._state.rows[number] = ReminderRow._make((number, *new, *rest))
            return True
        if there.state != RowState.CANCELLED and there.due == new.due:
            return False
        seen = there.state in {RowState.SENT, RowState.LEASED, RowState.UNKNOWN}
        self._state.rows[there.id] = there._replace(
            person=new.person,
            due=new.due,
            send_after=new.send_after,
            expires_at=new.expires_at,
            state="pending",
            owner="",
            ready_at=new.send_after,
            fence=there.fence + 1,
            stranded=0,
            maybe_delivered=there.maybe_delivered or seen,
        )
        return True

    def cancel(self, doses: Iterable[RowKey]) -> None:
        keys = {tuple(one) for one in doses}
        self._close(lambda row: row[1:4] in keys, "cancelled", _GAVE_WAY)

    def cancel_person(self, person: int) -> None:
        self._close(lambda row: row.person == person and not row.shown, "cancelled", _GAVE_WAY)
        for number, plan in self._plans.items():
            if plan.person == str(person):
                self._state.until[number] = 0

    def start_over(self, now: int) -> None:
        for row in list(self._state.rows.values()):
            early = row.state == RowState.EXPIRED and row.expires_at > now
            unsettled = row.state in OPEN or row.state == RowState.CANCELLED
            held = unsettled and max(row.ready_at, row.lease_ends) > now + LONGEST_HELD
            gave_way = row.state == RowState.SUPERSEDED and row.expires_at > now
            if row.send_after > now or early or gave_way or held:
                seen = row.maybe_delivered or row.shown or row.state == RowState.LEASED
                self._state.rows[row.id] = row._replace(
                    state="cancelled", lease_ends=0, fence=row.fence + 1, maybe_delivered=bool(seen)
                )
        self._state.until.clear()

    def snooze(self, dose: RowKey, until: int) -> None:
        self._close(
            lambda row: (
                row[1:4] == tuple(dose) and row.send_after < until and row.kind is not Step.CARER
            ),
            "superseded",
        )

    def _close(
        self, wanted: Callable[[ReminderRow], bool], state: str, closed: frozenset[str] = OPEN
    ) -> None:
        for row in list(self._state.rows.values()):
            if row.state in closed and wanted(row):
                self._state.rows[row.id] = row._replace(
                    maybe_delivered=row.maybe_delivered or row.state == RowState.LEASED,
                    state=state,
                    fence=row.fence + 1,
                )

    def of_dose(self, dose: RowKey) -> list[ReminderRow]:
        found = (row for row in self._state.rows.values() if row[1:4] == tuple(dose))
        return sorted(found, key=lambda row: (row.send_after, row.id))

    def row(self, number: int) -> ReminderRow | None:
        return self._state.rows.get(number)

    def expire(self, now: int) -> int:
        over = [
            row
            for row in self._state.rows.values()
            if row.state in OPEN and max(row.ready_at, row.lease_ends, row.expires_at) <= now
        ]
        for row in over:
            seen = row.maybe_delivered or row.state == RowState.LEASED
            self._state.rows[row.id] = row._replace(state="expired", maybe_delivered=seen)
        return len(over)

    def claim(
        self, owner: str, now: int, *, lease: int, margin: int, limit: int
    ) -> list[ClaimedRow]:
        ready = [
            row
            for row in self._state.rows.values()
            if row.state in OPEN
            and max(row.ready_at, row.lease_ends) <= now
            and row.expires_at > now + margin
            and row.channel in self._state.channels
        ]
        oldest = sorted(ready, key=lambda row: (row.ready_at, row.id))[:limit]
        channels = {row.channel for row in oldest}
        claimed = []
        for row in ready:
            if row.channel in channels:
                leased = row._replace(
                    stranded=row.stranded + (row.state == RowState.LEASED),
                    maybe_delivered=row.maybe_delivered or row.state == RowState.LEASED,
                    state="leased",
                    owner=owner,
                    lease_ends=now + lease,
                    fence=row.fence + 1,
                    attempts=row.attempts + 1,
                )
                self._state.rows[row.id] = leased
                told = {name: getattr(leased, name) for name in ClaimedRow._fields}
                claimed.append(ClaimedRow(**told))
        return sorted(claimed, key=lambda row: (row.send_after, row.channel, row.id))

    def record(self, results: Sequence[Finished]) -> list[int]:
        return [one.id for one in results if not self._record(one)]

    def _record(self, one: Finished) -> bool:
        row = self._state.rows.get(one.id)
        if row is None or row.fence != one.fence or row.state != RowState.LEASED:
            return False
        self._state.rows[one.id] = row._replace(
            state=one.state.value,
            ready_at=one.ready_at,
            owner="",
            lease_ends=0,
            stranded=0,
            attempts=row.attempts - (not one.attempted),
            shown=row.shown + one.shown,
            maybe_delivered=row.maybe_delivered or one.shown,
            outcome=one.outcome,
            sent_at=one.at if one.state is RowState.SENT else row.sent_at,
        )
        if one.attempted:
            self._state.numbers["log"] += 1
            told = (one.id, row.person, one.at, one.shown)
            self._state.log[self._state.numbers["log"]] = told
        return True

    def close(self, numbers: Iterable[int], state: RowState) -> None:
        for number in numbers:
            row = self._state.rows[number]
            self._state.rows[number] = row._replace(state=state.value, owner="", lease_ends=0)

    def release(self, owner: str) -> int:
        held = [
            row.id
            for row in self._state.rows.values()
            if row.state == RowState.LEASED and row.owner == owner
        ]
        self.give_back(held)
        return len(held)

    def give_back(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            row = self._state.rows[number]
            self._state.rows[number] = row._replace(
                state="pending",
                owner="",
                lease_ends=0,
                fence=row.fence + 1,
                attempts=row.attempts - 1,
            )

    def messages_since(self, person: int, since: int) -> int:
        log = self._state.log.values()
        return sum(1 for _, whose, at, shown in log if whose == person and at >= since and shown)

    def waiting(self, now: int) -> Waiting:
        found = [
            row.send_after
            for row in self._state.rows.values()
            if row.state in OPEN and row.send_after <= now < row.expires_at
        ]
        return Waiting(len(found), min(found, default=None))

    def next_ready(self) -> int | None:
        rows = (row for row in self._state.rows.values() if row.state in OPEN)
        return min((max(row.ready_at, row.lease_ends) for row in rows), default=None)

    def failed(self, since: int) -> list[ReminderRow]:
        rows = self._state.rows.values()
        found = (row for row in rows if row.state == RowState.FAILED and row.due >= since)
        return sorted(found, key=lambda row: (row.send_after, row.id))

    def prune(self, before: int) -> int:
        rows = self._state.rows.values()
        old = [row.id for row in rows if row.due < before and row.state not in OPEN]
        for number in old:
            del self._state.rows[number]
        log = self._state.log
        for number in [n for n, (reminder, *_rest) in log.items() if reminder in old]:
            del log[number]
        return len(old)


class MemoryChannels:
    """`outbox_ports.Channels` in memory."""

    def __init__(self, state: State) -> None:
        self._state = state.reminding
        self._outbox = MemoryOutbox(state)

    def add(self, channel: Channel) -> Channel:
        ours = self.of_person(channel.person)
        if any(one.name == channel.name for one in ours):
            raise ChangedMeanwhile("memory")
        self._state.numbers["channel"] += 1
        last = max((one.order for one in ours), default=0)
        added = replace(channel, number=self._state.numbers["channel"], order=last + 1)
        self._state.channels[added.number] = added
        self._outbox.cancel_person(int(channel.person))
        return added

    def of_person(self, person: str) -> list[Channel]:
        found = (one for one in self._state.channels.values() if one.person == person)
        return sorted(found, key=lambda one: (one.order, one.number))

    def get(self, number: int) -> Channel | None:
        return self._state.channels.get(number)

    def save(self, channel: Channel) -> None:
        if channel.number not in self._state.channels:
            raise KeyError(channel.number)
        self._state.channels[channel.number] = channel
        self._outbox.cancel_person(int(channel.person))

    def remove(self, number: int) -> None:
        self._outbox._close(lambda row: row.channel == number, "cancelled")
        found = self._state.channels.pop(number, None)
        if found is not None:
            self._outbox.cancel_person(int(found.person))


class MemoryDaemons:
    """`outbox_ports.Daemons` in memory."""

    def __init__(self, state: State) -> None:
        self._state = state.reminding

    def beat(self, daemon: DaemonRow) -> None:
        self._state.daemons[daemon.id] = daemon

    def all(self) -> list[DaemonRow]:
        by_id = sorted(self._state.daemons.values(), key=lambda one: one.id)
        return sorted(by_id, key=lambda one: one.heartbeat_at, reverse=True)

    def forget(self, before: datetime) -> None:
        for one in self.all():
            if one.heartbeat_at < before:
                del self._state.daemons[one.id]

    def mark(self) -> ClockMark | None:
        return self._state.marks[0] if self._state.marks else None

    def set_mark(self, mark: ClockMark) -> None:
        self._state.marks[:] = [mark]


class MemoryTokens:
    """`outbox_ports.Tokens` in memory."""

    def __init__(self, state: State) -> None:
        self._tokens = state.reminding.tokens

    def add(self, tokens: Iterable[Token]) -> None:
        self._tokens.update((one.digest, one) for one in tokens)

    def get(self, digest: str) -> Token | None:
        return self._tokens.get(digest)

    def use(self, digest: str, at: datetime) -> bool:
        found = self._tokens.get(digest)
        if found is None or found.used_at is not None:
            return False
        self._tokens[digest] = replace(found, used_at=at)
        return True

    def prune(self, before: datetime) -> None:
        for digest in [one.digest for one in self._tokens.values() if one.expires_at < before]:
            del self._tokens[digest]
