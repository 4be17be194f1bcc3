"""A command line with a home of its own for every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def medsched(tmp_path: Path) -> CommandLine:
    """Return the commands of an empty home."""
    return CommandLine(tmp_path / "home")
