"""The pages of `today` and `agenda`: the answer to "did I take it?" first, in plain words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, assert_never
from zoneinfo import ZoneInfo

from medsched.cli.events import events_page
from medsched.cli.pages import wrapped
from medsched.domain.dose import DoseStatus
from medsched.domain.words import date_words
from medsched.services.dose_words import dose_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medsched.services.agenda import Agenda, AgendaLine
    from medsched.services.events import DatedEvent

_STATUS: Final = {
    DoseStatus.UPCOMING: "upcoming",
    DoseStatus.DUE: "DUE NOW",
    DoseStatus.LATE: "LATE",
    DoseStatus.TAKEN: "TAKEN",
    DoseStatus.SKIPPED: "skipped",
    DoseStatus.MISSED: "MISSED",
    DoseStatus.UNRECORDED: "not recorded",
    DoseStatus.HELD: "on hold: do not take",
    DoseStatus.CANCELLED: "cancelled: do not take",
}
_ACTIONS: Final = {"take": "Take it", "wait": "Wait", "skip": "Leave it out", "ask": "Ask first"}


def today_page(found: Agenda, dated: Sequence[DatedEvent] = ()) -> str:
    """Return what was taken, what is open and what comes, in that order."""
    zone = ZoneInfo(found.zone)
    local = found.as_of.astimezone(zone)
    head = f"{date_words(local.date())}, {local:%H:%M} ({found.zone})"
    if not found.lines:
        return f"{head}\n\nNo doses are planned for today. Plan one with: medsched start"
    parts = [head, _answer(found, zone)]
    parts += [_full_line(one, zone) for one in found.lines]
    if dated:
        parts.append("Also today\n" + events_page(dated))
    return "\n\n".join(parts)


def _answer(found: Agenda, zone: ZoneInfo) -> str:
    """Answer "did I take it?" for the doses whose time has come."""
    past = [one for one in found.lines if one.dose.due <= found.as_of or one.record is not None]
    if not past:
        first = found.lines[0]
        return f"Nothing is due yet. First dose today: {first.dose.local:%H:%M}."
    last = past[-1]
    name = last.dose.prescription.medication.name
    when = f"the {last.dose.slot} dose of {name}"
    match last.status:
        case DoseStatus.TAKEN:
            return f"YES, {when} is TAKEN: {_record_words(last, zone)}. Do not take it again."
        case DoseStatus.SKIPPED:
            return f"{when[0].upper()}{when[1:]} was left out: {_record_words(last, zone)}."
        case DoseStatus.UNRECORDED | DoseStatus.DUE | DoseStatus.LATE | DoseStatus.MISSED:
            return f"NOT RECORDED: nobody recorded {when} as taken."
        case DoseStatus.UPCOMING | DoseStatus.HELD | DoseStatus.CANCELLED:
            return f"{when[0].upper()}{when[1:]}: {_STATUS[last.status]}."
        case _:
            assert_never(last.status)


def agenda_page(found: Agenda, dated: Sequence[DatedEvent] = ()) -> str:
    """Return days with their doses, one line each."""
    if not found.lines:
        return "No doses are planned in these days."
    zone = ZoneInfo(found.zone)
    days = []
    for day, lines in groupby(found.lines, key=lambda one: one.dose.day):
        shown = "\n".join(_line(one, zone) for one in lines)
        days.append(f"{date_words(day)}\n{shown}")
    if dated:
        days.append("Besides the doses\n" + events_page(dated))
    return "\n\n".join(days)


def _line(one: AgendaLine, zone: ZoneInfo) -> str:
    dose = one.dose
    name = dose.prescription.medication.name
    status = _STATUS[one.status]
    if one.record is not None:
        status = f"{status}: {_record_words(one, zone)}"
    return wrapped(
        f"{dose.local:%H:%M}  {name} {dose_words(dose.amount, dose.prescription)}  [{status}]",
        "  ",
    )


def _full_line(one: AgendaLine, zone: ZoneInfo) -> str:
    lines = [_line(one, zone), f"    step {one.dose.phase.number}, dose {one.dose.id}"]
    if one.advice is not None:
        until = _until(one.advice.until, zone)
        lines.append(wrapped(f"{_ACTIONS[one.advice.action]}{until}: {one.advice.reason}", "    "))
    return "\n".join(lines)


def _until(until: datetime | None, zone: ZoneInfo) -> str:
    if until is None:
        return ""
    return f" (until {until.astimezone(zone):%H:%M on} {date_words(until.astimezone(zone).date())})"


def _record_words(one: AgendaLine, zone: ZoneInfo) -> str:
    assert one.record is not None  # noqa: S101  # asked only of lines with a record
    at = one.record.at.astimezone(zone)
    day = "" if at.date() == one.dose.day else f" on {date_words(at.date())}"
    by = f", recorded by {one.record.by}" if one.record.by else ""
    reason = f", {one.record.reason}" if one.record.reason else ""
    return f"at {at:%H:%M}{day}{by}{reason}"
