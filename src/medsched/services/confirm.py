"""A draft becomes active, or a plan that waits goes on: somebody said who ordered it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.co_medication import OtherPlan
from medsched.domain.prescription import Status
from medsched.domain.titration import Advancing, titration_state
from medsched.errors import MedschedError
from medsched.frozen import replace
from medsched.services.agenda import chart_around
from medsched.services.amend import LESSENING
from medsched.services.book import other_plans
from medsched.services.both_ways import check_both_ways
from medsched.services.check import overruled_elsewhere
from medsched.services.plan import NothingToConfirm, stop_at
from medsched.services.ports import Revision, RevisionKind
from medsched.services.revise import put_in_force

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.finding import DetectedIssue
    from medsched.domain.prescription import Prescription
    from medsched.services.book import Book
    from medsched.services.plan import Order
    from medsched.services.ports import Plan
    from medsched.services.revise import Diff

_RECENT: Final = timedelta(days=3)


class StartIsOver(MedschedError):
    """A first draft whose first dose was due before it was confirmed."""

    def __init__(self, plan: Plan, first: datetime) -> None:
        """Keep the plan and its first instant."""
        self.plan, self.first = plan, first
        super().__init__(
            f"prescription {plan.number}: its first day, {first:%Y-%m-%d}, is over;"
            " start a new plan from today, or say --already-started if it was taken since then"
        )


class ChangeIsOver(MedschedError):
    """A drafted change whose first day was over before it was confirmed.

    Its steps are dated: confirmed late, a taper would begin in its middle.
    """

    def __init__(self, plan: Plan, first: datetime) -> None:
        """Keep the plan and when the change was to begin."""
        self.plan, self.first = plan, first
        super().__init__(
            f"prescription {plan.number}: the change was to begin on {first:%Y-%m-%d}, which is"
            " over; ask for the change again, from a later day"
        )


def confirm_draft(
    book: Book,
    plan: Plan,
    *,
    order: Order,
    now: datetime,
    horizon_days: int,
    already_started: bool = False,
) -> tuple[Plan, Diff, tuple[DetectedIssue, ...]]:
    """Put the draft of a plan in force; its own confirmation is a new revision.

    Without a draft, a plan that waits because doses were missed goes on as it was.

    Raises:
        NothingToConfirm, StartIsOver, ChangeIsOver, Blocked: as they say; nothing is stored.
    """
    if not plan.draft:
        return _go_on(book, plan, order=order, now=now, horizon_days=horizon_days)
    draft = book.revision(plan.number, plan.draft)
    zone = book.person.itinerary.zone_at(now)
    today = now.astimezone(zone).date()
    first = not plan.current
    if first and draft.prescription.start < today and not already_started:
        raise StartIsOver(plan, draft.effective_from.astimezone(zone))
    if not first and draft.effective_from.astimezone(zone).date() < today:
        raise ChangeIsOver(plan, draft.effective_from.astimezone(zone))
    prescription = replace(
        _as_it_runs(book, plan, draft.prescription),
        revision=max(plan.current, plan.draft) + 1,
        status=Status.ACTIVE,
        ordered_by=order.ordered_by,
    )
    findings = _check(book, prescription, since=None if first else now)
    overrides = (*draft.overrides, *order.overrides(findings, now))
    lifted = (*overrides, *overruled_elsewhere(book, plan, prescription))
    stop_at(() if draft.kind in LESSENING else findings, lifted)
    revision = Revision(
        prescription=prescription,
        created_at=now,
        effective_from=draft.effective_from if first else max(draft.effective_from, now),
        kind=RevisionKind.CONFIRM,
        reason=draft.reason,
        ordered_by=order.ordered_by,
        overrides=overrides,
    )
    until = max(today, prescription.start) + timedelta(days=horizon_days)
    confirmed, diff = put_in_force(book, plan, revision, until=until)
    return confirmed, diff, findings


def _as_it_runs(book: Book, plan: Plan, draft: Prescription) -> Prescription:
    """Return a draft with what late doses have moved since it was written."""
    if not plan.current:
        return draft
    running = book.revision(plan.number, plan.current).prescription
    return replace(draft, moved=running.moved, anchor=running.anchor)


def _go_on(
    book: Book, plan: Plan, *, order: Order, now: datetime, horizon_days: int
) -> tuple[Plan, Diff, tuple[DetectedIssue, ...]]:
    """Say on somebody's word that a plan which waits after missed doses goes on unchanged."""
    if plan.status is not Status.ACTIVE or not plan.current or not is_waiting(book, plan, now):
        raise NothingToConfirm(plan)
    before = book.revision(plan.number, plan.current)
    prescription = replace(
        before.prescription, revision=plan.current + 1, ordered_by=order.ordered_by
    )
    findings = _check(book, prescription, since=now)
    overrides = (*before.overrides, *order.overrides(findings, now))
    lifted = (*overrides, *overruled_elsewhere(book, plan, prescription))
    stop_at(findings, lifted)
    revision = Revision(
        prescription=prescription,
        created_at=now,
        effective_from=now,
        kind=RevisionKind.CONFIRM,
        reason="goes on after missed doses",
        ordered_by=order.ordered_by,
        overrides=overrides,
    )
    day = now.astimezone(book.person.itinerary.zone_at(now)).date()
    until = day + timedelta(days=horizon_days)
    confirmed, diff = put_in_force(book, plan, revision, until=until)
    return confirmed, diff, findings


def _check(
    book: Book, prescription: Prescription, *, since: datetime | None
) -> tuple[DetectedIssue, ...]:
    """Return the findings about a plan, by its own rules and by those of the plans beside it."""
    this = OtherPlan(prescription=prescription, course=book.resolve(prescription))
    others = other_plans(book, int(prescription.id))
    rules = book.protocol(prescription)
    return check_both_ways(rules, this, book.person, others, book.protocol, since=since)


def is_waiting(book: Book, plan: Plan, now: datetime) -> bool:
    """Return whether a plan asks somebody before it goes on: held on its way up, or after a gap."""
    chart, _rows = chart_around(book, plan, now - _RECENT, now + _RECENT)
    return not isinstance(titration_state(chart, now), Advancing)
