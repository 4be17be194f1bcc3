"""A take, an edit, a snooze: what they do to reminders is stored together with them."""

from __future__ import annotations

from datetime import time, timedelta

from tests.unit.services.reminded import EVENING, MORNING, Reminded

from medsched.services.amend import Amendment
from medsched.services.amendments import change_times
from medsched.services.outbox_changes import key_of_row, snooze
from medsched.services.plan import Order


def states(world: Reminded) -> dict[str, str]:
    """Return the state of each reminder of the morning dose."""
    return {f"{one.step} {one.channel}": one.state for one in world.rows()}


def change(world: Reminded, *slots: time) -> None:
    """Move the clock times from today on."""
    with world.store.writing() as unit:
        book, plan = world.book(unit)
        day = world.clock.at.date()
        order = Order(ordered_by="Dr. Weiss", override="known")
        asked = Amendment(day=day, reason="", order=order, now=world.clock.at, until_days=5)
        change_times(book, plan, asked, slots)


def test_a_take_cancels_in_the_same_transaction() -> None:
    world = Reminded()
    world.after()
    world.take()
    found = states(world)
    assert found["due 1"] == "sent"
    assert {found[name] for name in ("repeat-1 1", "second 2", "carer 3")} == {"cancelled"}
    assert found["done-1 1"] == "pending"
    assert "done-1 2" not in found, "who was not alarmed need not hear of it"


def test_a_moved_dose_rings_at_its_new_time_only() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-30)
    change(world, time(8, 30), time(20))
    world.after(minutes=-29)
    world.after()
    assert world.titles() == []
    world.after(minutes=30)
    assert world.titles() == ["phone: AB: dose due at 08:30"]


def test_a_dose_moved_to_the_evening_leaves_nothing_waiting_in_the_morning() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-30)
    change(world, time(20), time(21))
    world.after(minutes=-29)
    with world.store.reading() as unit:
        assert unit.outbox.waiting(int(MORNING.timestamp())).reminders == 0


def test_snoozing_is_silent_until_then_and_rings_once_more() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after()
    world.titles()
    until = int((MORNING + timedelta(minutes=20)).timestamp())
    with world.store.writing() as unit:
        row = unit.plans.doses([1], int(MORNING.timestamp()), until)[0]
        assert snooze(unit, row, until)
        assert not snooze(unit, row, until + 24 * 3600), "not past its window"
    world.after(minutes=15)
    assert world.titles() == []
    world.after(minutes=20)
    assert world.titles() == ["phone: Repeat reminder - AB: dose due at 08:00"]


def test_daemons_are_told_of_a_change_that_gives_them_something_to_do() -> None:
    """A take that alarmed nobody leaves nothing to send, so nobody is woken for it."""
    world = Reminded(channels=(("phone", False),))
    assert world.store.hints == 1, "a new prescription"
    world.clock.at = MORNING
    world.take()
    assert world.store.hints == 1
    world.after(hours=12)
    world.take(EVENING)
    assert world.store.hints == 2, "whoever was alarmed hears that there is nothing to do"
    change(world, time(9), time(21))
    assert world.store.hints == 3


def test_daemons_are_told_of_a_snooze() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after()
    with world.store.writing() as unit:
        dose = unit.plans.dose(key_of_row(world.rows()[0]))
        assert dose is not None
        assert snooze(unit, dose, int(MORNING.timestamp()) + 600)
    assert world.store.hints == 2
