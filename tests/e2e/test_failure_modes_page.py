"""The page of failure modes names tests that exist, and leaves no row out."""

from __future__ import annotations

import re
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \|.*\| (.*) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/\S+\.py): (test_\w+)`")


def rows() -> list[tuple[int, str]]:
    text = (REPO / "docs" / "failure-modes.md").read_text(encoding="utf-8")
    return [(int(number), shown) for number, shown in ROW.findall(text)]


def test_every_row_is_there_once() -> None:
    assert [number for number, _ in rows()] == list(range(1, 45))


def test_every_test_that_it_names_exists() -> None:
    for number, shown in rows():
        named = TEST.fullmatch(shown)
        if named is None:
            assert shown.startswith("not shown here: it needs"), number
            continue
        source = (REPO / named[1]).read_text(encoding="utf-8")
        assert f"def {named[2]}(" in source, (number, named[2])
