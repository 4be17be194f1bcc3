"""Other clock times for a plan that runs: no dose of today vanishes, none is planned twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.command_line import CommandLine

ORDERED = ("--ordered-by", "Dr Gray")


@pytest.fixture
def running(medsched: CommandLine) -> CommandLine:
    """Return a home with one plan at 08:00 and 20:00 that began three weeks ago."""
    medsched.page(
        "start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin", *ORDERED,
        at="2026-11-30",
    )  # fmt: skip
    return medsched


def due(medsched: CommandLine, day: str, at: str) -> list[str]:
    doses = medsched.document("agenda", "--from", day, "--to", day, at=at)["doses"]
    return [one["due"][:16] for one in doses if one["status"] not in {"cancelled", "held"}]


def test_todays_dose_keeps_its_old_time_when_the_new_one_is_over(running: CommandLine) -> None:
    at = "2026-12-21 19:00"
    page = " ".join(
        running.page("change", "1", "--from", "today", "--at", "06:00,18:00", at=at).split()
    )

    assert "Once, the dose of Monday 21 December 2026 is at 20:00: its new time is over" in page
    assert due(running, "2026-12-21", at) == ["2026-12-21T08:00", "2026-12-21T20:00"]
    assert due(running, "2026-12-22", at) == ["2026-12-22T06:00", "2026-12-22T18:00"]


def test_the_dose_that_kept_its_time_can_be_taken_once(running: CommandLine) -> None:
    running.page("change", "1", "--from", "today", "--at", "06:00,18:00", at="2026-12-21 19:00")

    running.page("take", at="2026-12-21 20:05")

    assert "nothing" not in running.page("today", at="2026-12-21 20:10")
    line = running.refusal("take", "1-20261221-2", at="2026-12-21 20:10")
    assert "taken" in line


def test_a_dose_that_is_left_out_between_old_and_new_times_is_said(running: CommandLine) -> None:
    page = " ".join(
        running.page("change", "1", "--at", "01:00,12:00", at="2026-12-21 12:00").split()
    )

    assert "Left out, once: Tuesday 22 December 2026, 08:00, 50\xa0mg." in page.replace(
        "50 mg", "50\xa0mg"
    )
    assert "Never take two doses to make up for it." in page
