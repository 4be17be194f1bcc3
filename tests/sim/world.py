"""A small world for the daemons: time, a phone, a network, people, and everything that fails.

The reminders, the store and the rules are the real ones. Time, chance and the wire are
the world's. One seed gives one story, always the same.
"""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from medsched.domain.person import Person, at_home
from medsched.errors import MedschedError
from medsched.protocols import load
from medsched.services.amend import Amendment
from medsched.services.amendments import change_times
from medsched.services.book import Book, seconds
from medsched.services.message import Delivery, Message, Outcome
from medsched.services.outbox_changes import snooze
from medsched.services.outbox_ports import Channel, NamesShown, Reminder, RowState, Step
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft
from medsched.services.record import last_record, skip_dose, take_dose, undo
from medsched.services.remind import Reminders
from medsched.services.remind_clock import confirm_clock
from medsched.services.remind_ports import InTurn
from medsched.services.taking import Taking
from medsched.store.opening import SqlStore, open_store
from medsched.store.place import Address
from medsched.store.sqlite_file import connect
from medsched.store.transaction import SqliteFile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from medsched.services.ports import Unit
    from medsched.services.remind_ports import Parcel, Sent

SHORT_STALL: Final = 25
"""Seconds that a daemon may stop between its last check and the wire."""
BEGIN: Final = datetime(2026, 3, 2, 5, tzinfo=UTC)
ZONE: Final = ZoneInfo("Europe/Berlin")
KEY: Final = "6f1f5c0e-2d0b-5a57-9c5e-0a4be0a6f5d1"
OTHER_KEY: Final = "6f1f5c0e-2d0b-5a57-9c5e-0a4be0a6f5d2"
_CALM: Final = 1500
"""Seconds without a fault after which everything due must have been told."""
RAM: Final = Path("/dev/shm")


class Crash(BaseException):
    """The process ends here: nothing catches it, nothing is cleaned up."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How often what goes wrong, from 0 to 1."""

    crash: float = 0.0
    nested: float = 0.0
    stall: float = 0.0
    outage: float = 0.0
    ambiguous: float = 0.0
    clock: float = 0.0
    sleep: float = 0.0
    daemons: int = 1


@dataclass(slots=True)
class Arrival:
    """A message that reached a phone."""

    at: float
    wall: int
    looked: int
    channel: int
    message: Message
    rows: tuple[Reminder, ...]
    stored: frozenset[tuple[int | str, ...]] = frozenset()


class Broken(BaseException):
    """An invariant that did not hold; says the seed and the story. Nothing swallows it."""


