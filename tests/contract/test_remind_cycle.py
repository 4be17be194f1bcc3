"""A cycle on each store: what is due is sent once, by the clock that the database has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medsched.clock import SystemClock
from medsched.domain.person import Person, at_home
from medsched.protocols import load
from medsched.services.book import Book
from medsched.services.message import Delivery, Message, MessageKind, Outcome
from medsched.services.outbox_ports import Channel
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft
from medsched.services.record import take_dose
from medsched.services.remind import Reminders
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from medsched.services.ports import Store


class Phone:
    """A machine, and a wire that remembers."""

    boot = "b"

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def elapsed(self) -> float:
        return 1.0

    def monotonic(self) -> float:
        return 1.0

    def __call__(self, channel: Channel, /) -> Phone:
        return self

    def send(self, message: Message, *, deadline: float) -> Delivery:
        self.sent.append(message)
        return Delivery(outcome=Outcome.DELIVERED)


def a_plan_due_now(store: Store) -> str:
    """Store a plan whose first dose was due some minutes ago; return the id of that dose."""
    now = datetime.now(UTC)
    due = (now - timedelta(minutes=5)).replace(second=0, microsecond=0)
    slots = tuple(sorted((due.time(), (due + timedelta(hours=12)).time())))
    with store.writing() as unit:
        person = unit.people.add(Person(name="Anna", itinerary=at_home(ZoneInfo("UTC"))), now)
        protocol, _digest = load("levetiracetam")
        choices = Choices(start=due.date(), slots=slots, ordered_by="Dr. Weiss")
        made = draft(protocol, person, choices, today=due.date(), days=5)
        order = Order(ordered_by="Dr. Weiss", override="known")
        key = "6f1f5c0e-2d0b-5a57-9c5e-0a4be0a6f5d1"
        adopt(unit, made, key=key, order=order, now=now, horizon_days=5)
        unit.channels.add(Channel(person=person.id, name="phone", url="x"))
    [dose] = [one.id for one in made.events if one.due == due]
    return f"1-{dose.partition('-')[2]}"


def test_what_is_due_is_sent_once_and_taken_down_when_taken(store: Store) -> None:
    dose, phone, clock = a_plan_due_now(store), Phone(), SystemClock()
    daemons = [
        Reminders(
            store,
            phone,
            clock,
            owner=name,
            machine=phone,
            chance=lambda: 0.5,
            new_token=(f"{name}{n}" for n in count()).__next__,
            pages="https://here/a/",
        )
        for name in ("one", "two")
    ]
    reports = [each.cycle() for each in daemons]
    assert [one.held for one in reports] == [False, False]
    assert next(one.delivered for one in reports) >= 1
    invited = [one for one in phone.sent if "Take it once only" in one.body]
    assert len(invited) == 1
    assert [one.label for one in invited[0].buttons] == ["Taken", "Snooze", "Skip"]
    with store.writing() as unit:
        person, plan = unit.people.by_id("1"), unit.plans.get(1)
        assert person is not None
        assert plan is not None
        now = clock.now()
        take_dose(Book(unit, person), plan, dose, Taking(at=now, now=now))
    phone.sent.clear()
    for each in daemons:
        each.cycle()
    assert [one.kind for one in phone.sent if "taken at" in one.body] == [MessageKind.CLEAR]
