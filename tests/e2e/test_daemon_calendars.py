"""The daemon keeps calendars on a real CalDAV server; one that is away harms nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.command_line import CommandLine
from tests.contract.test_calendar_caldav import (
    SECRET,
    Phone,
    radicale,  # noqa: F401  # the fixture that starts the server
)
from tests.e2e.daemon_process import Daemon, arrived, crowd

from medsched.bootstrap import App
from medsched.services.feed_ports import CalDavLink
from medsched.store.opening import SqlStore

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = "http://127.0.0.1:9/me/away/"


def add_links(home: Path, *urls: str) -> None:
    app = App(home=home)
    with app.store.writing() as unit:
        (person,) = unit.people.all()
        for url in urls:
            unit.caldav_links.add(
                CalDavLink(
                    person=person.id,
                    url=url,
                    username="me",
                    password=SECRET,
                    created_at=app.clock.now(),
                )
            )
    assert isinstance(app.store, SqlStore)
    app.store.close()


def test_the_plan_is_in_the_calendar_without_a_command(tmp_path: Path, radicale: str) -> None:  # noqa: F811  # the fixture of that name
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    database = f"sqlite:///{home}/medsched.db"
    crowd(home, database, 1)
    phone = Phone(f"{radicale}/me/daemon/")
    assert phone.ask("MKCALENDAR", "")[0] == 201
    add_links(home, NOBODY, phone.url)
    with Daemon(home, database) as daemon:
        daemon.wait_for("calendar 1: it stopped half-way")
        daemon.wait_for("calendar 2: ")
        while arrived(home).people < 1:
            daemon.wait_for("next reminder")
        assert daemon.stop() == 0
    assert SECRET not in "".join(daemon.lines)
    assert phone.ask("PROPFIND", "", Depth="1")[2].count(".ics") > 2
    assert "calendar: 1 calendar could not be synchronised" in CommandLine(home)("status").out
