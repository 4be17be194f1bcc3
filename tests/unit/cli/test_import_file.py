"""`medsched import ics`: compares a calendar with the plan, and never breaks on a broken one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine
from tests.unit.cli.test_feed import AT, PLAN

if TYPE_CHECKING:
    from pathlib import Path

MORNING = "2026-03-02T08:05:00+00:00"
LATER = "2026-03-09T12:00:00+00:00"


def begun(home: Path) -> CommandLine:
    made = CommandLine(home)
    made.page("start", *PLAN, "--ordered-by", "Dr A", at=AT)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the calendar of a machine on which the first dose was taken."""
    old = begun(tmp_path / "old")
    old.page("take", "1-20260302-1", at=MORNING)
    path = tmp_path / "old.ics"
    old.page("export", "ics", "-o", str(path), "--days", "20", at=MORNING)
    return path


def imported(cli: CommandLine, *arguments: str) -> str:
    return cli.page("import", "ics", *arguments, at=LATER)


def test_a_plan_begun_anew_finds_its_doses_and_takes_the_records_over(
    tmp_path: Path, file: Path
) -> None:
    new = begun(tmp_path / "new")
    page = imported(new, str(file))
    assert "say the same as doses of your plan" in page
    assert "1 dose" in page
    assert "Recorded here: 1 dose." in imported(new, str(file), "--records")
    assert "Recorded here" not in imported(new, str(file), "--records")
    assert "recorded by import" in new.page("history", at=LATER)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\xfe", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID", b"hello", b"BEGIN:VEVENT"],
)
def test_a_broken_file_is_told_and_breaks_nothing(tmp_path: Path, content: bytes) -> None:
    new = begun(tmp_path / "new")
    path = tmp_path / "broken.ics"
    path.write_bytes(content)
    page = imported(new, str(path))
    assert "Entries of medsched: 0." in page
    assert "Not taken over: 1." in page


def test_every_entry_is_in_the_document(tmp_path: Path, file: Path) -> None:
    new = begun(tmp_path / "new")
    found = new.document("import", "ics", str(file), at=LATER)
    assert {one["match"] for one in found["entries"]} == {"alike"}
    taken = [one for one in found["entries"] if one["done"]]
    assert [(one["done"], one["at"]) for one in taken] == [("taken", MORNING)]
