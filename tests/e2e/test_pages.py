"""What people read: golden pages, and no page of any medicine breaks the display rules."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest
from tests.command_line import CommandLine
from tests.conftest import REPO
from tests.display_rules import violations

from medsched.protocols.shelf import shipped_protocols

if TYPE_CHECKING:
    from pathlib import Path

GOLDEN: Final = REPO / "tests" / "golden" / "pages"
NOW: Final = "2026-11-20 12:00"
NOT_PLANNED: Final = {"insulin"}
MEDICINES: Final = sorted(set(shipped_protocols()) - NOT_PLANNED)


def assert_golden(name: str, page: str) -> None:
    """Compare a page with its file; MEDSCHED_WRITE_GOLDEN=1 writes the file anew."""
    file = GOLDEN / name
    if os.environ.get("MEDSCHED_WRITE_GOLDEN"):
        file.write_text(page, encoding="utf-8")
    assert page == file.read_text(encoding="utf-8")
    assert violations(page) == []


def test_the_plan_page(medsched: CommandLine) -> None:
    choices = ("--zone", "Europe/Berlin", "--at", "08:00,20:00", "--days", "14")

    page = medsched.page("plan", "milnacipran", "--start", "2026-12-01", *choices, at=NOW)

    assert_golden("plan-milnacipran.txt", page)


def test_the_page_of_a_plan_by_weekday(medsched: CommandLine) -> None:
    choices = ("--zone", "Europe/Berlin", "--days", "7")

    page = medsched.page("plan", "warfarin", "--start", "2026-12-07", *choices, at=NOW)

    assert_golden("plan-warfarin.txt", page)


def test_the_page_of_a_weekly_plan(medsched: CommandLine) -> None:
    choices = ("--zone", "Europe/Berlin", "--days", "21")

    page = medsched.page("plan", "methotrexate", "--start", "2026-12-07", *choices, at=NOW)

    assert_golden("plan-methotrexate.txt", page)


def test_the_pages_of_a_day(followed: CommandLine) -> None:
    followed.page("take", "--by", "Ann", at="2026-12-01 08:03")
    followed.page("take", at="2026-12-02 08:10")
    followed.page("skip", "1-20261202-2", "--reason", "felt sick", at="2026-12-02 20:00")

    assert_golden("today-taken.txt", followed.page("today", at="2026-12-02 08:30"))
    assert_golden("today-late.txt", followed.page("today", at="2026-12-03 13:00"))
    assert_golden("today-missed.txt", followed.page("today", at="2026-12-03 14:01"))
    agenda = ("agenda", "--from", "2026-12-01", "--to", "2026-12-04")
    assert_golden("agenda.txt", followed.page(*agenda, at="2026-12-03 14:01"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a person and no plan: made once, to be copied."""
    home = tmp_path_factory.mktemp("empty") / "home"
    CommandLine(home).page("person", "set", "--zone", "Europe/Berlin")
    return home


@pytest.fixture
def line(empty: Path, tmp_path: Path) -> CommandLine:
    """Return the commands of that home."""
    import shutil

    shutil.copytree(empty, tmp_path / "home")
    return CommandLine(tmp_path / "home")


@pytest.mark.parametrize("medicine", MEDICINES)
def test_no_page_of_a_medicine_can_be_misread(line: CommandLine, medicine: str) -> None:
    choices = ("--on", "2026-12-01", "--ordered-by", "Dr A", "--tracked")
    pages = [
        line("plan", medicine, "--start", "2026-12-01", at=NOW),
        line("start", medicine, *choices, at=NOW),
        line("today", at="2026-12-01 07:00"),
        line("today", at="2026-12-01 09:30"),
        line("take", at="2026-12-07 09:30"),
        line("take", at="2026-12-07 09:31"),
        line("take", "--extra", at="2026-12-07 09:32"),
        line("today", at="2026-12-07 09:40"),
        line("today", at="2026-12-09 15:00"),
        line("today", at="2026-12-13 02:30"),
        line("agenda", "--from", "2026-12-01", "--to", "2026-12-14", at="2026-12-10 12:00"),
        line("undo", at="2026-12-10 12:00"),
        line("history"),
        line("adherence", at="2026-12-20 12:00"),
        line("check", at="2026-12-20 12:00"),
        line("hold", "1", "--days", "3", at="2026-12-11 12:00"),
        line("stop", "1", "--from", "2026-12-29", "--ordered-by", "Dr A", at="2026-12-20 12:00"),
    ]

    for page in pages:
        assert page.code in {0, 1}, page
        assert violations(page.out + page.err.removeprefix("medsched: ")) == [], page


def test_the_rules_of_each_medicine_can_be_read(medsched: CommandLine) -> None:
    assert violations(medsched.page("protocols", "list")) == []
    for medicine in MEDICINES:
        lines = medsched.page("protocols", "show", medicine).splitlines()
        ids_to_type = tuple(one for one in lines if one.startswith("Regimen "))
        page = "\n".join(one for one in lines if one not in ids_to_type)
        assert violations(page) == [], medicine


def test_why_can_be_read(followed: CommandLine) -> None:
    for dose in ("1-20261201-1", "1-20261208-2"):
        assert violations(followed.page("why", dose)) == []
