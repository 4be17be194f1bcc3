"""What a command can do without is not imported: a start is paid for every time."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ASK = """
import sys
from medsched.cli.main import run
code = run(sys.argv[1:])
print(code, *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
FOR_HELP = {
    "alembic", "apprise", "apscheduler", "caldav", "icalendar", "pendulum", "prometheus_client",
    "psycopg", "requests", "rich", "segno", "sqlalchemy", "starlette", "uvicorn",
}  # fmt: skip
FOR_TODAY = FOR_HELP - {"rich", "pendulum", "alembic"}
DAY = ("--as-of", "2026-12-01 09:00")


def imported_by(home: Path, *arguments: str) -> set[str]:
    """Return the top-level packages that one command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, *arguments],
        env={"MEDSCHED_HOME": str(home), "TZ": "UTC", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    code, *names = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    return set(names)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which one plan is followed."""
    folder = tmp_path_factory.mktemp("started") / "home"
    plan = ("start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin")
    imported_by(folder, *plan, "--at", "08:00,20:00", "--ordered-by", "the clinic", "--yes")
    return folder


def test_help_imports_no_library_that_only_a_command_needs(tmp_path: Path) -> None:
    assert imported_by(tmp_path, "--help") & FOR_HELP == set()


@pytest.mark.parametrize("command", ["today", "agenda", "history", "check", "adherence"])
def test_a_look_at_the_day_imports_no_calendar_scheduler_web_server_or_sqlalchemy(
    home: Path, command: str
) -> None:
    """A home's file is read by its driver alone: SQLAlchemy would take longer than the rest."""
    assert imported_by(home, command, *DAY) & FOR_TODAY == set()


def test_nothing_that_a_home_does_daily_imports_sqlalchemy(home: Path) -> None:
    for command in (("channel", "list"), ("feed", "list"), ("stock", "1"), ("person", "show")):
        assert "sqlalchemy" not in imported_by(home, *command)


def test_a_record_imports_none_of_them_either(home: Path) -> None:
    assert imported_by(home, "take", "1", *DAY) & FOR_TODAY == set()
    assert imported_by(home, "undo", *DAY) & FOR_TODAY == set()
