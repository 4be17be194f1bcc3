"""Messages leave for public addresses only, unless the owner named the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.notify.gate import (
    Gate,
    HostNotFound,
    HostRefused,
    canonical,
    is_public,
    system_resolver,
)

if TYPE_CHECKING:
    import ipaddress

NOBODY: frozenset[str] = frozenset()

NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "not an address",
    "",
]
PUBLIC = ["9.9.9.9", "1.1.1.1", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::9.9.9.9"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_this_machine_or_a_local_network_is_refused(address: str) -> None:
    with pytest.raises(HostRefused):
        Gate(allow_hosts=NOBODY, resolver=lambda _: [address]).ask("name.example.org")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address: str) -> None:
    Gate(allow_hosts=NOBODY, resolver=lambda _: [address]).ask("name.example.org")


def test_one_address_that_is_not_public_among_many_is_enough_to_refuse() -> None:
    with pytest.raises(HostRefused):
        Gate(allow_hosts=NOBODY, resolver=lambda _: ["9.9.9.9", "10.0.0.1"]).ask("a.example.org")


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_one_is_as_public_as_itself(
    address: ipaddress.IPv4Address,
) -> None:
    for prefix in ("::ffff:", "64:ff9b::", "::"):
        assert is_public(f"{prefix}{address}") == is_public(str(address))


@given(st.ip_addresses())
def test_nothing_passes_that_the_standard_library_calls_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        unwrapped = getattr(address, "sixtofour", None)
        assert not is_public(str(address)) or unwrapped is not None


@pytest.mark.parametrize("host", ["Home.LAN", "home.lan.", "home.lan"])
def test_a_host_that_the_owner_named_passes_unresolved_in_any_spelling(host: str) -> None:
    def never(name: str) -> list[str]:
        raise AssertionError(name)

    Gate(allow_hosts=frozenset({"home.lan"}), resolver=never).ask(host)


@pytest.mark.parametrize("host", ["not.home.lan", "home.lan.example.org", "home"])
def test_a_host_that_only_resembles_a_named_one_does_not(host: str) -> None:
    with pytest.raises(HostRefused):
        Gate(allow_hosts=frozenset({"home.lan"}), resolver=lambda _: ["10.0.0.1"]).ask(host)


def test_a_name_without_addresses_is_not_found_and_not_refused() -> None:
    def failing(name: str) -> list[str]:
        raise OSError(-2, name)

    with pytest.raises(HostNotFound):
        Gate(allow_hosts=NOBODY, resolver=failing).ask("a.example.org")
    with pytest.raises(HostNotFound):
        Gate(allow_hosts=NOBODY, resolver=lambda _: []).ask("a.example.org")


def test_a_label_that_is_too_long_is_not_found() -> None:
    with pytest.raises(HostNotFound):
        Gate(allow_hosts=NOBODY, resolver=_idna).ask("localhost" + "x" * 300)


def _idna(host: str) -> list[str]:
    return [host.encode("idna").decode()]


def test_a_host_has_one_spelling() -> None:
    assert {canonical(each) for each in ("[FE80::1%lo]", "fe80::1", "[fe80::1]")} == {"fe80::1"}


def test_the_system_resolver_knows_every_spelling_of_loopback() -> None:
    """What a look at the text would let through is refused after it was resolved."""
    assert set(system_resolver("localhost")) <= {"127.0.0.1", "::1"}
    with pytest.raises(HostRefused):
        Gate(allow_hosts=NOBODY, resolver=system_resolver).ask("localhost")
