"""`run`: the daemon in the foreground, with one readable line for each thing that changes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final

import click

from medsched.cli.session import NothingStored, Session, with_session
from medsched.cli.status import disk_free
from medsched.errors import Exit, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.daemon.life import Life

_STDOUT: Final = 1
_LISTEN: Final = "127.0.0.1:8765"
_WORKERS: Final = ("medsched-sender", "ThreadPoolExecutor")
_PATIENCE: Final = 0.5
"""Seconds for a worker that is only about to end."""


@click.command()
@click.option("--once", "only_once", is_flag=True, help="Do what is due now, then end.")
@click.option("--listen", default=_LISTEN, show_default=True, help="Where the pages are served.")
@click.option("--no-web", is_flag=True, help="Serve no pages.")
@click.option("--debug", is_flag=True, help="Log more; never a name.")
@with_session
def run(session: Session, only_once: bool, listen: str, no_web: bool, debug: bool) -> None:
    """Remind, and serve the feeds and pages, until it is stopped."""
    from medsched.daemon import log

    if session.as_of is not None:
        raise InvalidValue("as-of", session.as_of, "leave it out: nothing is ever sent under it")
    if not session.app.has_store:
        raise NothingStored(session.app.home)
    os.umask(0o077)
    handler = log.set_up(debug=debug)
    lines = log.NeverBlocks(_STDOUT)
    try:
        life = _life(session, lines.line)
        code = _once(session, life) if only_once else _live(life, None if no_web else listen)
    finally:
        lines.close()
        handler.close()
    _leave_hung_threads(code)
    if code is not Exit.DONE:
        raise click.exceptions.Exit(code)


def _life(session: Session, say: Callable[[str], None]) -> Life:
    from medsched.daemon.life import Life

    home = session.app.home
    return Life(
        app=session.app,
        say=say,
        disk_free=lambda: disk_free(home),
        stopping=threading.Event(),
    )


def _once(session: Session, life: Life) -> Exit:
    from medsched.daemon.life import once
    from medsched.daemon.running import status_line

    report = once(life)
    document = {
        "clock": report.clock.name.lower(),
        "messages": report.messages,
        "delivered": report.delivered,
        "unknown": report.unknown,
        "failed": report.failed,
    }
    session.print(document, lambda: status_line(report))
    return Exit.REFUSED if report.held or report.failed else Exit.DONE


def _live(life: Life, listen: str | None) -> Exit:
    """Run until SIGTERM or SIGINT."""
    from medsched.daemon.life import born

    with born(life) as running:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda _number, _frame: running.end())
        close = _serve(life, listen) if listen else _nothing
        life.say(f"medsched: running as process {os.getpid()}; stop it with Ctrl-C")
        try:
            code = running.run()
        finally:
            close()
    return code


def _serve(life: Life, listen: str) -> Callable[[], None]:
    """Serve the pages in a thread; reminders go out even when they cannot be served."""
    from medsched.web.serving import serve_beside

    return serve_beside(life.app, listen, life.say)


def _nothing() -> None:
    """Close nothing."""


def _leave_hung_threads(code: Exit) -> None:
    """Leave without waiting for a send that hangs: its lease ends by itself."""
    hung = [one for one in threading.enumerate() if one.name.startswith(_WORKERS)]
    for one in hung:
        one.join(_PATIENCE)
    if any(one.is_alive() for one in hung):
        sys.stdout.flush()
        os._exit(code)
