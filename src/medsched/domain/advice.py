"""What to do about a dose now: take one, wait, leave it out, or ask. A closed set.

Sentences hold lengths of time, never clock times: whoever shows an advice words its
`until` in the person's zone.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from medsched.domain.plain_words import counted_words, length_words
from medsched.domain.walltime import DAY
from medsched.frozen import frozen, replace

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.amount import Amount

NEVER_TWO: Final = "Never take two doses at once."
IF_NOT_TAKEN: Final = "If you have not taken it:"


class Step(StrEnum):
    """Which step of the decision gave the advice, in their order."""

    PAUSED = "on hold or stopped"
    EXCLUDED = "excluded"
    EXTRA_DOSE = "extra dose"
    GAP = "gap"
    TITRATION = "titration"
    WINDOW = "late window"
    NEXT_DUE = "next dose is due"
    MINIMUM_GAP = "minimum gap"
    ROLLING = "rolling limit"
    DAY = "limit of the dosing day"
    IN_A_ROW = "missed in a row"


@frozen
class Take:
    """Take it now: one dose.

    Args:
        until: The last moment at which this holds, aware UTC.
        amount: What to take now. units: how many doses that is; more than 1 only where the
            policy documents it, and then `reason` says so.
        call: Somebody should be asked as well; `reason` says why.
        rule: Id of the protocol's rule, or of the policy. step: which step decided.
    """

    until: datetime
    amount: Amount
    reason: str
    rule: str
    step: Step
    units: int = 1
    call: bool = False
    action: Literal["take"] = "take"


@frozen
class Wait:
    """Do not take it yet.

    Args:
        until: From then on it may be taken; None: after the dose that is due now was taken.
    """

    until: datetime | None
    reason: str
    rule: str
    step: Step
    action: Literal["wait"] = "wait"


@frozen
class Skip:
    """Leave it out.

    Args:
        until: When the next dose is due, or None when there is none.
        call: Somebody should be told as well; `reason` says why.
    """

    until: datetime | None
    reason: str
    rule: str
    step: Step
    call: bool = False
    action: Literal["skip"] = "skip"


@frozen
class Ask:
    """Take nothing before a pharmacist or prescriber was asked; `until` is always None."""

    reason: str
    rule: str
    step: Step
    until: None = None
    action: Literal["ask"] = "ask"


Advice = Take | Wait | Skip | Ask


def if_not_taken(advice: Advice) -> Advice:
    """Return the advice in the conditional, for plans whose doses nobody records."""
    first, rest = advice.reason[:1], advice.reason[1:]
    return replace(advice, reason=f"{IF_NOT_TAKEN} {first.lower()}{rest}")


def also(advice: Advice, sentence: str) -> Advice:
    """Return the advice with one more sentence."""
    return replace(advice, reason=f"{advice.reason} {sentence}".strip()) if sentence else advice


def span_words(span: timedelta) -> str:
    """Return a length of time in words: days when it is whole days and more than one.

    >>> span_words(timedelta(hours=6)), span_words(timedelta(hours=48))
    ('6 hours', '2 days')
    """
    if span > DAY and not span % DAY:
        return counted_words(span // DAY, "day")
    return length_words(-(-span // timedelta(minutes=1)))
