"""Change a running plan: each amendment is a new revision with a reason and a date.

An amendment says only what the plan's future becomes; `revise` keeps the past and the
ids. What changes a dose is a draft until it is said who ordered it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.course import NEVER
from medsched.domain.prescription import Prescription, Status
from medsched.domain.safety import check
from medsched.errors import MedschedError
from medsched.frozen import frozen, replace
from medsched.services.book import other_plans
from medsched.services.check import overruled_elsewhere
from medsched.services.ending import keep_end, keep_pauses, ordered_end, taper_length
from medsched.services.plan import stop_at
from medsched.services.planning import MOST_DAYS
from medsched.services.ports import Revision, RevisionKind, Withdrawal
from medsched.services.revise import Diff, difference, put_in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.domain.course import Course
    from medsched.domain.finding import DetectedIssue
    from medsched.services.book import Book
    from medsched.services.plan import Order
    from medsched.services.ports import Plan


LESSENING: Final = frozenset({RevisionKind.HOLD, RevisionKind.STOP, RevisionKind.STEP_BACK})
"""Amendments that only take doses away: a finding about the medicine is a reason for them."""


_GO_ON: Final = {
    Status.STOPPED: "; to go on, start a new one: medsched start",
    Status.DRAFT: "; confirm it first: medsched confirm",
}


class NotRunning(MedschedError):
    """An amendment of a plan that is not in force."""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan."""
        self.plan = plan
        super().__init__(
            f"prescription {plan.number}: is {plan.status.value}; only a running plan is changed"
            + _GO_ON.get(plan.status, "")
        )


class OnHold(MedschedError):
    """An amendment that would end a pause without saying so."""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan."""
        self.plan = plan
        number = plan.number
        super().__init__(
            f"prescription {number}: is on hold; let it go on first: medsched resume {number}"
            " --ordered-by NAME"
        )


class InThePast(MedschedError):
    """An amendment that would rewrite what is over."""

    def __init__(self, day: date, today: date) -> None:
        """Keep both days."""
        self.day, self.today = day, today
        super().__init__(
            f"from {day.isoformat()}: is in the past, and the past is not rewritten;"
            f" use {today.isoformat()} or later"
        )


@frozen
class Amendment:
    """What somebody asks for.

    Args:
        day: The first local day it governs. reason: why. order: on whose word.
        until_days: How far doses are stored afterwards, in days from now.
        move_end: The last dose of a plan that is being stopped may be put off.
        call_off_stop: A plan that is being stopped may go on.
    """

    day: date
    reason: str
    order: Order
    now: datetime
    until_days: int
    move_end: bool = False
    call_off_stop: bool = False


@frozen
class Amended:
    """What an amendment did.

    Args:
        plan: As it stands now. diff: What changed in the doses, or would change for a draft.
        findings: All findings about the new plan, those of the amendment first.
        end_before: The last day of a plan that was being stopped already.
        before: The plan as it was.
    """

    plan: Plan
    revision: Revision
    diff: Diff
    findings: tuple[DetectedIssue, ...]
    before: Prescription
    end_before: date | None = None


def amend(
    book: Book,
    plan: Plan,
    kind: RevisionKind,
    asked: Amendment,
    change: Callable[[Prescription, Course], Prescription],
    *,
    needs_order: bool,
    findings: tuple[DetectedIssue, ...] = (),
    why: Withdrawal = Withdrawal.CANCELLED,
) -> Amended:
    """Make the revision that `change` describes; in force at once, or a draft.

    Args:
        needs_order: Without an order it becomes a draft that changes nothing.

    Raises:
        NotRunning, InThePast, StopWouldMove, StopWouldBeLost, PauseWouldEnd: as they say.
        Blocked: a finding stops it; nothing is stored.
            What a medicine is taken with never stops an amendment that lessens it.
    """
    running(plan)
    _not_before_today(book, asked)
    before, end = book.revision(plan.number, plan.current), ordered_end(book, plan)
    changed = change(before.prescription, book.course(plan.number, plan.current))
    after = _next(plan, changed, before.prescription, asked.order, needs_order=needs_order)
    course = book.resolve(after)
    findings = (*findings, *_said_of_the_end(book, plan, kind, asked, course))
    all_findings = (*findings, *_check(book, plan, after, asked.now))
    overrides = (*before.overrides, *asked.order.overrides(all_findings, asked.now))
    lifted = (*overrides, *overruled_elsewhere(book, plan, after))
    stop_at(findings if kind in LESSENING else all_findings, lifted)
    revision = Revision(
        prescription=after,
        created_at=asked.now,
        effective_from=takes_effect(book, asked),
        kind=kind,
        reason=asked.reason,
        ordered_by=asked.order.ordered_by,
        overrides=overrides,
    )
    plan, diff = _lay(book, plan, revision, _until(book, asked, course), why)
    return Amended(
        plan=plan,
        revision=revision,
        diff=diff,
        findings=all_findings,
        before=before.prescription,
        end_before=end,
    )


def _next(
    plan: Plan, changed: Prescription, before: Prescription, order: Order, *, needs_order: bool
) -> Prescription:
    """Return what was changed as the plan's next revision; a draft without an order it needs."""
    is_draft = needs_order and not order.ordered_by
    return replace(
        changed,
        revision=max(plan.current, plan.draft) + 1,
        status=Status.DRAFT if is_draft else changed.status,
        ordered_by=order.ordered_by or before.ordered_by,
    )


