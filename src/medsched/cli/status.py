"""`status` and `clock`: is all well, and saying that the clock is right."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import click

from medsched.cli.session import NothingStored, Session, with_session
from medsched.domain.plain_words import counted_words, length_words
from medsched.errors import Exit
from medsched.services.status import Status, status_json

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@click.command()
@with_session
def status(session: Session) -> None:
    """Say whether reminders go out; the exit code is 1 when something is wrong."""
    if not session.app.has_store:
        raise NothingStored(session.app.home)
    found = session.app.status(disk_free(session.app.home), thorough=True)
    session.print(status_json(found), lambda: status_page(found))
    if not found.is_well:
        raise click.exceptions.Exit(Exit.REFUSED)


@click.group()
def clock() -> None:
    """Say that this machine's clock is right, after it jumped."""


@clock.command("ok")
@with_session
def clock_ok(session: Session) -> None:
    """Confirm that the clock is right: reminders go out again."""
    from medsched.daemon.machine import ThisMachine
    from medsched.services.remind_clock import confirm_clock

    if not session.app.has_store:
        raise NothingStored(session.app.home)
    now = session.app.clock.now()
    with session.app.store.writing() as unit:
        confirm_clock(unit, now, ThisMachine())
    page = f"The clock is right: it is {now:%Y-%m-%d %H:%M} UTC. Reminders go out."
    session.print({"clock": "right", "as_of": now.isoformat()}, lambda: page)


def disk_free(home: Path) -> int | None:
    """Return the free bytes where a home lies, None when that cannot be told."""
    try:
        return shutil.disk_usage(home).free
    except OSError:
        return None


def status_page(found: Status) -> str:
    """Return a status as lines: first what is wrong."""
    head = ["All is well."] if found.is_well else [f"NOT WELL: {one}" for one in found.problems]
    return "\n".join([*head, *_facts(found)])


def _facts(found: Status) -> list[str]:
    working = sum(one.is_working for one in found.daemons)
    free = "not known" if found.disk_free is None else f"{found.disk_free // 1024**2:,} MB"
    waits = "" if found.oldest_unsent is None else f", since {found.oldest_unsent:%H:%M} UTC"
    return [
        f"daemons working:    {working}{_hosts(found)}",
        f"last cycle:         {_ago(found.last_tick, found.as_of)}",
        f"reminders unsent:   {found.unsent}{waits}",
        f"given up today:     {found.failed}",
        f"channels:           {found.channels}" + _no_channel(found),
        f"database:           {'can be written' if found.writable else 'CANNOT BE WRITTEN'}",
        f"disk free:          {free}",
        f"clock:              {found.clock}",
        f"last backup:        {_backup(found)}",
    ]


def _backup(found: Status) -> str:
    if found.backups is None:
        return "none is made by itself"
    return _ago(found.backups.latest, found.as_of)


def _no_channel(found: Status) -> str:
    return "" if found.channels else " (add one with `medsched channel add`)"


def _hosts(found: Status) -> str:
    return "".join(f"; {one.host}, process {one.pid}" for one in found.daemons if one.is_working)


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    passed = round((now - at).total_seconds())
    if passed < 120:  # noqa: PLR2004  # two minutes, said in seconds
        return f"{counted_words(max(passed, 0), 'second')} ago"
    return f"{length_words(passed // 60)} ago"
