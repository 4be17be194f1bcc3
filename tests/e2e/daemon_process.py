"""The daemon as a process of its own, over a home with many reminders that are due now."""

from __future__ import annotations

import os
import selectors
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final, Self
from zoneinfo import ZoneInfo

import psycopg
from tests.command_line import PROGRAM

from medsched.bootstrap import App
from medsched.domain.person import Person, at_home
from medsched.services.book import seconds
from medsched.services.outbox_changes import snooze
from medsched.services.outbox_ports import Channel, NamesShown
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft
from medsched.store.opening import SqlStore

if TYPE_CHECKING:
    import signal
    from pathlib import Path

REPEAT: Final = "Repeat reminder"
DEADLINE: Final = 60.0


@dataclass
class Daemon:
    """`medsched run` of one home."""

    home: Path
    database: str
    options: tuple[str, ...] = ("--no-web",)
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                PROGRAM,
                "run",
                "--home",
                str(self.home),
                "--database",
                self.database,
                *self.options,
            ],
            env={**os.environ, "TZ": "UTC", **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,  # a line that was read ahead would not be seen to be there
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        """Leave no process behind, whatever the test found."""
        if self.process.poll() is None:
            self.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def wait_for(self, text: str, longest: float = DEADLINE) -> str:
        """Read lines until one holds a text, and return it.

        Raises:
            AssertionError: it ended, or so many seconds passed.
        """
        assert self.process.stdout is not None
        end = monotonic() + longest
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            while monotonic() < end:
                if not ready.select(1.0):
                    continue
                line = self.process.stdout.readline().decode()
                self.lines.append(line)
                if text in line:
                    return line
                assert line, f"it ended: {self.lines}"
        raise AssertionError(f"no {text!r} within {longest:.0f} s: {self.lines}")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """Let it die without a word."""
        self.process.kill()
        self.process.communicate()

    def stop(self) -> int:
        """Stop it as systemd does, and return its exit code."""
        self.process.terminate()
        out, _ = self.process.communicate(timeout=DEADLINE)
        self.lines += out.decode().splitlines()
        return self.process.returncode


def crowd(home: Path, database: str, people: int, first: int = 0, zone: str = "UTC") -> None:
    """Store people with one dose each that was due five minutes ago, and a file for each.

    Their names and files are numbered from `first` on.
    """
    app = App(home=home, database=database)
    now = app.clock.now()
    there = ZoneInfo(zone)
    due = (now - timedelta(minutes=5)).astimezone(there)
    slot = time(due.hour, due.minute)
    protocol = app.protocol("duloxetine")
    choices = Choices(start=due.date(), slots=(slot,), ordered_by="Dr A")
    folder = home / "out"
    folder.mkdir(parents=True, exist_ok=True)
    with app.store.writing() as unit:
        for number in range(first, first + people):
            fresh = Person(name=f"person {number}", itinerary=at_home(there))
            person = unit.people.add(fresh, now)
            made = draft(protocol, person, choices, today=due.date(), days=2)
            order = Order(ordered_by="Dr A", override="known")
            adopt(unit, made, key=app.new_key(), order=order, now=now, horizon_days=2)
            url = f"file://{folder}/{number}.txt"
            full = NamesShown.FULL
            unit.channels.add(Channel(person=person.id, name="file", url=url, names=full))
    assert isinstance(app.store, SqlStore)
    app.store.close()


def ask_for_later(home: Path, database: str, after: int) -> None:
    """Snooze, for so many seconds, the dose that everybody was told of."""
    app = App(home=home, database=database)
    until = seconds(app.clock.now()) + after
    with app.store.writing() as unit:
        for number in unit.plans.numbers():
            for row in unit.plans.doses([number], until - 900, until):
                assert snooze(unit, row, until)
    assert isinstance(app.store, SqlStore)
    app.store.close()


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arrived at each person's file: the titles, in order."""

    titles: dict[str, list[str]]

    @property
    def people(self) -> int:
        """How many were reminded."""
        return sum(1 for one in self.titles.values() if one)

    @property
    def repeats(self) -> int:
        """Messages after a person's first."""
        return sum(len(one) - 1 for one in self.titles.values() if one)

    @property
    def unworded(self) -> list[str]:
        """People who were told again as if for the first time."""
        return [
            name
            for name, titles in self.titles.items()
            if any(REPEAT not in title for title in titles[1:])
        ]


def arrived(home: Path) -> Arrived:
    """Read every file."""
    found = {}
    for path in (home / "out").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        found[path.stem] = [line for line in lines if line.startswith("* ")]
    return Arrived(found)


def on_database(database: str, *statements: str) -> list[tuple[int, ...]]:
    """Run statements, as the time that passes or a fault would change things; return the last."""
    if database.startswith("sqlite:"):
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"), timeout=1)) as lite, lite:
            return [lite.execute(one).fetchall() for one in statements][-1]
    with psycopg.connect(database) as server:
        found = [server.execute(one.encode()) for one in statements][-1]
        return list(found.fetchall()) if found.description else []


def let_leases_end(database: str) -> None:
    """Let the time pass that the leases of the dead last, and let them be forgotten."""
    on_database(
        database, "UPDATE outbox SET lease_ends = 1 WHERE state = 'leased'", "DELETE FROM daemon"
    )


def count(database: str, state: str) -> int:
    """Return how many reminders that are due are in a state."""
    now = int(datetime.now(UTC).timestamp())
    due = f"state = '{state}' AND send_after <= {now}"
    return int(on_database(database, f"SELECT COUNT(*) FROM outbox WHERE {due}")[0][0])
