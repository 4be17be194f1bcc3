"""A person with one plan in a store that holds it in memory: for amendments and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.fakes.memory_store import MemoryStore

from medsched.domain.person import Person, at_home
from medsched.protocols import load
from medsched.services import amendments, stopping
from medsched.services.agenda import Agenda, agenda
from medsched.services.amend import Amended, Amendment
from medsched.services.book import Book
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.ports import DoseRow, Plan, Store

BERLIN = ZoneInfo("Europe/Berlin")
KEY = "8a6f2b1c-2f57-4a2e-9c3b-0a9d4c6f7e10"
HORIZON = 60


@dataclass
class Story:
    """What happens to one person's first plan.

    Attributes:
        now: The instant of the next thing that happens; it only moves forward.
    """

    store: Store
    now: datetime
    person: str = ""

    @classmethod
    def begin(
        cls,
        protocol: str = "milnacipran",
        *,
        start: date = date(2026, 3, 2),
        slots: tuple[time, ...] = (time(8), time(20)),
        store: Store | None = None,
        target: str | None = None,
    ) -> Story:
        """Return the story of a plan that was ordered the evening before it starts."""
        from medsched.domain.amount import amount

        now = datetime.combine(start - timedelta(days=1), time(18), tzinfo=UTC)
        story = cls(store=store or MemoryStore(), now=now)
        rules, _text = load(protocol)
        with story.store.writing() as unit:
            person = unit.people.add(Person(name="me", itinerary=at_home(BERLIN)), now)
            story.person = person.id
            choices = Choices(
                start=start,
                slots=slots,
                ordered_by="Dr Gray",
                target=amount(target) if target else None,
            )
            plan = draft(rules, person, choices, today=start, days=HORIZON)
            adopt(
                unit,
                plan,
                key=KEY,
                order=Order(ordered_by="Dr Gray"),
                now=now,
                horizon_days=HORIZON,
            )
        return story

    def at(self, day: date, hour: int = 12, minute: int = 0) -> Story:
        """Move on to a clock time in Berlin."""
        self.now = datetime.combine(day, time(hour, minute), tzinfo=BERLIN).astimezone(UTC)
        return self

    @property
    def today(self) -> date:
        """The local day of now."""
        return self.now.astimezone(BERLIN).date()

    def book(self, unit: object) -> Book:
        """Open the person's book."""
        found = unit.people.by_id(self.person)  # type: ignore[attr-defined]
        return Book(unit, found)  # type: ignore[arg-type]

    def plan(self) -> Plan:
        """Return the plan as it stands."""
        with self.store.reading() as unit:
            return unit.plans.of_person(self.person)[0]

    def asked(
        self, day: date | None = None, by: str = "Dr Gray", reason: str = "test"
    ) -> Amendment:
        """Return what every amendment says."""
        return Amendment(
            day=day or self.today + timedelta(days=1),
            reason=reason,
            order=Order(ordered_by=by),
            now=self.now,
            until_days=HORIZON,
        )

    def amend(self, change: Callable[[Book, Plan], Amended]) -> Amended:
        """Carry out one amendment in a transaction."""
        with self.store.writing() as unit:
            book = self.book(unit)
            return change(book, unit.plans.of_person(self.person)[0])

    def shift(self, days: int, day: date | None = None) -> Amended:
        """Shift the phases that have not begun."""
        return self.amend(lambda book, plan: amendments.shift(book, plan, self.asked(day), days))

    def stop(
        self, day: date, *, over: int | None = None, abruptly: bool = False, by: str = "Dr Gray"
    ) -> Amended:
        """End the plan."""
        return self.amend(
            lambda book, plan: stopping.stop(
                book, plan, self.asked(day, by), over_days=over, abruptly=abruptly
            )
        )

    def rows(self, since: date = date(2020, 1, 1), until: date = date(2040, 1, 1)) -> list[DoseRow]:
        """Return the stored rows of some local days."""
        with self.store.reading() as unit:
            number = unit.plans.of_person(self.person)[0].number
            return unit.plans.doses_of_days(number, since.toordinal(), until.toordinal())

    def agenda(self, first: date, last: date) -> Agenda:
        """Return what the agenda shows now."""
        with self.store.reading() as unit:
            return agenda(self.book(unit), first, last, self.now)

    def per_day(self, first: date, days: int) -> list[str]:
        """Return the daily totals in mg of some days, as text."""
        from decimal import Decimal

        found = []
        for count in range(days):
            day = first + timedelta(days=count)
            of_day = list(self.rows(day, day))
            found.append(
                f"{sum((Decimal(one.amount) for one in of_day), Decimal(0)).normalize():f}"
            )
        return found
