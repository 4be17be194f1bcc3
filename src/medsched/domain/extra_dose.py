"""What makes an intake too much or too soon: recorded, loudly shown, no further advice."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from medsched.domain.administration import AdministrationStatus
from medsched.domain.amount import EXACT
from medsched.domain.chart import companions
from medsched.domain.late_window import hours
from medsched.domain.plain_words import length_words
from medsched.domain.walltime import DAY
from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.amount import Amount
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

ASK_ABOUT_EXTRA = "Call your pharmacist or a poison centre before you take any more of it."
"""The only advice after an extra dose."""


class ExtraReason(StrEnum):
    """Why an intake is more than the plan asks for."""

    TOO_MUCH = "more than one dose at once"
    TOO_SOON = "within the minimum gap"
    FITS_NO_DOSE = "no dose at that time"
    AFTER_SKIP = "the dose of that time is recorded as not taken"


@frozen
class ExtraDose:
    """The finding about an intake that is too much or too soon: recorded, loudly shown."""

    reason: ExtraReason
    sentence: str


def too_much(amount: Amount | None, dose: DoseEvent, chart: Chart) -> bool:
    """Return whether an amount is more than the policy allows at once for this dose."""
    if amount is None or amount.unit is not dose.amount.unit:
        return False
    most = EXACT.multiply(dose.amount.value, chart.policy.max_units_at_once)
    return amount.value > most


def is_extra(intake: Administration, chart: Chart) -> bool:
    """Return whether an intake was beyond the plan: it settles no dose, or was too much."""
    if not intake.dose:
        return not chart.as_needed
    dose = chart.dose(intake.dose)
    return dose is not None and too_much(intake.amount, dose, chart)


def quiet_after_extra(dose: DoseEvent, chart: Chart) -> timedelta:
    """Return how long after an extra dose nothing is advised about `dose`.

    The usual interval or the rolling window, the longer one, and a day at least.
    """
    rolling = chart.policy.rolling
    window = hours(rolling.window_hours) if rolling is not None else DAY
    return max(chart.window(dose).usual, window, DAY)


def recent_extras(chart: Chart, now: datetime) -> tuple[Administration, ...]:
    """Return the extra doses, rising, after which nothing is advised yet as of `now`."""
    extras = [one for one in chart.taken(now) if is_extra(one, chart)]
    return tuple(one for one in extras if now - one.at < _quiet_around(one, chart))


def _quiet_around(intake: Administration, chart: Chart) -> timedelta:
    nearest = min(chart.doses, key=lambda one: abs(intake.at - one.due), default=None)
    return DAY if nearest is None else quiet_after_extra(nearest, chart)


def crowding(at: datetime, dose: DoseEvent, chart: Chart) -> Administration | None:
    """Return the intake nearest to `at` that is closer than the least gap, or None."""
    least = chart.window(dose).least_gap
    others = [
        one
        for one in chart.intakes
        if (other := chart.dose(one.dose)) is None or not companions(other, dose)
    ]
    nearest = min(others, key=lambda one: abs(at - one.at), default=None)
    return nearest if nearest is not None and abs(at - nearest.at) < least else None


def finding_about(
    dose: DoseEvent, at: datetime, chart: Chart, amount: Amount | None
) -> ExtraDose | None:
    """Return what is wrong with an intake that settles `dose`: too much or too soon, or None."""
    if too_much(amount, dose, chart):
        text = f"That is more than this dose, which is {dose.amount}. {ASK_ABOUT_EXTRA}"
        return ExtraDose(reason=ExtraReason.TOO_MUCH, sentence=text)
    other = crowding(at, dose, chart)
    return None if other is None else too_soon(at, other)


def too_soon(at: datetime, other: Administration) -> ExtraDose:
    """Return the finding about an intake that is too close to another."""
    words = length_words(int(abs(at - other.at) / timedelta(minutes=1)))
    text = f"Another dose was taken {words} apart from it, too close together. {ASK_ABOUT_EXTRA}"
    return ExtraDose(reason=ExtraReason.TOO_SOON, sentence=text)


def same_dose_again(at: datetime, dose: DoseEvent, chart: Chart) -> Administration | None:
    """Return the intake that settles `dose` when `at` is inside its least gap as well."""
    record = chart.settled.get(dose.id)
    if record is None or record.status is AdministrationStatus.NOT_DONE:
        return None
    return record if abs(at - record.at) < chart.window(dose).least_gap else None
