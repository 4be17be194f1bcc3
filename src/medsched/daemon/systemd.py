"""A few words to systemd: ready, still alive, stopping. Anywhere else they go nowhere.

Source: sd_notify(3): one datagram to the socket that NOTIFY_SOCKET names.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"


def tell(word: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Send one word; say whether somebody was there to hear it. Never raises, never waits."""
    address = environment.get("NOTIFY_SOCKET", "")
    if address[:1] not in {"/", "@"} or not hasattr(socket, "AF_UNIX"):
        return False
    place = "\0" + address[1:] if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.settimeout(0)
        door.sendto(word.encode(), place)
        return True
    return False
