"""A draft becomes active: somebody said who ordered it, and the findings allow it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from medsched.domain.prescription import Status
from medsched.domain.safety import blocking, check
from medsched.errors import MedschedError
from medsched.services.plan import Blocked, NothingToConfirm
from medsched.services.ports import Revision, RevisionKind
from medsched.services.revise import put_in_force

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.finding import DetectedIssue
    from medsched.services.book import Book
    from medsched.services.plan import Order
    from medsched.services.ports import Plan
    from medsched.services.revise import Diff


class StartIsOver(MedschedError):
    """A first draft whose first dose was due before it was confirmed."""

    def __init__(self, plan: Plan, first: datetime) -> None:
        """Keep the plan and its first instant."""
        self.plan, self.first = plan, first
        super().__init__(
            f"prescription {plan.number}: its first day, {first:%Y-%m-%d}, is over;"
            " start a new plan from today, or say --already-started if it was taken since then"
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

    Raises:
        NothingToConfirm, StartIsOver, Blocked: as they say; nothing is stored.
    """
    if not plan.draft:
        raise NothingToConfirm(plan)
    draft = book.revision(plan.number, plan.draft)
    zone = book.person.itinerary.zone_at(now)
    today = now.astimezone(zone).date()
    first = not plan.current
    if first and draft.prescription.start < today and not already_started:
        raise StartIsOver(plan, draft.effective_from.astimezone(zone))
    prescription = replace(
        draft.prescription,
        revision=plan.draft + 1,
        status=Status.ACTIVE,
        ordered_by=order.ordered_by,
    )
    findings = check(
        book.protocol(prescription),
        prescription,
        book.resolve(prescription),
        book.person,
        since=None if first else now,
    )
    overrides = (*draft.overrides, *order.overrides(findings, now))
    stopped = blocking(findings, overrides)
    if stopped:
        raise Blocked(stopped)
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