@cache
def template() -> bytes:
    """Return a database with a person, two plans and three channels, as bytes."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "medsched.db"
        clock = _Standing(BEGIN - timedelta(hours=12))
        with open_store(str(path), clock=clock) as store:
            with store.writing() as unit:
                _settle_in(unit, clock.at)
            with store.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()


@dataclass(frozen=True, slots=True)
class _Standing:
    at: datetime

    def now(self) -> datetime:
        return self.at


def _settle_in(unit: Unit, now: datetime) -> None:
    person = unit.people.add(Person(name="Anna Berg", itinerary=at_home(ZONE)), now)
    for name, key, slots in (
        ("levetiracetam", KEY, (time(8), time(20))),
        ("gabapentin", OTHER_KEY, (time(8), time(14), time(21))),
    ):
        protocol, _digest = load(name)
        choices = Choices(start=date(2026, 3, 2), slots=slots, ordered_by="Dr. Weiss")
        made = draft(protocol, person, choices, today=date(2026, 3, 1), days=10)
        order = Order(ordered_by="Dr. Weiss", override="known")
        adopt(unit, made, key=key, order=order, now=now, horizon_days=5)
    for name, carer in (("phone", False), ("mail", False), ("mother", True)):
        channel = Channel(
            person=person.id,
            name=name,
            url=f"file:///{name}",
            caregiver=carer,
            names=NamesShown.FULL,
        )
        unit.channels.add(channel)


class World:
    """Everything outside the daemons, and what they may never do to it."""

    def __init__(
        self, seed: int, faults: Faults, folder: Path, prepare: Callable[[Path], None]
    ) -> None:
        self.rng = random.Random(seed)
        self.seed, self.faults = seed, faults
        self.true, self.asleep, self.offset = 0.0, 0.0, 0.0
        self.seq = 0
        self.arrivals: list[Arrival] = []
        self.settled: dict[str, int] = {}
        self.story: list[str] = []
        self.outage_until = -1.0
        self.calm_since = 0.0
        self.calm = False
        self.on_the_wire_by = inf
        self.depth = 0
        self.about: list[Reminder] = []
        path = folder / f"{seed}.db"
        path.touch(mode=0o600)
        path.write_bytes(template())
        prepare(path)
        address = Address(file=str(path))
        self.store = SqlStore(address, SqliteFile(address.file, _quick))
        self.daemons = [Daemon(self, n) for n in range(faults.daemons)]

    # --- time -----------------------------------------------------------------------

    def now(self) -> datetime:
        """Return what the machine's clock shows."""
        return BEGIN + timedelta(seconds=self.true + self.offset)

    @property
    def boot(self) -> str:
        return "boot"

    def elapsed(self) -> float:
        return self.true

    def monotonic(self) -> float:
        """Return seconds awake: suspended time does not count, as on Linux."""
        return self.true - self.asleep

    def wall(self) -> int:
        return seconds(self.now())

    def tell(self, what: str) -> None:
        """Add a line to the story."""
        self.seq += 1
        self.story.append(f"{self.now():%d %H:%M:%S} {what}")

    def chance(self, share: float) -> bool:
        return not self.calm and share > 0 and self.rng.random() < share

    def disturbed(self) -> None:
        """Something went wrong: the time in which all must go well begins anew."""
        self.calm_since = self.true

    # --- what happens at any step of any daemon -----------------------------------------

    def step(self, daemon: Daemon, point: str) -> None:
        """Let the world interfere at a step of a daemon's cycle."""
        before = self.on_the_wire_by
        if point == "before the send":
            self.on_the_wire_by = min(before, self.true + SHORT_STALL)
        try:
            self._interfere_at(daemon, point)
        finally:
            self.on_the_wire_by = before
        if point == "before the look":
            self.seq += 1
            daemon.looked = self.seq

    def _interfere_at(self, daemon: Daemon, point: str) -> None:
        if point == "after the record":
            daemon.mark_stored()
        if self.chance(self.faults.crash * (4 if point.startswith(("after the s", "in ")) else 1)):
            self.tell(f"{daemon.name} crashes {point}")
            raise Crash
        if point.startswith("in ") or self.depth >= 2:
            return
        if self.chance(self.faults.stall):
            longest = SHORT_STALL if point == "before the send" else 400
            self.stall(self.rng.uniform(1, longest), daemon, point)
            if longest > SHORT_STALL:
                self.others_wake(daemon)
        if self.chance(self.faults.nested):
            self.interfere(daemon)

    def stall(self, length: float, daemon: Daemon, point: str) -> None:
        self.tell(f"{daemon.name} stalls {length:.0f} s {point}")
        self.disturbed()
        self.spend(length)

    def spend(self, length: float) -> None:
        """Let time pass; between its last check and the wire no daemon is held up for long.

        There a longer stop sends what another daemon has sent meanwhile, as a repeat, and
        nothing can prevent that. Whoever is in the middle of another's cycle holds it up.
        """
        self.true = min(self.true + length, max(self.true, self.on_the_wire_by))

    def interfere(self, busy: Daemon) -> None:
        """Somebody else does something in the middle of a daemon's cycle."""
        if self.rng.random() < 0.4:
            self.others_wake(busy)
            return
        self.depth += 1
        self.somebody_acts(busy)
        self.depth -= 1

    def others_wake(self, busy: Daemon) -> None:
        """Run the other daemons while one is in the middle of something."""
        self.depth += 1
        for one in self.daemons:
            if one is not busy and one.running is None:
                one.wake()
        self.depth -= 1

    # --- people -----------------------------------------------------------------------

    def somebody_acts(self, busy: Daemon | None = None) -> None:
        """A person takes, skips, undoes, snoozes or changes something, now."""
        self.about = [one for one in busy.claimed if one.kind is not Step.DONE] if busy else []
        act = self.rng.choices(
            (self._take, self._skip, self._undo, self._snooze, self._change, self._anew),
            (10, 2, 2, 3, 1, 2),
        )[0]
        with suppress(MedschedError, Crash), self.store.writing() as unit:
            person = unit.people.by_id("1")
            assert person is not None
            act(Book(unit, person))
            if self.chance(self.faults.crash):
                self.tell("the program dies while recording")
                raise Crash
        self.learn()

    def learn(self) -> None:
        """See which doses are settled now; a dose settled before keeps its moment."""
        with self.store.reading() as unit:
            since, until = self.wall() - 3 * 86_400, self.wall() + 2 * 86_400
            for row in unit.plans.doses([1, 2], since, until):
                name = _dose_id(row)
                if unit.records.settling(name) is None:
                    self.settled.pop(name, None)
                elif name not in self.settled:
                    self.tell(f"{name} is settled")
                    self.settled[name] = self.seq

    def _some_dose(self, book: Book) -> str | None:
        """Return some dose; what is just being told about is more interesting than others."""
        if self.about and self.rng.random() < 0.7:
            return _dose_id(self.rng.choice(self.about))
        now = self.wall()
        rows = book.unit.plans.doses([1, 2], now - 14 * 3600, now + 2 * 3600)
        return _dose_id(self.rng.choice(rows)) if rows else None

    def _take(self, book: Book) -> None:
        dose = self._some_dose(book)
        if dose is None:
            return
        plan = book.unit.plans.get(int(dose.partition("-")[0]))
        assert plan is not None
        late = timedelta(minutes=self.rng.choice((0, 0, 5, 60)))
        take_dose(book, plan, dose, Taking(at=self.now() - late, now=self.now()))

    def _skip(self, book: Book) -> None:
        dose = self._some_dose(book)
        if dose is None:
            return
        plan = book.unit.plans.get(int(dose.partition("-")[0]))
        assert plan is not None
        skip_dose(book, plan, dose, reason="", by="", now=self.now())

    def _undo(self, book: Book) -> None:
        plans = book.unit.plans.of_person("1")
        wrong = last_record(book, plans, "")
        plan = book.unit.plans.get(int(wrong.prescription))
        assert plan is not None
        undo(book, plan, wrong, reason="", by="", now=self.now())
        self.tell(f"{wrong.dose} is undone")
        self.disturbed()
        self.forgive(wrong.dose)

    def _snooze(self, book: Book) -> None:
        now = self.wall()
        rows = book.unit.plans.doses([1, 2], now - 3600, now)
        if rows:
            row = self.rng.choice(rows)
            if snooze(book.unit, row, now + 600):
                self.tell(f"{_dose_id(row)} snoozed")
                self.disturbed()

    def _change(self, book: Book) -> None:
        plan = book.unit.plans.get(1)
        assert plan is not None
        minute = self.rng.choice((0, 15, 30))
        slots = (time(8, minute), time(20, minute))
        day = self.now().astimezone(ZONE).date()
        order = Order(ordered_by="Dr. Weiss", override="known")
        asked = Amendment(day=day, reason="", order=order, now=self.now(), until_days=5)
        done = change_times(book, plan, asked, slots)
        self.tell(f"times are {slots}")
        self.disturbed()
        for _old, row in done.diff.changed:
            self.forgive(_dose_id(row))

    def _anew(self, book: Book) -> None:
        """Have everything planned again, as after a change of ladder or time zones."""
        for number in (1, 2):
            book.unit.outbox.forget(number)

    def forgive(self, dose: str) -> None:
        """A dose begins anew: what arrived about it is allowed to arrive again."""
        for one in self.arrivals:
            one.stored -= {row[1:6] for row in one.rows if _dose_id(row) == dose}

    # --- the wire ---------------------------------------------------------------------

    def wire(self, daemon: Daemon, channel: Channel, message: Message, deadline: float) -> Delivery:
        """Carry a message, or not."""
        down = self.true < self.outage_until and channel.name == "phone"
        latency = self.rng.choice((0.1, 0.5, 2.0, deadline - 1)) if not self.calm else 0.1
        if down or (self.chance(self.faults.ambiguous) and self.rng.random() < 0.3):
            self.spend(latency / 4)
            return Delivery(outcome=Outcome.NOT_DELIVERED, detail="refused")
        if self.chance(self.faults.crash):
            if self.rng.random() < 0.5:
                self.arrive(daemon, channel, message)
            self.tell(f"{daemon.name} crashes on the wire")
            raise Crash
        if self.chance(self.faults.ambiguous):
            self.disturbed()
            if self.rng.random() < 0.6:
                self.arrive(daemon, channel, message)
            self.spend(latency)
            return Delivery(outcome=Outcome.UNKNOWN, detail="timeout")
        self.arrive(daemon, channel, message)
        self.spend(latency)
        return Delivery(outcome=Outcome.DELIVERED)

    def arrive(self, daemon: Daemon, channel: Channel, message: Message) -> None:
        rows = daemon.parcel.rows if daemon.parcel else ()
        one = Arrival(self.true, self.wall(), daemon.looked, channel.number, message, rows)
        self.tell(f"{daemon.name} -> {channel.name}: {message.title!r}")
        from tests.sim.invariants import check_arrival

        check_arrival(self, one)
        self.arrivals.append(one)
        daemon.unstored.append(one)

    # --- the story ---------------------------------------------------------------------

    def run(self, hours: int) -> None:
        """Let it happen, then be calm for half an hour, and see that nothing was left out."""
        from tests.sim.invariants import check_all_told

        while self.true < hours * 3600:
            self.something_happens()
            for daemon in self.daemons:
                daemon.wake()
            down = any(one.down_until > self.true for one in self.daemons)
            if not down and self.true - self.calm_since > _CALM:
                check_all_told(self)
                self.calm_since = self.true + 4 * _CALM
            self.true += self.until_next()
        self.end()

    def end(self) -> None:
        from tests.sim.invariants import check_all_told

        self.calm, self.outage_until = True, -1.0
        for daemon in self.daemons:
            daemon.down_until = -1.0
        until = self.true + 1600
        while self.true < until:
            for daemon in self.daemons:
                daemon.wake()
            self.true += min(self.until_next(), until - self.true + 1)
        check_all_told(self)
        self.store.close()

    def something_happens(self) -> None:
        """Choose what goes on outside."""
        if self.rng.random() < 0.12:
            self.somebody_acts()
        if self.chance(self.faults.outage):
            self.disturbed()
            self.outage_until = self.true + self.rng.choice((60, 600, 7200, 8 * 3600))
            self.tell(f"the phone is out of reach until {self.outage_until:.0f}")
        if self.true < self.outage_until:
            self.disturbed()
        if self.chance(self.faults.clock):
            self.disturbed()
            step = self.rng.choice((-3600, -600, 600, 3600, 40 * 3600))
            self.offset += step
            self.tell(f"the clock steps {step} s")
        if self.chance(self.faults.sleep):
            self.disturbed()
            nap = self.rng.choice((300, 3600, 7 * 3600, 9 * 3600))
            self.tell(f"the machine sleeps {nap} s")
            self.true += nap
            self.asleep += nap

    def until_next(self) -> float:
        """Return seconds to the next cycle: the next ready reminder, or the next poll."""
        with self.store.reading() as unit:
            ready = unit.outbox.next_ready()
            mark = unit.daemons.mark()
        if mark is not None and mark.held and self.rng.random() < 0.3:
            self._mend_clock()
        poll = self.rng.uniform(1, 15)
        waking = [one.down_until - self.true for one in self.daemons if one.down_until > self.true]
        if ready is None or ready <= self.wall():
            return poll
        return max(min(ready - self.wall() + poll, *waking, 1200.0), 0.1)

    def _mend_clock(self) -> None:
        self.disturbed()
        self.offset = 0.0
        with self.store.writing() as unit:
            confirm_clock(unit, self.now(), self)
        self.tell("somebody mends and confirms the clock")


