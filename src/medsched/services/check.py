"""Every finding about every plan of a person, as of an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.advice import Ask, Step, Take, Wait
from medsched.domain.co_medication import stretch_of_plan
from medsched.domain.finding import IssueCode
from medsched.domain.prescription import Status
from medsched.domain.recognition import DUPLICATE, duplicate_key
from medsched.domain.safety import Severity, check, with_overrides
from medsched.frozen import replace
from medsched.services.book import Book, other_plans
from medsched.services.both_ways import lifted_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from medsched.domain.finding import DetectedIssue
    from medsched.domain.prescription import Prescription
    from medsched.services.agenda import AgendaLine
    from medsched.services.ports import Override, Plan, Unit

_CHECKED = frozenset({Status.DRAFT, Status.ACTIVE, Status.ON_HOLD})
_RUNNING = frozenset({Status.ACTIVE, Status.ON_HOLD})
_ENDED = frozenset({Status.STOPPED, Status.COMPLETED})
STOPPED = "A safety finding stops this plan: call the prescriber before you take it."
_BETWEEN_MEDICINES = frozenset({IssueCode.INTERACTION, IssueCode.TIMING})


def check_all(book: Book, now: datetime) -> list[tuple[int, tuple[DetectedIssue, ...]]]:
    """Return each plan's number with its findings; what was overruled stays, marked.

    Drafts are checked too, as they would be when they begin.
    """
    plans = book.unit.plans.of_person(book.person.id)
    found = [(one.number, check_plan(book, one, now)) for one in plans if one.status in _CHECKED]
    ended = ((one.number, _afterwards(book, one, now)) for one in plans if one.status in _ENDED)
    return sorted([*found, *((number, issues) for number, issues in ended if issues)])


def _afterwards(book: Book, plan: Plan, now: datetime) -> tuple[DetectedIssue, ...]:
    """Return what still matters about a plan that was ended: other medicines too soon after it."""
    if not plan.current or not book.course(plan.number, plan.current).phases:
        return ()
    return tuple(
        one
        for one in check_plan(book, plan, now)
        if one.severity in {Severity.BLOCK, Severity.WARN} and one.code in _BETWEEN_MEDICINES
    )


def check_plan(book: Book, plan: Plan, now: datetime) -> tuple[DetectedIssue, ...]:
    """Return the findings about one plan."""
    revision = book.revision(plan.number, plan.current or plan.draft)
    prescription = revision.prescription
    findings = check(
        book.protocol(prescription),
        prescription,
        book.resolve(prescription),
        book.person,
        other_plans(book, plan.number),
        since=now if plan.current else None,
    )
    lifted = (*revision.overrides, *overruled_elsewhere(book, plan, prescription))
    return with_overrides(findings, lifted)


def overruled_elsewhere(book: Book, plan: Plan, prescription: Prescription) -> list[Override]:
    """Return what was overruled of this plan's rules when another plan began beside it."""
    found: list[Override] = []
    for other in other_plans(book, plan.number):
        number, revision = int(other.prescription.id), other.prescription.revision
        said = book.revision(number, revision).overrides
        found += lifted_beside(prescription, said)
        key = duplicate_key(stretch_of_plan(other))
        found += [replace(one, rule=key) for one in said if _doubles(one, plan)]
    return found


def _doubles(override: Override, plan: Plan) -> bool:
    """Return whether it overruled that another plan holds the same ingredient as this one."""
    ours = override.rule.endswith(f" of plan {plan.number}")
    return ours and override.rule.startswith(f"{DUPLICATE}/")


def stopping(book: Book, now: datetime) -> list[tuple[Plan, DetectedIssue]]:
    """Return what stops the plans that run as of `now`, unless somebody overruled it."""
    plans = [one for one in book.unit.plans.of_person(book.person.id) if one.status in _RUNNING]
    return [(plan, issue) for plan in plans for issue in _stops(book, plan, now)]


def is_stopped(book: Book, plan: Plan, now: datetime) -> bool:
    """Return whether a finding that nobody overruled stops a plan that runs."""
    return plan.status in _RUNNING and bool(_stops(book, plan, now))


def _stops(book: Book, plan: Plan, now: datetime) -> list[DetectedIssue]:
    found = check_plan(book, plan, now)
    return [one for one in found if one.severity is Severity.BLOCK and not one.overruled]


def asked_first(
    lines: Iterable[AgendaLine], stops: Sequence[tuple[Plan, DetectedIssue]]
) -> tuple[AgendaLine, ...]:
    """Return the lines, those of plans that a finding stops without advice to take anything."""
    rules = {str(plan.number): issue.rule for plan, issue in stops}
    return tuple(_asked(one, rules.get(one.dose.prescription.id)) for one in lines)


def _asked(line: AgendaLine, rule: str | None) -> AgendaLine:
    if rule is None or not isinstance(line.advice, Take | Wait):
        return line
    return replace(line, advice=Ask(reason=STOPPED, rule=rule, step=Step.PAUSED))


def stopped_everywhere(unit: Unit, now: datetime) -> list[tuple[int, str]]:
    """Return the number and the rule of every plan of anybody that a finding stops.

    Numbers and rules only: it is for logs.
    """
    people = (Book(unit, person) for person in unit.people.all())
    return [(plan.number, one.rule) for book in people for plan, one in stopping(book, now)]
