"""A person in a store in memory, and plans of any shipped medicine: for the use cases."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.fakes.memory_store import MemoryStore

from medsched.domain.person import Person, at_home
from medsched.protocols import load
from medsched.services import record
from medsched.services.book import Book
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, DraftPlan, draft
from medsched.services.taking import Recorded, Taking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsched.domain.amount import Amount
    from medsched.services.ports import Plan, Store

BERLIN = ZoneInfo("Europe/Berlin")
START = date(2026, 12, 1)
BEFORE = datetime(2026, 11, 20, 12, tzinfo=UTC)
HORIZON = 60


def local(text: str) -> datetime:
    """Return the UTC instant of a clock time in Berlin, such as `2026-12-01 08:03`."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def drafted(
    protocol: str = "milnacipran", *, person: Person | None = None, **choices: object
) -> DraftPlan:
    """Return a plan that is only shown."""
    who = person or Person(name="me", itinerary=at_home(BERLIN))
    wanted: dict[str, object] = {"start": START, **choices}
    return draft(
        load(protocol)[0],
        who,
        Choices(**wanted),  # type: ignore[arg-type]
        today=date(2026, 11, 20),
        days=28,
    )


@dataclass
class House:
    """One person's plans."""

    store: Store = field(default_factory=MemoryStore)
    person: Person = field(default_factory=lambda: Person(name="me", itinerary=at_home(BERLIN)))
    count: int = 0

    def __post_init__(self) -> None:
        """Store the person."""
        with self.store.writing() as unit:
            self.person = unit.people.add(self.person, BEFORE)

    def start(
        self,
        protocol: str = "milnacipran",
        *,
        ordered_by: str = "Dr Gray",
        tracked: bool | None = None,
        now: datetime = BEFORE,
        **choices: object,
    ) -> Plan:
        """Adopt a plan of a shipped medicine."""
        self.count += 1
        plan = drafted(protocol, person=self.person, ordered_by=ordered_by, **choices)
        with self.store.writing() as unit:
            return adopt(
                unit,
                plan,
                key=str(UUID(int=self.count)),
                order=Order(ordered_by=ordered_by),
                now=now,
                horizon_days=HORIZON,
                tracked=tracked,
            )

    @contextmanager
    def reading(self) -> Iterator[Book]:
        """Open the book to look."""
        with self.store.reading() as unit:
            yield Book(unit, self.person)

    @contextmanager
    def writing(self) -> Iterator[Book]:
        """Open the book to write."""
        with self.store.writing() as unit:
            yield Book(unit, self.person)

    def plan(self, number: int = 1) -> Plan:
        """Return a plan as it stands."""
        with self.store.reading() as unit:
            found = unit.plans.get(number)
        assert found is not None
        return found

    def take(self, at: str, *, number: int = 1, amount: Amount | None = None) -> Recorded:
        """Record an intake, at the moment of it."""
        when = local(at)
        with self.writing() as book:
            taking = Taking(at=when, now=when, amount=amount)
            return record.take_any(book, self.plan(number), taking)


__all__ = ["BEFORE", "BERLIN", "HORIZON", "START", "House", "drafted", "local", "time", "timedelta"]
