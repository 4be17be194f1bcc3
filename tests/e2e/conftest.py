"""A command line with a home of its own for every test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path

MILNACIPRAN = (
    "start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin",
    "--at", "08:00,20:00",
)  # fmt: skip


@pytest.fixture
def medsched(tmp_path: Path) -> CommandLine:
    """Return the commands of an empty home."""
    return CommandLine(tmp_path / "home")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which milnacipran is followed: made once, to be copied."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    ordered = (*MILNACIPRAN, "--ordered-by", "the clinic")
    CommandLine(home).page(*ordered, at="2026-11-20 12:00")
    return home


@pytest.fixture
def followed(medsched: CommandLine, prepared: Path) -> CommandLine:
    """Return the commands of a home in which milnacipran is followed from 1 December 2026."""
    shutil.copytree(prepared, medsched.home)
    return medsched
