"""Somebody with a plan and three channels, a clock that is moved, and a wire that remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.fakes.clocks import FakeClock
from tests.fakes.memory_store import MemoryStore

from medsched.domain.person import Person, at_home
from medsched.errors import InvalidValue
from medsched.protocols import load
from medsched.services.book import Book
from medsched.services.message import Delivery, Message, Outcome
from medsched.services.outbox_ports import Channel, NamesShown
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft
from medsched.services.record import skip_dose, take_dose
from medsched.services.remind import Reminders
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from medsched.services.outbox_ports import Ladder, ReminderRow
    from medsched.services.ports import Plan, Unit
    from medsched.services.remind_ports import CycleReport
    from medsched.services.taking import Recorded

MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC)
"""08:00 in Berlin, when the first dose is due."""
DOSE, EVENING = "1-20260302-1", "1-20260302-2"
_KEY = "6f1f5c0e-2d0b-5a57-9c5e-0a4be0a6f5d"
CHANNELS = (("phone", False), ("mail", False), ("mother", True))


@dataclass
class Reminded:
    """The whole of it. `answers` are the outcomes of the next sends, DELIVERED after that."""

    channels: tuple[tuple[str, bool], ...] = CHANNELS
    names: NamesShown = NamesShown.FULL
    medicines: tuple[str, ...] = ("levetiracetam",)
    hours: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    boot: str = "b"
    pages: str = ""
    clock: FakeClock = field(default_factory=lambda: FakeClock(MORNING - timedelta(hours=12)))
    store: MemoryStore = field(default_factory=MemoryStore)
    answers: list[Delivery] = field(default_factory=list)
    sent: list[tuple[str, Message]] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    jump: float = 0.0

    def __post_init__(self) -> None:
        with self.store.writing() as unit:
            zone = at_home(ZoneInfo("Europe/Berlin"))
            person = unit.people.add(Person(name="Anna Berg", itinerary=zone), self.clock.at)
            for number, name in enumerate(self.medicines):
                self._adopt(unit, person, name, f"{_KEY}{number}")
            for name, carer in self.channels:
                unit.channels.add(
                    Channel(
                        person=person.id, name=name, url=name, caregiver=carer, names=self.names
                    )
                )
        self.reminders = Reminders(
            self.store,
            self.sender,
            self.clock,
            owner="one",
            machine=self,
            chance=lambda: 0.5,
            new_token=(f"t{n}" for n in count()).__next__,
            pages=self.pages,
        )

    def _adopt(self, unit: Unit, person: Person, name: str, key: str) -> None:
        slots = tuple(time(hour) for hour in self.hours.get(name, (8, 20)))
        choices = Choices(start=date(2026, 3, 2), slots=slots, ordered_by="Dr. Weiss")
        protocol, _digest = load(name)
        made = draft(protocol, person, choices, today=date(2026, 3, 1), days=10)
        order = Order(ordered_by="Dr. Weiss", override="known")
        adopt(unit, made, key=key, order=order, now=self.clock.at)

    def elapsed(self) -> float:
        return self.clock.at.timestamp() - self.jump

    def monotonic(self) -> float:
        return self.elapsed()

    def sender(self, channel: Channel) -> _Sender:
        if channel.name in self.refused:
            raise InvalidValue("channel", channel.name, "mend it")
        return _Sender(self, channel.name)

    def at(self, moment: datetime) -> CycleReport:
        """Run a cycle at an instant; plan first when that was not done yet."""
        self.clock.at = moment
        return self.reminders.cycle()

    def after(self, **more: int) -> CycleReport:
        """Run a cycle so long after the first dose was due."""
        return self.at(MORNING + timedelta(**more))

    def titles(self) -> list[str]:
        """Return channel and title of what was sent since the last call."""
        found = [f"{name}: {message.title}" for name, message in self.sent]
        self.sent.clear()
        return found

    def book(self, unit: Unit) -> tuple[Book, Plan]:
        person, plan = unit.people.by_id("1"), unit.plans.get(1)
        assert person is not None
        assert plan is not None
        return Book(unit, person), plan

    def take(self, dose: str = DOSE) -> Recorded:
        with self.store.writing() as unit:
            book, plan = self.book(unit)
            return take_dose(book, plan, dose, Taking(at=self.clock.at, now=self.clock.at))

    def skip(self, dose: str = DOSE) -> Recorded:
        with self.store.writing() as unit:
            book, plan = self.book(unit)
            return skip_dose(book, plan, dose, reason="", by="", now=self.clock.at)

    def rows(self, day: int = 2, slot: int = 1) -> list[ReminderRow]:
        from medsched.services.ports import RowKey

        with self.store.reading() as unit:
            return unit.outbox.of_dose(RowKey(1, date(2026, 3, day).toordinal(), slot))

    def ladder(self, ladder: Ladder) -> None:
        from medsched.services.ladder_settings import put_ladder

        with self.store.writing() as unit:
            put_ladder(unit, "1", ladder, self.clock.at)


@dataclass(frozen=True)
class _Sender:
    world: Reminded
    name: str

    def send(self, message: Message, *, deadline: float) -> Delivery:
        answers = self.world.answers
        answer = answers.pop(0) if answers else Delivery(outcome=Outcome.DELIVERED)
        if answer.outcome in {Outcome.DELIVERED, Outcome.UNKNOWN}:
            self.world.sent.append((self.name, message))
        return answer
