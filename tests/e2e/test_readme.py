"""Every command and snippet of the README does what the README says."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-12-02T08:05+01:00"
"""The second day of the plan that the README starts."""

NOT_RUN = {
    "./scripts/test": "it is what runs this test",
}


IN_REAL_TIME = {"channel", "run", "status", "service", "backup"}
"""Nothing is sent as if it were another time; `status` says that no daemon runs."""


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def readme(repo: Path) -> str:
    return (repo / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def medsched(tmp_path: Path, readme: str, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Give a home of its own, and a folder with the file that the README writes."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "my-regimen.toml").write_text(blocks(readme, "toml")[0], encoding="utf-8")
    monkeypatch.chdir(folder)
    return CommandLine(tmp_path / "home")


def test_every_command_of_the_readme_runs_in_its_order(
    readme: str, medsched: CommandLine, repo: Path
) -> None:
    ran = 0
    for line in "".join(blocks(readme, "sh")).splitlines():
        words = shlex.split(line.replace("$HOME", str(medsched.home)), comments=True)
        if not words:
            continue
        if words[0] in NOT_RUN:
            assert os.access(repo / words[0], os.X_OK)
            continue
        assert words[0] in {"medsched", "./scripts/medsched"}, line
        real = words[1] in IN_REAL_TIME
        answer = medsched.outside(*words[1:]) if real else medsched(*words[1:], at=NOW)
        assert answer.code == (1 if words[1] == "status" else 0), f"{line}\n{answer.err}"
        ran += 1
    assert ran > 25


def test_the_output_that_the_readme_shows_is_what_is_printed(
    readme: str, medsched: CommandLine
) -> None:
    (shown,) = blocks(readme, "console")
    command, _, expected = shown.partition("\n")
    answer = medsched(*shlex.split(command)[2:], at=NOW)
    assert answer.code == 0
    printed = answer.out.replace("\u00a0", " ")
    assert printed.startswith(expected.rstrip("\n"))


def test_every_document_that_the_readme_names_is_there(readme: str, repo: Path) -> None:
    named = re.findall(r"\]\(([^)#]+)\)", readme)
    assert named
    assert [one for one in named if not (repo / one).exists()] == []
