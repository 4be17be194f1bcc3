"""What an amendment prints: the plan as it is now, and what changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from medsched.cli.shapes import dose_json, findings_json, phases_json, totals_json
from medsched.domain.dose import DoseStatus
from medsched.domain.timeline import doses_of_days
from medsched.services.book import explain_draft
from medsched.services.planning import totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.domain.finding import DetectedIssue
    from medsched.services.book import Book
    from medsched.services.ports import DoseRow, Plan, Revision
    from medsched.services.revise import Diff


def revised_document(
    book: Book,
    plan: Plan,
    diff: Diff,
    findings: Sequence[DetectedIssue],
    revision: Revision | None = None,
) -> dict[str, Any]:
    """Return the JSON document of a plan after a revision: as `start`, with its diff.

    Args:
        revision: The one that was made, when it may be a draft; None: the one in force.
    """
    found = revision or book.revision(plan.number, plan.current or plan.draft)
    prescription, course = found.prescription, book.resolve(found.prescription)
    last = date.fromordinal(max(plan.stored_until, course.start.toordinal()))
    events = doses_of_days(course, course.start, last)
    upcoming = DoseStatus.UPCOMING
    doses = explain_draft(events, prescription, course)
    return {
        "prescription": str(plan.number),
        "status": prescription.status.value,
        "revision": prescription.revision,
        "events": [dose_json(one, upcoming) for one in doses],
        "phases": phases_json(course),
        "totals": totals_json(totals(events, prescription)),
        "findings": findings_json(findings),
        "diff": diff_json(book, diff),
    }


def diff_json(book: Book, diff: Diff) -> dict[str, Any]:
    """Return what changed, dose by dose."""
    return {
        "added": [_row_json(book, one) for one in diff.added],
        "removed": [_row_json(book, one) for one in diff.removed],
        "changed": [
            {"before": _row_json(book, before), "after": _row_json(book, after)}
            for before, after in diff.changed
        ],
    }


def _row_json(book: Book, row: DoseRow) -> dict[str, Any]:
    return dose_json(book.explain(row), DoseStatus.UPCOMING)
