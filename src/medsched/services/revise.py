"""Put a new revision in force: the future is replaced, the past never.

Doses due before the revision takes effect keep their rows byte for byte, and so does
every dose that is settled already. A dose that is still meant keeps its id; its row
changes only when what it says changes, and only then does its sequence grow. A dose that
would come too soon after one that stays is left out, never moved.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from medsched.domain.administration import standing
from medsched.domain.dose import dose_key
from medsched.domain.prescription import Status
from medsched.domain.timeline import doses_of_days
from medsched.frozen import frozen, replace
from medsched.services.book import row_key, row_of, rows_of, seconds
from medsched.services.keep_apart import limits_of, too_close
from medsched.services.outbox_changes import doses_changed
from medsched.services.ports import RowKey, StaleRevision, Withdrawal, WithdrawnDose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.services.book import Book
    from medsched.services.ports import DoseRow, Plan, Revision


@frozen
class Diff:
    """What a revision changed in the stored doses; each list by due."""

    added: tuple[DoseRow, ...] = ()
    removed: tuple[DoseRow, ...] = ()
    changed: tuple[tuple[DoseRow, DoseRow], ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.added or self.removed or self.changed)


def key_of(row: DoseRow) -> RowKey:
    """Return what names a row."""
    return RowKey(row.prescription, row.day, row.slot)


def put_in_force(
    book: Book,
    plan: Plan,
    revision: Revision,
    *,
    until: date,
    why: Withdrawal = Withdrawal.CANCELLED,
) -> tuple[Plan, Diff]:
    """Append `revision`, replace the future by it, and return the plan and what changed.

    What changed are doses that were stored before; a horizon that moves on as well adds
    doses that are no change.

    Args:
        until: Last local day whose doses are stored from now on, at least as far as before.

    Raises:
        StaleRevision: the plan has moved on since `plan` was read.
    """
    number = revision.prescription.revision
    locked = book.unit.plans.lock(plan.number)
    if locked.current != plan.current:
        raise StaleRevision(plan.number, plan.current, locked.current)
    book.unit.plans.add_revision(revision)
    reach = date.fromordinal(locked.stored_until) if locked.stored_until else until
    diff = difference(book, locked, revision, reach)
    _store(book, diff, number, why)
    before = [*diff.removed, *(old for old, _new in diff.changed)]
    doses_changed(book.unit, before, plan.number, number, seconds(revision.created_at))
    after = replace(
        locked,
        current=number,
        draft=0,
        status=revision.prescription.status,
        stored_until=reach.toordinal(),
    )
    if until > reach:
        after = _reach_on(book, locked, after, revision, until)
    book.unit.plans.save(after)
    return after, diff


def _reach_on(book: Book, before: Plan, plan: Plan, revision: Revision, until: date) -> Plan:
    """Store the doses beyond what was stored, up to the day `until`.

    Those due before the revision takes effect are still as the one before it says.
    """
    first, since = date.fromordinal(plan.stored_until + 1), revision.effective_from
    rows: dict[RowKey, DoseRow] = {}
    if before.current and before.status is Status.ACTIVE:
        course = book.course(plan.number, before.current)
        old = (one for one in doses_of_days(course, first, until) if one.due < since)
        rows = {key_of(row): row for row in rows_of(old, plan, before.current)}
    new = doses_of_days(book.resolve(revision.prescription), first, until)
    for row in rows_of([one for one in new if one.due >= since], plan, plan.current):
        rows.setdefault(key_of(row), row)
    book.unit.plans.insert_doses(rows.values())
    return replace(plan, stored_until=until.toordinal())


def difference(book: Book, plan: Plan, revision: Revision, until: date) -> Diff:
    """Return what `revision` would change in the stored doses up to the day `until`."""
    book.remember(revision)
    since = revision.effective_from
    number = revision.prescription.revision
    limits = limits_of(book, revision.prescription)
    first = (since - timedelta(days=2) - limits.gap).date()
    stored = book.unit.plans.doses_of_days(
        plan.number, first.toordinal(), max(until.toordinal(), plan.stored_until)
    )
    fixed = {key_of(one) for one in stored if one.due < seconds(since)}
    fixed |= settled_keys(book, plan, since)
    future = {key_of(one): one for one in stored if key_of(one) not in fixed}
    course = book.resolve(revision.prescription)
    events = doses_of_days(course, first, until)
    wanted = {
        key_of(row): row
        for row in (row_of(one, plan.number, number) for one in events if one.due >= since)
        if key_of(row) not in fixed
    }
    kept = [one for one in stored if key_of(one) in fixed]
    new = [one for one in wanted.values() if _is_moved(one, future)]
    for one in too_close(kept, new, limits):
        del wanted[key_of(one)]
    return compare(future, wanted, book)


def _is_moved(row: DoseRow, before: dict[RowKey, DoseRow]) -> bool:
    """Return whether a dose is new, or at another instant than it was stored at."""
    old = before.get(key_of(row))
    return old is None or old.due != row.due


def settled_keys(book: Book, plan: Plan, since: datetime) -> set[RowKey]:
    """Return the doses due from `since` on that were taken or skipped ahead of their time."""
    records = standing(book.unit.records.of_plans([plan.number], since - timedelta(days=30)))
    keys = (row_key(dose_key(one.dose)) for one in records if one.dose)
    return {one for one in keys if one is not None}


def compare(future: dict[RowKey, DoseRow], wanted: dict[RowKey, DoseRow], book: Book) -> Diff:
    """Return what turns `future` into `wanted`: new, gone and different doses."""
    changed = []
    for key in sorted(future.keys() & wanted.keys()):
        before, after = future[key], wanted[key]
        if not _says_the_same(book, before, after):
            changed.append((before, after._replace(sequence=before.sequence + 1)))
    removed = [future[key] for key in future.keys() - wanted.keys()]
    added = [wanted[key] for key in wanted.keys() - future.keys()]
    return Diff(
        added=tuple(_by_due(added)),
        removed=tuple(_by_due(removed)),
        changed=tuple(sorted(changed, key=lambda pair: pair[1].due)),
    )


def _says_the_same(book: Book, before: DoseRow, after: DoseRow) -> bool:
    """Return whether two rows of one dose mean the same intake: when, what and how much.

    A step that only got another number is no change: no calendar need hear of it.
    """
    if (before.due, before.amount) != (after.due, after.amount):
        return False
    old, new = (
        book.revision(row.prescription, row.revision).prescription for row in (before, after)
    )
    kinds = [
        book.course(row.prescription, row.revision).phase(row.phase).kind for row in (before, after)
    ]
    return (
        old.medication == new.medication and old.strengths == new.strengths and kinds[0] is kinds[1]
    )


def _by_due(rows: Iterable[DoseRow]) -> list[DoseRow]:
    return sorted(rows, key=lambda row: (row.due, row.day, row.slot))


def _store(book: Book, diff: Diff, number: int, why: Withdrawal) -> None:
    plans = book.unit.plans
    plans.withdraw_doses(
        WithdrawnDose(row=one._replace(sequence=one.sequence + 1), by=number, why=why)
        for one in diff.removed
    )
    plans.update_doses(after for _before, after in diff.changed)
    fresh, again = [], []
    for row in diff.added:
        gone = plans.withdrawn_dose(key_of(row))
        if gone is None:
            fresh.append(row)
        else:
            again.append(row._replace(sequence=gone.row.sequence + 1))
    plans.insert_doses(fresh)
    plans.restore_doses(again)
