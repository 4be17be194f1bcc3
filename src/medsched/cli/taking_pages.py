"""The pages of what happened: a record made, the history, adherence."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from medsched.cli.pages import wrapped
from medsched.domain.administration import AdministrationStatus
from medsched.domain.amount import Amount, Unit
from medsched.domain.words import date_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from medsched.domain.adherence import Tally
    from medsched.services.adherence import PlanAdherence
    from medsched.services.history import HistoryLine
    from medsched.services.taking import Recorded

_WORDS = {
    AdministrationStatus.COMPLETED: "taken",
    AdministrationStatus.NOT_DONE: "not taken",
    AdministrationStatus.ENTERED_IN_ERROR: "correction: the record before was made in error",
}


def recorded_page(done: Recorded, document: dict[str, Any]) -> str:
    """Return what was recorded; what was too much or too soon comes first, in large words."""
    lines = []
    if done.finding is not None:
        lines += ["EXTRA DOSE", wrapped(done.finding.sentence), ""]
    if done.dose is not None:
        dose = done.dose
        name = dose.prescription.medication.name
        word = _WORDS[done.record.status]
        taken = done.record.amount or dose.amount
        head = f"{name} {taken}, {dose.slot} on {date_words(dose.day)}: {word}."
        lines.append(wrapped(head))
    lines.append(wrapped(done.sentence))
    shown = document["dose"]
    if shown is not None:
        lines.append(f"Dose {shown['id']} is now: {shown['status']}.")
    return "\n".join(lines)


def history_page(lines: Sequence[HistoryLine]) -> str:
    """Return every record, one line each."""
    if not lines:
        return "Nothing is recorded yet."
    shown = []
    for one in lines:
        by = f", recorded by {one.record.by}" if one.record.by else ""
        reason = f", {one.record.reason}" if one.record.reason else ""
        dose = one.record.dose or "extra or as needed"
        wrong = " [entered in error]" if one.corrected else ""
        amount = f" {Amount(Decimal(one.amount), Unit(one.unit))}" if one.amount else ""
        shown.append(
            wrapped(
                f"{date_words(one.at.date())} {one.at:%H:%M}  {one.medication}{amount}:"
                f" {_WORDS[one.record.status]}{by}{reason} ({dose}){wrong}",
                " ",
            )
        )
    return "\n".join(shown)


def adherence_document(
    found: Sequence[PlanAdherence], now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """Return the figures with their denominators."""
    return {
        "as_of": now.astimezone(zone).isoformat(),
        "plans": [
            {
                "prescription": str(one.plan.number),
                "medication": one.plan.medication,
                "since": one.figures.since.astimezone(zone).isoformat(),
                "recorded": one.figures.is_recorded,
                **_tally(one.figures.total),
                "unrecorded": one.figures.unrecorded,
                "open": one.figures.open,
                "slots": {
                    one.slots.get(slot, str(slot)): _tally(tally)
                    for slot, tally in one.figures.by_slot.items()
                },
            }
            for one in found
        ],
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "taken": tally.taken,
        "due": tally.due,
        "percent": tally.percent,
        "on_time": tally.on_time,
        "early": tally.early,
        "late": tally.late,
        "missed": tally.missed,
        "skipped": tally.skipped,
    }


def adherence_page(found: Sequence[PlanAdherence], zone: ZoneInfo) -> str:
    """Return the figures of each plan in words."""
    if not found:
        return "No doses were due yet."
    return "\n\n".join(_plan(one, zone) for one in found)


def _plan(one: PlanAdherence, zone: ZoneInfo) -> str:
    figures = one.figures
    since = figures.since.astimezone(zone)
    head = f"{one.plan.medication}, since {date_words(since.date())}"
    if not one.slots and not figures.is_recorded:
        return f"{head}\n  Not counted: it is taken only if needed, so no dose is due."
    if not figures.is_recorded:
        return f"{head}\n  Not recorded: nobody records these doses."
    lines = [head, wrapped(_words(figures.total), "  ")]
    for slot, tally in figures.by_slot.items():
        lines.append(wrapped(f"At {one.slots.get(slot, slot)}: {_words(tally)}", "  "))
    lines.append(
        wrapped(
            "Counted: doses due since then. Not counted: doses on hold or withdrawn, doses"
            " only if needed, and doses whose time is still open.",
            "  ",
        )
    )
    if figures.unrecorded:
        lines.append(f"  Not recorded and not counted: {figures.unrecorded} doses.")
    return "\n".join(lines)


def _words(tally: Tally) -> str:
    return (
        f"{tally.taken} of {tally.due} doses taken ({tally.percent} percent):"
        f" {tally.on_time} on time, {tally.early} early, {tally.late} late,"
        f" {tally.missed} missed, {tally.skipped} left out"
    )
