"""Apprise is given no way to pretend, to repeat, to wander off or to wait."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.notify import apprise_channel
from medsched.notify.address import read_address
from medsched.notify.apprise_channel import AppriseChannel
from medsched.notify.apprise_service import instantiate
from medsched.notify.gate import Gate
from medsched.services.message import Message, Outcome

URLS = (
    "jsons://hook.example.org/a",
    "gotifys://push.example.org/AbCdEfGhIjKlMnO",
    "hassios://home.example.org/a-long-lived-token",
    "matrixs://syt_token@matrix.example.org/%23room:example.org",
    "tgram://123456789:AAEabcdefghijklmnopqrstuvwxyzABCDEFG/987654",
    "mailtos://me:pw@mail.example.org?to=me@example.org",
)


@pytest.mark.parametrize("url", URLS)
def test_every_convenience_is_off(url: str) -> None:
    service = instantiate(read_address(url), 20)
    assert (service.retry, service.service_retry, service.optional) == (0, 0, False)
    assert (service.redirects, service.asset.http_redirects) == (False, False)
    assert (service.verify_certificate, service.asset.secure_logging) == (True, True)
    assert (service.socket_connect_timeout, service.socket_read_timeout) == (4, 18)
    assert service.request_rate_per_sec == 0


@pytest.mark.parametrize("url", URLS)
def test_every_send_has_an_object_of_its_own(url: str) -> None:
    address = read_address(url)
    assert instantiate(address, 20) is not instantiate(address, 20)


@given(
    st.from_regex(r"[a-z][a-z0-9]{0,9}(\.[a-z][a-z0-9-]{0,8}[a-z]){1,3}", fullmatch=True),
    st.integers(min_value=1, max_value=65535),
    st.from_regex(r"[A-Za-z0-9_.~-]{1,10}", fullmatch=True),
)
def test_we_and_apprise_read_the_same_host_and_port(host: str, port: int, user: str) -> None:
    for url in (
        f"jsons://{host}:{port}/",
        f"jsons://{user}:{user}@{host}:{port}/a@b/c:d?+X=1@2",
    ):
        address, service = read_address(url), instantiate(read_address(url), 20)
        assert (address.host, address.port) == (host, port)
        assert service is None or (service.host, service.port) == (host, port)


def test_the_gate_is_asked_about_the_host_that_apprise_will_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If two readers ever understand one address in two ways, theirs is the one that counts."""
    elsewhere: Any = SimpleNamespace(host="127.0.0.1")
    monkeypatch.setattr(apprise_channel, "instantiate", lambda *_: elsewhere)
    channel = AppriseChannel(
        address=read_address("jsons://hook.example.org/"),
        gate=Gate(allow_hosts=frozenset({"hook.example.org"}), resolver=lambda host: [host]),
    )
    found = channel.send(Message(thread="a", title="t", body="b"), deadline=5)
    assert (found.outcome, found.detail) == (Outcome.REJECTED, "address refused")
