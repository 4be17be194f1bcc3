"""docs/channels.md says what the code does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from medsched.notify.address import _PARAMETERS, _REFUSED, KINDS, Kind, read_address
from medsched.notify.registry import abilities

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = re.compile(r"`(\w+://[^`]*)`")


@pytest.fixture(scope="module")
def page(repo: Path) -> str:
    return (repo / "docs" / "channels.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(page: str) -> list[list[str]]:
    table = page.split("## Which one to take")[1].split("## Each of them", maxsplit=1)[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if ADDRESS.search(line)
    ]


def test_every_example_address_of_the_table_is_taken(rows: list[list[str]]) -> None:
    assert len(rows) == 11
    for row in rows:
        for url in ADDRESS.findall(row[1]):
            read_address(url)


def test_every_kind_of_channel_is_in_the_table(rows: list[list[str]]) -> None:
    shown = {read_address(url).kind for row in rows for url in ADDRESS.findall(row[1])}
    assert shown == set(Kind)


def test_the_table_promises_what_a_channel_can_do_and_no_more(rows: list[list[str]]) -> None:
    for _, examples, replaces, clears, buttons, through in rows:
        for url in ADDRESS.findall(examples):
            can = abilities(url)
            assert can.replaces == (replaces in {"yes", "it is told how to"})
            assert can.clears == (clears != "no")
            assert can.buttons == (buttons != "links")
            assert can.leaves_the_house == (through != "nobody")


def test_every_schema_and_every_parameter_is_named(page: str) -> None:
    unnamed = {each for each in KINDS if f"{each}://" not in page and f"{each}s://" not in page}
    assert unnamed <= {"gio"}  # another name of glib
    for name in _REFUSED:
        assert f"`{name}`" in page
    known = set().union(*_PARAMETERS.values())
    missing = {each for each in known if f"{each}=" not in page}
    assert missing <= {"user", "pass", "password", "thread", "v", "version", "msgtype"} | {
        *("hsreq", "e2ee", "token", "accesstoken", "prefix")
    }
