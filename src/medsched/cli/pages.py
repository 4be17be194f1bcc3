"""The pages people read on a terminal or pin to the fridge.

Plain text: no meaning in colour, no abbreviation that could be misread, amounts always
with the pieces that make them. Lines are broken at spaces, never between a number and
its unit.
"""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import NBSP, number_words
from medsched.domain.finding import IssueCode
from medsched.domain.medication import piece_words, pieces_words
from medsched.domain.plain_words import MONTHS, WEEKDAYS
from medsched.domain.prescription import Status
from medsched.domain.safety_rules import Severity
from medsched.domain.sig.clauses import not_daily
from medsched.domain.sig.write import sig_words
from medsched.domain.timing import OnDays
from medsched.domain.words import date_words
from medsched.services.book import explain_draft
from medsched.services.dose_words import (
    changes,
    dose_words,
    length_of,
)
from medsched.services.planning import totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medsched.domain.course import CoursePhase
    from medsched.domain.finding import DetectedIssue
    from medsched.domain.prescription import Prescription
    from medsched.services.book import ExplainedDose
    from medsched.services.planning import DraftPlan
    from medsched.services.ports import Plan

WIDTH: Final = 88
DISCLAIMER: Final = (
    "This is for information and is no medical advice. Ask your doctor or pharmacist before"
    " you start, stop or change any medicine."
)
SEVERITY_WORDS: Final = {
    Severity.BLOCK: "STOP",
    Severity.WARN: "WARNING",
    Severity.INFO: "Note",
}


