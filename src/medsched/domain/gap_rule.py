"""After a long gap nothing is taken before somebody was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.administration import AdministrationStatus
from medsched.domain.chart import utc
from medsched.domain.dose_status import missed_before
from medsched.domain.late_window import hours

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta
    from decimal import Decimal

    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.domain.missed_policy import GapRule

NO_REGIMEN = "none"
"""The half-life of regimens that none is given for."""


def gap_rule(dose: DoseEvent, chart: Chart, now: datetime) -> GapRule | None:
    """Return the policy's rule that a gap before `dose` has set off by `now`, or None.

    Hours count from the last intake, or from when somebody decided that the plan goes on.
    A distance that the plan itself leaves between two doses of one phase is no gap; a hold
    is one. Missed doses and days count `dose` itself once its window is over. Nothing is
    said where nobody records.
    """
    now = utc(now)
    missed = _missed(dose, chart, now)
    since = None if _as_planned(dose, chart) else _since_intake(chart, now)
    for rule in chart.policy.gaps:
        if _long(rule, since, chart.regimen) or _many(rule, missed):
            return rule
    return None


def _missed(dose: DoseEvent, chart: Chart, now: datetime) -> Sequence[DoseEvent]:
    decided = _decided(chart, now)
    earlier = missed_before(dose, chart, now)
    if decided is not None:
        earlier = tuple(one for one in earlier if one.due >= decided)
    over = chart.is_tracked(dose) and now > chart.window(dose).late_until
    itself = (dose,) if over and chart.settling(dose, now) is None else ()
    return (*itself, *earlier)


def _as_planned(dose: DoseEvent, chart: Chart) -> bool:
    """Return whether the dose right before was taken, in the same phase, or nobody records."""
    before = chart.before(dose)
    if before is None or before.phase != dose.phase:
        return chart.tracked_since is None
    record = chart.settled.get(before.id)
    if record is None:
        return not chart.is_tracked(before)
    return record.status is AdministrationStatus.COMPLETED


def _since_intake(chart: Chart, now: datetime) -> timedelta | None:
    taken, decided = chart.taken(now), _decided(chart, now)
    if not taken:
        return None
    return now - (taken[-1].at if decided is None else max(taken[-1].at, decided))


def _decided(chart: Chart, now: datetime) -> datetime | None:
    return chart.decided_at if chart.decided_at is not None and chart.decided_at <= now else None


def _long(rule: GapRule, since: timedelta | None, regimen: str) -> bool:
    if since is None:
        return False
    if rule.more_than_hours is not None:
        return since > hours(rule.more_than_hours)
    if rule.at_least_hours is not None:
        return since >= hours(rule.at_least_hours)
    if rule.more_than_half_lives is not None:
        return since > hours(rule.more_than_half_lives * _half_life(rule, regimen))
    return False


def _half_life(rule: GapRule, regimen: str) -> Decimal:
    """Return the regimen's half-life, the plain one otherwise, else the longest given."""
    given = dict(rule.half_life_hours)
    return given.get(regimen) or given.get(NO_REGIMEN) or max(given.values())


def _many(rule: GapRule, missed: Sequence[DoseEvent]) -> bool:
    if rule.at_least_missed is not None:
        return len(missed) >= rule.at_least_missed
    if rule.at_least_days_missed is not None:
        return len({one.day for one in missed}) >= rule.at_least_days_missed
    return False
