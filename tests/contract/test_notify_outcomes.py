"""Every channel that speaks HTTP says the truth about a bad endpoint.

One suite over all of them, against real servers. The numbers are rows of the table of
failure modes: 25 refuses, 26 hangs or drips, 27 answers too late, 28 redirects,
30 asks for patience, 31 wrong token or revoked address.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.contract.sinks import (
    LOOPBACK,
    HttpSink,
    Manner,
    Request,
    black_hole,
    http_sink,
    refusing,
    reply,
)

from medsched.notify.registry import sender_for
from medsched.services.message import Button, Message, MessageKind, Outcome, Urgency

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from medsched.services.message import Delivery, Sender

DEADLINE = 0.5
"""For what would never end by itself."""

PATIENCE = 10.0
"""For what ends by itself, on however busy a machine."""

TAKEN = b'{"event_id": "$1", "room_id": "!room:example.org", "id": "m1"}'
TEXT = "25 mg: 1 tablet of 25 mg"
MESSAGE = Message(
    thread="dose-1",
    title="Dose due at 08:00",
    body=f"{TEXT}\nValid until 11:00.",
    urgency=Urgency.HIGH,
    valid_until=datetime(2026, 3, 2, 10, tzinfo=UTC),
    buttons=(Button(label="Taken", url="https://me.example.org/t/abc"),),
)
ADDRESSES = {
    "json": "json://{at}/hook",
    "gotify": "gotify://{at}/AbCdEfGhIjKlMnO",
    "hassio": "hassio://{at}/a-long-lived-token",
    "matrix": "matrix://syt_token@{at}/%21room:example.org?hsreq=no",
    "ntfy": "ntfy://tk_secret@{at}/topic",
}
every_channel = pytest.mark.parametrize("channel", ADDRESSES)


def texts(sink: HttpSink) -> int:
    """Count how often the text went out: Matrix asks for more than that, first."""
    return sum(TEXT.encode() in each.body for each in sink.requests)


def sender(channel: str, at: str) -> Sender:
    return sender_for(ADDRESSES[channel].format(at=at), allow_hosts=[LOOPBACK])


def sent(
    channel: str, sink: HttpSink, message: Message = MESSAGE, deadline: float = PATIENCE
) -> Delivery:
    return sender(channel, sink.at).send(message, deadline=deadline)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Loading a library is not part of what is timed here."""
    for channel in ADDRESSES:
        with refusing() as at:
            sender(channel, at)


@every_channel
def test_a_message_that_was_taken_is_delivered_once_with_its_text(channel: str) -> None:
    with http_sink(body=TAKEN) as sink:
        found = sent(channel, sink)
        assert found.outcome is Outcome.DELIVERED
        assert texts(sink) == 1


@every_channel
def test_25_a_refused_connection_has_surely_not_delivered(channel: str) -> None:
    with refusing() as at:
        found = sender(channel, at).send(MESSAGE, deadline=PATIENCE)
        assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "connection refused")


@every_channel
def test_25_a_name_without_an_address_has_surely_not_delivered(channel: str) -> None:
    def no_address(host: str) -> list[str]:
        raise OSError(-2, "Name or service not known")

    secure = ADDRESSES[channel].replace("://", "s://", 1).format(at="nowhere.example.org")
    found = sender_for(secure, resolver=no_address).send(MESSAGE, deadline=PATIENCE)
    assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "host not found")


@every_channel
def test_26_a_name_that_takes_too_long_to_look_up_sends_nothing_then_or_later(
    channel: str,
) -> None:
    """The look-up ends after the deadline, and the server was there all the time."""
    over, asked = threading.Event(), threading.Event()

    def slow(host: str) -> list[str]:
        over.wait(20)
        asked.set()
        return ["9.9.9.9"]

    with http_sink() as sink:
        secure = ADDRESSES[channel].replace("://", "s://", 1)
        url = secure.format(at=f"localhost:{sink.port}")
        one = sender_for(url, resolver=slow, look_up=False)
        found = one.send(MESSAGE, deadline=DEADLINE)
        over.set()
        assert asked.wait(10)
        assert (found.outcome, found.detail) == (
            Outcome.NOT_DELIVERED,
            "deadline before sending",
        )
        assert not sink.requests


@every_channel
def test_26_a_black_hole_has_surely_not_delivered(channel: str) -> None:
    with black_hole() as at:
        found = sender(channel, at).send(MESSAGE, deadline=2 * DEADLINE)
        assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "connect timeout")


@every_channel
@pytest.mark.parametrize("manner", [Manner.DRIP, Manner.HANG])
def test_26_a_server_that_hangs_or_drips_holds_a_send_no_longer_than_its_deadline(
    channel: str, manner: Manner
) -> None:
    with http_sink(manner=manner) as sink:
        began = time.monotonic()
        found = sent(channel, sink, deadline=DEADLINE)
        assert time.monotonic() - began < DEADLINE + 5
        assert found.outcome is Outcome.UNKNOWN
        assert texts(sink) <= 1


