"""A dose whose time has come and that is not settled, with all that a decision looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.amount import Unit
from medsched.domain.chart import companions
from medsched.domain.dose_status import missed_before
from medsched.domain.intake_limits import measured
from medsched.domain.late_window import SECOND
from medsched.domain.missed_policy import Measure
from medsched.domain.morning import next_morning
from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.amount import Amount
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.domain.late_window import Window
    from medsched.domain.missed_policy import MissedPolicy, MissedStep


@frozen
class Overdue:
    """One overdue dose.

    Args:
        after: The next dose in the plan. missed: Doses not taken in a row right before it.
    """

    dose: DoseEvent
    chart: Chart
    now: datetime
    window: Window
    after: DoseEvent | None
    missed: int

    @property
    def policy(self) -> MissedPolicy:
        """The chart's policy."""
        return self.chart.policy

    @property
    def rule(self) -> str:
        """Id of the protocol's rule about missed doses, else of the policy."""
        return self.policy.rule or self.policy.id

    @property
    def next_due(self) -> datetime | None:
        """When the next dose is due, None when there is none."""
        return None if self.after is None else self.after.due

    @property
    def is_late(self) -> bool:
        """Whether it is not on time any more."""
        return self.now > self.window.on_time_until

    @property
    def waits_for_morning(self) -> bool:
        """Whether it is late and may be taken in a morning only."""
        return self.policy.late.measure is Measure.NEXT_MORNING and self.is_late

    @property
    def superseded(self) -> bool:
        """Whether the next dose is due as well."""
        return self.after is not None and self.after.due <= self.now


def overdue_of(dose: DoseEvent, chart: Chart, now: datetime) -> Overdue:
    """Gather what a decision about `dose` looks at; `now` is in UTC."""
    return Overdue(
        dose=dose,
        chart=chart,
        now=now,
        window=chart.window(dose),
        after=chart.after(dose),
        missed=len(missed_before(dose, chart, now)),
    )


def spaced_intakes(overdue: Overdue) -> list[tuple[datetime, Amount | None]]:
    """Return the intakes that must keep their distance: all but those of its companions."""
    found = []
    for one in overdue.chart.taken(overdue.now):
        dose = overdue.chart.dose(one.dose)
        if dose is None or not companions(dose, overdue.dose):
            found.append((one.at, one.amount))
    return found


def intakes_of_day(overdue: Overdue) -> list[Administration]:
    """Return the intakes that count to the dosing day; an extra dose counts to its date."""
    zone, day = overdue.dose.local.tzinfo, overdue.dose.day
    return [
        one
        for one in overdue.chart.taken(overdue.now)
        if (dose.day if (dose := overdue.chart.dose(one.dose)) else one.at.astimezone(zone).date())
        == day
    ]


def units_now(overdue: Overdue) -> int:
    """Return how many doses to take now: 1, but for a documented daily target not yet reached.

    Then also the earlier doses of its day that were not taken, as far as the target and
    the policy's most at once allow; 0 when the target is reached, never before the first.
    """
    target = overdue.policy.daily_target_mg
    if target is None:
        return 1
    one = measured(overdue.dose.amount, Unit.MG)
    amounts = (overdue.chart.amount_of(it) or overdue.dose.amount for it in intakes_of_day(overdue))
    taken = [measured(it, Unit.MG) for it in amounts]
    room = int((target - sum(taken)) // one)
    earlier = [
        it
        for it in overdue.chart.doses
        if it.day == overdue.dose.day
        and it.due < overdue.dose.due
        and overdue.chart.settling(it, overdue.now) is None
        and overdue.chart.is_tracked(it)
    ]
    least = 0 if taken else 1
    return max(least, min(room, overdue.policy.max_units_at_once, 1 + len(earlier)))


def take_until(overdue: Overdue) -> datetime:
    """Return the last moment at which "take it" holds unchanged."""
    until = overdue.window.take_until
    if overdue.after is not None and not overdue.superseded:
        until = min(until, overdue.after.due - SECOND)
    if overdue.policy.late.measure is not Measure.NEXT_MORNING:
        return until
    if overdue.is_late:
        return min(until, next_morning(overdue.dose, overdue.now)[1])
    return min(until, overdue.window.on_time_until)


def pack_step(overdue: Overdue) -> MissedStep | None:
    """Return what the policy says at this number of doses missed in a row."""
    missed = overdue.missed + (overdue.now > overdue.window.late_until)
    fitting = [one for one in overdue.policy.steps if one.at_least <= missed]
    return max(fitting, key=lambda one: one.at_least, default=None)
