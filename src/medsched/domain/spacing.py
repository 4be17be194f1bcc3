"""Doses too near to one another: of this medicine, or of it and another one."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import number_words
from medsched.domain.co_medication import dose_within, matches, midnight
from medsched.domain.finding import DetectedIssue, IssueCode, from_rule, general, not_checked
from medsched.domain.plain_words import length_words
from medsched.domain.safety_rules import Severity
from medsched.domain.timeline import expand
from medsched.domain.timing import AtMoments, OnDays
from medsched.domain.walltime import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from decimal import Decimal

    from medsched.domain.co_medication import Stretch
    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.dose import DoseEvent
    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.prescription import Prescription
    from medsched.domain.protocol import Protocol
    from medsched.domain.safety_rules import Spacing
    from medsched.domain.washout import Taken

LOOK_AHEAD: Final = timedelta(days=92)
"""So far two plans are compared; a running plan is compared again every day."""

_FIRST_DAYS: Final = timedelta(days=9)
"""Every gap of a phase that repeats by day or week is seen in its first days."""


def check_spacings(taken: Taken) -> Iterator[DetectedIssue]:
    """Yield a finding for each other medicine whose doses lie nearer than a rule allows."""
    for rule in taken.protocol.safety.spacings:
        for other in taken.others:
            if matches(other, rule.match, taken.protocol.safety.classes):
                yield from _spacing(taken, rule, other)


def _spacing(taken: Taken, rule: Spacing, other: Stretch) -> Iterator[DetectedIssue]:
    if dose_within(taken.course, other.first, other.last) is None:
        return
    hours = f"{number_words(rule.hours)} hours"
    if other.plan is None:
        fact = f"times of {other.name}"
        why = f"Keep at least {hours} between it and {taken.medicine}. {rule.text}"
        yield not_checked(taken.protocol, rule.rule, fact, why)
        return
    nearest = _nearest(taken.course, other.plan.course, taken.since)
    if nearest is None or nearest >= timedelta(seconds=int(rule.hours * 3600)):
        return
    gap = length_words(int(nearest.total_seconds()) // 60)
    message = f"{other.name} and {taken.medicine}: {gap} apart; at least {hours}. {rule.text}"
    code = IssueCode.DOSE_INTERVAL
    yield from_rule(
        taken.protocol, rule.rule, rule.severity, message, code, subject=other.name.lower()
    )


def _nearest(one: Course, two: Course, asked: datetime | None) -> timedelta | None:
    """Return the least elapsed time between a dose of one plan and a dose of the other.

    Args:
        asked: For plans that run, from when on: what was near each other before is over.
    """
    since = midnight(max(one.start, two.start), one) - DAY
    if asked is not None:
        since = max(since, asked.astimezone(UTC) - DAY)
    until = since + LOOK_AHEAD
    doses = sorted(
        [(dose.due, 1) for dose in expand(one, since, until)]
        + [(dose.due, 2) for dose in expand(two, since, until)]
    )
    gaps = [
        later - earlier for (earlier, first), (later, second) in pairwise(doses) if first != second
    ]
    return min(gaps, default=None)


def check_slots(
    protocol: Protocol, prescription: Prescription, course: Course
) -> Iterator[DetectedIssue]:
    """Yield a finding when the plan's own doses lie nearer than the least gap between two.

    Doses at moments of the day (meals, bedtime) are as their rules want them: they may
    come as near as half the gap. The clock on the wall counts on a day when the clocks
    change: the plan did not move.
    """
    policy = _policy(protocol, prescription)
    near = [
        gap
        for phase in course.phases
        if phase.dosage is not None
        for gap in _gaps(course, phase)
        if gap < _least(phase, prescription, policy.min_gap_hours)
    ]
    if not near:
        return
    gap = length_words(int(min(near).total_seconds()) // 60)
    message = (
        f"dose times of {protocol.medication.name}: {gap} apart; at least"
        f" {number_words(policy.min_gap_hours)} hours must lie between two doses."
    )
    code, name = IssueCode.DOSE_INTERVAL, policy.rule or "minimum-gap"
    if policy.rule:
        yield from_rule(protocol, name, Severity.BLOCK, message, code, subject=f"{gap} apart")
    else:
        yield general(name, Severity.BLOCK, message, code, subject=f"{gap} apart")


def _least(phase: CoursePhase, prescription: Prescription, hours: Decimal) -> timedelta:
    dosage = phase.dosage
    at_moments = isinstance(dosage, OnDays) and isinstance(dosage.times, AtMoments)
    at_moments = at_moments and not prescription.slots
    seconds = int(hours * 3600)
    return timedelta(seconds=seconds // 2 if at_moments else seconds)


def _policy(protocol: Protocol, prescription: Prescription) -> MissedPolicy:
    regimens = [one for one in protocol.regimens if one.id == prescription.regimen]
    own = regimens[0].missed if regimens else None
    return own or protocol.missed


def _gaps(course: Course, phase: CoursePhase) -> Iterator[timedelta]:
    """Yield the gaps between doses of the phase's track in the first days of the phase."""
    since = midnight(phase.first_day, course) - DAY
    same_track = {one.number for one in course.phases if one.track == phase.track}
    doses = [one for one in expand(course, since, since + _FIRST_DAYS) if one.phase in same_track]
    return _between(doses)


def _between(doses: Sequence[DoseEvent]) -> Iterator[timedelta]:
    for one, two in pairwise(doses):
        elapsed = two.due - one.due
        on_wall = two.local.replace(tzinfo=None) - one.local.replace(tzinfo=None)
        yield max(elapsed, on_wall) if abs(on_wall - elapsed) <= timedelta(hours=1) else elapsed
