"""Every numbered requirement and reading has a test, and the table in docs says which."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from medsched.protocols.shelf import load

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "unit" / "requirements"
REQUIREMENTS = tuple(f"R{number:02}" for number in range(1, 44))
READINGS = tuple(f"I{number}" for number in range(1, 24))

ROW = re.compile(r"^\| (?P<id>[RI]\d+) \| (?P<says>[^|]+) \| (?P<tests>[^|]*) \|$", re.MULTILINE)
TEST = re.compile(r"`(?P<file>test_\w+\.py)::(?P<name>test_\w+)`")
NAME = re.compile(r"test_(?P<letter>[ri])(?P<number>\d\d)_")


def rows() -> dict[str, set[tuple[str, str]]]:
    """Return the tests that the table names, by id."""
    text = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    return {
        row["id"]: {(one["file"], one["name"]) for one in TEST.finditer(row["tests"])}
        for row in ROW.finditer(text)
    }


def written() -> dict[str, set[tuple[str, str]]]:
    """Return the tests that there are, by the id that their name begins with."""
    found: dict[str, set[tuple[str, str]]] = {}
    for path in sorted(FOLDER.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = NAME.match(node.name) if isinstance(node, ast.FunctionDef) else None
            if named is not None and isinstance(node, ast.FunctionDef):
                found.setdefault(_id(named), set()).add((path.name, node.name))
    return found


def _id(named: re.Match[str]) -> str:
    if named["letter"] == "r":
        return f"R{named['number']}"
    return f"I{int(named['number'])}"


def test_the_table_has_a_row_for_every_requirement_and_every_reading() -> None:
    assert tuple(rows()) == REQUIREMENTS + READINGS


def test_every_row_names_a_test() -> None:
    assert [name for name, tests in rows().items() if not tests] == []


def test_the_tests_of_the_table_are_those_that_there_are() -> None:
    assert rows() == written()


def test_every_number_is_stated_with_its_source_in_the_shipped_rules() -> None:
    protocol, _text = load("milnacipran")
    assert set(REQUIREMENTS + READINGS) <= set(protocol.rules)
    unsourced = [
        name
        for name, rule in protocol.rules.items()
        if not rule.sources and not rule.provenance.is_assumption
    ]
    assert unsourced == []
