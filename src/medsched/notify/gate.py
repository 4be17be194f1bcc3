"""Messages leave for public addresses only, unless the owner named the host.

A channel's address is typed by somebody, and a program that posts wherever it is told
can be made to post to the router, to a cloud's metadata service, to this very machine.
A look at the text of an address does not help: `2130706433`, `0x7f000001` and
`[::ffff:127.0.0.1]` are all loopback. So the name is resolved and every address that it
has is checked, when the channel is saved and again before each send.

Source:
    OWASP, Server Side Request Forgery Prevention Cheat Sheet. RFC 6052, section 2.1
    (64:ff9b::/96); RFC 3056 (2002::/16); RFC 4380 (2001::/32); RFC 6598 (100.64.0.0/10).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from medsched.frozen import frozen

Resolver = Callable[[str], Sequence[str]]
"""From a host to its addresses as text; raises OSError where there are none."""

_CARRIES_IPV4_AT_THE_END: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
_NEVER: Final = (IPv6Network("64:ff9b:1::/48"), IPv6Network("2001::/32"))


class HostRefused(Exception):
    """A host stands for an address that is not public: this machine, a local network."""


class HostNotFound(Exception):
    """A host has no address at this moment."""


def system_resolver(host: str) -> Sequence[str]:
    """Return every address the operating system knows for `host`."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


@frozen
class Gate:
    """What decides whether messages may go to a host.

    Args:
        allow_hosts: Hosts the owner named, in their canonical spelling: these pass unresolved.
        resolver: Asked each time.
    """

    allow_hosts: frozenset[str] = frozenset()
    resolver: Resolver

    def ask(self, host: str) -> None:
        """Return if messages may go to `host`, a name or address without port.

        Raises:
            HostRefused: One of its addresses is not public.
            HostNotFound: It has no address.
        """
        name = canonical(host)
        if name in self.allow_hosts:
            return
        try:
            addresses = self.resolver(name)
        except (OSError, UnicodeError) as error:
            raise HostNotFound from error
        if not addresses:
            raise HostNotFound
        if not all(is_public(each) for each in addresses):
            raise HostRefused


def canonical(host: str) -> str:
    """Return the one spelling of a host that is compared: `[FE80::1%lo]` is `fe80::1`."""
    name = host.strip().strip("[]").rstrip(".").casefold()
    return name.partition("%")[0]


def is_public(address: str) -> bool:
    """Say whether an address in text is reachable by everybody.

    An address that carries another one inside (mapped, translated, 6to4) is as public
    as that one.

    >>> is_public("::ffff:127.0.0.1"), is_public("100.64.0.1"), is_public("9.9.9.9")
    (False, False, True)
    """
    try:
        parsed = _unwrapped(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return parsed.is_global and not (
        parsed.is_multicast
        or parsed.is_reserved
        or parsed.is_unspecified
        or parsed.is_loopback
        or parsed.is_link_local
        or (isinstance(parsed, IPv6Address) and _is_special(parsed))
    )


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address inside an IPv6 address, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is not None:
        return inner
    if any(address in network for network in _CARRIES_IPV4_AT_THE_END):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_special(address: IPv6Address) -> bool:
    """Say whether an IPv6 address belongs to a range that `ipaddress` calls global."""
    return address.is_site_local or any(address in network for network in _NEVER)
