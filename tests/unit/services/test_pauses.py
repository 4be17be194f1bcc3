"""A hold or a stop holds for the dose that is still open, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.services.plans import House

from medsched.services.pauses import pauses

if TYPE_CHECKING:
    from pathlib import Path

    from tests.command_line import CommandLine as Line

ORDER = ("--ordered-by", "Dr Gray")


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """Return a home with milnacipran taken up to the evening of 9 December."""
    from tests.command_line import CommandLine

    medsched = CommandLine(tmp_path / "home")
    begin = ("start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin", *ORDER)
    medsched.page(*begin, "--tracked", at="2026-12-01 06:00")
    medsched.page("take", at="2026-12-09 20:00")
    return medsched


def advised(line: Line, dose: str, at: str) -> str:
    doses = line.document("today", at=at)["doses"]
    return next(str(one["advice"]["action"]) for one in doses if one["id"] == dose)


def test_a_plan_that_runs_has_no_pauses() -> None:
    house = House()
    house.start()
    with house.reading() as book:
        assert pauses(book, house.plan()) == ()


@pytest.mark.parametrize(
    "command",
    [
        ("hold", "1", "--from", "2026-12-10", "--reason", "ill", *ORDER),
        ("stop", "1", "--from", "2026-12-10", "--abruptly", *ORDER),
    ],
)
def test_the_dose_of_this_morning_is_left_out_once_the_plan_is_held_or_stopped(
    line: Line, command: tuple[str, ...]
) -> None:
    assert advised(line, "1-20261210-1", "2026-12-10 08:59") == "take"
    line.page(*command, at="2026-12-10 09:00")
    assert advised(line, "1-20261210-1", "2026-12-10 09:01") == "skip"


def test_a_hold_from_tomorrow_leaves_the_doses_of_today(line: Line) -> None:
    line.page("hold", "1", "--from", "2026-12-11", "--reason", "ill", *ORDER, at="2026-12-10 09:00")
    assert advised(line, "1-20261210-1", "2026-12-10 09:01") == "take"
    assert advised(line, "1-20261210-2", "2026-12-10 20:30") == "take"


def test_what_was_missed_before_a_hold_is_not_taken_during_it(line: Line) -> None:
    """A weekly tablet could else be taken on any morning until the plan goes on."""
    line.page(
        "start", "alendronate", "--on", "2026-12-07", *ORDER, "--tracked", at="2026-12-05 09:00"
    )
    assert advised(line, "2-20261207-1", "2026-12-08 07:00") == "take"
    line.page("hold", "2", "--from", "2026-12-09", "--reason", "ill", *ORDER, at="2026-12-08 19:00")
    assert advised(line, "2-20261207-1", "2026-12-10 08:00") == "skip"
