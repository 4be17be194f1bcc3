"""`medsched export ics`: a file for any calendar, which takes back what an earlier one said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine
from tests.contract.calendar_readers import faults
from tests.unit.cli.test_feed import AT, PLAN

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """Return the command line of a home with one plan."""
    made = CommandLine(tmp_path / "home")
    made.page("start", *PLAN, "--ordered-by", "Dr A", at=AT)
    return made


def exported(cli: CommandLine, *options: str, at: str = AT) -> bytes:
    path = cli.home.parent / "out.ics"
    cli.page("export", "ics", "-o", str(path), "--days", "20", *options, at=at)
    return path.read_bytes()


def test_the_same_plan_is_the_same_file_at_any_time(cli: CommandLine) -> None:
    first = exported(cli)
    assert faults(first) == []
    assert first == exported(cli)
    assert (cli.home.parent / "out.ics").stat().st_mode & 0o777 == 0o600


def test_a_stopped_plan_is_taken_back_by_the_next_file(cli: CommandLine) -> None:
    assert b"CANCELLED" not in exported(cli)
    later = "2026-03-05T12:00:00+00:00"
    at_once = ("--from", "2026-03-06", "--over", "14d", "--ordered-by", "Dr A")
    cli.page("stop", "1", *at_once, at=later)
    assert b"STATUS:CANCELLED" in exported(cli, at=later)


def test_hidden_names_are_in_no_byte(cli: CommandLine) -> None:
    data = exported(cli, "--names", "hidden", "--kinds", "doses,checkins")
    assert b"milnacipran" not in data.replace(b"\r\n ", b"").lower()
    assert b"SUMMARY:Reminder" in data


def test_alarms_can_be_left_out_and_times_be_written_in_other_forms(cli: CommandLine) -> None:
    assert b"VALARM" not in exported(cli, "--alarms", "off")
    assert b"DTSTART:20260302T080000\r\n" in exported(cli, "--times", "floating")
    assert b"RRULE" in exported(cli, "--compact")


def test_an_alarm_before_is_a_setting(cli: CommandLine) -> None:
    (cli.home / "medsched.toml").write_text("alarm_before_minutes = 15\n")
    data = exported(cli)
    assert data.count(b"TRIGGER:-PT15M") == data.count(b"TRIGGER:PT0S") > 0


def test_days_have_bounds(cli: CommandLine) -> None:
    assert "use 1 to 400" in cli.refusal("export", "ics", "--days", "0", at=AT)
