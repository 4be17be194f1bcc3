"""Why a dose may or may not be taken, in sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.advice import NEVER_TWO, span_words
from medsched.domain.late_window import hours, takes_beyond
from medsched.domain.missed_policy import AfterLate, Measure
from medsched.domain.overdue import pack_step
from medsched.domain.plain_words import number_name

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.overdue import Overdue

_LATER_DOSES: Final = {
    AfterLate.KEEP: "the next one stays at its usual time",
    AfterLate.KEEP_WEEKDAY: "the next one stays on its usual weekday",
    AfterLate.SHIFT: "the later ones move by as much",
    AfterLate.RESPACE_TODAY: "the other ones of today are spread over the rest of the day",
}


def why_over(overdue: Overdue) -> str:
    """Return why a late dose may not be taken any more."""
    late, window = overdue.policy.late, overdue.window
    late_by = overdue.now - overdue.dose.due
    if window.most_late is not None and late_by > window.most_late:
        return f"it is more than {span_words(window.most_late)} late"
    if late.measure is Measure.SAME_DOSING_DAY:
        return "its day is over"
    if late.measure is Measure.NONE:
        return "its time is over"
    return _too_near(overdue)


def _too_near(overdue: Overdue) -> str:
    late, policy = overdue.policy.late, overdue.policy
    if overdue.next_due is None:
        return "it is too late"
    left = overdue.next_due - overdue.now
    least = hours(late.min_remaining_hours or policy.min_gap_hours)
    if late.strict and left <= least:
        return f"more than {span_words(least)} must be left before the next one"
    if left < least:
        return f"fewer than {span_words(least)} are left before the next one"
    return "the next one is too near"


def why_take(overdue: Overdue, units: int, amount: Amount) -> str:
    """Return what to do in words: one dose, or more only where the policy documents it."""
    if units > 1:
        return (
            f"Take {number_name(units)} doses at once, {amount} in all: the rule of this medicine"
            " allows it, as an exception, so that the day's amount is reached."
        )
    text = _plain(overdue)
    step = pack_step(overdue)
    if step is not None:
        return f"{text} {sentence(step.text)}"
    return f"{text} {NEVER_TWO}" if overdue.missed or overdue.is_late else text


def _plain(overdue: Overdue) -> str:
    if not overdue.is_late:
        return "It is time for this dose."
    if overdue.now > overdue.window.late_until and takes_beyond(overdue.policy):
        return sentence(overdue.policy.beyond)
    return f"Take it now, one dose only; {_LATER_DOSES[overdue.policy.after_late]}."


def sentence(text: str) -> str:
    """Return a policy's words as a sentence."""
    whole = text.strip()
    return f"{whole[:1].upper()}{whole[1:]}" + ("" if whole.endswith(".") else ".")
