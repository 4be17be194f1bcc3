"""Two medicines that must not meet: washouts in both directions, and taking both at once.

Hours are elapsed hours between instants; exactly the hours asked for is enough. A
message says which instant counted and from when it is allowed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from medsched.domain.co_medication import (
    Stretch,
    dose_within,
    last_before,
    matches,
)
from medsched.domain.finding import DetectedIssue, IssueCode, from_rule
from medsched.domain.plain_words import date_words, days_words, length_words, time_words
from medsched.domain.safety_rules import Severity, WashoutDirection
from medsched.domain.walltime import DAY, instant_at
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from medsched.domain.course import Course
    from medsched.domain.protocol import Protocol
    from medsched.domain.safety_rules import Interaction, Washout

_SECOND = timedelta(seconds=1)


@frozen
class Taken:
    """One plan beside the other medicines: what the checks between medicines read.

    Args:
        since: Conflicts that were over before this instant are told as history.
    """

    protocol: Protocol
    course: Course
    others: Sequence[Stretch]
    since: datetime | None = None

    @property
    def medicine(self) -> str:
        """The name of this plan's medicine."""
        return self.protocol.medication.name

    def severity(self, severity: Severity, over: datetime | None) -> Severity:
        """Return how strongly a conflict speaks that is over at `over`, None for never."""
        past = self.since is not None and over is not None and over < self.since
        return Severity.INFO if past else severity

    def words(self, instant: datetime) -> str:
        """Return an instant in words, on the clock that the person sees at it."""
        local = instant.astimezone(self.course.itinerary.zone_at(instant))
        return f"{date_words(local.date())} at {time_words(local.time().replace(microsecond=0))}"


def check_interactions(taken: Taken) -> Iterator[DetectedIssue]:
    """Yield a finding for each medicine of a rule that is taken while this plan has doses."""
    for other in taken.others:
        for rule in taken.protocol.safety.interactions:
            if matches(other, rule.match, taken.protocol.safety.classes) and _both(taken, other):
                yield _interaction(taken, rule, other)


def _both(taken: Taken, other: Stretch) -> bool:
    return dose_within(taken.course, other.first, other.last) is not None


def _interaction(taken: Taken, rule: Interaction, other: Stretch) -> DetectedIssue:
    message = f"{other.name} {_when(taken, other)}, together with {taken.medicine}. {rule.text}"
    return from_rule(
        taken.protocol,
        rule.rule,
        taken.severity(rule.severity, other.last),
        message,
        IssueCode.INTERACTION,
        subject=other.name.lower(),
        overridable=rule.overridable,
    )


def _when(taken: Taken, other: Stretch) -> str:
    """Return until when it is taken, as far as that is known."""
    if other.last is None:
        return "is taken"
    if other.last_day is not None:
        return f"is taken until {date_words(other.last_day)}"
    return f"is taken until {taken.words(other.last)}"


def check_washouts(taken: Taken) -> Iterator[DetectedIssue]:
    """Yield a finding for each medicine that is too near, or taken at the same time.

    Taking both at once is no matter of hours: no order lifts it where the washout blocks.
    It is left to an interaction rule that speaks of the same medicine as strongly.
    """
    for other in taken.others:
        rules = [
            rule
            for rule in taken.protocol.safety.washouts
            if matches(other, rule.match, taken.protocol.safety.classes)
        ]
        if not rules:
            continue
        both = _both(taken, other)
        if both:
            strongest = min(rules, key=lambda one: one.severity is not Severity.BLOCK)
            yield from _at_once(taken, strongest, other)
        if not both or (taken.since is not None and other.over(taken.since)):
            # Taking both at once is history then; the hours after it are not.
            for rule in rules:
                yield from _apart(taken, rule, other)


