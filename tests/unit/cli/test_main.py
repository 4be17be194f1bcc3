"""The first thing that runs: names of commands, help, and one line for each refusal."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest

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