def _said_of_the_end(
    book: Book, plan: Plan, kind: RevisionKind, asked: Amendment, after: Course
) -> list[DetectedIssue]:
    """Refuse to end a pause or to move a stop unsaid; return what is said of a way down."""
    before, end = book.course(plan.number, plan.current), ordered_end(book, plan)
    keep_pauses(plan, kind, before, after, asked.day)
    keep_end(plan, kind, end, after, meant=(asked.move_end, asked.call_off_stop))
    if end is None:
        return []
    rules = book.protocol(book.revision(plan.number, plan.current).prescription)
    return taper_length(rules, after, kind)


def _not_before_today(book: Book, asked: Amendment) -> None:
    today = asked.now.astimezone(book.person.itinerary.zone_at(asked.now)).date()
    if asked.day < today:
        raise InThePast(asked.day, today)


def takes_effect(book: Book, asked: Amendment) -> datetime:
    """Return midnight of the first day, or now when that day has begun."""
    zone = book.person.itinerary.zone_at(asked.now)
    midnight = datetime.combine(asked.day, time(0), tzinfo=zone).astimezone(UTC)
    return max(midnight, asked.now)


def _until(book: Book, asked: Amendment, course: Course) -> date:
    """Return how far doses are stored: of a plan that ends, up to its end.

    Nothing pushes the horizon of a plan on that was stopped from a later day.
    """
    today = asked.now.astimezone(book.person.itinerary.zone_at(asked.now)).date()
    until = today + timedelta(days=asked.until_days)
    farthest = today + timedelta(days=MOST_DAYS)
    return until if course.last_day == NEVER else min(max(until, course.last_day), farthest)


def _lay(
    book: Book, plan: Plan, revision: Revision, until: date, why: Withdrawal
) -> tuple[Plan, Diff]:
    """Put a revision in force; a draft is kept and changes nothing."""
    if revision.prescription.status is not Status.DRAFT:
        return put_in_force(book, plan, revision, until=until, why=why)
    reach = date.fromordinal(plan.stored_until) if plan.stored_until else until
    diff = difference(book, plan, revision, reach)
    book.unit.plans.add_revision(revision)
    drafted = replace(plan, draft=revision.prescription.revision)
    book.unit.plans.save(drafted)
    return drafted, diff


def running(plan: Plan) -> None:
    """Refuse a plan that is not in force."""
    if plan.status not in {Status.ACTIVE, Status.ON_HOLD} or not plan.current:
        raise NotRunning(plan)


def not_on_hold(plan: Plan) -> None:
    """Refuse a plan that waits to be resumed."""
    if plan.status is Status.ON_HOLD:
        raise OnHold(plan)


def _check(
    book: Book, plan: Plan, prescription: Prescription, now: datetime
) -> tuple[DetectedIssue, ...]:
    others = other_plans(book, plan.number)
    rules = book.protocol(prescription)
    course = book.resolve(prescription)
    return check(rules, prescription, course, book.person, others, since=now)
