"""The pages beside the daemon: served in a thread, on this machine only.

Whoever wants them from a phone puts a reverse proxy with TLS in front. When the port is
taken, reminders go out all the same.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from medsched.errors import InvalidValue
from medsched.web.actions import action_routes
from medsched.web.health import health_routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.bootstrap import App

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_MOST_PORT: Final = 65_535
_STOP_SECONDS: Final = 5.0
_QUEUE: Final = 64


def serve_beside(app: App, listen: str, say: Callable[[str], None]) -> Callable[[], None]:
    """Serve the pages in a thread and return what ends it.

    Args:
        listen: `host:port` on this machine; port 0 takes any that is free.
        say: Told where the pages are, or why they are not.

    Raises:
        InvalidValue: an address that is not of this machine.
    """
    host, port = read_listen(listen)
    try:
        door = _door(host, port)
    except OSError:
        say(f"pages: {listen} cannot be used, perhaps it is taken; no pages are served")
        return lambda: None
    config = uvicorn.Config(
        pages(app), log_config=None, access_log=False, server_header=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = threading.Thread(
        target=server.run, kwargs={"sockets": [door]}, name="medsched-pages", daemon=True
    )
    serving.start()
    shown = f"[{host}]" if ":" in host else host
    say(f"pages: http://{shown}:{door.getsockname()[1]}/healthz")

    def close() -> None:
        server.should_exit = True
        serving.join(_STOP_SECONDS)
        door.close()

    return close


def pages(app: App) -> Starlette:
    """Return the pages of the daemon; a request for another host's name is refused."""
    public = urlsplit(app.settings.public_address).hostname
    hosts = [*_LOOPBACK, "[::1]", *([public] if public else [])]
    made = Starlette(
        routes=[*health_routes(app), *action_routes(app)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)],
    )
    made.router.redirect_slashes = False
    return made


def read_listen(listen: str) -> tuple[str, int]:
    """Read `host:port`, or refuse what others on the network could reach.

    >>> read_listen("127.0.0.1:8765"), read_listen("[::1]:0")
    (('127.0.0.1', 8765), ('::1', 0))
    """
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    if not (port.isascii() and port.isdecimal() and int(port) <= _MOST_PORT):
        raise InvalidValue("listen", listen, "give host:port, such as 127.0.0.1:8765")
    if host not in _LOOPBACK:
        wanted = "give 127.0.0.1 and put a reverse proxy with TLS in front, or use `medsched serve`"
        raise InvalidValue("listen", listen, wanted)
    return host, int(port)


def _door(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(_QUEUE)
    except OSError:
        door.close()
        raise
    return door
