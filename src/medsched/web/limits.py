"""Who may ask, and how often: named hosts only, loopback by default, a bucket a token."""

from __future__ import annotations

import time
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from medsched.errors import InvalidValue
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
BURST: Final = 30
PER_SECOND: Final = 1 / 20
"""Thirty at once, then one each 20 seconds: far more than calendar programs need."""

_MOST_BUCKETS: Final = 10_000


@frozen
class Listen:
    """Where a server listens: a host of this machine, and a port (0: any free one)."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def read_listen(text: str) -> Listen:
    """Read `127.0.0.1:8765`.

    Raises:
        InvalidValue: it is no host and port.

    >>> read_listen("[::1]:8765").host
    '::1'
    """
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdecimal() or int(port) >= 2**16:
        raise InvalidValue("listen", text, "give a host and a port, as 127.0.0.1:8765")
    return Listen(host=host, port=int(port))


def check_exposure(listen: Listen, *, tls: bool, proxy: str) -> None:
    """Refuse to be reached from elsewhere without TLS; a proxy that is named brings its own.

    Raises:
        InvalidValue: the address is not of this machine alone.
    """
    if listen.is_loopback or tls or proxy:
        return
    wanted = (
        "addresses other than this machine's own need --tls-cert and --tls-key,"
        " or --behind-proxy NAME"
    )
    raise InvalidValue("listen", f"{listen.host}:{listen.port}", wanted)


def host_of(header: str) -> str:
    """Return the host of a Host header in lower case, without the port; empty when it is none.

    >>> host_of("Meds.example.org:443"), host_of("[::1]:8765"), host_of("a b")
    ('meds.example.org', '::1', '')
    """
    text = header.strip().lower()
    if text.startswith("["):
        inside, _, rest = text[1:].partition("]")
        host, port = inside, rest.removeprefix(":")
    else:
        host, _, port = text.partition(":")
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789.-_:")
    if not host or set(host) - allowed or (port and not port.isdecimal()):
        return ""
    return host.rstrip(".")


def allowed_hosts(listen: Listen, names: Iterable[str]) -> frozenset[str]:
    """Return the names under which the server may be asked for."""
    own = LOOPBACK if listen.host in {"0.0.0.0", "::"} else LOOPBACK | {listen.host.lower()}  # noqa: S104  # they are no names to be asked by
    return own | {host_of(name) for name in names if name}


class Buckets:
    """A bucket for each token: each request takes one, and time gives them back."""

    def __init__(
        self,
        *,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with full buckets.

        Args:
            burst: How many at once. per_second: how many come back in a second.
            now: Seconds that only grow.
        """
        self._burst, self._per_second, self._now = burst, per_second, now
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, key: str) -> int:
        """Take one; return 0, or the whole seconds until one is there again."""
        now = self._now()
        left, since = self._left.get(key, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._per_second)
        if left < 1:
            return int((1 - left) / self._per_second) + 1
        if len(self._left) >= _MOST_BUCKETS:
            self._left.clear()
        self._left[key] = (left - 1, now)
        return 0
