"""The JSON shapes that scripts rely on: names and meaning stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medsched.domain.dosage import daily_total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from decimal import Decimal

    from medsched.domain.administration import Administration
    from medsched.domain.advice import Advice
    from medsched.domain.amount import Amount
    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.dose import DoseStatus
    from medsched.domain.finding import DetectedIssue
    from medsched.domain.medication import Pieces
    from medsched.domain.person import Itinerary
    from medsched.services.book import ExplainedDose
    from medsched.services.planning import Totals


def dose_json(
    dose: ExplainedDose, status: DoseStatus, advice: Advice | None = None
) -> dict[str, Any]:
    """Return a dose."""
    return {
        "id": dose.id,
        "due": dose.local.isoformat(),
        "day": dose.day.isoformat(),
        "slot": dose.slot,
        "prescription": dose.prescription.id,
        "medication": dose.prescription.medication.name,
        "amount": dose.amount.digits,
        "unit": dose.amount.unit.value,
        "tablets": pieces_json(dose.pieces),
        "phase": {"number": dose.phase.number, "kind": dose.phase.kind.value},
        "status": status.value,
        "advice": None if advice is None else advice_json(advice, dose.local),
    }


def pieces_json(pieces: Iterable[Pieces]) -> list[dict[str, str]]:
    """Return pieces: strength and count as exact text."""
    from medsched.domain.amount import plain

    return [{"strength": one.strength.digits, "count": plain(one.count)} for one in pieces]


def advice_json(advice: Advice, like: datetime) -> dict[str, Any]:
    """Return advice; its instant on the person's clock."""
    until = advice.until
    return {
        "action": advice.action,
        "until": None if until is None else until.astimezone(like.tzinfo).isoformat(),
        "reason": advice.reason,
        "rule": advice.rule,
    }


def phase_json(phase: CoursePhase) -> dict[str, Any]:
    """Return a dated phase; `to` is null while it is open."""
    per_day = daily_total(phase.dosage)
    return {
        "number": phase.number,
        "kind": phase.kind.value,
        "from": phase.first_day.isoformat(),
        "to": None if phase.is_open else phase.last_day.isoformat(),
        "per_day": None if per_day is None else per_day.digits,
        "unit": None if per_day is None else per_day.unit.value,
    }


def phases_json(course: Course) -> list[dict[str, Any]]:
    """Return all phases of a course."""
    return [phase_json(one) for one in course.phases]


def totals_json(totals: Totals) -> dict[str, Any]:
    """Return how many doses, and how many pieces of each strength."""
    tablets = {strength.digits: _count(count) for strength, count in totals.pieces}
    return {"doses": totals.doses, "tablets": tablets}


def _count(count: Decimal) -> int | str:
    return int(count) if count == int(count) else f"{count.normalize():f}"


def finding_json(finding: DetectedIssue) -> dict[str, Any]:
    """Return a finding."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "source": finding.source,
        "provenance": str(finding.provenance),
    }


def findings_json(findings: Sequence[DetectedIssue]) -> list[dict[str, Any]]:
    """Return findings, blocks first."""
    return [finding_json(one) for one in findings]


def administration_json(
    record: Administration | None, fallback: Amount | None, itinerary: Itinerary
) -> dict[str, Any] | None:
    """Return an administration, on the person's clock where they were then.

    Args:
        fallback: The amount of its dose, unless the record has its own.
    """
    if record is None:
        return None
    amount = record.amount or fallback
    return {
        "id": record.id,
        "status": record.status.value,
        "at": record.at.astimezone(itinerary.zone_at(record.at)).isoformat(),
        "by": record.by,
        "amount": None if amount is None else amount.digits,
        "unit": None if amount is None else amount.unit.value,
    }
