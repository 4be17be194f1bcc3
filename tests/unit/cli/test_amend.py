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
