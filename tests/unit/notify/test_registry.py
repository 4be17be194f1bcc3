"""From a channel's address to what sends to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from medsched.errors import MedschedError
from medsched.notify.address import KINDS, Kind
from medsched.notify.apprise_channel import AppriseChannel, can_clear
from medsched.notify.apprise_service import PLUGINS
from medsched.notify.mail import MailChannel
from medsched.notify.ntfy import NtfyChannel
from medsched.notify.plain import FileChannel, TerminalChannel
from medsched.notify.registry import abilities, sender_for
from medsched.services.message import Message, MessageKind, Outcome

EXAMPLES = {
    "mailtos://me:pw@mail.example.org?to=me@example.org": MailChannel,
    "mailto://me:pw@gmail.com": MailChannel,
    "ntfy://my-topic": NtfyChannel,
    "ntfys://tk_abc@push.example.org/my-topic": NtfyChannel,
    "gotifys://push.example.org/AbCdEfGhIjKlMnO": AppriseChannel,
    "tgram://123456789:AAEabcdefghijklmnopqrstuvwxyzABCDEFG/987654": AppriseChannel,
    "matrixs://syt_token@matrix.example.org/%23room:example.org": AppriseChannel,
    "jsons://hook.example.org/a?+X-Key=1": AppriseChannel,
    "hassios://home.example.org/a-long-lived-token": AppriseChannel,
    "file:///var/tmp/reminders.txt": FileChannel,
    "terminal://": TerminalChannel,
}


def public(host: str) -> list[str]:
    return ["9.9.9.9"]


@pytest.mark.parametrize("url", EXAMPLES)
def test_every_kind_of_address_has_a_sender(url: str) -> None:
    assert isinstance(sender_for(url, resolver=public), EXAMPLES[url])


def test_every_schema_is_sent_by_somebody() -> None:
    ours = {"ntfy", "ntfys", "file", "terminal"}
    assert set(PLUGINS) | ours == set(KINDS)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("json://hook.example.org/", "use jsons://"),
        ("gotify://push.example.org/AbCdEfGhIjKlMnO", "use gotifys://"),
        ("matrix://token@matrix.example.org/%23room", "use matrixs://"),
        ("hassio://home.example.org/token", "use hassios://"),
        ("ntfy://push.example.org/topic", "use ntfys://"),
        ("gotifys://push.example.org/", "docs/channels.md"),
        ("tgram://not-a-token/1", "docs/channels.md"),
        ("ntfys://push.example.org/no.topic", "end it with a topic"),
        ("ntfys://push.example.org/a/b", "end it with a topic"),
        ("ntfy://two words", "without spaces"),
        ("ntfys://push.example.org/topic?buttons=maybe", "buttons=page or buttons=post"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_what_would(url: str, why: str) -> None:
    with pytest.raises(MedschedError, match=why):
        sender_for(url, resolver=public)


@pytest.mark.parametrize("url", [url for url in EXAMPLES if "example.org" in url])
def test_an_address_that_leads_into_the_house_is_refused_when_it_is_saved(url: str) -> None:
    with pytest.raises(MedschedError, match=r"--allow-host"):
        sender_for(url, resolver=lambda _: ["192.168.1.10"])


@pytest.mark.parametrize("url", [url for url in EXAMPLES if "example.org" in url])
def test_an_address_can_be_saved_while_the_network_is_away(url: str) -> None:
    def away(host: str) -> list[str]:
        raise OSError(-3, "Temporary failure in name resolution")

    found = sender_for(url, resolver=away).send(
        Message(thread="a", title="t", body="b"), deadline=5
    )
    assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "host not found")


def test_a_sender_made_without_a_look_up_asks_before_it_sends() -> None:
    asked: list[str] = []

    def resolver(host: str) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"]

    one = sender_for("jsons://hook.example.org/", resolver=resolver, look_up=False)
    assert asked == []
    found = one.send(Message(thread="a", title="t", body="b"), deadline=5)
    assert (found.outcome, asked) == (Outcome.REJECTED, ["hook.example.org"])


def test_desktop_messages_are_refused_where_there_is_no_desktop() -> None:
    """Each needs a package of its own; none of them is a dependency."""
    with pytest.raises(MedschedError, match="need a desktop"):
        sender_for("windows://")


@pytest.mark.parametrize("url", EXAMPLES)
def test_what_a_channel_says_it_can_clear_it_does_not_answer_with_cannot(url: str) -> None:
    kind = KINDS[url.partition(":")[0]]
    if kind in {Kind.MAIL, Kind.GOTIFY, Kind.TELEGRAM, Kind.MATRIX}:
        one = sender_for(url, resolver=public)
        clear = Message(thread="a", title="", body="", kind=MessageKind.CLEAR)
        assert one.send(clear, deadline=5).detail == "cannot clear"
        assert not abilities(url).clears
    else:
        assert abilities(url).clears
    assert can_clear(kind) <= abilities(url).clears


def test_no_library_that_sends_is_loaded_before_something_is_sent() -> None:
    """Apprise costs a fifth of a second: `medsched --help` must not pay it."""
    code = "import sys, medsched.notify.registry; print({'apprise', 'requests'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
