"""What stopping a medicine asks for, by how long somebody was on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.finding import DetectedIssue, IssueCode, from_rule, in_order
from medsched.domain.plain_words import days_words
from medsched.domain.safety_rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsched.domain.protocol import Protocol, Stopping


def taper_required(stopping: Stopping | None, exposure: int) -> bool:
    """Return whether the rules ask for a taper after so many days; the limit itself does not."""
    limit = stopping.taper_after_days if stopping else None
    return limit is not None and exposure > limit


def check_stop(
    protocol: Protocol, exposure: int, *, taper_days: int | None, ordered_by: str = ""
) -> tuple[DetectedIssue, ...]:
    """Return what is said when a plan is to stop.

    Any stop is told as the prescriber's decision, whatever the exposure.

    Args:
        exposure: Days from the first to the last full-dose day, inclusive.
        taper_days: Length of the taper that is planned, None for stopping at once.
    """
    stopping = protocol.stopping
    if stopping is None:
        return ()
    said = f"Ordered by {ordered_by}." if ordered_by else "The prescriber decides; call first."
    found = [_any_stop(protocol, stopping, exposure, said)]
    if taper_days is None:
        found += _at_once(protocol, stopping, exposure, said, ordered=bool(ordered_by))
    return in_order(found)


def _any_stop(protocol: Protocol, stopping: Stopping, exposure: int, said: str) -> DetectedIssue:
    name, always = protocol.medication.name, stopping.stop_rule or stopping.rule
    message = f"stopping {name} after {days_words(exposure)}. {said} {stopping.abrupt_text}"
    return from_rule(
        protocol, always, Severity.WARN, message.strip(), IssueCode.TIMING, subject="stop"
    )


def _at_once(
    protocol: Protocol, stopping: Stopping, exposure: int, said: str, *, ordered: bool
) -> Iterator[DetectedIssue]:
    limit = stopping.taper_after_days
    if limit is None:
        return
    if not taper_required(stopping, exposure):
        message = f"no taper is laid after {days_words(exposure)}. {stopping.short_text}"
        yield from_rule(
            protocol,
            stopping.rule,
            Severity.INFO,
            message.strip(),
            IssueCode.TIMING,
            subject="short",
        )
        return
    message = (
        f"stopping {protocol.medication.name} at once after {days_words(exposure)}: more than"
        f" {days_words(limit)} ask for a taper of {stopping.min_days} to"
        f" {days_words(stopping.max_days)}. {said}"
    )
    severity = Severity.WARN if ordered else Severity.BLOCK
    yield from_rule(protocol, stopping.rule, severity, message, IssueCode.TIMING, subject="at once")
