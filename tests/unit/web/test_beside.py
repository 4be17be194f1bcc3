"""The pages beside the daemon are for this machine, and never stop the daemon."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from tests.living_home import LivingHome

from medsched.errors import InvalidValue
from medsched.web.beside import read_listen, serve_beside

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("listen", ["0.0.0.0:8765", "192.168.1.5:80", "example.org:80", "[::]:80"])
def test_an_address_that_others_can_reach_is_refused(listen: str) -> None:
    with pytest.raises(InvalidValue, match="reverse proxy"):
        read_listen(listen)


@pytest.mark.parametrize(
    "listen", ["", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "localhost:99999"]
)
def test_an_address_without_a_port_is_refused(listen: str) -> None:
    with pytest.raises(InvalidValue, match="give host:port"):
        read_listen(listen)


def test_they_answer_until_they_are_closed(tmp_path: Path) -> None:
    said: list[str] = []
    close = serve_beside(LivingHome(tmp_path / "home").app, "127.0.0.1:0", said.append)
    address = said[0].removeprefix("pages: ")
    try:
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(address, timeout=10)
        assert answer.value.code == 503
        answer.value.close()
    finally:
        close()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=10)


def test_a_port_that_is_taken_is_told_and_nothing_else_happens(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        serve_beside(LivingHome(tmp_path / "home").app, f"127.0.0.1:{port}", said.append)()
    assert "no pages are served" in said[0]