@every_channel
def test_26_other_channels_do_not_wait_for_one_that_hangs(channel: str) -> None:
    with http_sink(manner=Manner.HANG) as dead, http_sink(body=TAKEN) as alive:
        hung = threading.Thread(target=sent, args=(channel, dead))
        hung.start()
        assert sent("json", alive).outcome is Outcome.DELIVERED
        assert hung.is_alive()
        dead.over.set()
        hung.join()


@every_channel
def test_27_an_answer_that_comes_too_late_may_have_delivered(channel: str) -> None:
    with http_sink(manner=Manner.HANG) as sink:
        assert sent(channel, sink, deadline=DEADLINE).outcome is Outcome.UNKNOWN
        assert sink.requests


@every_channel
def test_27_a_dropped_connection_may_have_delivered_and_is_not_tried_again(channel: str) -> None:
    with http_sink(manner=Manner.DROP) as sink:
        found = sent(channel, sink)
        assert (found.outcome, found.detail) == (Outcome.UNKNOWN, "connection dropped")
        assert texts(sink) <= 1


@every_channel
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_28_a_redirect_delivers_nothing_and_is_followed_by_nobody(
    channel: str, status: int
) -> None:
    with (
        http_sink() as elsewhere,
        http_sink(status=status, headers={"Location": f"http://{elsewhere.at}/"}) as sink,
    ):
        found = sent(channel, sink)
        assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, f"http {status}")
        assert not elsewhere.requests


@pytest.mark.parametrize("channel", sorted(set(ADDRESSES) - {"matrix"}))
def test_30_a_server_that_asks_for_patience_has_not_delivered(channel: str) -> None:
    with http_sink(status=429, headers={"Retry-After": "30"}) as sink:
        found = sent(channel, sink)
        assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "http 429")
        assert texts(sink) == 1


def test_30_ntfy_hands_on_how_long_to_wait() -> None:
    with http_sink(status=429, headers={"Retry-After": "30"}) as sink:
        assert sent("ntfy", sink).retry_after == 30


def test_30_a_matrix_server_that_asks_for_patience_is_told_apart() -> None:
    """Apprise waits itself, and asks a second time, before it gives up."""
    with http_sink(status=429, body=b'{"retry_after_ms": 40}') as sink:
        found = sent("matrix", sink)
        assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "http 429")


@every_channel
@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_31_a_wrong_token_or_a_revoked_address_needs_a_person(channel: str, status: int) -> None:
    with http_sink(status=status) as sink:
        found = sent(channel, sink)
        assert (found.outcome, found.detail) == (Outcome.REJECTED, f"http {status}")


@every_channel
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_fails_after_reading_may_have_delivered(channel: str, status: int) -> None:
    with http_sink(status=status) as sink:
        found = sent(channel, sink)
        assert (found.outcome, found.detail) == (Outcome.UNKNOWN, f"http {status}")


@every_channel
def test_each_send_is_fresh_so_that_three_in_a_row_do_not_wait(channel: str) -> None:
    with http_sink(body=TAKEN) as sink:
        one = sender(channel, sink.at)
        began = time.monotonic()
        assert {one.send(MESSAGE, deadline=PATIENCE).outcome for _ in range(3)} == {
            Outcome.DELIVERED
        }
        assert time.monotonic() - began < 5


@every_channel
def test_a_host_that_is_no_longer_public_gets_nothing(channel: str) -> None:
    """Row 28 by other means: a name that was public when it was saved, and is ours now."""
    answers = iter([["9.9.9.9"], [LOOPBACK]])
    with http_sink() as sink:
        at = f"name.example.org:{sink.port}"
        secure = ADDRESSES[channel].replace("://", "s://", 1).format(at=at)
        rebound = sender_for(secure, resolver=lambda _: next(answers))
        found = rebound.send(MESSAGE, deadline=PATIENCE)
        assert (found.outcome, found.detail) == (Outcome.REJECTED, "address refused")
        assert not sink.requests


def test_a_webhook_is_told_what_a_program_needs_to_show_replace_and_clear() -> None:
    with http_sink() as sink:
        sent("json", sink)
        sent("json", sink, Message(thread="dose-1", title="", body="", kind=MessageKind.CLEAR))
        shown, cleared = (each.json for each in sink.requests)
        assert shown["thread"] == cleared["thread"] == "dose-1"
        assert (shown["kind"], cleared["kind"]) == ("show", "clear")
        assert shown["valid_until"] == "2026-03-02T10:00:00+00:00"
        assert shown["buttons"] == [{"label": "Taken", "url": "https://me.example.org/t/abc"}]


def test_home_assistant_keeps_one_notification_for_a_thread_and_overwrites_it_when_settled() -> (
    None
):
    with http_sink() as sink:
        sent("hassio", sink)
        sent("hassio", sink, Message(thread="dose-1", title="", body="", kind=MessageKind.CLEAR))
        assert [each.json["notification_id"] for each in sink.requests] == ["dose-1", "dose-1"]
        assert sink.requests[1].json["title"] == "Nothing to do"


