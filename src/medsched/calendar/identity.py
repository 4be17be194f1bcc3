"""Names that an entry's parts keep for life: derived, never drawn by lot."""

from __future__ import annotations

from hashlib import sha1
from struct import Struct
from typing import Final
from uuid import UUID

# A fixed namespace of our own, so that nobody else derives the same names.
NAMESPACE: Final = UUID("6a4f6c1e-7d0b-5a3e-9c55-2f1d8b6e4a90")
_SEED: Final = sha1(NAMESPACE.bytes, usedforsecurity=False)
# Of forty hexadecimal digits those that a UUID shows; its thirteenth is its version's, its
# seventeenth is kept apart because two of its bits are the variant's.
_SHOWN: Final = Struct("8s4sx3ss3s12s8x")
_VARIANT: Final = {b"%x" % digit: b"%x" % (digit & 3 | 8) for digit in range(16)}


def derived(name: bytes) -> bytes:
    """Return `uuid.uuid5(NAMESPACE, name)` as it is written, in a sixth of its time.

    A feed derives one of these for each alarm, thousands in a row.

    Source:
        RFC 9562, section 5.5.
    """
    mark = _SEED.copy()
    mark.update(name)
    low, middle, high, variant, clock, node = _SHOWN.unpack(mark.hexdigest().encode())
    return b"".join((low, b"-", middle, b"-5", high, b"-", _VARIANT[variant], clock, b"-", node))


def alarm_name(minutes: int) -> bytes:
    """Return what an entry's UID and this are the name of: its alarm `minutes` before it."""
    return b"/alarm/%d" % minutes


def alarm_uid(uid: str, minutes: int) -> str:
    """Return the UID of the alarm that rings `minutes` before the entry `uid` (RFC 9074)."""
    return derived(uid.encode() + alarm_name(minutes)).decode()


def series_uid(uid: str) -> str:
    """Return the UID of the series that begins with the entry `uid`."""
    return derived(uid.encode() + b"/series").decode()