def _at_once(taken: Taken, rule: Washout, other: Stretch) -> Iterator[DetectedIssue]:
    covered = any(
        matches(other, one.match, taken.protocol.safety.classes)
        and (one.severity is rule.severity or one.severity is Severity.BLOCK)
        for one in taken.protocol.safety.interactions
    )
    if covered:
        return
    yield from_rule(
        taken.protocol,
        rule.rule,
        taken.severity(rule.severity, other.last),
        f"{other.name} {_when(taken, other)}, together with {taken.medicine}. {rule.text}",
        IssueCode.INTERACTION,
        subject=other.name.lower(),
        overridable=rule.severity is not Severity.BLOCK,
    )


def _apart(taken: Taken, rule: Washout, other: Stretch) -> Iterator[DetectedIssue]:
    match rule.direction:
        case WashoutDirection.OTHER_FIRST:
            yield from _other_first(taken, rule, other)
        case WashoutDirection.THIS_FIRST:
            yield from _this_first(taken, rule, other)
        case _:
            assert_never(rule.direction)


def _other_first(taken: Taken, rule: Washout, other: Stretch) -> Iterator[DetectedIssue]:
    last = other.last
    if last is None:
        return
    allowed = last + timedelta(hours=rule.hours)
    dose = dose_within(taken.course, last + _SECOND, None)
    if dose is None or dose >= allowed:
        return
    counted = _counted(other, taken.words(last))
    message = (
        f"{other.name} was last taken {counted}. The first dose of {taken.medicine} after it, on"
        f" {taken.words(dose)}, comes {_length(dose - last)} later; at least"
        f" {_length(allowed - last)} must lie between. {_allowed_from(taken, allowed)} {rule.text}"
    )
    yield _near(taken, rule, other, message, allowed)


def _this_first(taken: Taken, rule: Washout, other: Stretch) -> Iterator[DetectedIssue]:
    first = other.first
    last = last_before(taken.course, first) if first is not None else None
    if first is None or last is None:
        return
    allowed = last + timedelta(hours=rule.hours)
    if first >= allowed or _both(taken, other):
        return
    counted = taken.words(first)
    if other.first_day is not None:
        counted = f"{date_words(other.first_day)} (only the day is known: its first minute counts)"
    message = (
        f"{other.name} starts on {counted}, {_length(first - last)} after the last dose of"
        f" {taken.medicine} on {taken.words(last)}; at least {_length(allowed - last)} must lie"
        f" between. It is allowed from {taken.words(allowed)}. {rule.text}"
    )
    yield _near(taken, rule, other, message, allowed)


def _near(
    taken: Taken, rule: Washout, other: Stretch, message: str, allowed: datetime
) -> DetectedIssue:
    return from_rule(
        taken.protocol,
        rule.rule,
        taken.severity(rule.severity, allowed),
        message,
        IssueCode.TIMING,
        subject=f"{other.name.lower()}, {allowed:%Y-%m-%dT%H:%MZ}",
        overridable=rule.overridable,
    )


def _counted(other: Stretch, words: str) -> str:
    if other.last_day is None:
        return f"on {words}"
    return f"on {date_words(other.last_day)} (only the day is known: 11:59 PM of it counts)"


def _allowed_from(taken: Taken, allowed: datetime) -> str:
    """Return from when a start is allowed, and the first usual dose time after it."""
    slot = _first_slot(taken.course, allowed)
    usual = f"; at the plan's own times from {taken.words(slot)}" if slot else ""
    return f"Allowed from {taken.words(allowed)}{usual}."


def _first_slot(course: Course, allowed: datetime) -> datetime | None:
    """Return the first dose time of the plan's first day that is allowed, None without times."""
    walls = next((one.walls for one in course.phases if one.walls), ())
    if not walls:
        return None
    zone = course.itinerary.zone_at(allowed)
    day = allowed.astimezone(zone).date()
    slots = (instant_at(one, walls[0], zone) for one in (day, day + DAY))
    return next((at for at in slots if at >= allowed), None)


def _length(span: timedelta) -> str:
    """Return elapsed time in days and hours: `13 days 8 hours`."""
    days, rest = divmod(int(span.total_seconds()) // 60, 24 * 60)
    parts = [days_words(days)] if days else []
    parts += [length_words(rest)] if rest or not days else []
    return " ".join(parts)
