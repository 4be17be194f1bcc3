"""What messages say can be read hours later, twice, or by somebody in a hurry."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.display_rules import violations

from medsched.domain.amount import NBSP
from medsched.services.message import MessageKind, Urgency
from medsched.services.messages import Line, Say, fallback, message_of, thread_of
from medsched.services.outbox_ports import Channel

DUE = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Europe/Berlin"))
WHAT = f"examplin 25{NBSP}mg: 1{NBSP}tablet of 25{NBSP}mg"
PHONE = Channel(number=1, person="1", name="phone", url="ntfys://x/secret")


def a_line(say: Say = Say.TAKE, **more: object) -> Line:
    """Return a line about the 08:00 dose."""
    known: dict[str, object] = {
        "say": say,
        "due": DUE,
        "dose": "1-20260302-1",
        "until": DUE + timedelta(hours=6),
        "what": WHAT,
    }
    return Line(**{**known, **more})  # type: ignore[arg-type]  # whichever fields the test names


def test_a_reminder_names_the_time_the_dose_and_until_when_it_holds() -> None:
    message = message_of([a_line()], PHONE, "AB")
    assert message.title == "AB: dose due at 08:00"
    assert message.body == (
        f"Dose due at 08:00 on Monday 2 March. {WHAT}. Valid until 14:00. Take it once only."
    )
    assert message.valid_until == DUE + timedelta(hours=6)


def test_a_possible_repeat_begins_by_saying_so() -> None:
    message = message_of([a_line(repeat=True)], PHONE, "AB")
    assert message.title.startswith("Repeat reminder - ")
    assert message.body.startswith(
        "Repeat reminder - if you have already taken the 08:00 dose, do not take another.\n"
    )
    assert message.urgency is Urgency.HIGH


def test_hidden_names_leave_only_the_time() -> None:
    message = message_of([a_line(what="")], PHONE, "AB")
    assert "examplin" not in message.title + message.body
    assert "25" not in message.body


def test_what_ends_on_another_day_names_that_day() -> None:
    message = message_of([a_line(until=DUE + timedelta(hours=20))], PHONE, "AB")
    assert "Valid until 04:00 on Tuesday 3 March." in message.body


def test_doses_of_one_moment_are_one_message() -> None:
    message = message_of([a_line(), a_line(dose="2-20260302-1", repeat=True)], PHONE, "AB")
    assert message.title == "Repeat reminder - AB: 2 doses due at 08:00"
    assert message.body.count("Dose due at 08:00") == 2
    assert message.body.endswith("Never take two doses at once to make up for a missed one.")


def test_settled_doses_take_the_message_of_their_moment_down() -> None:
    line = a_line(Say.SETTLED, reason="taken at 08:12", until=None)
    message = message_of([line], PHONE, "AB")
    assert message.kind is MessageKind.CLEAR
    assert message.body == "The dose due at 08:00 on Monday 2 March: taken at 08:12, nothing to do."
    assert message.thread == message_of([a_line()], PHONE, "AB").thread


def test_what_is_still_open_keeps_the_message_up() -> None:
    settled = a_line(Say.SETTLED, reason="taken at 08:12", until=None)
    other = a_line(dose="2-20260302-1", repeat=True)
    assert message_of([settled, other], PHONE, "AB").kind is MessageKind.SHOW


def test_threads_tell_channels_and_moments_apart_and_show_nothing() -> None:
    other = Channel(number=2, person="1", name="mail", url="mailto://y")
    threads = {
        thread_of(PHONE, DUE),
        thread_of(other, DUE),
        thread_of(PHONE, DUE + timedelta(minutes=1)),
    }
    assert len(threads) == 3
    assert thread_of(PHONE, DUE.astimezone(ZoneInfo("UTC"))) in threads
    assert "secret" not in thread_of(PHONE, DUE)


@pytest.mark.parametrize("say", list(Say))
@pytest.mark.parametrize("repeat", [False, True])
def test_no_sentence_can_be_misread(say: Say, repeat: bool) -> None:
    line = a_line(say, repeat=repeat, reason="It is too late." if say is Say.ADVICE else "")
    message = message_of([line], PHONE, "AB")
    assert violations(f"{message.title}\n{message.body}") == []
    assert "08:00" in message.title
    assert "take now" not in message.body.lower()


@pytest.mark.parametrize("say", [one for one in Say if one is not Say.TAKE])
def test_only_one_kind_of_line_invites(say: Say) -> None:
    assert "once only" not in message_of([a_line(say)], PHONE, "AB").body


def test_a_damaged_dose_shows_no_amount() -> None:
    for message in (
        fallback(PHONE, "AB", DUE),
        message_of([a_line(Say.DAMAGED, what="")], PHONE, "AB"),
    ):
        assert "mg" not in message.body
        assert "cannot be trusted" in message.body


def test_softly_means_without_noise() -> None:
    assert message_of([a_line()], PHONE, "AB", soft=True).urgency is Urgency.LOW
