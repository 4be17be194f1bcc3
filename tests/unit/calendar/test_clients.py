"""The hints are short sentences for people, and the manual says the same."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from medsched.calendar.clients import CLIENTS, REMINDER_OF_RECORD, Client

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_each_hint_is_a_short_sentence(client: Client) -> None:
    for each in ("subscribe", "rings", "silent", "refresh"):
        sentence = getattr(client, each)
        assert sentence.endswith(".")
        assert len(sentence) <= 150
        assert not re.search("[<>]|  ", sentence)
    assert client.scheme in {"https", "webcal"}


@pytest.mark.parametrize(
    ("name", "hint", "word"),
    [
        ("Apple Calendar on iPhone and iPad", "silent", "Remove Alarms"),
        ("Google Calendar", "silent", "ignored"),
        ("Google Calendar", "refresh", "8 to 24 hours"),
        ("Outlook on the web and new Outlook", "silent", "own servers"),
    ],
)
def test_what_does_not_ring_is_said(name: str, hint: str, word: str) -> None:
    (client,) = [each for each in CLIENTS if each.name == name]
    assert word in getattr(client, hint)


def test_the_manual_holds_every_hint_as_it_is_shown(repo: Path) -> None:
    manual = (repo / "docs" / "calendar.md").read_text(encoding="utf-8")
    for client in CLIENTS:
        row = " | ".join(
            getattr(client, each.name) for each in fields(client) if each.name != "scheme"
        )
        assert f"| {row} |" in manual
    assert REMINDER_OF_RECORD in manual
