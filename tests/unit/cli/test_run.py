"""`run` refuses what it cannot do, in one line, and sends nothing under another time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.living_home import LivingHome

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    home = LivingHome(tmp_path / "home")
    home.add_file_channel()
    return home


@pytest.mark.parametrize("options", [(), ("--once",)])
def test_nothing_is_ever_sent_under_as_of(living: LivingHome, options: tuple[str, ...]) -> None:
    told = living.cli.refusal("run", *options, at="2026-03-02T08:00:00Z")
    assert "nothing is ever sent under it" in told
    assert living.messages() == ""


def test_once_tells_in_one_document_what_was_done(living: LivingHome) -> None:
    """The plan is long over by now: nothing is due any more that may still be taken."""
    answer = living.cli.outside("run", "--once", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert '"clock": "good"' in answer.out


def test_a_database_of_another_kind_is_refused_in_one_line(living: LivingHome) -> None:
    answer = living.cli.outside("run", "--once", "--database", "mysql://h/d")
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "mysql is not supported" in answer.err
