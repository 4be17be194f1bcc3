"""Stored doses held against the plan: what a page shows is what the hashed revision gives.

Revisions carry digests, dose rows do not: a digit that flipped on the disk changes an
amount or a time and nothing notices. So the rows of the days in question are worked out
anew from their revisions. Where one differs, the plan's own is shown in its place and the
dose is marked, and nothing says to take it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.advice import Ask, Step
from medsched.domain.timeline import doses_of_days
from medsched.errors import MedschedError
from medsched.services.book import dose_id, row_of, seconds
from medsched.services.keep_apart import limits_of, too_close
from medsched.services.ports import RowKey
from medsched.services.zone_rules import only_the_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from medsched.services.book import Book
    from medsched.services.ports import DoseRow, Plan

RULE: Final = "damaged record"
DAMAGED: Final = Ask(
    reason=(
        "The stored entry of this dose is damaged: it is not what the plan says. Do not go by"
        " it; ask your pharmacist or prescriber, and restore a backup."
    ),
    rule=RULE,
    step=Step.WINDOW,
)
NOTICE: Final = (
    "The database is damaged: stored doses are not what the plan says. They are shown as the"
    " plan has them, marked, and are not advised. Restore a backup: medsched restore FILE."
)

_AROUND: Final = timedelta(days=3)
_UNREADABLE: Final = (MedschedError, ArithmeticError, LookupError, ValueError, TypeError)


def sound_rows(book: Book, plan: Plan, since: datetime, until: datetime) -> list[DoseRow]:
    """Return the rows due in `since` <= due < `until`, each as its revision gives it.

    Ids of doses that were stored otherwise, or not at all, are noted in `book.damaged`.
    """
    stored = book.rows(plan, since, until)
    if not plan.current:
        return stored
    low, high = seconds(since), seconds(until)
    expected = _expected(book, plan, stored, since, until)
    found: dict[RowKey, DoseRow] = {}
    for row in stored:
        given = expected.get(row.revision, {})
        meant = given.get(_key(row))
        if (meant is None or meant.due != row.due) and _was_recorded(book, row):
            meant = _elsewhere(row, meant, given.values())
        if meant is not None and _same(row, meant):
            found[_key(row)] = row
            continue
        book.damaged.add(dose_id(row))
        instead = meant or expected[plan.current].get(_key(row))
        if instead is not None:
            found[_key(row)] = instead._replace(sequence=row.sequence)
    for lost in _lost(book, plan, expected[plan.current], found, low, high):
        book.damaged.add(dose_id(lost))
        found[_key(lost)] = lost
    return sorted((one for one in found.values() if low <= one.due < high), key=_place)


def _key(row: DoseRow) -> RowKey:
    return RowKey(row.prescription, row.day, row.slot)


def _place(row: DoseRow) -> tuple[int, int, int]:
    return row.due, row.day, row.slot


def _same(stored: DoseRow, meant: DoseRow) -> bool:
    """Return whether a row says what its revision says; the rules of a zone may have changed."""
    meant = meant._replace(sequence=stored.sequence)
    return stored == meant or only_the_zone(stored, (meant,))


def _was_recorded(book: Book, row: DoseRow) -> bool:
    """Return whether somebody recorded a dose at some time: then no journey has moved it."""
    records = book.unit.records.of_plans([row.prescription])
    return any(one.dose == dose_id(row) for one in records)


def _elsewhere(row: DoseRow, meant: DoseRow | None, given: Iterable[DoseRow]) -> DoseRow | None:
    """Return what a dose that no journey moved says where it stands: as others of its phase."""
    if meant is not None:
        return meant._replace(due=row.due)
    alike = any((one.amount, one.phase) == (row.amount, row.phase) for one in given)
    return row if alike else None


def _expected(
    book: Book, plan: Plan, stored: Iterable[DoseRow], since: datetime, until: datetime
) -> dict[int, Mapping[RowKey, DoseRow]]:
    """Return what each revision gives on the days of its rows; the one in force on all of them."""
    first, last = (it.date().toordinal() for it in (since - _AROUND, until + _AROUND))
    days: dict[int, set[int]] = defaultdict(set)
    for row in stored:
        if first <= row.day <= last:  # a day that lies far from its instant is damaged
            days[row.revision].add(row.day)
    days[plan.current] |= {first, max(first, min(last, plan.stored_until))}
    return {
        revision: _given(book, plan.number, revision, min(found), max(found))
        for revision, found in days.items()
    }


def _given(book: Book, number: int, revision: int, first: int, last: int) -> dict[RowKey, DoseRow]:
    try:
        course = book.course(number, revision)
        events = doses_of_days(course, date.fromordinal(first), date.fromordinal(last))
        rows = [row_of(one, number, revision) for one in events]
    except _UNREADABLE:  # a revision that is not there, a day that is none
        return {}
    return {_key(one): one for one in rows}


def _lost(
    book: Book,
    plan: Plan,
    expected: Mapping[RowKey, DoseRow],
    found: Mapping[RowKey, DoseRow],
    low: int,
    high: int,
) -> list[DoseRow]:
    """Return the doses of the revision in force that should be stored and are not.

    What was withdrawn is not lost, nor what was left out because it came too soon.
    """
    since = max(low, seconds(book.revision(plan.number, plan.current).effective_from))
    missing = [
        row
        for key, row in expected.items()
        if since <= row.due < high and row.day <= plan.stored_until and key not in found
    ]
    missing = [one for one in missing if book.unit.plans.withdrawn_dose(_key(one)) is None]
    if not missing:
        return []
    prescription = book.revision(plan.number, plan.current).prescription
    left_out = too_close(found.values(), missing, limits_of(book, prescription))
    return [one for one in missing if one not in left_out]
