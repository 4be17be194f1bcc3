"""A way up does not march on over missed doses: it holds the last taken step and asks.

After the policy's number of doses missed in a row, the next increase waits until
somebody decides; after a restart gap the whole plan does. Only where records are kept.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from medsched.domain.chart import utc
from medsched.domain.dose_status import NOT_TAKEN, status_of
from medsched.domain.gap_rule import gap_rule
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medsched.domain.amount import Amount
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.domain.missed_policy import GapRule


@frozen(kw_only=False)
class Advancing:
    """Nothing stands in the way of the next step."""


@frozen
class HeldAtStep:
    """The next increase waits until somebody decides.

    Args:
        step: The amount last taken; None when none was taken yet.
        missed: So many doses in a row were not taken. since: due time of the first of them.
    """

    step: Amount | None
    missed: int
    since: datetime
    sentence: str

    def holds(self, dose: DoseEvent) -> bool:
        """Return whether `dose` is an increase over the step that is held."""
        return self.step is None or _more(dose.amount, self.step)


@frozen
class AskToResume:
    """The gap is so long that nothing is taken before somebody was asked."""

    rule: GapRule
    sentence: str


TitrationState = Advancing | HeldAtStep | AskToResume


def titration_state(chart: Chart, now: datetime) -> TitrationState:
    """Return whether the plan may go on to its next step as of `now`.

    Misses count when they lie in a titration phase or right before an increase, and since
    the chart's `decided_at`. Taking the held step afterwards lifts nothing: somebody decides.

    Args:
        chart: With all doses since the titration began or was last decided about, and at
            least the next one.
    """
    now = utc(now)
    if chart.tracked_since is None:
        return Advancing()
    following = next((one for one in chart.doses if one.due > now), None)
    latest = following or (chart.doses[-1] if chart.doses else None)
    rule = gap_rule(latest, chart, now) if latest is not None else None
    if rule is not None:
        return AskToResume(rule=rule, sentence=rule.text)
    return _held(chart, now) or Advancing()


def _held(chart: Chart, now: datetime) -> HeldAtStep | None:
    for run in _runs_missed(chart, now):
        step = _step_taken(chart, now)
        if _at_an_increase(run, chart):
            return HeldAtStep(
                step=step,
                missed=len(run),
                since=run[0].due,
                sentence=_sentence(len(run), step),
            )
    return None


def _runs_missed(chart: Chart, now: datetime) -> list[list[DoseEvent]]:
    """Return the runs of doses not taken that are long enough to ask, since the last decision."""
    most = chart.policy.call_after_consecutive
    if most is None:
        return []
    begin = chart.decided_at
    past = [one for one in chart.doses if one.due <= now and (begin is None or one.due >= begin)]
    runs = groupby(past, key=lambda one: status_of(one, chart, now) in NOT_TAKEN)
    return [run for missed, group in runs if missed and len(run := list(group)) >= most]


def _at_an_increase(run: Sequence[DoseEvent], chart: Chart) -> bool:
    """Return whether a run lies in a titration phase, or right before or on an increase."""
    if any(one.phase in chart.titrating for one in run):
        return True
    around = (chart.before(run[0]), *run, chart.after(run[-1]))
    known = [one for one in around if one is not None]
    steps = ((one, two) for one, two in pairwise(known) if one.phase != two.phase)
    return any(_more(two.amount, one.amount) for one, two in steps)


def _step_taken(chart: Chart, now: datetime) -> Amount | None:
    """Return the largest dose taken in the phase of the last one that was taken."""
    found = [(chart.dose(one.dose), one) for one in chart.taken(now)]
    taken = [(dose, one) for dose, one in found if dose is not None]
    last = taken[-1][0].phase if taken else None
    amounts = [_really(dose.amount, one.amount) for dose, one in taken if dose.phase == last]
    return max(amounts, default=None, key=lambda one: one.value)


def _really(planned: Amount, recorded: Amount | None) -> Amount:
    """Return what was taken of a step; more than planned makes no higher step."""
    if recorded is None or recorded.unit is not planned.unit:
        return planned
    return min(planned, recorded)


def _more(one: Amount, other: Amount) -> bool:
    return one.unit is not other.unit or one > other


def _sentence(missed: int, step: Amount | None) -> str:
    stay = f"Stay at {step} until then." if step is not None else ""
    text = (
        f"{missed} doses in a row were not taken: ask your pharmacist or prescriber before"
        f" the next increase. {stay}"
    )
    return text.strip()
