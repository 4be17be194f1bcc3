"""systemd is told by one datagram, and nobody else is bothered."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from medsched.daemon.systemd import ALIVE, READY, tell

if TYPE_CHECKING:
    from pathlib import Path


def test_a_word_arrives_at_the_socket(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        assert tell(READY, {"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert systemd.recv(100) == b"READY=1"


def test_a_word_arrives_at_an_abstract_socket() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0medsched-test-notify")
        assert tell(ALIVE, {"NOTIFY_SOCKET": "@medsched-test-notify"})
        assert systemd.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", [None, "", "nonsense", "/no/such/socket", "@nobody there"])
def test_without_systemd_nothing_happens(address: str | None) -> None:
    assert not tell(READY, {} if address is None else {"NOTIFY_SOCKET": address})
