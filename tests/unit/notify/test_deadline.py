"""A send ends when its time is up, whatever the endpoint does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from medsched.notify.deadline import (
    BUSY,
    CRASHED,
    LATE,
    NEVER_BEGUN,
    Attempt,
    Expired,
    to_connect,
    to_read,
    within,
)
from medsched.services.message import Delivery, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

DONE = Delivery(outcome=Outcome.DELIVERED, detail="done")


@pytest.fixture
def over() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def hanging(over: threading.Event, attempt: Attempt) -> Delivery:
    attempt.begin()
    over.wait(20)
    return DONE


def test_what_is_done_in_time_is_the_answer() -> None:
    assert within(5, lambda _: DONE) is DONE


def test_what_is_not_done_in_time_may_have_been_delivered(over: threading.Event) -> None:
    assert within(0.05, lambda attempt: hanging(over, attempt)) is LATE
    assert LATE.outcome is Outcome.UNKNOWN


def test_what_had_not_begun_in_time_has_surely_not_delivered_and_never_will(
    over: threading.Event,
) -> None:
    """A name that takes long to look up must not lead to a message an hour later."""
    ended = threading.Event()
    sent: list[str] = []

    def slow_to_begin(attempt: Attempt) -> Delivery:
        over.wait(20)
        try:
            attempt.begin()
            sent.append("take 50 mg")
        finally:
            ended.set()
        return DONE

    assert within(0.05, slow_to_begin) is NEVER_BEGUN
    assert NEVER_BEGUN.outcome is Outcome.NOT_DELIVERED
    over.set()
    assert ended.wait(10)
    assert sent == []


def test_an_attempt_that_expired_cannot_begin() -> None:
    attempt = Attempt()
    assert attempt.expire() is NEVER_BEGUN
    with pytest.raises(Expired):
        attempt.begin()


def test_three_connections_in_a_row_and_one_answer_end_before_the_deadline() -> None:
    for deadline in (0.5, 5.0, 20.0, 60.0):
        assert 3 * to_connect(deadline) < deadline
        assert to_read(deadline) < deadline
    assert to_connect(60) == 4


def test_what_raises_may_have_been_delivered_and_prints_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def raising(attempt: Attempt) -> Delivery:
        raise RuntimeError("take 50 mg")

    assert within(5, raising) is CRASHED
    assert CRASHED.outcome is Outcome.UNKNOWN
    assert capfd.readouterr() == ("", "")


def test_hung_sends_are_bounded_and_the_next_one_is_put_off_unsent(over: threading.Event) -> None:
    places = threading.BoundedSemaphore(2)
    for _ in range(2):
        assert within(0.02, lambda attempt: hanging(over, attempt), places=places) is LATE
    assert within(5, lambda _: DONE, places=places) is BUSY
    assert BUSY.outcome is Outcome.NOT_DELIVERED


def test_a_send_that_ends_gives_its_place_back() -> None:
    places = threading.BoundedSemaphore(1)
    ended = threading.Event()

    def work(attempt: Attempt) -> Delivery:
        ended.set()
        return DONE

    for _ in range(3):
        ended.clear()
        assert within(5, work, places=places) in {DONE, BUSY}
        assert places.acquire(timeout=5)
        places.release()


def test_a_hung_send_does_not_keep_the_program_alive(over: threading.Event) -> None:
    """The threads of a pool are joined when Python ends; daemon threads are not."""
    within(0.02, lambda attempt: hanging(over, attempt))
    hung = [each for each in threading.enumerate() if each.name == "medsched-send"]
    assert hung
    assert all(each.daemon for each in hung)
