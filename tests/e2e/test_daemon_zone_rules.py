"""A law changes the clocks of a zone: what is stored keeps its instant, and that is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.command_line import CommandLine
from tests.e2e.daemon_process import Daemon, crowd, on_database
from tests.zone_file import write_zone

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ZONE = "Africa/Nairobi"
"""Three hours ahead of UTC all the year, until a test says otherwise."""


def dues(database: str) -> list[int]:
    return [due for (due,) in on_database(database, "SELECT due FROM dose ORDER BY due")]


def clock_time(at: datetime, hours: int) -> str:
    return f"{at.astimezone(UTC) + timedelta(hours=hours):%H:%M}"


def test_row_13_a_new_rule_of_a_zone_moves_no_dose_until_somebody_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reminder comes when it was due, with its amount; the plan is laid anew on request."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    database = f"sqlite:///{home}/medsched.db"
    crowd(home, database, 1, zone=ZONE)
    before = dues(database)
    due = datetime.fromtimestamp(before[0], UTC)
    assert ZoneInfo(ZONE).utcoffset(due) == timedelta(hours=3)
    program = CommandLine(home)
    assert "Time zone" not in program.outside("check").out

    write_zone(tmp_path / "zones", ZONE, "EAT-2", 2 * 3600)
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path / "zones"))
    with Daemon(home, database) as daemon:
        daemon.wait_for("1 delivered")
        if not any("zone:" in line for line in daemon.lines):
            daemon.wait_for("zone:")
        assert daemon.stop() == 0
    assert "its rules changed for 2 doses of prescription 1" in "".join(daemon.lines)
    text = (home / "out" / "0.txt").read_text(encoding="utf-8")
    assert "cannot be trusted" not in text
    assert f"Dose due at {clock_time(due, 2)}" in text
    assert "1\N{NO-BREAK SPACE}capsule" in text
    assert dues(database)[: len(before)] == before

    page = program.outside("check").out
    assert f"the clock shows {clock_time(due, 2)} instead of {clock_time(due, 3)}" in page
    assert "NOT WELL: time zone: its rules changed, and 2 doses" in program.outside("status").out

    laid = program.outside("travel", "--to", ZONE, "--from", "tomorrow", "--yes")
    assert laid.code == 0, laid
    assert "Time zone" not in program.outside("check").out
    assert [one - before[0] for one in dues(database)[:3]] == [0, 90_000, 176_400]
