from __future__ import annotations

import socket

import pytest

OUTSIDE = "is outside; tests use"


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_no_test_can_connect_to_another_machine(host: str) -> None:
    with pytest.raises(Exception, match=OUTSIDE):
        socket.create_connection((host, 9), timeout=1)


def test_no_test_can_look_up_a_name() -> None:
    with pytest.raises(Exception, match=OUTSIDE):
        socket.getaddrinfo("example.invalid", 80)


def test_no_test_can_send_a_datagram_to_another_machine() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        pytest.raises(Exception, match=OUTSIDE),
    ):
        sock.sendto(b"x", ("192.0.2.1", 9))


def test_loopback_stays_open() -> None:
    with socket.create_server(("localhost", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            assert client.getpeername() == ("127.0.0.1", port)
