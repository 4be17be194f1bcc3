"""A home with a plan, a clock that a test moves, and a channel that writes to a file."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from tests.command_line import CommandLine
from tests.fakes.clocks import FakeClock

from medsched.bootstrap import App
from medsched.daemon.life import Life, reminders
from medsched.services.outbox_ports import Channel, NamesShown

if TYPE_CHECKING:
    from pathlib import Path

    from medsched.services.remind import Reminders

EVENING: Final = datetime(2026, 3, 1, 18, tzinfo=UTC)
"""When the plan was made; its first dose is due the next morning."""

FIRST: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""When the first dose is due."""

FIRST_DOSE: Final = "1-20260302-1"


@dataclass
class LivingHome:
    """One person in UTC with doses at 08:00 and 20:00 from 2 March 2026 on."""

    home: Path
    protocol: str = "milnacipran"
    clock: FakeClock = field(default_factory=lambda: FakeClock(EVENING))

    def __post_init__(self) -> None:
        self.cli = CommandLine(self.home)
        arguments = ("--on", "2026-03-02", "--zone", "UTC", "--at", "08:00,20:00")
        by = ("--ordered-by", "Dr A")
        made = self.cli("start", self.protocol, *arguments, *by, at=EVENING.isoformat())
        assert made.code == 0, made
        self.app = App(home=self.home, clock=self.clock)
        self.life = Life(
            app=self.app,
            say=lambda _line: None,
            disk_free=lambda: 10**12,
            stopping=threading.Event(),
        )

    @property
    def outbox(self) -> Path:
        """The file that the channel writes."""
        return self.home / "messages.txt"

    def add_file_channel(self, names: NamesShown = NamesShown.FULL) -> Channel:
        """Send messages to a file from now on."""
        with self.app.store.writing() as unit:
            (person,) = unit.people.all()
            url = f"file://{self.outbox}"
            return unit.channels.add(Channel(person=person.id, name="file", url=url, names=names))

    def messages(self) -> str:
        """Return all that was sent."""
        return self.outbox.read_text() if self.outbox.exists() else ""

    def reminders(self, owner: str = "me") -> Reminders:
        """Return the use case of reminding, of one daemon."""
        return reminders(self.life, owner)

    def go_to(self, at: datetime) -> None:
        """Move the clock."""
        self.clock.at = at


def minutes(count: int) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)
