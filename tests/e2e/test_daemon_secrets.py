"""A day at DEBUG with a medicine named ZZTOPSECRET: its name is only where a person asked for it.

Not in a log, a traceback, an address, the process list or a measurement.
"""

from __future__ import annotations

import logging
import os
import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.asgi_client import Browser
from tests.e2e.daemon_process import Daemon
from tests.living_home import FIRST, LivingHome

from medsched.daemon.life import born, chores
from medsched.daemon.log import set_up
from medsched.services.outbox_ports import NamesShown
from medsched.shipped import config_root
from medsched.store.refusals import CannotWrite, DatabaseBusy
from medsched.web.app import make_web

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from medsched.daemon.running import Running

SECRET = "ZZTOPSECRET"


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    """A home whose medicine has that name, and a channel that may say it."""
    text = (config_root() / "protocols" / "milnacipran.toml").read_text(encoding="utf-8")
    mine = tmp_path / "zztopsecret.toml"
    mine.write_text(text.replace("milnacipran", SECRET.lower()), encoding="utf-8")
    home = LivingHome(tmp_path / "home", protocol=str(mine))
    (home.home / "medsched.toml").write_text('public_address = "https://home.example.org"\n')
    home.add_file_channel(NamesShown.FULL)
    return home


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Everything that is logged at DEBUG, as `medsched run --debug` would write it."""
    path = tmp_path / "log.txt"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    root, own = logging.getLogger(), logging.getLogger("medsched")
    before, levels, raising = root.handlers[:], (root.level, own.level), logging.raiseExceptions
    handler = set_up(debug=True, descriptor=descriptor)
    yield path
    handler.close()
    os.close(descriptor)
    root.handlers[:] = before
    root.setLevel(levels[0])
    own.setLevel(levels[1])
    logging.raiseExceptions = raising


def hits(text: str) -> list[str]:
    return [line for line in text.splitlines() if SECRET.lower() in line.lower()]


def test_a_whole_day_at_debug_logs_no_name(
    living: LivingHome, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("medsched.daemon").info("begin %s", SECRET)
    browser = Browser(make_web(living.app))
    answers = []
    with born(living.life) as running:
        living.go_to(FIRST - timedelta(minutes=30))
        for _ in range(24 * 4):
            living.clock.advance(minutes=15)
            running.tick()
            running.watch()
            answers += [browser.get(path).text for path in ("/healthz", "/metrics")]
        answers += [browser.get(path).text for path in links(living)]
        for duty in chores(living.life):
            duty.work()
        _fill_the_disk(living, running, monkeypatch)
        _provoke()
    assert SECRET.lower() in living.messages().lower()  # the person is told
    logging.getLogger().handlers[0].flush()
    assert "begin (withheld)" in _closed(log)
    assert "memory: 1 reminders told" in _closed(log)
    assert hits(_closed(log)) == []
    assert hits("\n".join(answers)) == []
    assert hits("\n".join(links(living))) == []


def _fill_the_disk(living: LivingHome, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the next morning's dose told while nothing can be stored."""

    def full() -> None:
        raise CannotWrite("here", f"no room for {SECRET}")

    living.go_to(FIRST + timedelta(hours=24))
    with monkeypatch.context() as patched:
        patched.setattr(living.app.store, "writing", full)
        running.tick()
        running.watch()
        for duty in chores(living.life):
            duty.work()


def links(living: LivingHome) -> list[str]:
    words = living.messages().split()
    found = [one for one in words if one.startswith("https://home.example.org/")]
    assert found
    return [one.removeprefix("https://home.example.org") for one in found]


def _provoke() -> None:
    """Log tracebacks whose errors say the name."""

    def fail() -> None:
        raise DatabaseBusy(SECRET)

    try:
        fail()
    except DatabaseBusy:
        logging.getLogger("medsched.daemon").exception("provoked")
        logging.getLogger("sqlalchemy.engine").exception("SELECT %s", SECRET)


def _closed(log: Path) -> str:
    for handler in logging.getLogger().handlers:
        handler.close()
    return log.read_text(encoding="utf-8")


def test_the_process_list_names_nothing(living: LivingHome) -> None:
    daemon = Daemon(living.home, f"sqlite:///{living.home}/medsched.db", ("--no-web", "--debug"))
    daemon.wait_for("next reminder")
    listed = subprocess.run(["ps", "-ef"], capture_output=True, text=True, check=False).stdout
    assert daemon.stop() == 0
    assert hits(listed) == []
    assert hits("\n".join(daemon.lines)) == []
