"""Which dose an intake settles: at most one, and each dose at most once.

An intake goes to the nearest dose whose window it fits; otherwise to the very next dose,
as an early one; otherwise it is an extra dose. So two tablets can never settle one
dose, one tablet never two, and what is taken early is not due again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.domain.administration import AdministrationStatus
from medsched.domain.amount import EXACT
from medsched.domain.chart import companions, utc
from medsched.domain.missed_policy import AfterLate
from medsched.domain.plain_words import length_words

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.amount import Amount
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

ASK_ABOUT_EXTRA = "Call your pharmacist or a poison centre before you take any more of it."
"""The only advice after an extra dose."""


class Punctuality(StrEnum):
    """When a settled dose was taken, by the tolerance of its rhythm."""

    EARLY = "early"
    ON_TIME = "on time"
    LATE = "late"


class ExtraReason(StrEnum):
    """Why an intake is more than the plan asks for."""

    TOO_MUCH = "more than one dose at once"
    TOO_SOON = "within the minimum gap"
    FITS_NO_DOSE = "no dose at that time"
    AFTER_SKIP = "the dose of that time is recorded as not taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraDose:
    """The finding about an intake that is too much or too soon: recorded, loudly shown."""

    reason: ExtraReason
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settles:
    """The intake settles `dose`.

    Args:
        finding: It was too soon after another intake, or too much at once; None for neither.
    """

    dose: DoseEvent
    punctuality: Punctuality
    sentence: str
    finding: ExtraDose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """The intake settles no dose."""

    finding: ExtraDose


@dataclass(frozen=True, slots=True, kw_only=True)
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


def too_much(amount: Amount | None, dose: DoseEvent, chart: Chart) -> bool:
    """Return whether an amount is more than the policy allows at once for this dose."""
    if amount is None or amount.unit is not dose.amount.unit:
        return False
    most = EXACT.multiply(dose.amount.value, chart.policy.max_units_at_once)
    return amount.value > most


def _fits(dose: DoseEvent, at: datetime, chart: Chart) -> bool:
    window = chart.window(dose)
    return window.on_time_from <= at <= window.take_until


def _open(chart: Chart) -> list[DoseEvent]:
    return [one for one in chart.doses if one.id not in chart.settled]


def _fitting(at: datetime, chart: Chart) -> DoseEvent | None:
    fits = [one for one in _open(chart) if _fits(one, at, chart)]
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
    return at >= dose.due - usual / 2 and not _crowds(at, dose, chart)


def _skipped(record: Administration) -> bool:
    return record.status is AdministrationStatus.NOT_DONE


def _crowds(at: datetime, dose: DoseEvent, chart: Chart) -> Administration | None:
    """Return the intake nearest to `at` that is closer than the least gap, or None."""
    least = chart.window(dose).least_gap
    others = [
        one
        for one in chart.intakes
        if (other := chart.dose(one.dose)) is None or not companions(other, dose)
    ]
    nearest = min(others, key=lambda one: abs(at - one.at), default=None)
    return nearest if nearest is not None and abs(at - nearest.at) < least else None


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
        finding=_finding(dose, at, chart, amount),
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


def _finding(
    dose: DoseEvent, at: datetime, chart: Chart, amount: Amount | None
) -> ExtraDose | None:
    if too_much(amount, dose, chart):
        text = f"That is more than this dose, which is {dose.amount}. {ASK_ABOUT_EXTRA}"
        return ExtraDose(reason=ExtraReason.TOO_MUCH, sentence=text)
    other = _crowds(at, dose, chart)
    return None if other is None else _soon(at, other)


def _soon(at: datetime, other: Administration) -> ExtraDose:
    words = length_words(int(abs(at - other.at) / timedelta(minutes=1)))
    text = f"Another dose was taken {words} apart from it, too close together. {ASK_ABOUT_EXTRA}"
    return ExtraDose(reason=ExtraReason.TOO_SOON, sentence=text)


def _extra(at: datetime, chart: Chart) -> ExtraDose:
    """Say why an intake that fits no dose fits none."""
    skipped = [
        one
        for one in chart.doses
        if (record := chart.settled.get(one.id)) and _skipped(record) and _fits(one, at, chart)
    ]
    if skipped:
        text = "The dose of that time is recorded as not taken. If it was taken, undo that first."
        return ExtraDose(reason=ExtraReason.AFTER_SKIP, sentence=text)
    nearby = min(chart.doses, key=lambda one: abs(at - one.due), default=None)
    other = _crowds(at, nearby, chart) or _same_place(at, nearby, chart) if nearby else None
    if other is not None:
        return _soon(at, other)
    text = f"No dose is planned for that time: it is kept as an extra dose. {ASK_ABOUT_EXTRA}"
    return ExtraDose(reason=ExtraReason.FITS_NO_DOSE, sentence=text)


def _same_place(at: datetime, dose: DoseEvent, chart: Chart) -> Administration | None:
    """Return the intake that settles `dose` when `at` is inside its least gap as well."""
    record = chart.settled.get(dose.id)
    if record is None or _skipped(record):
        return None
    return record if abs(at - record.at) < chart.window(dose).least_gap else None
