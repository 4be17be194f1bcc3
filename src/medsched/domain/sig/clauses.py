"""The parts of a sentence about a dose that need no more than their own values."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, assert_never

from medsched.domain.days import dose_days
from medsched.domain.medication import Pieces, count_pieces, pieces_words
from medsched.domain.tablets import pieces_for
from medsched.domain.timing import (
    Cycle,
    EveryDay,
    EveryNDays,
    ForDays,
    ForDoses,
    OnDays,
    UntilDay,
    UntilTold,
)
from medsched.domain.words import counted_words, date_words, days_words

if TYPE_CHECKING:
    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.domain.timing import Bounds

_SHOWN_DATES: Final = 3
_FAR: Final = timedelta(days=1000)


def dose_words(amount: Amount, medication: Medication | None, on_hand: frozenset[Amount]) -> str:
    """Return pieces and amount of one dose: `1 tablet (25 mg)`, `half a tablet of 25 mg (12.5 mg)`.

    The amount alone where there is no medicine, or where it is itself a count of pieces.
    """
    if medication is None:
        return str(amount)
    pieces = pieces_for(amount, medication, on_hand)
    if pieces == (Pieces(amount, pieces[0].count),):
        shown = count_pieces(medication.form, pieces[0].count)
        return shown if shown == str(amount) else f"{shown} ({amount})"
    return f"{pieces_words(pieces, medication.form)} ({amount})"


def bounds_words(bounds: Bounds | None) -> str:
    """Return how long, after a comma; nothing for None."""
    match bounds:
        case None:
            return ""
        case ForDays(days):
            return f", for {days_words(days)}"
        case UntilDay(day):
            return f", until and including {date_words(day)}"
        case ForDoses(doses):
            return f", for {counted_words(doses, 'dose')}"
        case UntilTold():
            return ", until told otherwise"
        case _:
            assert_never(bounds)


def first_dates(dosage: OnDays, first_day: date) -> str:
    """Return the first dates of a dosage that counts days from its first one."""
    if not isinstance(dosage.days, EveryNDays) or dosage.days.n == 1:
        return ""
    days = dose_days(dosage.days, first_day, first_day, first_day + _FAR)
    shown = [date_words(day) for _, (_, day) in zip(range(_SHOWN_DATES), days, strict=False)]
    return f", on {', '.join(shown)} and so on"


def not_daily(dosage: OnDays) -> str:
    """Return the warning for doses that are not on every day."""
    return "" if isinstance(dosage.days, EveryDay | Cycle) else ", NOT daily"
