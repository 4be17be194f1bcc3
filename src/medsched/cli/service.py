"""`service`: what makes the daemon start by itself, printed or put in place."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from medsched.cli.session import Session, with_session
from medsched.errors import MedschedError

if TYPE_CHECKING:
    from medsched.daemon.units import Command

_FOLDER: Final = Path(".config/systemd/user")
_START: Final = "from medsched.cli.main import main; main()"
_KINDS: Final = ("systemd", "launchd", "windows")


class NoSystemd(MedschedError):
    """An installation where there is no systemd."""

    def __init__(self, why: str) -> None:
        """Keep the reason."""
        self.why = why
        super().__init__(
            f"service: {why}; print one with `medsched service print` and put it in place yourself"
        )


@click.group()
def service() -> None:
    """Have the daemon start by itself, and start again whenever it ends."""


@service.command("print")
@click.option("--for", "kind", type=click.Choice(_KINDS), help="This machine's when left out.")
@with_session
def print_unit(session: Session, kind: str | None) -> None:
    """Print a systemd user unit, a launchd property list or a Windows task."""
    chosen = kind or _this_machine()
    text = _text(chosen, command_of(session))
    session.print({"for": chosen, "text": text}, lambda: text.rstrip("\n"))


@service.command("install")
@with_session
def install(session: Session) -> None:
    """Put the systemd user unit in place, and start it."""
    if not sys.platform.startswith("linux") or shutil.which("systemctl") is None:
        raise NoSystemd("there is no systemd here")
    place = _put(_text("systemd", command_of(session)))
    for words in (("daemon-reload",), ("enable", "--now", "medsched.service")):
        done = subprocess.run(  # noqa: S603  # fixed words
            ["systemctl", "--user", *words],  # noqa: S607  # the system's own
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            why = done.stderr.strip().splitlines()
            raise NoSystemd(f"written to {place}, but systemctl says: {(why or ['no'])[0]}")
    page = (
        f"Written to {place} and started.\n"
        "It stops when you log out, unless you say: loginctl enable-linger"
    )
    session.print({"unit": str(place), "started": True}, lambda: page)


def command_of(session: Session) -> Command:
    """Return how the daemon of this home is started."""
    from medsched.daemon.units import Command

    found = shutil.which("medsched")
    start = [found] if found else [sys.executable, "-c", _START]
    home, database = session.app.home.absolute(), session.app.database
    elsewhere = {} if database.startswith("sqlite:") else {"MEDSCHED_DATABASE": database}
    return Command(program=[*start, "run", "--home", str(home)], home=home, environment=elsewhere)


def _this_machine() -> str:
    if sys.platform == "darwin":
        return "launchd"
    return "windows" if sys.platform == "win32" else "systemd"


def _text(kind: str, command: Command) -> str:
    from medsched.daemon.units import launchd_plist, systemd_unit, windows_task

    made = {"systemd": systemd_unit, "launchd": launchd_plist, "windows": windows_task}
    return made[kind](command)


def _put(text: str) -> Path:
    folder = Path.home() / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "medsched.service"
    place.write_text(text, encoding="utf-8")
    place.chmod(0o600)
    return place
