"""`medsched caldav`: an account's calendar; its password is in no page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine
from tests.unit.cli.test_feed import AT, PLAN

from medsched.bootstrap import connect
from medsched.cli.caldav import PASSWORD, synced_page
from medsched.services.caldav_sync import NotRecorded, Synced
from medsched.services.feed_ports import CalDavLink

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://127.0.0.1:9/me/doses/"


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Return the command line of a home with one plan and a password in the environment."""
    monkeypatch.setenv(PASSWORD, "correct-horse")
    made = CommandLine(tmp_path / "home")
    made.page("start", *PLAN, "--ordered-by", "Dr A", at=AT)
    return made


def test_a_calendar_is_added_listed_and_forgotten_without_its_password(cli: CommandLine) -> None:
    said = cli.page("caldav", "add", URL, "--user", "me", "--as-todos", at=AT)
    said += cli.page("caldav", "list", at=AT) + str(cli.document("caldav", "list", at=AT))
    assert "tasks, names hidden; never synchronised" in said
    assert "correct-horse" not in said
    cli.page("caldav", "remove", "1", at=AT)
    assert "caldav add" in cli.page("caldav", "list", at=AT)
    assert "caldav list" in cli.refusal("caldav", "remove", "1", at=AT)


def test_a_server_out_of_reach_is_told_and_kept_in_the_list(cli: CommandLine) -> None:
    cli.page("caldav", "add", URL, "--user", "me", at=AT)
    answer = cli("caldav", "sync", at=AT)
    assert answer.code == 1
    assert "it cannot be reached" in answer.out
    assert "it cannot be reached" in cli.page("caldav", "list", at=AT)


@pytest.mark.parametrize("url", ["http://cal.example.org/x/", "ftp://x/", "https://a:b@x/"])
def test_an_address_without_tls_or_with_a_password_is_refused(cli: CommandLine, url: str) -> None:
    cli.refusal("caldav", "add", url, "--user", "me", at=AT)


def test_what_was_done_is_told_in_numbers() -> None:
    done = Synced(
        recorded=("1-20260302-1",),
        refused=(NotRecorded(uid="x", reason="too early"),),
        created=1,
        trouble="it stopped",
    )
    page = synced_page([(2, done)])
    assert "Calendar 2: 1 dose new, 0 changed, 0 removed, 1 ticked off there" in page
    assert "Not recorded: too early" in page
    assert "Stopped: it stopped" in page


def test_the_server_of_a_link_goes_on_where_it_stopped() -> None:
    from datetime import UTC, datetime

    link = CalDavLink(
        person="1",
        url=URL,
        username="me",
        password="x",  # nobody's
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
        sync_token="t",  # no secret
    )
    assert connect(link).sync_token == "t"
