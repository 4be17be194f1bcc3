"""Adopt a plan: store it, confirm it, and push its horizon forward.

A revision that nobody ordered is a draft: it has no stored doses and reminds nobody.
The future of a plan may be replaced, its past never.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from medsched.domain.prescription import Status
from medsched.domain.safety import blocking
from medsched.domain.timeline import doses_of_days
from medsched.errors import Exit, InvalidValue, MedschedError
from medsched.frozen import frozen, replace
from medsched.services.book import rows_of
from medsched.services.document import protocol_text
from medsched.services.planning import MOST_DAYS, beginning
from medsched.services.ports import Override, Plan, Revision, RevisionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medsched.domain.finding import DetectedIssue
    from medsched.domain.person import Person
    from medsched.domain.protocol import Protocol
    from medsched.services.book import Book
    from medsched.services.planning import DraftPlan
    from medsched.services.ports import Unit

HORIZON_DAYS: Final = 90
"""How many days ahead doses are stored, unless a setting says otherwise."""


class Blocked(MedschedError):
    """Safety findings that stop a plan."""

    exit_code = Exit.BLOCKED

    def __init__(self, findings: Sequence[DetectedIssue]) -> None:
        """Keep the findings that block."""
        self.findings = tuple(findings)
        lines = "; ".join(f"{one.rule}: {one.message}" for one in self.findings)
        super().__init__(f"blocked: {lines}")


class UnknownPrescription(MedschedError):
    """A text that names no prescription of this person."""

    def __init__(self, text: str, known: Sequence[Plan]) -> None:
        """Keep the text; list the prescriptions there are."""
        self.text = text
        shown = ", ".join(f"{one.number} ({one.medication})" for one in known) or "there are none"
        super().__init__(f"prescription {text!r}: not found; use one of: {shown}")


class NothingToConfirm(MedschedError):
    """A confirmation of a plan that has no draft."""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan."""
        self.plan = plan
        super().__init__(f"prescription {plan.number}: has no draft that waits for confirmation")


@frozen
class Order:
    """On whose word, and which findings it overrules.

    Args:
        ordered_by: Empty while nobody ordered it.
        override: The reason for overruling the blocks, empty for none.
    """

    ordered_by: str = ""
    override: str = ""

    def overrides(self, findings: Sequence[DetectedIssue], at: datetime) -> tuple[Override, ...]:
        """Return the overrides of every block that an order can lift."""
        if not self.override:
            return ()
        if not self.ordered_by:
            raise InvalidValue("override", repr(self.override), "say who ordered it as well")
        return tuple(
            Override(rule=one.key, reason=self.override, ordered_by=self.ordered_by, at=at)
            for one in blocking(findings, ())
            if one.overridable
        )


def adopt(
    unit: Unit,
    draft: DraftPlan,
    *,
    key: str,
    order: Order,
    now: datetime,
    horizon_days: int = HORIZON_DAYS,
    tracked: bool | None = None,
) -> Plan:
    """Store a plan: active with its doses when it is said who ordered it, else a draft.

    Args:
        key: A new UUID as text: unique in the world, for calendars.
        tracked: Whether what is taken is recorded; None: from the first record on.

    Raises:
        Blocked: a finding blocks it and no order lifts that block; nothing is stored.
    """
    overrides = order.overrides(draft.findings, now)
    stop_at(draft.findings, overrides)
    protocol = draft.protocol
    digest = _keep_rules(unit, protocol)
    added = unit.plans.add(draft.person.id, key, protocol.id, protocol.medication.name, now)
    plan = replace(added, tracked=tracked)
    status = Status.ACTIVE if order.ordered_by else Status.DRAFT
    prescription = replace(
        draft.prescription,
        id=str(plan.number),
        key=key,
        protocol_digest=digest,
        revision=1,
        status=status,
        ordered_by=order.ordered_by,
    )
    revision = Revision(
        prescription=prescription,
        created_at=now,
        effective_from=beginning(draft.course),
        kind=RevisionKind.START,
        ordered_by=order.ordered_by,
        overrides=overrides,
    )
    unit.plans.add_revision(revision)
    if status is Status.DRAFT:
        plan = replace(plan, status=status, draft=1)
        unit.plans.save(plan)
        return plan
    plan = replace(plan, status=status, current=1)
    return _store_first(unit, plan, draft, now, horizon_days)


def stop_at(findings: Iterable[DetectedIssue], lifted: Iterable[Override]) -> None:
    """Go on unless a finding blocks that nobody lifted.

    Raises:
        Blocked: with every such finding.
    """
    stopped = blocking(findings, lifted)
    if stopped:
        raise Blocked(stopped)


def _keep_rules(unit: Unit, protocol: Protocol) -> str:
    """Keep the rules of a plan with it, and return their digest."""
    rules = protocol_text(protocol)
    digest = sha256(rules.encode()).hexdigest()
    unit.protocols.keep(digest, protocol.id, rules)
    return digest


def _store_first(
    unit: Unit, plan: Plan, draft: DraftPlan, now: datetime, horizon_days: int
) -> Plan:
    course = replace(draft.course, prescription=str(plan.number))
    today = now.astimezone(draft.person.itinerary.zone_at(now)).date()
    until = max(today, course.start) + timedelta(days=horizon_days)
    events = doses_of_days(course, course.start, until)
    unit.plans.insert_doses(rows_of(events, plan, plan.current))
    plan = replace(plan, stored_until=until.toordinal())
    unit.plans.save(plan)
    unit.hurry()
    return plan


def push_horizon(book: Book, plan: Plan, today: date, horizon_days: int = HORIZON_DAYS) -> Plan:
    """Store the doses of an active plan up to `horizon_days` after `today`; twice does nothing.

    Raises:
        InvalidValue: a horizon outside 1 to 400 days.
    """
    if not 1 <= horizon_days <= MOST_DAYS:
        raise InvalidValue("horizon", horizon_days, f"use 1 to {MOST_DAYS} days")
    until = (today + timedelta(days=horizon_days)).toordinal()
    if plan.status is not Status.ACTIVE or not plan.current or plan.stored_until >= until:
        return plan
    locked = book.unit.plans.lock(plan.number)
    if locked.stored_until >= until:
        return locked
    course = book.course(plan.number, locked.current)
    first = date.fromordinal(max(locked.stored_until + 1, course.start.toordinal()))
    events = doses_of_days(course, first, date.fromordinal(until))
    book.unit.plans.insert_doses(rows_of(events, locked, locked.current))
    pushed = replace(locked, stored_until=until)
    book.unit.plans.save(pushed)
    return pushed


def find_plan(unit: Unit, person: Person, text: str) -> Plan:
    """Return the prescription that a person names: its number, or its medicine when only one.

    Raises:
        UnknownPrescription: nothing, or more than one, answers to it.
    """
    plans = unit.plans.of_person(person.id)
    by_number = [one for one in plans if str(one.number) == text]
    by_name = [one for one in plans if one.medication.lower() == text.lower()]
    running = [one for one in by_name if one.status in _RUNNING]
    for found in (by_number, running, by_name):
        if len(found) == 1:
            return found[0]
    raise UnknownPrescription(text, plans)


_RUNNING: Final = frozenset({Status.DRAFT, Status.ACTIVE, Status.ON_HOLD})
