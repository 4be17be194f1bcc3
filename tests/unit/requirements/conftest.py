"""The shipped rules of milnacipran, and people about whom everything is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from medsched.domain.person import Facts, HepaticClass, Person, Sex, at_home
from medsched.domain.safety import check
from medsched.protocols.shelf import load
from medsched.services.planning import Choices, DraftPlan, draft

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.finding import DetectedIssue
    from medsched.domain.person import OtherMedicine
    from medsched.domain.protocol import Protocol

BERLIN = ZoneInfo("Europe/Berlin")
START = date(2026, 3, 2)

HEALTHY = Facts(
    born=date(1980, 5, 1),
    sex=Sex.FEMALE,
    creatinine_clearance=Decimal(95),
    hepatic=HepaticClass.NORMAL,
    dialysis=False,
    end_stage_renal=False,
    pregnant=False,
    breastfeeding=False,
    alcohol=False,
    conditions=frozenset({"fibromyalgia"}),
    not_conditions=frozenset(
        {"seizure history", "cardiovascular disease", "uncontrolled narrow-angle glaucoma"}
    ),
)


class Bench:
    """The shipped protocol, and short ways to plan and to check with it."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol

    def person(self, *taking: OtherMedicine, **facts: Any) -> Person:
        """Return a person in Berlin: healthy, some facts replaced, with other medicines."""
        known = replace(HEALTHY, **facts)
        return Person(id="1", name="Ada", itinerary=at_home(BERLIN), facts=known, taking=taking)

    def plan(
        self, who: Person | None = None, *, start: date = START, days: int = 60, **choices: Any
    ) -> DraftPlan:
        """Return the plan that `medsched plan` would show."""
        chosen = Choices(start=start, **choices)
        return draft(self.protocol, who or self.person(), chosen, today=start, days=days)

    def totals(self, plan: DraftPlan) -> dict[int, tuple[int, str]]:
        """Return doses and milligrams of each therapy day."""
        found: dict[int, list[Amount]] = {}
        for one in plan.events:
            found.setdefault(plan.course.therapy_day(one.day), []).append(one.amount)
        return {
            day: (len(amounts), f"{sum((one.value for one in amounts), Decimal(0)).normalize():f}")
            for day, amounts in found.items()
        }

    def findings(
        self,
        *taking: OtherMedicine,
        start: date = START,
        since: datetime | None = None,
        **facts: Any,
    ) -> list[DetectedIssue]:
        """Return the findings about the standard plan of such a person."""
        who = self.person(*taking, **facts)
        plan = self.plan(who, start=start)
        return list(check(self.protocol, plan.prescription, plan.course, who, since=since))

    def rules(self, *taking: OtherMedicine, **parts: Any) -> dict[str, str]:
        """Return rule and severity of the findings about the standard plan of such a person."""
        return {one.rule: one.severity.value for one in self.findings(*taking, **parts)}

    def at(self, day: int, clock: str) -> datetime:
        """Return the instant of a clock time on a therapy day of the standard plan."""
        wall = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007  # the zone follows
        return datetime.combine(START + timedelta(days=day - 1), wall, tzinfo=BERLIN)


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench(load("milnacipran")[0])