def wrapped(text: str, indent: str = "") -> str:
    """Return a paragraph broken at spaces; with an indent, later lines hang further in."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def blocked_page(plan: DraftPlan) -> str:
    """Return the page of a plan that must not be followed: why, and no doses."""
    return "\n\n".join((_head(plan, None), findings_part(plan.findings)))


def plan_page(plan: DraftPlan, assumed: Sequence[str], stored: Plan | None = None) -> str:
    """Return a plan as a page: steps, days, tablets to get, findings, what was assumed."""
    parts = [
        _head(plan, stored),
        _steps(plan),
        _changes(plan),
        _days(plan),
        _to_get(plan),
        findings_part(plan.findings),
        _list("Assumed", assumed),
        _list("Good to know", _advice(plan)),
        wrapped(plan.protocol.texts.disclaimer or DISCLAIMER),
        _rules(plan),
    ]
    return "\n\n".join(part for part in parts if part)


def _head(plan: DraftPlan, stored: Plan | None) -> str:
    medication = plan.prescription.medication
    zone = plan.person.itinerary.home.key
    title = f"{medication.name}{NBSP}{medication.form.value}, {medication.route.value}"
    lines = [title, "=" * len(title), f"For {plan.person.name}. Times are those of {zone}."]
    if plan.protocol.own and not plan.protocol.rules:
        lines.append("Your own plan: no limits of a drug's rules were checked.")
    elif plan.protocol.own:
        lines.append(f"Your own plan, checked by the rules of {medication.name}.")
    lines.append(wrapped(status_words(plan, stored)))
    return "\n".join(lines)


def status_words(plan: DraftPlan, stored: Plan | None) -> str:
    """Return whether the plan is stored, and whether a prescriber stands behind it."""
    if stored is None:
        return "Shown only: nothing is stored. Proposed, not confirmed by a prescriber."
    if stored.status is Status.DRAFT:
        return (
            f"Stored as prescription {stored.number}: a draft, proposed and not confirmed by a"
            f" prescriber. It reminds nobody until you run: medsched confirm {stored.number}"
            " --ordered-by NAME"
        )
    ordered = plan.prescription.ordered_by
    return f"Stored as prescription {stored.number}: active, ordered by {ordered}."


def _steps(plan: DraftPlan) -> str:
    lines = []
    for phase in plan.course.phases:
        words = step_sentence(phase, plan.prescription)
        lines.append(wrapped(f"Step {phase.number} ({phase.kind.value}): {words}.", "  "))
    return "Steps\n" + "\n".join(lines)


def step_sentence(phase: CoursePhase, prescription: Prescription) -> str:
    """Return a step as the sentence of a prescription, with its first date and its length."""
    when = f"from {date_words(phase.first_day)}, {length_of(phase)}"
    if phase.dosage is None:
        return f"no doses, {when}"
    sentence = sig_words(
        phase.dosage,
        prescription.medication,
        walls=phase.walls,
        on_hand=prescription.strengths,
        hours24=True,
    )
    return f"{sentence[:1].lower()}{sentence[1:]}, {when}"


def _changes(plan: DraftPlan) -> str:
    return _list("Changes of dose", [f"{one}." for one in changes(plan.course)])


def _days(plan: DraftPlan) -> str:
    doses = explain_draft(plan.events, plan.prescription, plan.course)
    if not doses:
        return "No dated doses in these days."
    months = []
    for (year, month), of_month in groupby(doses, key=lambda one: (one.day.year, one.day.month)):
        lines = [f"{MONTHS[month - 1]} {year}"]
        for _day, of_day in groupby(of_month, key=lambda one: one.day):
            lines.append(_day_line(list(of_day), plan))
        months.append("\n".join(lines))
    return "\n\n".join(months)


def _day_line(doses: list[ExplainedDose], plan: DraftPlan) -> str:
    """Return one day: a box and a clock time for each dose, and what is taken."""
    day = doses[0].day
    number = f"day {plan.course.therapy_day(day)}"
    head = f"  {_weekday(doses[0])} {day.day:>2}  {number:<8}"
    amounts = {one.amount for one in doses}
    if len(amounts) > 1:
        shown = "  ".join(f"[ ] {one.local:%H:%M} {_dose(one)}" for one in doses)
        return head + shown
    boxes = "  ".join(f"[ ] {one.local:%H:%M}" for one in doses)
    each = " each" if len(doses) > 1 else ""
    pieces = pieces_words(doses[0].pieces, doses[0].prescription.medication.form)
    return f"{head}{boxes:<20}  {doses[0].amount}{each}: {pieces}"


def _weekday(dose: ExplainedDose) -> str:
    """Return the weekday: in full where doses are not on every day."""
    name = WEEKDAYS[dose.day.weekday()]
    dosage = dose.phase.dosage
    return name if isinstance(dosage, OnDays) and not_daily(dosage) else name[:3]


def _dose(dose: ExplainedDose) -> str:
    return dose_words(dose.amount, dose.prescription)


def _to_get(plan: DraftPlan) -> str:
    if not plan.events:
        return ""
    counted = totals(plan.events, plan.prescription)
    medication = plan.prescription.medication
    lines = [
        f"{number_words(count)}{NBSP}{piece_words(medication.form, count)} of {strength}"
        for strength, count in counted.pieces
    ]
    first, last = plan.events[0].day, plan.events[-1].day
    span = f"{date_words(first)} to {date_words(last)}"
    return _list(f"To get for {span}: {counted.doses} doses", lines)


def findings_part(findings: Iterable[DetectedIssue]) -> str:
    """Return the findings as a list; what could not be checked is said in one paragraph."""
    found = tuple(findings)
    unknown = [one for one in found if one.code is IssueCode.NOT_CHECKED]
    lines = [_finding(one) for one in found if one.code is not IssueCode.NOT_CHECKED]
    if unknown:
        facts = "; ".join(f"{_fact(one)} ({one.rule})" for one in unknown)
        lines.append(f"Not checked, because nobody said: {facts}.")
    return _list("Safety", lines)


def _finding(one: DetectedIssue) -> str:
    mark = ", an assumption" if one.provenance.is_assumption else ""
    overruled = f" [{one.overruled}]" if one.overruled else ""
    return f"{SEVERITY_WORDS[one.severity]}: {one.message} (rule {one.rule}{mark}){overruled}"


def _fact(one: DetectedIssue) -> str:
    return one.message.removeprefix("not checked: ").partition(".")[0]


def _advice(plan: DraftPlan) -> list[str]:
    texts = plan.protocol.texts
    return [one for one in (texts.late_line, texts.warning_signs, texts.storage) if one]


def _rules(plan: DraftPlan) -> str:
    protocol = plan.protocol
    if protocol.own:
        return f"Made from {protocol.id}."
    dated = f" of {date_words(protocol.dated)}" if protocol.dated is not None else ""
    return wrapped(
        f"Rules: {protocol.title}, version {protocol.version}{dated}."
        f" See them with: medsched protocols show {protocol.id}"
    )


def _list(title: str, lines: Iterable[str]) -> str:
    shown = [wrapped(f"- {line}", "  ") for line in lines]
    return f"{title}\n" + "\n".join(shown) if shown else ""
