"""A few sends at once, none begun after the stop, each a sign of life."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from medsched.daemon.pool import THREADS, Pool
from medsched.services.remind_ports import Parcel, Sent

if TYPE_CHECKING:
    from collections.abc import Iterator

PARCELS = [Parcel(number, (), 0.0) for number in range(20)]


@pytest.fixture
def stopping() -> threading.Event:
    return threading.Event()


@pytest.fixture
def pool(stopping: threading.Event) -> Iterator[Pool]:
    made = Pool(stopping)
    yield made
    made.close()


def test_every_parcel_comes_back_once(pool: Pool) -> None:
    done = pool.each(lambda parcel: Sent(parcel, ()), PARCELS)
    assert sorted(one.parcel.channel for one in done) == list(range(20))


def test_row_26_a_send_that_hangs_does_not_keep_the_others_waiting(pool: Pool) -> None:
    over = threading.Event()

    def send(parcel: Parcel) -> Sent:
        if parcel.channel == 0:
            over.wait(20)
        return Sent(parcel, ())

    seen = []
    for one in pool.each(send, PARCELS):
        seen.append(one.parcel.channel)
        if len(seen) == 19:
            over.set()
    assert (sorted(seen[:19]), seen[19]) == (list(range(1, 20)), 0)


def test_no_more_than_four_are_in_the_air(pool: Pool) -> None:
    lock, now, most = threading.Lock(), [0], [0]
    together = threading.Barrier(THREADS, timeout=20)

    def send(parcel: Parcel) -> Sent:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait()
        with lock:
            now[0] -= 1
        return Sent(parcel, ())

    assert len(list(pool.each(send, PARCELS))) == 20
    assert most[0] == THREADS == 4


def test_after_the_stop_what_has_begun_is_finished_and_nothing_begins(
    pool: Pool, stopping: threading.Event
) -> None:
    done = []
    for one in pool.each(lambda parcel: Sent(parcel, ()), PARCELS):
        done.append(one)
        stopping.set()
    assert 1 <= len(done) <= THREADS


def test_each_send_that_ends_is_a_sign_of_life(stopping: threading.Event) -> None:
    """A cycle with many slow sends is no dead one."""
    signs = []
    pool = Pool(stopping, lambda: signs.append(1), threads=1)
    assert len(list(pool.each(lambda parcel: Sent(parcel, ()), PARCELS))) == 20
    pool.close()
    assert len(signs) == 20
