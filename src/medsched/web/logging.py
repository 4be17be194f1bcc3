"""The access log: what was asked and answered, and never a token, a name or an address.

A feed's address is the permission to read it, so the log holds the beginning of a digest
of it; of every other path it holds the first part alone. The server's own access log,
which prints whole paths, is off.
"""

from __future__ import annotations

import logging
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG: Final = logging.getLogger("medsched.web")
_PRODUCT: Final = re.compile(r"(?:^|(?<=[\s;]))([A-Za-z][A-Za-z0-9._-]{0,39})(?:/[^\s]*)?")
_COMMENT: Final = re.compile(r"\([^()]*\)")
_PLAIN: Final = re.compile(r"[a-z0-9_-]{1,20}")
_PRETENDS: Final = "Mozilla"


def product_of(user_agent: str) -> str:
    """Return the name of the program that asks, without version or machine.

    >>> product_of("iOS/17.0 (21A329) dataaccessd/1.0")
    'iOS'
    >>> product_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0")
    'Thunderbird'
    """
    names = _PRODUCT.findall(_COMMENT.sub(" ", user_agent[:400]))
    if not names:
        return "unknown"
    return str(names[-1] if names[0] == _PRETENDS else names[0])


def shown_path(path: str) -> str:
    """Return what a log may hold of a path.

    >>> shown_path("/feeds/secret.ics").startswith("/feeds/#")
    True
    >>> shown_path("/healthz"), shown_path("/act/secret"), shown_path("/~x?")
    ('/healthz', '/act/...', '/...')
    """
    first, slash, rest = path.removeprefix("/").partition("/")
    if not _PLAIN.fullmatch(first):
        return "/" if not first else "/..."
    if first == "feeds" and rest:
        token = rest.removesuffix(".ics")
        return f"/feeds/#{sha256(token.encode(errors='replace')).hexdigest()[:8]}"
    return f"/{first}/..." if slash else f"/{first}"


class AccessLog:
    """One line for each request."""

    def __init__(self, app: ASGIApp) -> None:
        """Keep what answers."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and log what was answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        length = 0

        async def count(message: Message) -> None:
            nonlocal status, length
            if message["type"] == "http.response.start":
                status = message["status"]
            length += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, count)
        finally:
            headers = dict(scope["headers"])
            who = product_of(headers.get(b"user-agent", b"").decode("latin-1"))
            method = scope["method"] if scope["method"].isalpha() else "?"
            path = shown_path(scope["path"])
            LOG.info("%s %s %s %s %s", method[:10], path, status, length, who)
