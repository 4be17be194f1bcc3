"""The pages of `today` and `agenda`: the answer to "did I take it?" first, in plain words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, assert_never
from zoneinfo import ZoneInfo

from medsched.cli.events import events_page
from medsched.cli.pages import wrapped
from medsched.domain.advice import IF_NOT_TAKEN
from medsched.domain.as_needed import Allowed
from medsched.domain.attribution import ASK_ABOUT_EXTRA
from medsched.domain.dose import DoseStatus
from medsched.domain.walltime import DAY
from medsched.domain.words import date_words
from medsched.services.beside import Beside
from medsched.services.dose_words import dose_words, often_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from medsched.domain.administration import Administration
    from medsched.domain.advice import Advice
    from medsched.domain.finding import DetectedIssue
    from medsched.services.agenda import Agenda, AgendaLine
    from medsched.services.beside import Needed
    from medsched.services.book import ExplainedDose
    from medsched.services.events import DatedEvent
    from medsched.services.folding import Fold
    from medsched.services.ports import Plan

NOTHING: Final = Beside()

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
_ACTIONS: Final = {"take": "TAKE", "wait": "WAIT", "skip": "LEAVE OUT", "ask": "ASK FIRST"}
_UNTIL: Final = {
    "take": "It may be taken until {}.",
    "wait": "It may be taken from {} on.",
    "skip": "The next dose is due at {}.",
    "ask": "",
}


def today_page(
    found: Agenda,
    dated: Sequence[DatedEvent] = (),
    more: Beside = NOTHING,
    stops: Sequence[DetectedIssue] = (),
    folds: Sequence[Fold] = (),
) -> str:
    """Return what stops a plan, what was taken, what is open and what comes, in that order."""
    zone = ZoneInfo(found.zone)
    local = found.as_of.astimezone(zone)
    parts = [f"{date_words(local.date())}, {local:%H:%M} ({found.zone})"]
    parts += [_stop(one) for one in stops]
    if found.lines:
        parts.append("\n".join(_answers(found, zone)))
    elif not more and not folds:
        parts.append("No doses are planned for today. Plan one with: medsched start")
    parts += [_extra(plan, record, zone) for plan, record in more.extras]
    parts += [_full_line(one, zone, local.date()) for one in found.lines]
    parts += [wrapped(one.sentence) for one in folds]
    parts += [_needed(one, zone) for one in more.needed]
    parts += [_coming(one) for one in more.coming]
    if dated:
        parts.append("Also today\n" + events_page(dated))
    return "\n\n".join(parts)


def _stop(one: DetectedIssue) -> str:
    """Return a finding that stops a plan: it comes before any dose."""
    return wrapped(
        f"STOP, call the prescriber before you take any more: {one.message} (rule {one.rule})"
    )


def _answers(found: Agenda, zone: ZoneInfo) -> list[str]:
    """Answer "did I take it?" for each medicine: about its latest dose whose time has come."""
    past = [one for one in found.lines if one.dose.due <= found.as_of or one.record is not None]
    latest = {one.dose.prescription.id: one for one in past}
    if not latest:
        first = found.lines[0].dose
        return [f"Nothing is due yet. First dose today: {first.local:%H:%M}."]
    today = found.as_of.astimezone(zone).date()
    return [wrapped(_answer(one, zone, today)) for one in latest.values()]


def _answer(last: AgendaLine, zone: ZoneInfo, today: date) -> str:
    dose = last.dose
    day = "" if dose.day == today else f" of {date_words(dose.day)}"
    when = f"the {dose.slot} dose of {dose.prescription.medication.name}{day}"
    match last.status:
        case DoseStatus.TAKEN:
            return f"YES, {when} is TAKEN: {_record_words(last, zone)}. Do not take it again."
        case DoseStatus.SKIPPED:
            return f"NO, {when} was left out: {_record_words(last, zone)}."
        case DoseStatus.UNRECORDED | DoseStatus.DUE | DoseStatus.LATE | DoseStatus.MISSED:
            return f"NOT RECORDED: nobody recorded {when} as taken."
        case DoseStatus.UPCOMING | DoseStatus.HELD | DoseStatus.CANCELLED:
            return f"{when[0].upper()}{when[1:]}: {_STATUS[last.status]}."
        case _:
            assert_never(last.status)


def _extra(plan: Plan, record: Administration, zone: ZoneInfo) -> str:
    at = record.at.astimezone(zone)
    amount = f" {record.amount}" if record.amount is not None else ""
    return wrapped(
        f"EXTRA DOSE: {plan.medication}{amount} was taken at {at:%H:%M} on"
        f" {date_words(at.date())}, beyond the plan. {ASK_ABOUT_EXTRA}"
    )


def _needed(one: Needed, zone: ZoneInfo) -> str:
    lines = [f"{one.plan.medication}, only if needed", f"  {_last_intake(one, zone)}"]
    lines.append(wrapped(one.state.sentence, "  "))
    if isinstance(one.state, Allowed):
        lines += [wrapped(one.state.warning, "  ")] if one.state.warning else []
    elif one.state.next_at is not None:
        at = one.state.next_at.astimezone(zone)
        lines.append(f"  The next one is allowed at {at:%H:%M} on {date_words(at.date())}.")
    return "\n".join(lines)


def _last_intake(one: Needed, zone: ZoneInfo) -> str:
    if one.last is None:
        return "NOT RECORDED: nobody recorded one as taken."
    at = one.last.at.astimezone(zone)
    return f"Last one TAKEN at {at:%H:%M} on {date_words(at.date())}."


def _coming(one: AgendaLine) -> str:
    dose = one.dose
    return wrapped(
        f"No {dose.prescription.medication.name} today. The next dose:"
        f" {date_words(dose.day)}, {dose.local:%H:%M}, {often_words_of(dose)}."
    )


def often_words_of(dose: ExplainedDose) -> str:
    """Return how often a dose of this step is taken, and "NOT daily" where it is not."""
    dosage = dose.phase.dosage
    assert dosage is not None  # noqa: S101  # a phase with doses has a dosage
    return often_words(dosage)


def agenda_page(found: Agenda, dated: Sequence[DatedEvent] = (), folds: Sequence[Fold] = ()) -> str:
    """Return days with their doses, one line each; then what is not meant any more."""
    zone = ZoneInfo(found.zone)
    days = [] if found.lines or folds else ["No doses are planned in these days."]
    for day, lines in groupby(found.lines, key=lambda one: one.dose.day):
        shown = "\n".join(_line(one, zone) for one in lines)
        days.append(f"{date_words(day)}\n{shown}")
    days += [wrapped(one.sentence) for one in folds]
    if dated:
        days.append("Besides the doses\n" + events_page(dated))
    return "\n\n".join(days)


def _line(one: AgendaLine, zone: ZoneInfo) -> str:
    dose = one.dose
    name = dose.prescription.medication.name
    status = _STATUS[one.status]
    if one.record is not None:
        status = f"{status}: {_record_words(one, zone)}"
    shown = dose.local.date()
    when = "" if shown == dose.day else f" on {date_words(shown)}"
    amount = dose_words(dose.amount, dose.prescription)
    return wrapped(f"{dose.local:%H:%M}{when}  {name} {amount}  [{status}]", "  ")


def _full_line(one: AgendaLine, zone: ZoneInfo, today: date) -> str:
    lines = [_line(one, zone), wrapped(_place(one.dose), "    ")]
    if one.dose.day != today:
        lines.insert(1, f"    of {date_words(one.dose.day)}")
    if one.advice is not None:
        conditional = one.advice.reason.startswith(IF_NOT_TAKEN)
        words = _advice_words(one.advice, zone, conditional=conditional)
        lines.append(wrapped(words, "    "))
    return "\n".join(lines)


def _place(dose: ExplainedDose) -> str:
    return f"step {dose.phase.number}: {often_words_of(dose)}; dose {dose.id}"


def _advice_words(advice: Advice, zone: ZoneInfo, *, conditional: bool) -> str:
    """Return what to do; where nobody records, the sentence begins with its condition."""
    mark = "" if conditional else f"{_ACTIONS[advice.action]}: "
    if advice.until is None:
        return f"{mark}{advice.reason}"
    local = advice.until.astimezone(zone)
    at = f"{local:%H:%M} on {date_words(local.date())}"
    if not (local.hour or local.minute):
        at = f"midnight, the end of {date_words(local.date() - DAY)}"
    when = _UNTIL[advice.action].format(at)
    return f"{mark}{advice.reason} {when}"


def _record_words(one: AgendaLine, zone: ZoneInfo) -> str:
    assert one.record is not None  # noqa: S101  # asked only of lines with a record
    at = one.record.at.astimezone(zone)
    day = "" if at.date() == one.dose.day else f" on {date_words(at.date())}"
    by = f", recorded by {one.record.by}" if one.record.by else ""
    reason = f", {one.record.reason}" if one.record.reason else ""
    return f"at {at:%H:%M}{day}{by}{reason}"
