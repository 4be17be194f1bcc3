"""Amendments on the command line: what they refuse, and what they say has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine

from medsched.cli.amend import read_days
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-12-15 12:00"
ORDER = ("--ordered-by", "Dr Gray")


@pytest.fixture
def weekly(tmp_path: Path) -> CommandLine:
    """Return the commands of somebody who takes methotrexate on Mondays."""
    commands = CommandLine(tmp_path / "home")
    start = ("start", "methotrexate", "--on", "2026-12-01", "--zone", "Europe/Berlin", *ORDER)
    commands.page(*start, at="2026-11-20 12:00")
    return commands


@pytest.mark.parametrize(
    ("text", "days"), [("21d", 21), ("21 days", 21), ("3w", 21), ("3 weeks", 21), ("1day", 1)]
)
def test_a_length_is_read_in_days_or_weeks(text: str, days: int) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["", "0d", "21", "three weeks", "-1d", "21h"])
def test_a_length_without_a_unit_or_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="write it as 21d or 3w"):
        read_days(text)


def test_no_length_is_the_rules_own() -> None:
    assert read_days(None) is None


def test_a_weekly_dose_moves_to_another_day_and_never_comes_too_soon(weekly: CommandLine) -> None:
    """Monday 14 to Friday 18 December are four days: that Friday is left out."""
    change = ("change", "1", "--weekday", "friday", "--from", "2026-12-16", *ORDER)
    page = " ".join(weekly.page(*change, at=NOW).split())
    assert "once a week, on Friday at 08:00, NOT daily" in page
    assert "the first: Friday 25 December 2026, 08:00" in page
    days = ("agenda", "--from", "2026-12-16", "--to", "2027-01-05")
    doses = weekly.document(*days, at=NOW)["doses"]
    assert [one["day"] for one in doses if one["status"] == "upcoming"] == [
        "2026-12-25",
        "2027-01-01",
    ]


def test_a_change_says_one_thing_at_a_time(weekly: CommandLine) -> None:
    line = weekly.refusal("change", "1", at=NOW, code=2)
    assert line.startswith("change: say what changes: --at 08:30,20:30 for other clock times")
    both = ("change", "1", "--at", "09:00", "--weekday", "friday")
    assert "--at and --weekday cannot be used; say one of them" in weekly.refusal(*both, at=NOW)


def test_another_amount_of_a_weekly_dose_stays_weekly(weekly: CommandLine) -> None:
    change = ("change", "1", "--amounts", "5 mg", "--from", "2026-12-21", *ORDER)
    page = " ".join(weekly.page(*change, at=NOW).split())
    assert "once a week, on Monday, NOT daily: 2 tablets of" in page
    days = ("agenda", "--from", "2026-12-21", "--to", "2027-01-04")
    doses = weekly.document(*days, at=NOW)["doses"]
    assert [(one["day"], one["amount"]) for one in doses] == [
        ("2026-12-21", "5"), ("2026-12-28", "5"), ("2027-01-04", "5"),
    ]  # fmt: skip


def test_without_an_order_a_change_of_dose_is_a_proposal(weekly: CommandLine) -> None:
    change = ("change", "1", "--weekday", "friday")
    document = weekly.document(*change, at=NOW)
    assert (document["status"], document["revision"]) == ("draft", 2)
    assert "This is a proposal" in weekly.page("change", "1", "--weekday", "friday", at=NOW)
    first = weekly.document("agenda", "--from", "2026-12-21", "--to", "2026-12-21", at=NOW)
    assert [one["status"] for one in first["doses"]] == ["upcoming"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hold", "1", "--days", "0"), "days: 0 cannot be used; use 1 to 365"),
        (("shift", "1", "--days", "0"), "shift: 0 cannot be used"),
        (("extend", "1", "--days", "-1"), "extend: -1 cannot be used"),
        (("step-back", "1", *ORDER), "it is the first step"),
        (("shift", "1", "--days", "1", "--from", "2026-12-01"), "the past is not rewritten"),
        (("resume", "1"), "it is not on hold"),
        (("hold", "7"), "prescription '7': not found"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    weekly: CommandLine, arguments: tuple[str, ...], said: str
) -> None:
    assert said in weekly.refusal(*arguments, at=NOW)


def test_two_revisions_are_compared_dose_by_dose(weekly: CommandLine) -> None:
    weekly.page("change", "1", "--at", "09:30", at=NOW)
    diff = weekly.document("diff", "1", at=NOW)["diff"]
    assert (diff["added"], diff["removed"]) == ([], [])
    first = diff["changed"][0]
    assert (first["before"]["due"], first["after"]["due"]) == (
        "2026-12-21T08:00:00+01:00",
        "2026-12-21T09:30:00+01:00",
    )
    assert first["before"]["id"] == first["after"]["id"]
    assert "from Monday 21 December 2026, 08:00" in " ".join(
        weekly.page("diff", "1", at=NOW).split()
    )


# --- a weekly medicine --------------------------------------------------------------------


def upcoming(weekly: CommandLine, first: str, last: str) -> list[tuple[str, str]]:
    doses = weekly.document("agenda", "--from", first, "--to", last, at=NOW)["doses"]
    return [(one["day"], one["amount"]) for one in doses if one["status"] == "upcoming"]


def test_another_amount_a_week_keeps_the_day_that_was_chosen(weekly: CommandLine) -> None:
    """The rules say Monday; who takes it on Friday goes on taking it on Friday."""
    weekly.page("change", "1", "--weekday", "friday", *ORDER, at=NOW)
    weekly.page("change", "1", "--target", "10 mg/week", "--from", "2026-12-30", *ORDER, at=NOW)
    assert upcoming(weekly, "2026-12-16", "2027-01-15") == [
        ("2026-12-25", "7.5"), ("2027-01-01", "10"), ("2027-01-08", "10"), ("2027-01-15", "10"),
    ]  # fmt: skip


def test_another_day_never_comes_too_soon_after_the_dose_before(weekly: CommandLine) -> None:
    """From Tuesday the 15th on; the dose of Monday the 14th leaves 120 hours, to Saturday."""
    page = weekly.page("change", "1", "--weekday", "tuesday", *ORDER, at=NOW)
    assert "from Saturday 19 December 2026" in page
    assert upcoming(weekly, "2026-12-16", "2026-12-31") == [
        ("2026-12-22", "7.5"), ("2026-12-29", "7.5"),
    ]  # fmt: skip


def test_an_amount_a_day_of_a_weekly_medicine_is_refused(
    weekly: CommandLine, tmp_path: Path
) -> None:
    line = weekly.refusal("change", "1", "--target", "10 mg/day", *ORDER, at=NOW)
    assert "it is taken once a week: say how much a week, such as '15 mg/week'" in line
    plan = ("plan", "methotrexate", "--start", "2026-12-20", "--target")
    assert "say how much a week" in weekly.refusal(*plan, "10 mg/day", at=NOW)
    fresh = CommandLine(tmp_path / "another")
    assert "(10\u00a0mg)" in fresh.page(*plan, "10 mg/week", at=NOW)
    daily = ("plan", "sertraline", "--start", "2026-12-20", "--target", "100 mg/week")
    assert "say how much a day" in weekly.refusal(*daily, at=NOW)


def test_a_step_back_is_to_another_dose(weekly: CommandLine) -> None:
    """After a pause the step before is the same dose: that is no step back."""
    weekly.page("hold", "1", "--days", "7", at=NOW)
    line = weekly.refusal("step-back", "1", "--from", "2026-12-28", *ORDER, at=NOW)
    assert "it is the first step" in line


def test_a_course_of_doses_is_extended_by_doses(tmp_path: Path) -> None:
    commands = CommandLine(tmp_path / "home")
    start = ("start", "amoxicillin", "--on", "2026-12-14 17:00", "--zone", "UTC", *ORDER)
    commands.page(*start, at="2026-12-14 12:00")
    document = commands.document("extend", "1", "--days", "2", at=NOW)
    assert document["totals"]["doses"] == 21 + 6


def test_another_amount_in_a_pause_stays_weekly_too(weekly: CommandLine) -> None:
    weekly.page("hold", "1", "--days", "7", "--from", "2026-12-16", at=NOW)
    weekly.page("change", "1", "--amounts", "5 mg", "--from", "2026-12-18", *ORDER, at=NOW)
    assert upcoming(weekly, "2026-12-16", "2027-01-05") == [
        ("2026-12-28", "5"),
        ("2027-01-04", "5"),
    ]
