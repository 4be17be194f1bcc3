"""Who may ask, and how often."""

from __future__ import annotations

import pytest
from tests.fakes.clocks import FakeClock

from medsched.errors import InvalidValue
from medsched.web.limits import (
    Buckets,
    Listen,
    allowed_hosts,
    check_exposure,
    host_of,
    read_listen,
)

HERE = Listen(host="127.0.0.1", port=8765)
EVERYWHERE = Listen(host="0.0.0.0", port=8765)  # never bound here


@pytest.mark.parametrize("text", ["8765", "host:", ":8765", "host:x", "host:65536", "", "a:-1"])
def test_what_is_no_place_to_listen_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"127\.0\.0\.1:8765"):
        read_listen(text)


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # never bound here
        ("192.168.1.5", False),
        ("meds.example.org", False),
    ],
)
def test_loopback_is_this_machine_alone(host: str, near: bool) -> None:
    assert Listen(host=host, port=1).is_loopback is near


def test_elsewhere_needs_tls_or_a_named_proxy() -> None:
    check_exposure(HERE, tls=False, proxy="")
    check_exposure(EVERYWHERE, tls=True, proxy="")
    check_exposure(EVERYWHERE, tls=False, proxy="meds.example.org")
    with pytest.raises(InvalidValue, match="--behind-proxy"):
        check_exposure(EVERYWHERE, tls=False, proxy="")


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST:80", "localhost"),
        ("meds.example.org.", "meds.example.org"),
        ("[::1]:8765", "::1"),
        ("", ""),
        ("a/b", ""),
        ("a@b", ""),
        ("host:port", ""),
        ("a,b", ""),
    ],
)
def test_a_host_is_read_without_its_port(header: str, host: str) -> None:
    assert host_of(header) == host


def test_the_names_to_be_asked_by_are_this_machine_s_and_those_given() -> None:
    found = allowed_hosts(EVERYWHERE, ("Meds.example.org:443", ""))
    assert found == {"localhost", "127.0.0.1", "::1", "meds.example.org"}
    assert "10.0.0.5" in allowed_hosts(Listen(host="10.0.0.5", port=1), ())


def test_a_bucket_empties_and_fills_again_each_token_its_own() -> None:
    clock = FakeClock()
    buckets = Buckets(burst=3, per_second=0.5, now=lambda: clock.at.timestamp())  # noqa: PLW0108  # the clock's instant changes
    assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 3]
    assert buckets.wait("b") == 0
    clock.advance(seconds=2)
    assert [buckets.wait("a") for _ in range(2)] == [0, 3]
    clock.advance(hours=1)
    assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 3]
