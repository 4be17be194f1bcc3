"""Directions are said back in one plain sentence, or refused with the part that is unclear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def medsched(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "home")


def test_latin_directions_become_a_plain_sentence(medsched: CommandLine) -> None:
    page = medsched.page("sig", "take 1 tablet BID for 7 days").replace("\u00a0", " ")
    assert "twice a day" in page
    assert "7 days" in page
    assert "BID" not in page


def test_tablets_are_counted_for_a_named_medicine(medsched: CommandLine) -> None:
    told = medsched.document("sig", "25 mg twice daily", "--medicine", "milnacipran")
    assert "1 tablet" in told["sentence"].replace("\u00a0", " ")


@pytest.mark.parametrize(
    "directions", ["take some now and then", "1 tablet BID TID", "1,5 mg daily", ""]
)
def test_what_is_unclear_is_refused_in_one_line(medsched: CommandLine, directions: str) -> None:
    assert medsched.refusal("sig", directions).startswith("directions ")
