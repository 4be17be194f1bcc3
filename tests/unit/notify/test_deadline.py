"""A send ends when its time is up, whatever the endpoint does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from medsched.notify.deadline import BUSY, CRASHED, LATE, within
from medsched.services.message import Delivery, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

DONE = Delivery(outcome=Outcome.DELIVERED, detail="done")


@pytest.fixture
def over() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def hanging(over: threading.Event) -> Delivery:
    over.wait(20)
    return DONE


def test_what_is_done_in_time_is_the_answer() -> None:
    assert within(5, lambda: DONE) is DONE


def test_what_is_not_done_in_time_may_have_been_delivered(over: threading.Event) -> None:
    assert within(0.05, lambda: hanging(over)) is LATE
    assert LATE.outcome is Outcome.UNKNOWN


def test_what_raises_may_have_been_delivered_and_prints_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def raising() -> Delivery:
        raise RuntimeError("take 50 mg")

    assert within(5, raising) is CRASHED
    assert CRASHED.outcome is Outcome.UNKNOWN
    assert capfd.readouterr() == ("", "")


def test_hung_sends_are_bounded_and_the_next_one_is_put_off_unsent(over: threading.Event) -> None:
    places = threading.BoundedSemaphore(2)
    for _ in range(2):
        assert within(0.02, lambda: hanging(over), places=places) is LATE
    assert within(5, lambda: DONE, places=places) is BUSY
    assert BUSY.outcome is Outcome.NOT_DELIVERED


def test_a_send_that_ends_gives_its_place_back() -> None:
    places = threading.BoundedSemaphore(1)
    ended = threading.Event()

    def work() -> Delivery:
        ended.set()
        return DONE

    for _ in range(3):
        ended.clear()
        assert within(5, work, places=places) in {DONE, BUSY}
        assert places.acquire(timeout=5)
        places.release()


def test_a_hung_send_does_not_keep_the_program_alive(over: threading.Event) -> None:
    """The threads of a pool are joined when Python ends; daemon threads are not."""
    within(0.02, lambda: hanging(over))
    hung = [each for each in threading.enumerate() if each.name == "medsched-send"]
    assert hung
    assert all(each.daemon for each in hung)
