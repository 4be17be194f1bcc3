"""The web application: routes of several rooms behind one door.

Each answer is for the asker alone; the door lets in requests for known hosts only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response

from medsched.errors import MedschedError
from medsched.web.actions import action_routes
from medsched.web.feeds import PRIVATE, feed_routes, not_found
from medsched.web.health import health_routes
from medsched.web.limits import LOOPBACK, host_of
from medsched.web.logging import AccessLog

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from medsched.bootstrap import App
    from medsched.web.limits import Buckets

_NOT_FOUND: Final = 404
_RETRY_SECONDS: Final = "60"


class KnownHosts:
    """Answers requests for known hosts only, so that no other page's name leads here."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        """Keep what answers, and the names it may be asked by."""
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it: 400 without a host, 421 with another's."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        host = host_of(named[0]) if len(named) == 1 else ""
        if host in self.hosts:
            await self.app(scope, receive, send)
            return
        status, said = (421, "Not here.\n") if host else (400, "Bad request.\n")
        await PlainTextResponse(said, status, PRIVATE)(scope, receive, send)


def make_web(
    app: App, *, hosts: frozenset[str] = LOOPBACK, buckets: Buckets | None = None
) -> Starlette:
    """Return the application: feeds, pages of one tap, health.

    Args:
        hosts: Names by which it may be asked, in lower case, without ports.
        buckets: How often a feed may be fetched.
    """
    return Starlette(
        routes=[*feed_routes(app, buckets), *action_routes(app), *health_routes(app)],
        middleware=[Middleware(AccessLog), Middleware(KnownHosts, hosts=hosts)],
        exception_handlers={
            HTTPException: _refused,
            MedschedError: _not_now,
            Exception: _broken,
        },
    )


async def _refused(_request: Request, why: Any) -> Response:  # noqa: ANN401  # Starlette's signature
    """Answer what no route answers; every path that is not there looks the same."""
    if why.status_code == _NOT_FOUND:
        return not_found()
    headers = {**PRIVATE, **(why.headers or {})}
    return PlainTextResponse("Not possible.\n", why.status_code, headers)


async def _not_now(_request: Request, _why: Exception) -> Response:
    """Answer when the database cannot be used now: programs keep what they have and ask again."""
    headers = {**PRIVATE, "Retry-After": _RETRY_SECONDS}
    return PlainTextResponse("Not available now.\n", 503, headers)


async def _broken(_request: Request, _why: Exception) -> Response:
    return PlainTextResponse("Something went wrong.\n", 500, PRIVATE)
