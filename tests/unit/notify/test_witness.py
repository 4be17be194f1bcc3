"""Why Apprise says no, without a word of what it says."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from medsched.notify.witness import Witness

if TYPE_CHECKING:
    import pytest


def test_the_witness_keeps_classes_and_no_words() -> None:
    witness = Witness()
    witness.warning("Failed to send ZZTOPSECRET to %s: error=%s.", "hunter2", 401)
    witness.warning("server requested we throttle back 1500ms; retries left 0.")
    try:
        raise TimeoutError("ZZTOPSECRET")  # noqa: TRY301 - seen while it is being handled
    except TimeoutError:
        witness.warning("A Connection error occurred sending to hunter2")
    witness.warning("something else about ZZTOPSECRET")
    witness.debug("ZZTOPSECRET")
    assert [each.detail for each in witness.seen] == ["http 401", "http 429", "read timeout"]
    assert witness.seen[1].retry_after == 1


def test_the_witness_is_heard_by_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Witness().warning("ZZTOPSECRET")
    assert caplog.text == ""
