"""Whether somebody may take it: every check of a protocol against a plan and a person.

The same arguments give the same findings. A fact that a rule needs and nobody gave is a
finding of its own; nothing passes in silence. `blocking` says what stops the plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.ceiling import (
    check_ceilings,
    check_escalation,
    check_first_dose,
    check_kidney_caps,
)
from medsched.domain.co_medication import OtherPlan, stretch_of, stretch_of_plan
from medsched.domain.finding import (
    DetectedIssue,
    IssueCode,
    blocking,
    general,
    in_order,
    with_overrides,
)
from medsched.domain.profile import DoseLimits, check_profile, limits_for
from medsched.domain.recognition import check_conditions, check_names
from medsched.domain.regimen_choice import check_regimen
from medsched.domain.safety_rules import Severity
from medsched.domain.spacing import check_slots, check_spacings
from medsched.domain.walltime import day_of
from medsched.domain.washout import Taken, check_interactions, check_washouts
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from medsched.domain.course import Course
    from medsched.domain.person import Person
    from medsched.domain.prescription import Prescription
    from medsched.domain.protocol import Protocol

__all__ = [
    "DetectedIssue",
    "DoseLimits",
    "OtherPlan",
    "Severity",
    "blocking",
    "check",
    "check_between",
    "limits_for",
    "with_overrides",
]

OWN_REGIMEN: Final = "own-regimen"


def check(
    protocol: Protocol,
    prescription: Prescription,
    course: Course,
    person: Person,
    others: Sequence[OtherPlan] = (),
    *,
    since: datetime | None = None,
) -> tuple[DetectedIssue, ...]:
    """Return every finding about a plan: blocks first, then warnings, then the rest.

    Args:
        course: The prescription laid on the calendar of this person.
        others: The person's other plans that are active or on hold, this one left out.
        since: For a plan that runs: what was over before this instant is history, and a
            conflict of then only informs. None for a plan that is still to start: all of
            it is checked, in the past too. Aware.
    """
    stretches = [stretch_of(one, person.itinerary) for one in person.taking]
    stretches += [stretch_of_plan(one) for one in others]
    taken = Taken(protocol=protocol, course=course, others=stretches, since=since)
    on = _day_of_age(course, since)
    ahead = course if since is None else _ahead(course, on)
    return in_order(
        [
            *_own_regimen(protocol),
            *check_profile(protocol, person.facts, on),
            *check_interactions(taken),
            *check_washouts(taken),
            *check_names(taken),
            *check_regimen(taken, prescription),
            *check_conditions(protocol, person.facts),
            *check_spacings(taken),
            *check_slots(protocol, prescription, ahead),
            *check_ceilings(protocol, ahead),
            *check_kidney_caps(protocol, prescription, ahead, limits_for(protocol, person, on)),
            *check_first_dose(protocol, prescription, ahead),
            *check_escalation(protocol, prescription, course, ahead),
        ]
    )


def check_between(
    protocol: Protocol, course: Course, other: OtherPlan, *, since: datetime | None = None
) -> tuple[DetectedIssue, ...]:
    """Return what a plan's rules say about another plan beside it, and about nothing else."""
    taken = Taken(protocol=protocol, course=course, others=[stretch_of_plan(other)], since=since)
    return in_order([*check_interactions(taken), *check_washouts(taken), *check_spacings(taken)])


def _day_of_age(course: Course, since: datetime | None) -> date:
    """Return the day of the first dose, or today's for a plan that runs."""
    if since is None:
        return course.start
    return max(course.start, day_of(since, course.itinerary.zone_at(since)))


def _ahead(course: Course, on: date) -> Course:
    """Return the course without the phases that are over: what was taken cannot be changed."""
    return replace(course, phases=tuple(one for one in course.phases if one.last_day >= on))


def _own_regimen(protocol: Protocol) -> Iterator[DetectedIssue]:
    if not protocol.own:
        return
    name = protocol.medication.name
    if protocol.rules:
        message = (
            f"your own plan of {name}: it is checked by the rules of {name} that come with the"
            " program; its doses and steps are your own."
        )
        yield general(OWN_REGIMEN, Severity.INFO, message, IssueCode.PRODUCT)
    else:
        message = (
            f"not checked: limits of {name}. This plan was written by hand; no drug rules are"
            " known for it."
        )
        yield general(OWN_REGIMEN, Severity.INFO, message, IssueCode.NOT_CHECKED)
