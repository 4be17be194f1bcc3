"""What happened: append-only records of doses taken, not taken, or recorded in error.

A record is never changed. A mistake is corrected by another record that names it; the
original stays. Which dose a take settles is decided in `attribution`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from medsched.domain.amount import Amount


class AdministrationStatus(StrEnum):
    """FHIR R4 medication-admin-status, the codes used here."""

    COMPLETED = "completed"
    NOT_DONE = "not-done"
    ENTERED_IN_ERROR = "entered-in-error"


@frozen
class Administration:
    """One record.

    Args:
        id: Rising number in this database, 0 before it is stored.
        dose: Id of the dose it settles; empty for an extra dose or one taken as needed.
        at: When it was taken (or decided not to be), aware UTC.
        recorded_at: When it was written down, aware UTC; never before what it tells of.
        by: Who recorded it. reason: Why not taken, or why in error.
        amount: What was taken; None for the scheduled amount of its dose.
        corrects: For `entered-in-error`: the id of the record that was wrong, else 0.
        token: Makes a repeated request the same record; empty for none.
    """

    prescription: str
    status: AdministrationStatus
    at: datetime
    recorded_at: datetime
    id: int = 0
    dose: str = ""
    by: str = ""
    amount: Amount | None = None
    reason: str = ""
    corrects: int = 0
    token: str = ""


def standing(records: Iterable[Administration]) -> tuple[Administration, ...]:
    """Return the records that still count: no corrections, and nothing that was corrected."""
    kept = list(records)
    wrong = {one.corrects for one in kept if one.corrects}
    return tuple(one for one in kept if not one.corrects and one.id not in wrong)


def intakes(records: Iterable[Administration]) -> tuple[Administration, ...]:
    """Return the standing records of doses really taken, by the time they were taken."""
    taken = (one for one in standing(records) if one.status is AdministrationStatus.COMPLETED)
    return tuple(sorted(taken, key=lambda one: (one.at, one.id)))
