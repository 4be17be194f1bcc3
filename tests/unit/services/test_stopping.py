"""Stopping knows the exposure: nothing is demanded up to 21 days, a taper from 22 on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.unit.services.stories import Story

from medsched.domain.prescription import Status
from medsched.domain.taper_plan import TaperRefused
from medsched.services.stopping import NoTaper, StopNeedsOrder

START = date(2026, 3, 2)
DAY = timedelta(days=1)

TAPERS = {
    (None, 14): ["50"] * 7 + ["25"] * 7,
    (None, 21): ["50"] * 7 + ["25"] * 7 + ["12.5"] * 7,
    (None, 28): ["50"] * 9 + ["25"] * 9 + ["12.5"] * 10,
    ("200 mg", 14): ["100"] * 7 + ["50"] * 7,
    ("200 mg", 21): ["100"] * 7 + ["50"] * 7 + ["25"] * 7,
    ("200 mg", 28): ["100"] * 7 + ["50"] * 7 + ["25"] * 7 + ["12.5"] * 7,
    ("50 mg", 14): ["25"] * 7 + ["12.5"] * 7,
    ("50 mg", 21): ["25"] * 10 + ["12.5"] * 11,
    ("50 mg", 28): ["25"] * 14 + ["12.5"] * 14,
    ("25 mg", 14): ["12.5"] * 14,
    ("25 mg", 21): ["12.5"] * 21,
    ("25 mg", 28): ["12.5"] * 28,
}
"""Daily totals by target and length, from the published table of tapers."""


@pytest.mark.parametrize(("target", "length"), list(TAPERS))
def test_a_stop_lays_the_taper_of_the_table_day_by_day(target: str | None, length: int) -> None:
    story = Story.begin(target=target).at(START + 40 * DAY)
    day = START + 41 * DAY
    story.stop(day, over=length)
    assert story.per_day(day, length + 3) == [*TAPERS[target, length], "0", "0", "0"]


def test_the_usual_taper_is_21_days_and_a_draft_until_it_is_ordered() -> None:
    story = Story.begin().at(START + 40 * DAY)
    before = story.rows()
    done = story.stop(START + 41 * DAY, by="")
    assert done.revision.prescription.status is Status.DRAFT
    assert story.rows() == before
    story.stop(START + 41 * DAY)
    assert story.per_day(START + 41 * DAY, 22) == [*TAPERS[None, 21], "0"]


@pytest.mark.parametrize(("exposure", "tapered"), [(20, False), (21, False), (22, True)])
def test_a_taper_is_demanded_after_more_than_21_days(exposure: int, *, tapered: bool) -> None:
    story = Story.begin().at(START + (exposure - 1) * DAY, 22)
    day = START + exposure * DAY
    story.stop(day)
    assert (story.per_day(day, 1) == ["50"]) is tapered


def test_any_stop_is_told_as_the_prescribers_decision() -> None:
    story = Story.begin().at(START + 10 * DAY)
    done = story.stop(START + 11 * DAY, by="")
    assert any("The prescriber decides" in one.message for one in done.findings)


def test_stopping_at_once_needs_an_order_and_leaves_a_finding() -> None:
    story = Story.begin().at(START + 40 * DAY)
    with pytest.raises(StopNeedsOrder, match="needs --ordered-by"):
        story.stop(START + 41 * DAY, abruptly=True, by="")
    done = story.stop(START + 41 * DAY, abruptly=True)
    assert story.plan().status is Status.STOPPED
    assert story.per_day(START + 40 * DAY, 3) == ["100", "0", "0"]
    assert any("at once" in one.message for one in done.findings)


def test_a_length_that_the_rules_do_not_allow_is_refused() -> None:
    story = Story.begin().at(START + 40 * DAY)
    with pytest.raises(TaperRefused, match="28"):
        story.stop(START + 41 * DAY, over=40)


def test_doses_that_differ_from_day_to_day_have_no_made_taper() -> None:
    story = Story.begin("warfarin", slots=()).at(START + 40 * DAY)
    with pytest.raises(NoTaper, match="no taper is known"):
        story.stop(START + 41 * DAY, over=14)
