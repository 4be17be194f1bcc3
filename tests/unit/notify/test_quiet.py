"""What the libraries say about a send goes nowhere."""

from __future__ import annotations

import logging

import pytest

from medsched.notify.quiet import SILENCED, WITHHELD, Withheld, silence


@pytest.mark.parametrize("name", SILENCED)
def test_a_library_at_debug_says_nothing_and_a_warning_of_it_is_empty(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    silence()
    caplog.set_level(logging.DEBUG, logger=name)
    logger = logging.getLogger(name)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        try:
            raise ValueError("ZZTOPSECRET")  # noqa: TRY301 - a record with an exception is needed
        except ValueError:
            logger.log(level, "ZZTOPSECRET %s", "ZZTOPSECRET", exc_info=True, stack_info=True)
    assert "ZZTOPSECRET" not in caplog.text
    assert caplog.messages == [WITHHELD, WITHHELD]


def test_silence_may_be_asked_for_many_times() -> None:
    for _ in range(3):
        silence()
    for name in SILENCED:
        filters = logging.getLogger(name).filters
        assert len([each for each in filters if isinstance(each, Withheld)]) == 1
        assert logging.getLogger(name).level == logging.WARNING