def test_what_is_settled_is_said_without_links_or_an_end_of_validity() -> None:
    with http_sink() as sink:
        sent("hassio", sink, replace(MESSAGE, kind=MessageKind.CLEAR, body="Taken at 08:12."))
        assert sink.requests[0].json["message"] == "Taken at 08:12."


def test_gotify_rings_by_urgency_unless_its_address_says_how() -> None:
    with http_sink() as sink:
        sent("gotify", sink)
        fixed = f"gotify://{sink.at}/AbCdEfGhIjKlMnO?priority=low"
        sender_for(fixed, allow_hosts=[LOOPBACK]).send(MESSAGE, deadline=PATIENCE)
        assert [each.json["priority"] for each in sink.requests] == [8, 0]


@pytest.mark.parametrize("channel", ["gotify", "matrix"])
def test_a_channel_that_cannot_clear_sends_nothing_and_has_nothing_to_repeat(channel: str) -> None:
    with http_sink() as sink:
        found = sent(channel, sink, Message(thread="a", title="", body="", kind=MessageKind.CLEAR))
        assert (found.outcome, found.detail) == (Outcome.DELIVERED, "cannot clear")
        assert not sink.requests


@every_channel
def test_hostile_text_arrives_as_harmless_text(channel: str) -> None:
    """Control and escape characters, breaks in a title, a text of 10 kB, emoji, Hebrew."""
    hostile = Message(
        thread="dose-1\r\nX-Evil: 1",
        title="Dose\r\nX-Evil: 1\x00\x1b[2J",
        body="💊 \u05e9\u05dc\u05d5\u05dd <b>&\u202e"
        + "long line \x07\n" * 1000
        + "Valid until 11:00.",
    )
    with http_sink(body=TAKEN) as sink:
        assert sent(channel, sink, hostile).outcome is Outcome.DELIVERED
        request = sink.requests[-1]
        assert "X-Evil" not in request.headers
        told = request.json
        text = str(told.get("message") or told["body"])
        assert not {"\x00", "\x07", "\x1b", "\u202e"} & set(text)
        assert "\n" not in str(told.get("title"))
        assert "💊 \u05e9\u05dc\u05d5\u05dd" in text
        assert "Valid until 11:00." in text


def test_26_a_program_that_is_told_to_stop_does_not_wait_for_a_send_that_hangs() -> None:
    """With the threads of Apprise's own pool it stays alive for as long as the server drips."""
    code = f"""
from medsched.notify.registry import sender_for
from medsched.services.message import Message
import sys
one = sender_for(sys.argv[1], allow_hosts=["{LOOPBACK}"])
print(one.send(Message(thread="a", title="t", body="b"), deadline=0.3).detail)
"""
    with http_sink(manner=Manner.DRIP) as sink:
        found = subprocess.run(
            [sys.executable, "-c", code, f"json://{sink.at}/"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    assert found.stdout.strip() == "deadline passed"
    assert not found.stderr


def test_26_telegram_hung_refused_or_fine_is_told_apart_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its host is fixed, so Apprise is pointed at a server of ours for once."""
    from apprise.plugins.telegram import NotifyTelegram

    url = "tgram://123456789:AAEabcdefghijklmnopqrstuvwxyzABCDEFG/987654"
    expected = {200: Outcome.DELIVERED, 302: Outcome.NOT_DELIVERED, 401: Outcome.REJECTED}
    for status, outcome in {**expected, 429: Outcome.NOT_DELIVERED, 500: Outcome.UNKNOWN}.items():
        with http_sink(status=status, body=b'{"ok": true}') as sink:
            monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://{sink.at}/bot")
            one = sender_for(url, resolver=lambda _: ["149.154.167.220"])
            hostile = replace(MESSAGE, body=f"{TEXT} <b>&" + "x" * 9000)
            assert one.send(hostile, deadline=PATIENCE).outcome is outcome
            assert len(sink.requests) == 1
            assert "&lt;b&gt;&amp;" in sink.requests[0].json["text"]
            assert len(sink.requests[0].json["text"]) <= 4096


class _Sequence(HttpSink):
    """Answers each request by the next of `statuses`."""

    statuses: tuple[int, ...] = ()

    def respond(self, request: Request, to: BaseHTTPRequestHandler) -> None:
        reply(to, self.statuses[len(self.requests) - 1])


def test_a_message_that_some_of_its_addressees_have_may_have_been_delivered() -> None:
    """It is tried again for those who have it not, and is a repeat for the others."""
    sink = _Sequence()
    sink.statuses = (200, 429)
    try:
        url = f"hassio://{sink.at}/a-long-lived-token?to=notify.one,notify.two"
        found = sender_for(url, allow_hosts=[LOOPBACK]).send(MESSAGE, deadline=PATIENCE)
        assert len(sink.requests) == 2
        assert (found.outcome, found.detail) == (Outcome.UNKNOWN, "http 429, for some")
    finally:
        sink.close()
