"""The first thing that runs: names of commands, help, and one line for each refusal."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest

from medsched import __version__
from medsched.cli.main import COMMANDS

if TYPE_CHECKING:
    from tests.command_line import CommandLine


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there(name: str) -> None:
    module, _, attribute = COMMANDS[name][0].partition(":")

    assert isinstance(getattr(import_module(f"medsched.cli.{module}"), attribute), click.Command)
    assert COMMANDS[name][1].endswith(".")


def test_an_unknown_command_is_answered_with_the_nearest(medsched: CommandLine) -> None:
    assert "did you mean today?" in medsched.refusal("tody", code=2)


def test_nothing_is_looked_through_once_more_at_the_end() -> None:
    told = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0))"
    run = "from medsched.cli.main import main; main(['--version'])"
    done = subprocess.run(
        [sys.executable, "-c", f"{told}; {run}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [f"medsched {__version__}", "True"]