@dataclass(slots=True)
class Daemon:
    """One daemon: it lives until it crashes, and starts again some time later."""

    world: World
    number: int
    starts: int = 0
    down_until: float = -1.0
    reminders: Reminders | None = None
    running: str | None = None
    looked: int = 0
    parcel: Parcel | None = None
    unstored: list[Arrival] = field(default_factory=list)
    claimed: list[Reminder] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"d{self.number}.{self.starts}"

    def wake(self) -> None:
        """Run one cycle, unless it is down."""
        if self.world.true < self.down_until or self.running:
            return
        if self.reminders is None:
            self.starts += 1
            self.reminders = self.start()
        self.running = "yes"
        try:
            self.reminders.cycle()
        except Crash:
            self.world.disturbed()
            self.reminders = None
            self.unstored.clear()
            self.down_until = self.world.true + self.world.rng.uniform(1, 60)
        finally:
            self.running = None
            self.parcel = None
            self.claimed = []

    def start(self) -> Reminders:
        return Reminders(
            self.world.store,
            self.sender,
            self.world,
            owner=self.name,
            machine=self.world,
            chance=self.world.rng.random,
            new_token=lambda: f"{self.world.rng.getrandbits(128):x}",
            workers=self,
            at=lambda point: self.world.step(self, point),
        )

    def each(self, send: Callable[[Parcel], Sent], parcels: Iterable[Parcel]) -> Iterator[Sent]:
        """Send in turn, remembering which rows are under way."""
        waiting = list(parcels)
        self.claimed = [row for one in waiting for row in one.rows]
        for parcel in waiting:
            self.parcel = parcel
            yield from InTurn().each(send, [parcel])
            self.parcel = None

    def sender(self, channel: Channel) -> _Wire:
        return _Wire(self, channel)

    def mark_stored(self) -> None:
        """See which rows of our messages the outbox knows as sent."""
        with self.world.store.reading() as unit:
            for one in self.unstored:
                now = ((unit.outbox.row(row.id), row) for row in one.rows)
                one.stored = frozenset(
                    row[1:6]
                    for found, row in now
                    if found and (found.state, found.fence) == (RowState.SENT, row.fence)
                )
        self.unstored.clear()


@dataclass(frozen=True, slots=True)
class _Wire:
    daemon: Daemon
    channel: Channel

    def send(self, message: Message, *, deadline: float) -> Delivery:
        return self.daemon.world.wire(self.daemon, self.channel, message, deadline)


def _dose_id(row: Any) -> str:
    from medsched.services.book import dose_id

    return dose_id(row if not isinstance(row, Reminder) else _key(row))


def _key(row: Reminder) -> Any:
    from medsched.services.outbox_changes import key_of_row

    return key_of_row(row)


def _quick(file: str) -> sqlite3.Connection:
    """The simulation crashes programs, not machines: no disk needs to be waited for."""
    connection = connect(file)
    connection.execute("PRAGMA synchronous=OFF")
    return connection
