"""One endpoint that is dead rests alone; the others go on."""

from __future__ import annotations

from medsched.notify.breakers import ChannelBreakers
from medsched.services.message import Outcome


def test_a_dead_channel_rests_and_gets_one_trial_a_minute() -> None:
    now = [0.0]
    breakers = ChannelBreakers(lambda: now[0])
    for _ in range(5):
        assert breakers.may_send(1)
        breakers.after(1, Outcome.NOT_DELIVERED)
    assert not breakers.may_send(1)
    assert breakers.may_send(2), "the other channel goes on"
    now[0] = 61.0
    assert breakers.may_send(1)
    assert not breakers.may_send(1), "one trial at a time"
    breakers.after(1, Outcome.DELIVERED)
    assert breakers.may_send(1)
