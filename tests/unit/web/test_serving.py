"""The server's door: which port, which names, and what happens when it cannot be opened."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

import pytest
from tests.feed_server import FeedHome

from medsched.errors import InvalidValue
from medsched.web.limits import Listen
from medsched.web.serving import CannotListen, Door, address_of, bind, make_server, serve_beside

if TYPE_CHECKING:
    from pathlib import Path

ANY = Listen(host="127.0.0.1", port=0)


def test_a_taken_port_is_one_sentence() -> None:
    with bind(ANY) as first:
        taken = Listen(host="127.0.0.1", port=first.getsockname()[1])
        with pytest.raises(CannotListen, match="name another"):
            bind(taken)


def test_the_address_is_that_of_the_port_it_got() -> None:
    with bind(ANY) as bound:
        port = bound.getsockname()[1]
        assert address_of(bound, tls=True) == f"https://127.0.0.1:{port}"


def test_nobody_is_let_in_from_elsewhere_without_tls(tmp_path: Path) -> None:
    home = FeedHome.begin(tmp_path / "home")
    door = Door(listen=Listen(host="0.0.0.0", port=0))  # it is refused
    with pytest.raises(InvalidValue, match="--tls-cert"):
        make_server(home.app, door)


def test_the_server_s_own_access_log_is_off_and_proxies_are_not_believed(tmp_path: Path) -> None:
    config = make_server(FeedHome.begin(tmp_path / "home").app, Door(listen=ANY)).config
    assert (config.access_log, config.proxy_headers, config.server_header) == (False, False, False)


def test_it_serves_beside_something_else_and_ends(tmp_path: Path) -> None:
    home = FeedHome.begin(tmp_path / "home")
    said: list[str] = []
    close = serve_beside(home.app, "127.0.0.1:0", said.append)
    port = int(said[0].rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/nothing")
    assert connection.getresponse().status == 404
    connection.close()
    close()
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/")


def test_pages_that_cannot_be_served_are_said_and_stop_nothing(tmp_path: Path) -> None:
    home = FeedHome.begin(tmp_path / "home")
    said: list[str] = []
    serve_beside(home.app, "0.0.0.0:0", said.append)()
    assert "the pages are not served" in said[0]
