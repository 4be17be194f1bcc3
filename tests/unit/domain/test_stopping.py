"""Stopping knows how long somebody was on the medicine, and asks for what the rules ask."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.domain.milnacipran_rules import PROTOCOL

from medsched.domain.finding import blocking
from medsched.domain.stopping import check_stop, taper_required


@pytest.mark.parametrize(("days", "demanded"), [(20, False), (21, False), (22, True)])
def test_a_taper_is_demanded_from_day_22(days: int, *, demanded: bool) -> None:
    assert taper_required(PROTOCOL.stopping, days) is demanded


def test_without_rules_about_stopping_nothing_is_demanded_or_said() -> None:
    assert not taper_required(None, 400)
    assert check_stop(replace(PROTOCOL, stopping=None), 400, taper_days=None) == ()


@pytest.mark.parametrize("days", [1, 21, 22, 400])
def test_any_stop_is_the_prescribers_decision(days: int) -> None:
    findings = check_stop(PROTOCOL, days, taper_days=21)
    assert any("The prescriber decides; call first." in one.message for one in findings)


def test_stopping_at_once_after_long_use_blocks_until_it_is_ordered() -> None:
    (block,) = blocking(check_stop(PROTOCOL, 22, taper_days=None), ())
    assert "more than 21 days ask for a taper of 14 to 28 days" in block.message
    ordered = check_stop(PROTOCOL, 22, taper_days=None, ordered_by="Dr Gray")
    assert not blocking(ordered, ())
    assert any("at once" in one.message and "Dr Gray" in one.message for one in ordered)


def test_a_short_use_needs_no_taper_and_blocks_nothing() -> None:
    findings = check_stop(PROTOCOL, 21, taper_days=None)
    assert not blocking(findings, ())
    assert any("no taper is laid" in one.message for one in findings)


def test_the_rule_of_any_stop_may_be_another_one_than_the_tapers() -> None:
    stopping = PROTOCOL.stopping
    assert stopping is not None
    protocol = replace(PROTOCOL, stopping=replace(stopping, stop_rule="R13"))
    rules = {one.rule for one in check_stop(protocol, 30, taper_days=None)}
    assert rules == {"R11", "R13"}
