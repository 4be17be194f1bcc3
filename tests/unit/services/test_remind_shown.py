"""After a night one message tells many doses; each that is settled leaves it, and only it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.reminded import MORNING, Reminded

from medsched.services.book import Book
from medsched.services.message import Delivery, MessageKind, Outcome
from medsched.services.outbox_ports import Step
from medsched.services.ports import RowKey
from medsched.services.record import skip_dose, take_dose
from medsched.services.remind_shown import shown_with
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from medsched.services.message import Message

LATER, EARLIER = "1-20260302-1", "2-20260302-1"
"""Due at 08:00 and, of the other medicine, at 06:00."""
SIX, EIGHT = "Dose due at 06:00", "Dose due at 08:00"


class Phone:
    """What a phone shows: a later message of a thread replaces the earlier, CLEAR removes it."""

    def __init__(self, *, six_was_told: bool = False) -> None:
        self.world = Reminded(
            channels=(("phone", False),),
            medicines=("levetiracetam", "metoprolol"),
            hours={"metoprolol": (6, 18)},
        )
        self.world.after(hours=-3)
        if six_was_told:
            self.world.after(hours=-2)
        self.world.after(minutes=5)

    def settle(self, dose: str, *, skipped: bool = False) -> None:
        with self.world.store.writing() as unit:
            person, plan = unit.people.by_id("1"), unit.plans.get(int(dose[0]))
            assert person is not None
            assert plan is not None
            book, now = Book(unit, person), self.world.clock.at
            if skipped:
                skip_dose(book, plan, dose, reason="", by="", now=now)
            else:
                take_dose(book, plan, dose, Taking(at=now, now=now))

    def later(self, minutes: int = 6) -> None:
        self.world.after(minutes=minutes)

    @property
    def shows(self) -> list[Message]:
        shown: dict[str, Message] = {}
        for _channel, message in self.world.sent:
            shown.pop(message.thread, None)
            if message.kind is MessageKind.SHOW:
                shown[message.thread] = message
        return list(shown.values())


def test_after_a_night_it_shows_one_message_for_both() -> None:
    [digest] = Phone().shows
    assert SIX in digest.body
    assert EIGHT in digest.body


@pytest.mark.parametrize(("settled", "gone", "stays"), [(EARLIER, SIX, EIGHT), (LATER, EIGHT, SIX)])
@pytest.mark.parametrize("skipped", [False, True])
def test_a_settled_dose_leaves_the_message_and_the_other_stays_as_a_repeat(
    settled: str, gone: str, stays: str, skipped: bool
) -> None:
    phone = Phone()
    phone.settle(settled, skipped=skipped)
    phone.later()
    [message] = phone.shows
    assert gone not in message.body
    assert f"The dose due at {gone[-5:]}" in message.body
    assert "nothing to do" in message.body
    assert stays in message.body
    assert message.body.startswith(f"Repeat reminder - if you have already taken the {stays[-5:]}")


@pytest.mark.parametrize("order", [(EARLIER, LATER), (LATER, EARLIER)])
@pytest.mark.parametrize("at_once", [False, True])
def test_when_both_are_settled_nothing_is_shown(order: tuple[str, str], at_once: bool) -> None:
    phone = Phone()
    phone.settle(order[0])
    if not at_once:
        phone.later()
    phone.settle(order[1])
    phone.later(7)
    assert phone.shows == []


def test_a_dose_that_was_told_alone_and_again_with_others_leaves_both_messages() -> None:
    phone = Phone(six_was_told=True)
    assert [SIX in one.body for one in phone.shows] == [True, True]
    phone.settle(EARLIER)
    phone.later()
    [message] = phone.shows
    assert SIX not in message.body
    assert EIGHT in message.body


def test_a_message_that_was_replaced_since_is_not_brought_back() -> None:
    """At 08:15 the repeat of the later dose took the place of the message that told both."""
    phone = Phone()
    phone.later(21)
    with phone.world.store.reading() as unit:
        key = RowKey(2, date(2026, 3, 2).toordinal(), 1)
        [shown] = shown_with(unit, [1, 2], unit.outbox.of_dose(key)[0])
    assert [(one.prescription, one.kind) for one in shown.rows] == [(1, Step.REPEAT)]
    phone.settle(EARLIER)
    phone.later(22)
    assert not any(SIX in one.body for one in phone.shows)
    assert any(EIGHT in one.body for one in phone.shows)


def test_what_may_have_arrived_is_replaced_as_what_did() -> None:
    """Rows of a message whose fate is unknown are known by when it is tried again."""
    phone = Phone()
    phone.world = Reminded(
        channels=(("phone", False),),
        medicines=("levetiracetam", "metoprolol"),
        hours={"metoprolol": (6, 18)},
    )
    phone.world.after(hours=-3)
    phone.world.answers = [Delivery(outcome=Outcome.UNKNOWN)]
    phone.world.after(minutes=5)
    phone.settle(EARLIER)
    phone.later()
    [message] = phone.shows
    assert SIX not in message.body
    assert EIGHT in message.body


def test_a_second_message_waits_when_the_first_took_too_long() -> None:
    """The look is over by then: everything is looked at and said again."""
    phone = Phone(six_was_told=True)
    phone.settle(EARLIER)

    def at(point: str) -> None:
        if point == "after the send" and len(phone.world.sent) == 3:
            phone.world.clock.at = MORNING.replace(minute=20)

    phone.world.reminders._at = at
    phone.later()
    assert len(phone.world.sent) == 3
    phone.world.reminders._at = lambda _point: None
    phone.later(25)
    assert not any(SIX in one.body for one in phone.shows)


def test_where_nothing_is_known_to_be_shown_it_is_the_message_of_the_doses_own_time() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-5)
    row = world.rows()[0]
    with world.store.reading() as unit:
        assert [(one.moment, one.rows) for one in shown_with(unit, [1], row)] == [(row.due, ())]
