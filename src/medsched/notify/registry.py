"""From a channel's address to what sends to it, and what that can and cannot do."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO, assert_never

from medsched.frozen import frozen
from medsched.notify.address import Address, BadAddress, Kind, masked, read_address
from medsched.notify.apprise_channel import AppriseChannel
from medsched.notify.gate import Gate, HostNotFound, HostRefused, canonical, system_resolver
from medsched.notify.mail import MailChannel
from medsched.notify.ntfy import NtfyChannel
from medsched.notify.plain import FileChannel, TerminalChannel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.notify.gate import Resolver
    from medsched.services.message import Sender

__all__ = ["Abilities", "BadAddress", "abilities", "masked", "sender_for"]


@frozen
class Abilities:
    """What a channel can do beyond showing text.

    Args:
        replaces: A later message of a thread takes the place of the earlier one.
        clears: CLEAR takes the message down, overwrites it or says that it is settled;
            without it CLEAR is answered and does nothing.
        buttons: Taken, Snooze and Skip are buttons; without it they are links in the text.
        leaves_the_house: The text passes through somebody else's server, or may.
    """

    replaces: bool
    clears: bool
    buttons: bool
    leaves_the_house: bool


def sender_for(
    url: str,
    *,
    allow_hosts: Iterable[str] = (),
    resolver: Resolver = system_resolver,
    stream: TextIO | None = None,
    look_up: bool = True,
) -> Sender:
    """Return what sends to a channel's address.

    Args:
        url: The address; a secret.
        allow_hosts: Hosts on the own machine or network that the owner named.
        resolver: From a host to its addresses; asked here and before each send.
        stream: Where a terminal channel writes; standard output unless given.
        look_up: False asks the resolver only before each send: for an address that was
            saved before, and a caller that must not wait.

    Raises:
        BadAddress: The address cannot be used; the sentence says why in one line,
            without any of its secrets.
    """
    address = read_address(url)
    gate = Gate(allow_hosts=frozenset(map(canonical, allow_hosts)), resolver=resolver)
    if address.is_clear_text and address.host not in gate.allow_hosts:
        raise BadAddress(url, f"use {address.schema}s://, so that nobody on the way reads it")
    sender = _sender(address, gate, stream)
    if look_up and not isinstance(sender, TerminalChannel):
        _check(sender, url)
    return sender


def abilities(url: str) -> Abilities:
    """Return what the channel at an address can do.

    Raises:
        BadAddress: The address cannot be read.
    """
    match read_address(url).kind:
        case Kind.NTFY:
            return Abilities(replaces=True, clears=True, buttons=True, leaves_the_house=True)
        case Kind.WEBHOOK:
            return Abilities(replaces=True, clears=True, buttons=True, leaves_the_house=True)
        case Kind.HOME_ASSISTANT:
            return Abilities(replaces=True, clears=True, buttons=False, leaves_the_house=True)
        case Kind.MAIL | Kind.GOTIFY | Kind.TELEGRAM | Kind.MATRIX:
            return Abilities(replaces=False, clears=False, buttons=False, leaves_the_house=True)
        case Kind.DESKTOP:
            return Abilities(replaces=False, clears=False, buttons=False, leaves_the_house=False)
        case Kind.FILE | Kind.TERMINAL:
            return Abilities(replaces=False, clears=True, buttons=False, leaves_the_house=False)
        case never:
            assert_never(never)


def _check(sender: AppriseChannel | MailChannel | NtfyChannel | FileChannel, url: str) -> None:
    """Raise BadAddress where a sender cannot work; a host that is away now may be saved."""
    try:
        sender.check()
    except HostRefused:
        wanted = "name a public host, or allow this one (--allow-host, or allow_hosts)"
        raise BadAddress(url, wanted) from None
    except HostNotFound:
        return


def _sender(
    address: Address, gate: Gate, stream: TextIO | None
) -> AppriseChannel | MailChannel | NtfyChannel | FileChannel | TerminalChannel:
    """Return the sender of an address's kind."""
    match address.kind:
        case Kind.NTFY:
            return NtfyChannel(address=address, gate=gate)
        case Kind.MAIL:
            return MailChannel(address=address, gate=gate)
        case Kind.FILE:
            return FileChannel(address=address)
        case Kind.TERMINAL:
            return TerminalChannel(stream=stream or _terminal())
        case _:
            return AppriseChannel(address=address, gate=gate)


def _terminal() -> TextIO | None:
    """Return standard output, unless systemd keeps it as a log: no log names a medicine."""
    return None if "JOURNAL_STREAM" in os.environ else sys.stdout
