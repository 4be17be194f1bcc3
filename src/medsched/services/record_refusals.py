"""Why a take, a skip or an undo is not recorded: each one clear line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.administration import AdministrationStatus
from medsched.domain.words import date_words
from medsched.errors import MedschedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from medsched.domain.administration import Administration
    from medsched.services.book import ExplainedDose


class AlreadyRecorded(MedschedError):
    """A dose that is settled already: when, and by whom."""

    def __init__(
        self, record: Administration, dose: str, zone: ZoneInfo, asked: datetime | None = None
    ) -> None:
        """Keep the standing record and the dose's id; `asked` is when it was taken again."""
        self.record, self.dose = record, dose
        local = record.at.astimezone(zone)
        done = record.status is AdministrationStatus.COMPLETED
        word = "already taken" if done else "already recorded as not taken"
        by = f", recorded by {record.by}" if record.by else ""
        again = (
            "do not take it again; if a second one was taken, record it with --extra"
            if done
            else "if it was taken after all, undo that record first"
        )
        elsewhere = local.date().strftime("%Y%m%d") not in dose
        elsewhere |= asked is not None and asked.astimezone(zone).date() != local.date()
        day = f" on {date_words(local.date())}" if elsewhere else ""
        super().__init__(f"dose {dose}: {word} at {local:%H:%M}{day}{by}; {again}")


class NotYetTaken(MedschedError):
    """A time that has not come."""

    def __init__(self, at: datetime, now: datetime) -> None:
        """Keep both instants, on the person's clock."""
        self.at, self.now = at, now
        super().__init__(
            f"time {at:%Y-%m-%d %H:%M}: is in the future; it is {now:%Y-%m-%d %H:%M} now,"
            " record a dose once it is taken"
        )


class BeforeThePlan(MedschedError):
    """A time before the plan began."""

    def __init__(self, at: datetime, begin: datetime, medication: str) -> None:
        """Keep both instants, on the person's clock."""
        self.at, self.begin = at, begin
        super().__init__(
            f"time {at:%Y-%m-%d %H:%M}: is before the plan of {medication} began;"
            f" use {begin:%Y-%m-%d} or later"
        )


class NotPlanned(MedschedError):
    """A dose that is not meant any more."""

    def __init__(self, dose: str, why: str) -> None:
        """Keep the dose's id."""
        self.dose = dose
        super().__init__(
            f"dose {dose}: is {why} and not to be taken; `medsched today` shows the plan"
        )


class NotAtThatTime(MedschedError):
    """A named dose that cannot be what was taken at that time."""

    def __init__(self, dose: ExplainedDose, sentence: str) -> None:
        """Keep the dose and what its plan says."""
        self.dose = dose
        super().__init__(
            f"dose {dose.id}: {sentence[0].lower()}{sentence[1:].rstrip('.')};"
            " leave the dose out to see what it counts as, or say another --at"
        )


class WhichDose(MedschedError):
    """More than one dose can be meant, or none."""

    def __init__(self, choices: Sequence[str]) -> None:
        """Keep the choices, as ids with what they are."""
        self.choices = tuple(choices)
        shown = "; ".join(self.choices)
        wanted = f"name one of: {shown}" if shown else "no plan runs; begin with `medsched start`"
        super().__init__(
            f"dose: more than one can be meant; {wanted}" if shown else f"dose: {wanted}"
        )


class NoneIsOpen(MedschedError):
    """No dose is due or late now; the next one is meant only when it is named."""

    def __init__(self, coming: Sequence[str]) -> None:
        """Keep what comes next, as ids with what they are."""
        self.coming = tuple(coming)
        super().__init__(
            f"dose: none is open now; if the next one is meant, name it: {'; '.join(coming)}"
        )


class NothingToUndo(MedschedError):
    """No standing record to correct."""

    def __init__(self, what: str) -> None:
        """Keep what was asked for."""
        self.what = what
        super().__init__(f"{what}: nothing is recorded that could be undone")
