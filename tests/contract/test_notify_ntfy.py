"""ntfy: one notification a thread, gone when settled, also on a phone that was off."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.contract.sinks import LOOPBACK, FakeNtfy, fake_ntfy, http_sink

from medsched.notify.registry import sender_for
from medsched.services.message import Button, Message, MessageKind, Outcome, Urgency

if TYPE_CHECKING:
    from pathlib import Path

    from medsched.services.message import Delivery

DEADLINE = 10.0
BUTTONS = tuple(
    Button(label=label, url=f"https://me.example.org/t/{label}")
    for label in ("Taken", "Snooze", "Skip")
)
MESSAGE = Message(
    thread="dose-1",
    title="Dose due at 08:00",
    body="25\u00a0mg: 1 tablet of 25\u00a0mg",
    urgency=Urgency.HIGH,
    valid_until=datetime(2026, 3, 2, 10, tzinfo=UTC),
    buttons=BUTTONS,
)
CLEAR = replace(MESSAGE, kind=MessageKind.CLEAR, title="", body="")


def sent(sink: FakeNtfy, message: Message = MESSAGE, url: str = "ntfy://{at}/topic") -> Delivery:
    return sender_for(url.format(at=sink.at), allow_hosts=[LOOPBACK]).send(
        message, deadline=DEADLINE
    )


def test_a_reminder_shows_title_text_urgency_and_three_buttons() -> None:
    with fake_ntfy() as sink:
        found = sent(sink)
        assert (found.outcome, found.detail) == (Outcome.DELIVERED, "http 200")
        (shown,) = sink.phone("topic").values()
        assert (shown["title"], shown["priority"]) == ("Dose due at 08:00", 5)
        assert [each["label"] for each in shown["actions"]] == ["Taken", "Snooze", "Skip"]


def test_29_the_text_says_until_when_it_holds_even_when_the_writer_forgot() -> None:
    with fake_ntfy() as sink:
        sent(sink)
        (shown,) = sink.phone("topic").values()
        assert shown["message"].endswith("Valid until 10:00 UTC on 2 March 2026.")


def test_29_a_phone_that_was_off_shows_the_last_of_three_reminders_only() -> None:
    with fake_ntfy() as sink:
        for title in ("Dose due", "Repeat reminder", "Repeat reminder, last"):
            sent(sink, replace(MESSAGE, title=title))
        assert [each["title"] for each in sink.phone("topic").values()] == ["Repeat reminder, last"]


def test_29_a_phone_that_was_off_shows_nothing_of_a_dose_that_was_settled() -> None:
    with fake_ntfy() as sink:
        sent(sink)
        sent(sink, replace(MESSAGE, thread="dose-2"))
        assert sent(sink, CLEAR).outcome is Outcome.DELIVERED
        assert list(sink.phone("topic")) == ["dose-2"]


def test_29_clearing_what_was_never_shown_is_harmless() -> None:
    with fake_ntfy() as sink:
        assert sent(sink, CLEAR).outcome is Outcome.DELIVERED
        assert sink.phone("topic") == {}


def test_an_old_server_is_told_apart_and_clearing_it_is_not_tried_for_ever() -> None:
    with fake_ntfy(old=True) as sink:
        assert sent(sink).detail == "http 200, cannot replace"
        found = sent(sink, CLEAR)
        assert (found.outcome, found.detail) == (Outcome.DELIVERED, "cannot clear")


def test_buttons_open_the_confirm_page_because_a_get_never_acts() -> None:
    with fake_ntfy() as sink:
        sent(sink)
        (shown,) = sink.phone("topic").values()
        assert shown["actions"][0] == {
            "action": "view",
            "label": "Taken",
            "url": "https://me.example.org/t/Taken",
            "clear": False,
        }


def test_buttons_post_at_once_where_the_address_asks_for_it() -> None:
    with fake_ntfy() as sink:
        sent(sink, url="ntfy://{at}/topic?buttons=post")
        (shown,) = sink.phone("topic").values()
        assert shown["actions"][0] == {
            "action": "http",
            "method": "POST",
            "label": "Taken",
            "url": "https://me.example.org/t/Taken",
            "clear": True,
        }


def test_more_buttons_than_ntfy_shows_become_links_too() -> None:
    more = (*BUTTONS, Button(label="Why", url="https://me.example.org/why"))
    with fake_ntfy() as sink:
        sent(sink, replace(MESSAGE, buttons=more))
        (shown,) = sink.phone("topic").values()
        assert len(shown["actions"]) == 3
        assert "Why: https://me.example.org/why" in shown["message"]


def test_the_token_travels_in_a_header_and_in_no_address() -> None:
    with fake_ntfy(token="tk_secret") as sink:
        assert sent(sink).outcome is Outcome.REJECTED
        assert sent(sink, url="ntfy://tk_secret@{at}/topic").outcome is Outcome.DELIVERED
        assert sent(sink, CLEAR, url="ntfy://:tk_secret@{at}/topic").outcome is Outcome.DELIVERED
        assert not any("tk_secret" in each.path for each in sink.requests)


def test_a_name_and_password_travel_as_basic_authentication() -> None:
    with fake_ntfy() as sink:
        sent(sink, url="ntfy://me:p%40ss@{at}/topic")
        assert sink.requests[0].headers["Authorization"] == "Basic bWU6cEBzcw=="


def test_what_lies_in_a_netrc_file_goes_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {LOOPBACK} login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with fake_ntfy() as sink:
        sent(sink)
        sent(sink, url="ntfy://tk_secret@{at}/topic")
        assert [each.headers.get("Authorization") for each in sink.requests] == [
            None,
            "Bearer tk_secret",
        ]


@pytest.mark.parametrize(
    "body", ["x" * 10_000, "💊" * 5_000, "\u05e9" * 10_000, "one line\n" * 2_000]
)
def test_a_text_that_is_too_long_stays_a_text_and_says_until_when_it_holds(body: str) -> None:
    """Beyond 4,096 bytes ntfy would make it an attached file that nobody opens."""
    with fake_ntfy() as sink:
        assert sent(sink, replace(MESSAGE, body=body)).outcome is Outcome.DELIVERED
        (shown,) = sink.phone("topic").values()
        assert "attachment" not in shown
        assert shown["message"].startswith(body[:20])
        assert shown["message"].endswith("Valid until 10:00 UTC on 2 March 2026.")


@pytest.mark.parametrize("thread", ["dose/../1", "a b", "x" * 65, "\u05e9", "", "a\r\nb", "\ud800"])
def test_a_thread_of_any_spelling_is_replaced_and_cleared(thread: str) -> None:
    with fake_ntfy() as sink:
        sent(sink, replace(MESSAGE, thread=thread))
        sent(sink, replace(MESSAGE, thread=thread))
        assert len(sink.phone("topic")) == 1
        sent(sink, replace(CLEAR, thread=thread))
        assert sink.phone("topic") == {}


def test_28_a_captive_portal_that_says_200_to_everything_is_not_believed() -> None:
    with http_sink(body=b"<html>Log in to the hotel</html>") as sink:
        one = sender_for(f"ntfy://{sink.at}/topic", allow_hosts=[LOOPBACK])
        found = one.send(MESSAGE, deadline=DEADLINE)
        assert (found.outcome, found.detail) == (Outcome.UNKNOWN, "http 200, but a web page")


def test_what_is_published_is_one_json_document_without_line_breaks_in_the_title() -> None:
    with fake_ntfy() as sink:
        sent(sink, replace(MESSAGE, title="Dose\r\nX-Priority: 1"))
        assert json.loads(sink.requests[0].body)["title"] == "Dose X-Priority: 1"
