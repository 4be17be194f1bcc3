"""What to do about a dose now, by its policy: take one, wait, leave it out, or ask.

The steps of the decision are asked in a fixed order and the first that speaks decides:
excluded, extra dose, gap, titration, late window, minimum gap, rolling limit, limit of
the day; else take one. Then doses missed in a row turn "leave it out" into "ask". Of
several overdue doses only the newest may be taken now, so no advice adds up to two;
the documented exceptions are in the policy, and the advice says so.
"""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final, assert_never

from medsched.domain.advice import (
    NEVER_TWO,
    Advice,
    Ask,
    Skip,
    Step,
    Take,
    Wait,
    if_not_taken,
    span_words,
)
from medsched.domain.advice_words import sentence, why_over, why_take
from medsched.domain.chart import utc
from medsched.domain.extra_dose import ASK_ABOUT_EXTRA, is_extra, quiet_after_extra
from medsched.domain.gap_rule import gap_rule
from medsched.domain.intake_limits import comparable, gap_ready, limit_of, limit_ready
from medsched.domain.late_window import hours, takes_beyond
from medsched.domain.missed_policy import Basis
from medsched.domain.morning import next_morning
from medsched.domain.overdue import (
    Overdue,
    intakes_of_day,
    overdue_of,
    pack_step,
    spaced_intakes,
    take_until,
    units_now,
)
from medsched.domain.titration import HeldAtStep, titration_state
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

_ASK_WHOM: Final = "Ask your pharmacist or prescriber."


def advise(dose: DoseEvent, chart: Chart, now: datetime) -> Advice | None:
    """Return what to do about `dose` as of `now`; None when there is nothing to say.

    Nothing is said before it is due, once it is settled, and once two later doses were due.
    While the plan is on hold or stopped, a dose that was still open is left out.
    Where nobody records, the advice is in the conditional and ends when the next dose is due.
    """
    now = utc(now)
    if now < dose.due or chart.settling(dose, now) is not None or _is_history(dose, chart, now):
        return None
    overdue = overdue_of(dose, chart, now)
    if chart.is_paused(now):
        return _paused(overdue)
    found = next((one for step in _STEPS if (one := step(overdue)) is not None), None)
    advice = _in_a_row(overdue, found if found is not None else _take(overdue))
    return advice if chart.is_tracked(dose) else if_not_taken(advice)


def _is_history(dose: DoseEvent, chart: Chart, now: datetime) -> bool:
    most = 1 if chart.is_tracked(dose) else 0
    past = takewhile(lambda one: one.due <= now, chart.later(dose))
    return sum(1 for _ in islice(past, most + 1)) > most


def _paused(overdue: Overdue) -> Skip:
    text = (
        "The plan is on hold or stopped: leave this dose out. If you are not sure, ask whoever"
        " ordered that."
    )
    return Skip(until=None, reason=text, rule=overdue.rule, step=Step.PAUSED)


# --- the steps, in their order ----------------------------------------------------------


def _excluded(overdue: Overdue) -> Advice | None:
    if overdue.policy.basis is not Basis.EXCLUDED or not overdue.is_late:
        return None
    text = "No general rule fits a late dose of this medicine: follow your own plan for it."
    return Ask(reason=f"{text} {_ASK_WHOM}", rule=overdue.rule, step=Step.EXCLUDED)


def _extra_dose(overdue: Overdue) -> Advice | None:
    """Give no advice about a dose that is due too soon after an extra one."""
    quiet = quiet_after_extra(overdue.dose, overdue.chart)
    for intake in overdue.chart.taken(overdue.now):
        if overdue.dose.due - intake.at < quiet and is_extra(intake, overdue.chart):
            text = f"An extra dose was recorded. {ASK_ABOUT_EXTRA}"
            return Ask(reason=text, rule=overdue.rule, step=Step.EXTRA_DOSE)
    return None


def _gap(overdue: Overdue) -> Advice | None:
    rule = gap_rule(overdue.dose, overdue.chart, overdue.now)
    return None if rule is None else Ask(reason=rule.text, rule=overdue.rule, step=Step.GAP)


def _titration(overdue: Overdue) -> Advice | None:
    if not overdue.chart.is_tracked(overdue.dose):
        return None
    state = titration_state(overdue.chart, overdue.now)
    if not isinstance(state, HeldAtStep) or not state.holds(overdue.dose):
        return None
    return Ask(reason=state.sentence, rule=overdue.rule, step=Step.TITRATION)


def _window(overdue: Overdue) -> Advice | None:
    if overdue.now > overdue.window.take_until:
        return _over(overdue)
    if overdue.superseded:
        return _after_newest(overdue)
    if overdue.waits_for_morning:
        return _in_a_morning(overdue)
    return None


def _minimum_gap(overdue: Overdue) -> Advice | None:
    least = overdue.window.least_gap
    ready = gap_ready(spaced_intakes(overdue), least, overdue.now)
    text = f"At least {span_words(least)} must lie between two doses."
    return _wait(overdue, ready, Step.MINIMUM_GAP, text)


