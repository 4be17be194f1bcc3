"""The web application on a port: uvicorn, quiet, with TLS when it is reached from elsewhere."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from medsched.errors import MedschedError
from medsched.frozen import frozen
from medsched.web.app import make_web
from medsched.web.limits import Listen, allowed_hosts, check_exposure, read_listen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import uvicorn

    from medsched.bootstrap import App

_BACKLOG: Final = 128


class CannotListen(MedschedError):
    """A port that cannot be had."""

    def __init__(self, listen: Listen, reason: str) -> None:
        """Keep where, and the system's reason."""
        self.listen = listen
        super().__init__(
            f"listen: {listen.host}:{listen.port} cannot be used ({reason}); name another"
        )


@frozen
class Door:
    """How the server is reached.

    Args:
        cert, key: TLS files, or None. proxy: the name under which a proxy serves it.
        names: Further names by which it may be asked.
    """

    listen: Listen
    cert: Path | None = None
    key: Path | None = None
    proxy: str = ""
    names: tuple[str, ...] = ()


def bind(listen: Listen) -> socket.socket:
    """Return a listening socket; who connects from now on is answered once the server runs.

    Raises:
        CannotListen: the port is taken, or the host is not this machine's.
    """
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    made = socket.socket(family)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((listen.host, listen.port))
        made.listen(_BACKLOG)
    except OSError as wrong:
        made.close()
        raise CannotListen(listen, (wrong.strerror or "cannot be bound").lower()) from None
    return made


def address_of(bound: socket.socket, *, tls: bool) -> str:
    """Return the address of a listening socket, as this machine reaches it."""
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{shown}:{port}"


def make_server(app: App, door: Door) -> uvicorn.Server:
    """Return a server that is not running yet; `run(sockets=[bind(...)])` runs it.

    Raises:
        InvalidValue: it would be reached from elsewhere without TLS or a named proxy.
    """
    import uvicorn

    check_exposure(door.listen, tls=door.cert is not None, proxy=door.proxy)
    public = urlsplit(app.settings.public_address).hostname or ""
    hosts = allowed_hosts(door.listen, (public, door.proxy, *door.names))
    config = uvicorn.Config(
        make_web(app, hosts=hosts),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
        limit_concurrency=200,
        h11_max_incomplete_event_size=16_384,
        ssl_certfile=door.cert,
        ssl_keyfile=door.key,
    )
    return uvicorn.Server(config)


def serve_beside(app: App, listen: str, say: Callable[[str], None]) -> Callable[[], None]:
    """Serve in a thread of its own and return what ends it.

    A server that cannot be started is said, and is no reason to stop what goes on
    beside it. The host of the setting `public_address` counts as the named proxy.
    """
    try:
        public = urlsplit(app.settings.public_address).hostname or ""
        door = Door(listen=read_listen(listen), proxy=public)
        server = make_server(app, door)
        bound = bind(door.listen)
    except MedschedError as why:
        say(f"medsched: the pages are not served: {why}")
        return lambda: None
    thread = threading.Thread(target=_run, args=(server, bound), name="web", daemon=True)
    thread.start()
    say(f"medsched: serving on {address_of(bound, tls=False)}")

    def close() -> None:
        server.should_exit = True
        thread.join(timeout=10)

    return close


def _run(server: uvicorn.Server, bound: socket.socket) -> None:
    with suppress(SystemExit):
        server.run(sockets=[bound])
