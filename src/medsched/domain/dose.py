"""One intended intake, and how it is named for ever.

A dose's id comes from the prescription, the local day and its place in that day;
never from the clock time, the amount or a random number. Moving 08:00 to 08:30 or
raising the amount leaves the id, so what was taken stays taken.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from medsched.domain.amount import Amount
from medsched.errors import MedschedError

# Annotations are no texts here: Python compiles each text of a named tuple, and the first one
# loads all of its syntax trees, which takes longer than the rest of this module.

SECOND_PASS: Final = 100
"""Added to the place of a dose when travel over the date line repeats a local day."""

TRACK_PLACES: Final = 20
"""Places of a day kept for each track of phases that run side by side."""

_ID: Final = r"(?P<prescription>[A-Za-z0-9]+)-(?P<day>\d{8})-(?P<slot>\d{1,5})"
"""Compiled when an id is first read, which most commands never do."""


class DoseStatus(StrEnum):
    """What became of a dose, derived from events, administrations and now."""

    UPCOMING = "upcoming"
    DUE = "due"
    LATE = "late"
    TAKEN = "taken"
    SKIPPED = "skipped"
    MISSED = "missed"
    UNRECORDED = "unrecorded"
    HELD = "held"
    CANCELLED = "cancelled"


class DoseEvent(NamedTuple):
    """One *intended* intake.

    A named tuple, because there are millions: it costs a third of a frozen dataclass.
    Its own order is by instant, then by id.

    Attributes:
        due: Aware UTC instant.
        id: `prescription-day-slot`, such as `1-20260302-1`.
        local: The same instant on the person's clock.
        day: The local day it belongs to, whatever a clock change or a late take does.
        slot: Its place in that day, from 1.
        amount: What is taken.
        phase: Number of the phase, from 1.
    """

    due: datetime
    id: str
    local: datetime
    day: date
    slot: int
    amount: Amount
    phase: int


class UnknownDose(MedschedError):
    """A text that names no dose."""

    def __init__(self, text: str) -> None:
        """Keep the text."""
        self.text = text
        super().__init__(f"dose {text!r}: not found; `medsched today` lists the ids of doses")


class DoseKey(NamedTuple):
    """The parts of a dose's id: prescription, local day, place in the day."""

    prescription: str
    day: date
    slot: int

    def __str__(self) -> str:
        """Return the id."""
        return f"{self.prescription}-{self.day:%Y%m%d}-{self.slot}"


def dose_key(text: str) -> DoseKey:
    """Read the id of a dose.

    Raises:
        UnknownDose: the text is no id.

    >>> dose_key("1-20260302-2").day
    datetime.date(2026, 3, 2)
    """
    match = re.fullmatch(_ID, text)
    if match is None:
        raise UnknownDose(text)
    code = match["day"]
    try:
        day = date(int(code[:4]), int(code[4:6]), int(code[6:]))
    except ValueError:
        raise UnknownDose(text) from None
    return DoseKey(match["prescription"], day, int(match["slot"]))
