"""What every test stands on: loopback only, reproducible examples, long tests on demand."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPO = Path(__file__).resolve().parent.parent

settings.register_profile("dev", max_examples=60, deadline=None)
settings.register_profile(
    "gate",
    max_examples=60,
    deadline=None,  # the machine may be busy; a slow example is no wrong one
    derandomize=True,  # the same examples for everybody, every time
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # the same: busy is not wrong
)
settings.register_profile("long", max_examples=1500, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


class OutsideNetwork(Exception):
    """A test reached for an address that is not on this machine."""


def is_loopback(host: object) -> bool:
    """Say whether `host` names this machine's own loopback, or nothing at all."""
    if isinstance(host, bytes):
        host = host.decode("ascii", errors="replace")
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def refuse_outside(event: str, args: tuple[object, ...]) -> None:
    """Stop a connection, a datagram or a name look-up that would leave this machine.

    An audit hook sees every socket of the process, whoever made it, and needs
    nothing patched.
    """
    if event in {"socket.connect", "socket.sendto"}:
        sock, address = args[0], args[1]
        family = getattr(sock, "family", None)
        if family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple):
            host: object = address[0]
        else:
            return
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0]
    else:
        return
    if not is_loopback(host):
        raise OutsideNetwork(f"{event}: {host!s} is outside; tests use 127.0.0.1 or ::1")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --long."""
    parser.addoption("--long", action="store_true", help="run the tests marked long, too")


def pytest_configure() -> None:
    """Close the network for the whole process."""
    sys.addaudithook(refuse_outside)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests marked long, unless --long was given."""
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="takes minutes; runs with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


def pytest_sessionfinish() -> None:
    """Stop the database server, if a test of this process started it."""
    server = sys.modules.get("tests.postgres")
    if server is not None:
        server.stop_postgres()


@pytest.fixture(scope="session")
def repo() -> Path:
    """Return the root of the checkout."""
    return REPO
