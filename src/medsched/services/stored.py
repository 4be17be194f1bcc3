"""What is stored, as plain values: dose rows, revisions, plans, and refusals of the store."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from medsched.errors import MedschedError
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.prescription import Prescription, Status


class DoseRow(NamedTuple):
    """One stored dose: the hot row, integers and one short text.

    Attributes:
        prescription: Number of the prescription. day: Local day as proleptic ordinal.
        slot: Place in the day. These three are the key, for ever.
        due: UTC seconds since 1970. amount: Digits, in the medicine's unit.
        phase: Number of the phase in `revision`.
        revision: The revision that last changed this dose; its document explains the dose.
        sequence: 0 at first, one more with each change of its content (RFC 5545 SEQUENCE).
    """

    prescription: int
    day: int
    slot: int
    due: int
    amount: str
    phase: int
    revision: int
    sequence: int


class DoseRun(NamedTuple):
    """Dose rows that differ only by the day: `doses` of them, `step` days apart.

    The due instants are `step` times 86,400 seconds apart, so a run ends where the
    clocks change. The other fields are those of every row; `day` and `due` of the first.
    """

    prescription: int
    day: int
    doses: int
    step: int
    slot: int
    due: int
    amount: str
    phase: int
    revision: int
    sequence: int

    def rows(self) -> Iterator[DoseRow]:
        """Yield the rows, one by one."""
        for place in range(0, self.doses * self.step, self.step):
            yield DoseRow(
                self.prescription,
                self.day + place,
                self.slot,
                self.due + place * 86_400,
                self.amount,
                self.phase,
                self.revision,
                self.sequence,
            )


class Withdrawal(StrEnum):
    """Why a planned dose is no longer meant."""

    CANCELLED = "cancelled"
    HELD = "held"


@frozen
class WithdrawnDose:
    """A dose that was planned and is not meant any more, kept for calendars and history.

    Args:
        row: As it stood in the plan, its revision still the one that explains it; but
            its sequence is one more.
        by: The revision that withdrew it.
    """

    row: DoseRow
    by: int
    why: Withdrawal


class RevisionKind(StrEnum):
    """What made a revision."""

    START = "start"
    CONFIRM = "confirm"
    CHANGE = "change"
    HOLD = "hold"
    RESUME = "resume"
    SHIFT = "shift"
    EXTEND = "extend"
    STEP_BACK = "step-back"
    STOP = "stop"
    LATE_DOSE = "late dose"
    TRAVEL = "travel"


@frozen
class Override:
    """A finding that somebody overruled, shown ever after."""

    rule: str
    reason: str
    ordered_by: str
    at: datetime


@frozen
class Revision:
    """One stored revision.

    Args:
        prescription: The order as of this revision; its `status` says draft or active.
        created_at: When it was recorded. effective_from: the first instant it governs;
            doses due before it belong to earlier revisions and never change.
        kind, reason, ordered_by: What it is, why, and on whose word.
        overrides: Findings overruled with it.
    """

    prescription: Prescription
    created_at: datetime
    effective_from: datetime
    kind: RevisionKind
    reason: str = ""
    ordered_by: str = ""
    overrides: tuple[Override, ...] = ()


@frozen
class Plan:
    """One prescription as it stands in the store.

    Args:
        number: Its number; `str(number)` is the first part of dose ids.
        key: UUID text, unique in the world. person: id of the person.
        current: Number of the revision in force, 0 while the first is a draft.
        draft: Number of a revision that waits for confirmation, 0 for none.
        tracked: Whether administrations are recorded; None until the first one.
        stored_until: Ordinal of the last local day whose doses are stored, 0 for none.
    """

    number: int
    key: str
    person: str
    protocol: str
    medication: str
    status: Status
    current: int
    draft: int
    tracked: bool | None
    stored_until: int
    created_at: datetime


class AlreadySettled(MedschedError):
    """A dose that another administration settled first."""

    def __init__(self, settled_by: Administration) -> None:
        """Keep the administration that settled it."""
        self.settled_by = settled_by
        super().__init__(f"dose {settled_by.dose}: already recorded")


class StaleRevision(MedschedError):
    """Somebody else changed the plan in between."""

    def __init__(self, number: int, expected: int, found: int) -> None:
        """Keep the plan's number and both revisions."""
        self.number, self.expected, self.found = number, expected, found
        super().__init__(
            f"prescription {number}: changed meanwhile (revision {found}, not {expected});"
            " look at it and try again"
        )
