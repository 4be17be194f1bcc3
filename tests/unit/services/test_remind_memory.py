"""While nothing can be stored each dose is told once, with the words that nothing is recorded."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.reminded import DOSE, EVENING, MORNING, Reminded

from medsched.errors import MedschedError
from medsched.services.message import Delivery, Outcome
from medsched.services.outbox_changes import key_of_row, snooze
from medsched.services.remind_memory import MOST_PEOPLE, NOTE, Memory, foresee
from medsched.services.remind_settings import RemindSettings
from medsched.store.refusals import CannotWrite

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKE_IT_ONCE = (
    "If you have already taken the 08:00 dose, do not take another.\n"
    "Dose due at 08:00 on Monday 2 March."
)


class FullDisk:
    """A world whose database can be written and read, or not."""

    def __init__(self, *channels: str) -> None:
        self.world = Reminded(channels=tuple((one, False) for one in channels or ("phone",)))
        self.store = self.world.store
        self._writing, self._reading = self.store.writing, self.store.reading
        self.world.after(minutes=-30)
        self.memory = self.a_memory()
        self.memory.remember()

    def a_memory(self) -> Memory:
        return Memory(
            self.store,
            self.world.sender,
            self.world.clock,
            owner="one",
            machine=self.world,
            settings=RemindSettings(),
        )

    def full(self, *, readable: bool = True) -> None:
        self.store.writing = refused  # type: ignore[method-assign, assignment]
        if not readable:
            self.store.reading = refused  # type: ignore[method-assign, assignment]

    def heal(self) -> None:
        self.store.writing = self._writing  # type: ignore[method-assign]
        self.store.reading = self._reading  # type: ignore[method-assign]

    def tell(self, **after: int) -> int:
        self.world.clock.at = MORNING + timedelta(**after)
        with pytest.raises(MedschedError):
            self.world.reminders.cycle()
        return self.memory.tell(self.world.reminders.in_hand)


@contextmanager
def refused() -> Iterator[None]:
    raise CannotWrite("here", "the disk is full")
    yield


@pytest.mark.parametrize("readable", [True, False])
def test_a_dose_is_told_once_from_memory_and_says_that_nothing_is_recorded(
    readable: bool,
) -> None:
    disk = FullDisk()
    disk.full(readable=readable)
    assert [disk.tell(), disk.tell(seconds=15), disk.tell(minutes=15)] == [1, 0, 0]
    [(channel, message)] = disk.world.sent
    assert (channel, message.title) == ("phone", "AB: dose due at 08:00")
    assert message.body.startswith(TAKE_IT_ONCE)
    assert message.body.endswith(NOTE)
    assert "Valid until" in message.body


def test_nothing_is_told_before_its_time_nor_after_its_window() -> None:
    disk = FullDisk()
    disk.full(readable=False)
    assert disk.memory.tell() == 0
    [one] = [one for one in disk.memory._foreseen.values() if one.row.due == MORNING.timestamp()]
    disk.world.clock.at = MORNING + timedelta(seconds=one.row.expires_at - one.row.due - 20)
    assert disk.memory.tell() == 0


def test_what_was_told_counts_as_sent_and_what_follows_is_worded_as_a_repeat() -> None:
    disk = FullDisk()
    disk.full()
    disk.tell()
    disk.world.titles()
    disk.heal()
    disk.memory.settle()
    assert disk.memory.told == {}
    [due] = [one for one in disk.world.rows() if one.step == "due"]
    assert (due.state, due.shown, due.maybe_delivered) == ("sent", 1, True)
    disk.world.after(minutes=1)
    assert disk.world.titles() == []
    disk.world.after(minutes=15)
    assert disk.world.titles() == ["phone: Repeat reminder - AB: dose due at 08:00"]


def test_what_is_taken_after_it_was_told_from_memory_is_answered_with_nothing_to_do() -> None:
    disk = FullDisk()
    disk.full()
    disk.tell()
    disk.world.titles()
    disk.heal()
    disk.memory.settle()
    disk.world.take()
    disk.world.after(minutes=1)
    assert disk.world.titles() == ["phone: AB: 08:00: nothing to do"]


def test_a_dose_that_is_settled_or_was_told_before_is_not_told_from_memory() -> None:
    disk = FullDisk()
    disk.world.clock.at = MORNING
    disk.world.take()
    disk.world.after(hours=12)
    assert disk.world.titles() == ["phone: AB: dose due at 20:00"]
    disk.full()
    assert disk.tell(hours=12, minutes=15) == 0


@pytest.mark.parametrize("readable", [True, False])
def test_what_was_sent_and_could_not_be_recorded_is_not_told_again(readable: bool) -> None:
    """The disk fills up between the send and its record; a send counts from the wire on."""
    disk = FullDisk()

    def at(point: str) -> None:
        if point == "after the send":
            disk.full(readable=readable)

    disk.world.reminders._at = at
    assert [disk.tell(), disk.tell(minutes=1)] == [0, 0]
    assert disk.world.titles() == ["phone: AB: dose due at 08:00"]
    disk.heal()
    disk.world.reminders._at = lambda _point: None
    assert disk.world.after(minutes=2).delivered == 1, "recorded by the first cycle that can"
    [due] = [one for one in disk.world.rows() if one.step == "due"]
    assert (due.state, due.shown) == ("sent", 1)
    assert disk.world.titles() == []


def test_whoever_asked_for_it_later_is_told_later_and_as_a_repeat() -> None:
    disk = FullDisk()
    disk.world.after()
    with disk.store.writing() as unit:
        dose = unit.plans.dose(key_of_row(disk.world.rows()[0]))
        assert dose is not None
        assert snooze(unit, dose, int(MORNING.timestamp()) + 600)
    disk.world.titles()
    disk.full()
    assert [disk.tell(minutes=9), disk.tell(minutes=10)] == [0, 1]
    assert disk.world.titles() == ["phone: Repeat reminder - AB: dose due at 08:00"]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.NOT_DELIVERED, ["mail: AB: dose due at 08:00"]),
        (Outcome.REJECTED, ["mail: AB: dose due at 08:00"]),
        (Outcome.UNKNOWN, ["phone: AB: dose due at 08:00"]),
    ],
)
def test_a_channel_that_does_not_deliver_gives_it_to_the_next(
    outcome: Outcome, told: list[str]
) -> None:
    disk = FullDisk("phone", "mail")
    disk.full()
    disk.world.answers = [Delivery(outcome=outcome)]
    assert [disk.tell(), disk.tell(minutes=1)] == [1, 0]
    assert disk.world.titles() == told


def test_what_nobody_took_is_tried_again() -> None:
    disk = FullDisk()
    disk.full()
    disk.world.answers = [Delivery(outcome=Outcome.NOT_DELIVERED)]
    assert [disk.tell(), disk.tell(minutes=1)] == [0, 1]


@pytest.mark.parametrize("readable", [True, False])
def test_a_clock_that_jumped_tells_nothing(readable: bool) -> None:
    disk = FullDisk()
    disk.full(readable=readable)
    disk.world.jump = 40 * 3600
    assert disk.tell(hours=40) == 0


def test_doses_of_two_medicines_at_one_moment_are_one_message() -> None:
    disk = FullDisk()
    disk.world = Reminded(channels=(("phone", False),), medicines=("levetiracetam", "metoprolol"))
    disk.store = disk.world.store
    disk.memory = disk.a_memory()
    disk.world.after(minutes=-30)
    disk.full()
    assert disk.tell() == 2
    assert disk.world.titles() == ["phone: AB: 2 doses due at 08:00"]


def test_another_daemon_does_not_repeat_what_was_told_before_it_began() -> None:
    """The ids are handed on by the slate; an id whose dose is another one is not believed."""
    disk = FullDisk()
    disk.full()
    disk.tell()
    other = disk.a_memory()
    other.told |= disk.memory.told
    assert other.tell() == 0
    disk.heal()
    wrong = disk.a_memory()
    wrong.told = {number: one._replace(due=one.due + 1) for number, one in other.told.items()}
    wrong.settle()
    assert [one.state for one in disk.world.rows() if one.step == "due"] == ["pending"]
    other.settle()
    assert [one.state for one in disk.world.rows() if one.step == "due"] == ["sent"]


def test_a_clinic_is_not_foreseen() -> None:
    world = Reminded()
    with world.store.writing() as unit:
        [person] = unit.people.all()
        for number in range(MOST_PEOPLE):
            unit.people.add(replace(person, id="", name=f"{number}"), MORNING)
        assert foresee(unit, MORNING, 20) == {}


def test_the_evening_is_foreseen_in_the_morning() -> None:
    disk = FullDisk()
    disk.world.clock.at = MORNING + timedelta(hours=1)
    disk.memory.remember()
    assert {one.line.dose for one in disk.memory._foreseen.values()} == {DOSE, EVENING}
