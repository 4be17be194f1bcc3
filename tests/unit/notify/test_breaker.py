"""A dead endpoint is left alone for a while."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.notify.breaker import FAILURES, TRIAL_SECONDS, Breaker, after, begun, may_send
from medsched.services.message import Outcome

FAILED = [each for each in Outcome if each is not Outcome.DELIVERED]


def opened(at: float = 100.0) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = after(breaker, Outcome.NOT_DELIVERED, at)
    return breaker


def test_four_failures_in_a_row_hold_nothing_back_and_five_do() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker = after(breaker, Outcome.UNKNOWN, 100.0)
    assert may_send(breaker, 100.0)
    assert not may_send(after(breaker, Outcome.UNKNOWN, 100.0), 100.0)


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(failures=FAILURES - 1)
    breaker = after(breaker, Outcome.DELIVERED, 100.0)
    assert may_send(after(breaker, Outcome.NOT_DELIVERED, 101.0), 101.0)


def test_an_open_breaker_lets_one_send_through_each_minute() -> None:
    breaker = opened(100.0)
    assert not may_send(breaker, 100.0 + TRIAL_SECONDS - 1)
    assert may_send(breaker, 100.0 + TRIAL_SECONDS)
    trying = begun(breaker, 100.0 + TRIAL_SECONDS)
    assert not may_send(trying, 100.0 + TRIAL_SECONDS + 1)
    assert may_send(trying, 100.0 + 2 * TRIAL_SECONDS)


def test_a_trial_whose_end_nobody_saw_is_followed_by_another() -> None:
    breaker = begun(opened(0.0), 60.0)
    assert may_send(breaker, 120.0)


@pytest.mark.parametrize("outcome", FAILED)
def test_a_failed_trial_waits_another_minute(outcome: Outcome) -> None:
    breaker = after(begun(opened(0.0), 60.0), outcome, 65.0)
    assert not may_send(breaker, 124.0)
    assert may_send(breaker, 125.0)


def test_a_good_trial_closes_it() -> None:
    assert after(opened(), Outcome.DELIVERED, 200.0) == Breaker()


def test_a_send_that_begins_leaves_a_closed_breaker_as_it_is() -> None:
    assert begun(Breaker(failures=3), 5.0) == Breaker(failures=3)


def test_a_clock_that_starts_anew_holds_nothing_back_for_ever() -> None:
    """Monotonic time begins at zero after a restart of the machine."""
    assert may_send(opened(10_000.0), 5.0)


@given(st.lists(st.tuples(st.sampled_from(Outcome), st.floats(min_value=0, max_value=300))))
def test_it_never_holds_back_longer_than_a_minute(steps: list[tuple[Outcome, float]]) -> None:
    breaker, now = Breaker(), 0.0
    for outcome, later in steps:
        now += later
        assert may_send(breaker, now) or now - (breaker.waited_from or 0.0) < TRIAL_SECONDS
        breaker = after(begun(breaker, now), outcome, now)
        assert may_send(breaker, now + TRIAL_SECONDS + 1e-6)
