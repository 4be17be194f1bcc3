"""Every plan of a clinic pushed to a day: some hundreds at a time, in constant memory.

Each call is a unit of work of its own. Stopped anywhere and run again, the rest is
done: a plan that reaches the day already is left as it is.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from medsched.domain.course import resolve
from medsched.domain.prescription import Status
from medsched.errors import InvalidValue
from medsched.frozen import replace
from medsched.services.planning import MOST_DAYS
from medsched.services.runs import shared_runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medsched.services.ports import DoseRun, Plan, Unit


def check_until(until: date, today: date) -> None:
    """Refuse a day that is over, or farther than doses are ever stored.

    Raises:
        InvalidValue: `until` outside today to 400 days ahead.
    """
    if not 0 <= (until - today).days <= MOST_DAYS:
        wanted = f"use a day from {today.isoformat()} on, at most {MOST_DAYS} days ahead"
        raise InvalidValue("until", until.isoformat(), wanted)


def push_plans(unit: Unit, numbers: Sequence[int], until: date) -> tuple[int, int]:
    """Store the doses of these plans up to a local day; return plans pushed and doses stored."""
    pushed: list[Plan] = []
    runs: list[DoseRun] = []
    for number in numbers:
        plan = unit.plans.lock(number)
        running = plan.status is Status.ACTIVE and plan.current
        if running and plan.stored_until < until.toordinal():
            runs += _runs(unit, plan, until)
            pushed.append(replace(plan, stored_until=until.toordinal()))
    if not pushed:
        return 0, 0
    with unit.loading() as loader:
        doses = loader.runs(runs)
    for plan in pushed:
        unit.plans.save(plan)
    return len(pushed), doses


def _runs(unit: Unit, plan: Plan, until: date) -> Iterator[DoseRun]:
    person = unit.people.by_id(plan.person)
    assert person is not None, plan.number  # noqa: S101  # a plan belongs to somebody
    course = resolve(unit.plans.revision(plan.number, plan.current).prescription, person)
    first = max(date.fromordinal(plan.stored_until + 1), course.start)
    if first > until:
        return
    alike = replace(course, prescription="", revision=0)
    for run in shared_runs(alike, first, until):
        yield run._replace(prescription=plan.number, revision=plan.current)
