"""`serve`: feeds and pages over HTTP, without sending anything."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from medsched.cli.session import NothingStored, Session, with_session
from medsched.errors import InvalidValue

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option("--listen", default="127.0.0.1:8765", show_default=True, help="Where to listen.")
@click.option("--tls-cert", type=_FILE, help="Certificate file, to be reached from elsewhere.")
@click.option("--tls-key", type=_FILE, help="Key file of the certificate.")
@click.option("--behind-proxy", help="Host name of the proxy that brings TLS.")
@click.option("--host", "names", multiple=True, help="Another host name to answer to.")
@with_session
def serve(
    session: Session,
    listen: str,
    tls_cert: Path | None,
    tls_key: Path | None,
    behind_proxy: str | None,
    names: tuple[str, ...],
) -> None:
    """Serve the feeds until Ctrl-C; only this machine can reach them unless told otherwise."""
    from medsched.web.limits import read_listen
    from medsched.web.serving import Door, address_of, bind, make_server

    if (tls_cert is None) is not (tls_key is None):
        raise InvalidValue("tls", "one file", "give both --tls-cert and --tls-key")
    if not session.app.has_store:
        raise NothingStored(session.app.home)
    if session.as_of is not None:
        raise InvalidValue("as-of", session.as_of, "a server answers as of now; leave it out")
    door = Door(
        listen=read_listen(listen),
        cert=tls_cert,
        key=tls_key,
        proxy=behind_proxy or "",
        names=names,
    )
    server = make_server(session.app, door)
    with bind(door.listen) as bound:
        log_to_stderr()
        session.say(f"Serving on {address_of(bound, tls=tls_cert is not None)}; stop with Ctrl-C.")
        server.run(sockets=[bound])


def log_to_stderr() -> None:
    """Write the access log to standard error; what other libraries say stays out."""
    log = logging.getLogger("medsched.web")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
