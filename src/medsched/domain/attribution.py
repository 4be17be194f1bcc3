"""Which dose an intake settles: at most one, and each dose at most once.

An intake goes to the nearest dose whose window it fits; otherwise to the very next dose,
as an early one; otherwise it is an extra dose. So two tablets can never settle one
dose, one tablet never two, and what is taken early is not due again.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.domain.administration import AdministrationStatus
from medsched.domain.chart import utc
from medsched.domain.extra_dose import (
    ASK_ABOUT_EXTRA,
    ExtraDose,
    ExtraReason,
    crowding,
    finding_about,
    same_dose_again,
    too_much,
    too_soon,
)
from medsched.domain.missed_policy import AfterLate
from medsched.domain.plain_words import length_words
from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.amount import Amount
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

__all__ = [
    "ASK_ABOUT_EXTRA",
    "Attribution",
    "Extra",
    "ExtraDose",
    "ExtraReason",
    "NotThisDose",
    "Punctuality",
    "Settles",
    "attribute",
    "settle",
    "too_much",
]

_WIDEST_TOLERANCE = timedelta(hours=3)
"""Wider than any dose is early and still on time."""

_MOST_AROUND = 16
"""More doses than ever have an open window at one instant."""


class Punctuality(StrEnum):
    """When a settled dose was taken, by the tolerance of its rhythm."""

    EARLY = "early"
    ON_TIME = "on time"
    LATE = "late"


@frozen
class Settles:
    """The intake settles `dose`.

    Args:
        finding: It was too soon after another intake, or too much at once; None for neither.
    """

    dose: DoseEvent
    punctuality: Punctuality
    sentence: str
    finding: ExtraDose | None = None


@frozen
class Extra:
    """The intake settles no dose."""

    finding: ExtraDose


@frozen
class NotThisDose:
    """The named dose cannot be what was taken at that time.

    Args:
        settled_by: The record that settles it already, or None.
        instead: What the intake would settle when no dose is named; None where settled.
    """

    dose: DoseEvent
    sentence: str
    settled_by: Administration | None = None
    instead: Settles | Extra | None = None


Attribution = Settles | Extra


def attribute(at: datetime, chart: Chart, amount: Amount | None = None) -> Attribution:
    """Return which dose an intake at `at` settles.

    Doses that are settled are no candidates. Early settles only the next dose in the
    plan, never the one after it: after the dose before it is over, and where that one was
    taken, neither within the least gap nor earlier than half the usual interval.

    Args:
        at: When it was taken, aware. amount: What was taken; None for the dose's own.
    """
    at = utc(at)
    dose = _fitting(at, chart) or _ahead(at, chart)
    if dose is None:
        return Extra(finding=_extra(at, chart))
    return _settles(dose, at, chart, amount)


def settle(
    dose: DoseEvent, at: datetime, chart: Chart, amount: Amount | None = None
) -> Settles | NotThisDose:
    """Return whether an intake at `at` can settle the dose that somebody named.

    It can inside that dose's own window and as early as `attribute` would allow.
    """
    at = utc(at)
    record = chart.settled.get(dose.id)
    if record is not None:
        done = record.status is AdministrationStatus.COMPLETED
        what = "taken" if done else "not taken"
        return NotThisDose(
            dose=dose,
            sentence=f"This dose is already recorded as {what}.",
            settled_by=record,
        )
    if _fits(dose, at, chart) or _may_be_early(dose, at, chart):
        return _settles(dose, at, chart, amount)
    side = "before" if at < dose.due else "after"
    return NotThisDose(
        dose=dose,
        sentence=f"That time is {side} this dose could be taken.",
        instead=attribute(at, chart, amount),
    )


def _fits(dose: DoseEvent, at: datetime, chart: Chart) -> bool:
    window = chart.window(dose)
    return window.on_time_from <= at <= window.take_until


def _around(at: datetime, chart: Chart) -> list[DoseEvent]:
    """Return the doses whose window could hold `at`: the last few that are due by then."""
    end = bisect_right(chart.doses, at + _WIDEST_TOLERANCE, key=_due)
    return list(chart.doses[max(0, end - _MOST_AROUND) : end])


def _due(dose: DoseEvent) -> datetime:
    return dose.due


def _fitting(at: datetime, chart: Chart) -> DoseEvent | None:
    unsettled = (one for one in _around(at, chart) if one.id not in chart.settled)
    fits = [one for one in unsettled if _fits(one, at, chart)]
    return min(fits, key=lambda one: (abs(at - one.due), one.due), default=None)


def _ahead(at: datetime, chart: Chart) -> DoseEvent | None:
    dose = next((one for one in chart.doses if one.due > at), None)
    if dose is None or dose.id in chart.settled or not _may_be_early(dose, at, chart):
        return None
    return dose


def _may_be_early(dose: DoseEvent, at: datetime, chart: Chart) -> bool:
    """Return whether an intake before its due time may count as `dose`: it is the very next."""
    before = chart.before(dose)
    usual = chart.window(dose).usual
    if at >= dose.due or at < dose.due - usual or (before is not None and at <= before.due):
        return False
    record = chart.settled.get(before.id) if before is not None else None
    if before is not None and (record is None or _skipped(record)):
        return at > chart.window(before).take_until
    return at >= dose.due - usual / 2 and not crowding(at, dose, chart)


def _skipped(record: Administration) -> bool:
    return record.status is AdministrationStatus.NOT_DONE


def _settles(dose: DoseEvent, at: datetime, chart: Chart, amount: Amount | None) -> Settles:
    window = chart.window(dose)
    if at < window.on_time_from:
        punctuality = Punctuality.EARLY
    else:
        punctuality = Punctuality.ON_TIME if at <= window.on_time_until else Punctuality.LATE
    return Settles(
        dose=dose,
        punctuality=punctuality,
        sentence=_sentence(punctuality, at - dose.due, chart.policy.after_late),
        finding=finding_about(dose, at, chart, amount),
    )


def _sentence(punctuality: Punctuality, distance: timedelta, after: AfterLate) -> str:
    words = length_words(int(abs(distance) / timedelta(minutes=1)))
    match punctuality:
        case Punctuality.ON_TIME:
            return "Taken on time."
        case Punctuality.EARLY:
            return f"Taken {words} early: it counts as the next dose, which is not due again."
        case Punctuality.LATE:
            moves = after in {AfterLate.SHIFT, AfterLate.RESPACE_TODAY}
            rest = "later doses may move" if moves else "the later doses stay as planned"
            return f"Taken {words} late: {rest}."


def _extra(at: datetime, chart: Chart) -> ExtraDose:
    """Say why an intake that fits no dose fits none."""
    skipped = [
        one
        for one in _around(at, chart)
        if (record := chart.settled.get(one.id)) and _skipped(record) and _fits(one, at, chart)
    ]
    if skipped:
        text = "The dose of that time is recorded as not taken. If it was taken, undo that first."
        return ExtraDose(reason=ExtraReason.AFTER_SKIP, sentence=text)
    nearby = min(chart.doses, key=lambda one: abs(at - one.due), default=None)
    other = crowding(at, nearby, chart) or same_dose_again(at, nearby, chart) if nearby else None
    if other is not None:
        return too_soon(at, other)
    text = f"No dose is planned for that time: it is kept as an extra dose. {ASK_ABOUT_EXTRA}"
    return ExtraDose(reason=ExtraReason.FITS_NO_DOSE, sentence=text)
