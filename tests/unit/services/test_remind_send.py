"""The way to the wire: nothing goes out late, twice unworded, or for a person that is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.unit.services.reminded import MORNING, Reminded

from medsched.services.outbox_ports import Ladder

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.services.message import Outcome


class Resting:
    """Breakers that are open."""

    def may_send(self, channel: int) -> bool:
        return False

    def after(self, channel: int, outcome: Outcome) -> None:
        raise AssertionError(channel, outcome)


def test_a_resting_channel_is_asked_again_in_a_minute_and_counts_no_attempt() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)
    world.reminders._breakers = Resting()
    world.after()
    [row] = [one for one in world.rows() if one.step == "due"]
    assert (row.attempts, row.state, row.outcome) == (0, "pending", "channel rests")
    assert row.ready_at == int(MORNING.timestamp()) + 60


def test_whoever_was_held_up_between_look_and_wire_looks_again() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)
    held: list[datetime] = []

    def at(point: str) -> None:
        if point == "after the look" and not held:
            held.append(world.clock.at)
            world.clock.at += timedelta(seconds=30)

    world.reminders._at = at
    report = world.after()
    assert (report.messages, world.titles()) == (0, [])
    world.after(seconds=31)
    assert world.titles() == ["phone: AB: dose due at 08:00"]


def test_a_lease_that_is_nearly_over_sends_nothing() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)

    def at(point: str) -> None:
        if point == "before the look":
            world.clock.at += timedelta(seconds=61)

    world.reminders._at = at
    world.after()
    assert world.titles() == []


def test_a_removed_channel_gets_nothing_more() -> None:
    world = Reminded()
    world.after(minutes=-1)
    with world.store.writing() as unit:
        unit.channels.remove(1)
    world.after()
    assert [one.partition(":")[0] for one in world.titles()] == ["mail"]


def test_in_quiet_hours_the_due_reminder_comes_softly() -> None:
    from datetime import time

    world = Reminded(channels=(("phone", False),))
    world.ladder(Ladder(quiet_from=time(7), quiet_until=time(9)))
    world.after(minutes=-1)
    world.after()
    [(_, message)] = world.sent
    assert message.urgency.value == "low"
    world.after(minutes=30)
    assert len(world.sent) == 1, "the rest waits"
    world.after(minutes=60)
    assert len(world.sent) == 2


def test_buttons_are_for_the_person_only() -> None:
    world = Reminded(pages="https://here/a/")
    world.after(minutes=-1)
    for minute in (0, 60):
        world.after(minutes=minute)
    labels = {name: [one.label for one in message.buttons] for name, message in world.sent}
    assert labels["phone"] == ["Taken", "Snooze", "Skip"]
    assert labels["mother"] == []
