"""`medsched feed`: an address that is shown once, and a list without secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.command_line import CommandLine

from medsched.cli.feed import read_kinds, webcal
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path

AT = "2026-03-01T18:00:00+00:00"
PLAN = ("milnacipran", "--on", "2026-03-02", "--zone", "UTC", "--at", "08:00,20:00")
SECRET = re.compile(r"/feeds/([A-Za-z0-9_-]{43})\.ics")


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """Return the command line of a home with one plan."""
    made = CommandLine(tmp_path / "home")
    made.page("start", *PLAN, "--ordered-by", "Dr A", at=AT)
    return made


def group(cli: CommandLine, *arguments: str) -> str:
    """Run a command of the group and return its page."""
    return cli.page(*arguments, at=AT)


def test_an_address_is_https_and_webcal_and_as_a_picture_with_what_will_not_ring(
    cli: CommandLine,
) -> None:
    page = group(cli, "feed", "add", "--address", "https://meds.example.org")
    tokens = SECRET.findall(page)
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert f"https://meds.example.org/feeds/{tokens[0]}.ics" in page
    assert f"webcal://meds.example.org/feeds/{tokens[0]}.ics" in page
    assert "\u2588\u2588" in page
    for words in ("Remove Alarms", "Every 8 to 24 hours", "Thunderbird", "do not rely on it"):
        assert words in page
    assert "Only this machine" not in page


def test_without_an_address_it_says_that_only_this_machine_reaches_it(cli: CommandLine) -> None:
    page = group(cli, "feed", "add")
    assert "http://127.0.0.1:8765/feeds/" in page
    assert "Only this machine" in page


def test_names_are_hidden_unless_they_are_asked_for(cli: CommandLine) -> None:
    assert "safe on a lock screen" in group(cli, "feed", "add")
    assert "also on a lock screen" in group(cli, "feed", "add", "--names", "full")
    document = cli.document("feed", "add", "--alarms", "off", at=AT)["feed"]
    assert (document["names"], document["alarms"]) == ("hidden", False)


def test_the_secret_is_shown_once_and_never_listed(cli: CommandLine) -> None:
    document: Any = cli.document("feed", "add", "--label", "my phone", at=AT)
    (token,) = set(SECRET.findall(document["address"] + document["webcal"]))
    listed = group(cli, "feed", "list") + str(cli.document("feed", "list", at=AT))
    assert token not in listed
    assert "my phone" in listed
    assert "never fetched" in listed


def test_a_feed_is_revoked_and_stays_in_the_list(cli: CommandLine) -> None:
    group(cli, "feed", "add")
    assert "revoked" in group(cli, "feed", "revoke", "1")
    assert "revoked on Sunday 1 March 2026" in group(cli, "feed", "list")
    assert "not found" in cli.refusal("feed", "revoke", "7", at=AT)


def test_wrong_choices_are_one_line(cli: CommandLine) -> None:
    assert "doses, checkins, refills" in cli.refusal("feed", "add", "--kinds", "drugs", at=AT)
    assert "https://host" in cli.refusal("feed", "add", "--address", "http://x.example", at=AT)


def test_an_empty_list_says_how_to_begin(cli: CommandLine) -> None:
    assert "medsched feed add" in group(cli, "feed", "list")


def test_kinds_are_read_with_commas_between_them() -> None:
    assert {one.value for one in read_kinds("doses,refills , checkins")} == {
        "doses",
        "refills",
        "checkins",
    }
    with pytest.raises(InvalidValue):
        read_kinds("doses,x")


def test_webcal_is_the_same_place() -> None:
    assert webcal("https://x/feeds/y.ics") == "webcal://x/feeds/y.ics"