def _rolling(overdue: Overdue) -> Advice | None:
    if overdue.policy.rolling is None:
        return None
    limit, dose = limit_of(overdue.policy.rolling), overdue.dose.amount
    if not comparable(dose, limit):
        text = f"{dose} cannot be counted against the limit of {limit.most}. {_ASK_WHOM}"
        return Ask(reason=text, rule=overdue.rule, step=Step.ROLLING)
    intakes = [(one.at, overdue.chart.amount_of(one)) for one in overdue.chart.taken(overdue.now)]
    ready = limit_ready(intakes, limit, dose, overdue.now)
    text = f"No more may be taken within {span_words(limit.window)}."
    return _wait(overdue, ready, Step.ROLLING, text)


def _day(overdue: Overdue) -> Advice | None:
    most = overdue.policy.max_doses_per_dosing_day
    full = most is not None and len(intakes_of_day(overdue)) >= most
    if not full and units_now(overdue) > 0:
        return None
    return Skip(
        until=overdue.next_due,
        reason=f"The doses of its day are taken already: leave it out. {NEVER_TWO}",
        rule=overdue.rule,
        step=Step.DAY,
    )


_STEPS: Final[tuple[Callable[[Overdue], Advice | None], ...]] = (
    _excluded,
    _extra_dose,
    _gap,
    _titration,
    _window,
    _minimum_gap,
    _rolling,
    _day,
)


# --- what they are made of --------------------------------------------------------------


def _superseded_words(overdue: Overdue) -> str:
    """Say which dose counts when the next one is due: never again one that is recorded."""
    after = overdue.after
    settled = after is not None and overdue.chart.settling(after, overdue.now) is not None
    if settled:
        return "Leave this one out: the dose after it is recorded already."
    return "Take only the dose that is due now; leave this one out."


def _over(overdue: Overdue) -> Advice:
    """Leave out what is too late, or ask where the policy says so."""
    beyond = overdue.policy.beyond
    why = why_over(overdue)
    if beyond == "call":
        text = f"Do not take this dose now: {why}. {_ASK_WHOM}"
        return Ask(reason=text, rule=overdue.rule, step=Step.WINDOW)
    if beyond != "skip" and not takes_beyond(overdue.policy):
        return Ask(reason=sentence(beyond), rule=overdue.rule, step=Step.WINDOW)
    if overdue.superseded:
        text = _superseded_words(overdue)
        return _skip(overdue, Step.NEXT_DUE, text)
    return _skip(overdue, Step.WINDOW, f"Leave this dose out: {why}.")


def _skip(overdue: Overdue, step: Step, text: str) -> Skip:
    until = overdue.next_due if not overdue.superseded else None
    skip = Skip(until=until, reason=f"{text} {NEVER_TWO}", rule=overdue.rule, step=step)
    if overdue.policy.record_for_review:
        skip = replace(skip, reason=f"{skip.reason} Note it for your next clinic visit.")
    longest, taken = overdue.policy.max_gap_hours, overdue.chart.taken(overdue.now)
    if longest is None or not taken or overdue.next_due is None:
        return skip
    if overdue.next_due - taken[-1].at <= hours(longest):
        return skip
    gap = f"More than {span_words(hours(longest))} will lie between two doses"
    return replace(skip, reason=f"{skip.reason} {gap}: tell your pharmacist.", call=True)


def _after_newest(overdue: Overdue) -> Advice | None:
    """An overdue dose that may still be taken though the next is due: that one comes first."""
    newest, step = overdue.after, pack_step(overdue)
    most = overdue.policy.max_units_at_once if step is None else step.max_units
    if newest is None or most < 2:  # noqa: PLR2004  # two, in words
        return _over(overdue)
    if overdue.chart.settling(newest, overdue.now) is not None:
        return None
    text = "First take the dose that is due now and record it; then look here again."
    return Wait(until=None, reason=text, rule=overdue.rule, step=Step.NEXT_DUE)


def _in_a_morning(overdue: Overdue) -> Advice | None:
    opens, _ = next_morning(overdue.dose, overdue.now)
    text = "It is taken in the morning: take it the next morning, one dose only."
    return _wait(overdue, opens, Step.WINDOW, text)


def _wait(overdue: Overdue, ready: datetime, step: Step, text: str) -> Advice | None:
    """Wait until `ready` when the dose may still be taken then, else leave it out."""
    if ready <= overdue.now:
        return None
    if ready <= overdue.window.take_until:
        return Wait(until=ready, reason=f"Wait. {text}", rule=overdue.rule, step=step)
    return _skip(overdue, step, f"Leave this dose out. {text}")


def _take(overdue: Overdue) -> Take:
    units = units_now(overdue)
    amount = overdue.dose.amount * units
    return Take(
        until=take_until(overdue),
        amount=amount,
        units=units,
        reason=why_take(overdue, units, amount),
        rule=overdue.rule,
        step=Step.WINDOW,
    )


def _in_a_row(overdue: Overdue, advice: Advice) -> Advice:
    """Turn "leave it out" into "ask", and add it to "take", after too many misses in a row."""
    most = overdue.policy.call_after_consecutive
    missed = overdue.missed + isinstance(advice, Skip)
    if most is None or missed < most:
        return advice
    row = "This dose was not taken" if missed == 1 else f"{missed} doses in a row were not taken"
    text = f"{row}: tell your pharmacist or prescriber."
    match advice:
        case Skip():
            return Ask(reason=f"{advice.reason} {text}", rule=advice.rule, step=Step.IN_A_ROW)
        case Take():
            return replace(advice, reason=f"{advice.reason} {text}", call=True)
        case Wait() | Ask():
            return advice
        case _:
            assert_never(advice)
