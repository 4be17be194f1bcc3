"""Everything that is stored about one person, as one plain document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from medsched.services.book import dose_id, instant
from medsched.services.document import person_text, prescription_text

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.person import Person
    from medsched.services.ports import Plan, Revision, Unit


def everything(unit: Unit, person: Person, now: datetime) -> dict[str, Any]:
    """Return person, plans with all revisions and dose rows, and every record."""
    plans = unit.plans.of_person(person.id)
    return {
        "medsched": 1,
        "as_of": now.isoformat(),
        "person": json.loads(person_text(person)),
        "plans": [_plan(unit, one) for one in plans],
        "administrations": [
            _record(one) for one in unit.records.of_plans([plan.number for plan in plans])
        ],
    }


def _plan(unit: Unit, plan: Plan) -> dict[str, Any]:
    rows = unit.plans.doses_of_days(plan.number, 1, 3_000_000)
    return {
        "prescription": plan.number,
        "key": plan.key,
        "protocol": plan.protocol,
        "medication": plan.medication,
        "status": plan.status.value,
        "current": plan.current,
        "draft": plan.draft,
        "tracked": plan.tracked,
        "created_at": plan.created_at.isoformat(),
        "revisions": [_revision(one) for one in unit.plans.revisions(plan.number)],
        "doses": [
            {
                "id": dose_id(row),
                "due": instant(row.due).isoformat(),
                "amount": row.amount,
                "phase": row.phase,
                "revision": row.revision,
                "sequence": row.sequence,
            }
            for row in rows
        ],
    }


def _revision(one: Revision) -> dict[str, Any]:
    return {
        "number": one.prescription.revision,
        "kind": one.kind.value,
        "created_at": one.created_at.isoformat(),
        "effective_from": one.effective_from.isoformat(),
        "reason": one.reason,
        "ordered_by": one.ordered_by,
        "overrides": [
            {
                "rule": it.rule,
                "reason": it.reason,
                "ordered_by": it.ordered_by,
                "at": it.at.isoformat(),
            }
            for it in one.overrides
        ],
        "prescription": json.loads(prescription_text(one.prescription)),
    }


def _record(one: Administration) -> dict[str, Any]:
    return {
        "id": one.id,
        "prescription": one.prescription,
        "dose": one.dose,
        "status": one.status.value,
        "at": one.at.isoformat(),
        "recorded_at": one.recorded_at.isoformat(),
        "by": one.by,
        "amount": None if one.amount is None else one.amount.digits,
        "unit": None if one.amount is None else one.amount.unit.value,
        "reason": one.reason,
        "corrects": one.corrects,
    }
