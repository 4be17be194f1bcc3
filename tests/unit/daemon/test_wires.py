"""Senders come from stored channels; a channel that keeps failing rests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from medsched.daemon.wires import Fuses, Wires
from medsched.notify.registry import BadAddress
from medsched.services.message import Message, Outcome
from medsched.services.outbox_ports import Channel

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = Message(thread="t", title="Dose at 08:00", body="one")


def test_a_stored_channel_is_sent_to(tmp_path: Path) -> None:
    channel = Channel(person="1", name="file", url=f"file://{tmp_path}/out.txt")
    assert Wires()(channel).send(MESSAGE, deadline=5).outcome is Outcome.DELIVERED
    assert "Dose at 08:00" in (tmp_path / "out.txt").read_text()


def test_an_address_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(BadAddress):
        Wires()(Channel(person="1", name="x", url="syslog://"))


def test_a_host_of_the_own_network_is_reached_only_when_it_was_named() -> None:
    """Row 31 of a channel's life: what is refused is refused at every send."""
    channel = Channel(person="1", name="x", url="ntfys://127.0.0.1:9/topic")
    refused = Wires()(channel).send(MESSAGE, deadline=5)
    assert (refused.outcome, refused.detail) == (Outcome.REJECTED, "address refused")
    for wires, one in (
        (Wires(["127.0.0.1"]), channel),
        (Wires(), replace(channel, allow_hosts=("127.0.0.1",))),
    ):
        assert wires(one).send(MESSAGE, deadline=5).outcome is Outcome.NOT_DELIVERED


def test_row_26_five_failures_rest_one_channel_and_no_other() -> None:
    now = [0.0]
    fuses = Fuses(lambda: now[0])
    for _ in range(5):
        assert fuses.may_send(1)
        fuses.after(1, Outcome.NOT_DELIVERED)
    assert (fuses.may_send(1), fuses.may_send(2), fuses.open_ones) == (False, True, 1)
    now[0] = 61.0
    assert fuses.may_send(1)  # one trial
    assert not fuses.may_send(1)
    fuses.after(1, Outcome.DELIVERED)
    assert (fuses.may_send(1), fuses.open_ones) == (True, 0)
