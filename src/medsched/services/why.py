"""Explain one dose: phase, rule, revision, how its clock time became an instant, tablets."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import Amount, number_words
from medsched.domain.dose import DoseStatus, UnknownDose, dose_key
from medsched.domain.walltime import Arithmetic, ClockChange, arithmetic_at
from medsched.domain.words import date_words
from medsched.frozen import frozen
from medsched.services.agenda import plan_lines
from medsched.services.book import row_key
from medsched.services.dose_words import dosage_words, dose_words, length_of
from medsched.services.planning import MOST_DAYS

if TYPE_CHECKING:
    from medsched.domain.protocol import Protocol
    from medsched.domain.provenance import Rule
    from medsched.services.book import Book, ExplainedDose
    from medsched.services.ports import DoseRow, Plan, Revision, RowKey

_NOT_MEANT: Final = {
    DoseStatus.HELD: "on hold: do not take this dose",
    DoseStatus.CANCELLED: "withdrawn: this dose is not meant any more",
}


@frozen
class Explanation:
    """Why one dose is what it is and when it is.

    Args:
        rule: None for a person's own plan.
        status: Where the dose stands, as on every other page.
    """

    dose: ExplainedDose
    protocol: Protocol
    revision: Revision
    arithmetic: Arithmetic
    rule: Rule | None
    status: DoseStatus


def explain_dose(book: Book, text: str, now: datetime) -> Explanation:
    """Explain the dose of an id, as of now.

    Raises:
        UnknownDose: this person has no such dose.
    """
    key = row_key(dose_key(text))
    if key is None:
        raise UnknownDose(text)
    plan = _plan_of(book, key)
    row = None if plan is None else _row(book, plan, key)
    if plan is None or row is None:
        raise UnknownDose(text)
    dose = book.explain(row)
    shown = plan_lines(book, plan, dose.due, dose.due + timedelta(seconds=1), now)
    protocol = book.protocol(dose.prescription)
    zone = book.person.itinerary.zone_at(dose.due)
    wall = time.fromisoformat(dose.slot)
    return Explanation(
        dose=dose,
        protocol=protocol,
        revision=book.revision(row.prescription, row.revision),
        arithmetic=arithmetic_at(dose.day, wall, zone),
        rule=protocol.rules.get(dose.phase.rule),
        status=next((one.status for one in shown if one.dose.id == text), DoseStatus.UPCOMING),
    )


def _plan_of(book: Book, key: RowKey) -> Plan | None:
    plans = book.unit.plans.of_person(book.person.id)
    return next((one for one in plans if one.number == key.prescription), None)


def _row(book: Book, plan: Plan, key: RowKey) -> DoseRow | None:
    """Return the row of a dose: stored, still to be stored, or withdrawn."""
    row = book.unit.plans.dose(key) or _not_yet_stored(book, plan, key)
    if row is not None:
        return row
    gone = book.unit.plans.withdrawn_dose(key)
    return None if gone is None else gone.row


def _not_yet_stored(book: Book, plan: Plan, key: RowKey) -> DoseRow | None:
    """Return the row of a dose past the stored horizon, as it will be stored."""
    if not plan.stored_until < key.day <= plan.stored_until + MOST_DAYS:
        return None
    midnight = datetime.combine(date.fromordinal(key.day), time(0), tzinfo=UTC)
    around = book.rows(plan, midnight - timedelta(days=2), midnight + timedelta(days=3))
    return next((one for one in around if (one.day, one.slot) == (key.day, key.slot)), None)


def sentences(why: Explanation) -> list[tuple[str, str]]:
    """Return the explanation as labelled sentences, in reading order."""
    dose = why.dose
    lines = [
        ("Dose", f"{dose_words(dose.amount, dose.prescription)} ({dose.id})"),
        ("When", f"{date_words(dose.day)}, {dose.local:%H:%M}, {dose.local.tzinfo}"),
        ("Clock", clock_words(why.arithmetic)),
        ("Phase", _phase_words(dose)),
        ("Tablets", _sum_words(dose)),
        ("Rule", _rule_words(why.rule)),
        ("Source", _source_words(why)),
        ("Revision", _revision_words(why.revision)),
    ]
    if why.status in _NOT_MEANT:
        lines.insert(1, ("Status", _NOT_MEANT[why.status]))
    return [(label, text) for label, text in lines if text]


def clock_words(how: Arithmetic) -> str:
    """Return how a clock time became an instant."""
    minutes = int(how.offset.total_seconds()) // 60
    sign = "+" if minutes >= 0 else "-"
    offset = f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    base = f"{how.wall:%H:%M} in {how.zone} is {how.due:%H:%M} UTC (offset {offset})"
    match how.change:
        case ClockChange.NONE:
            return base
        case ClockChange.SKIPPED:
            moved = int(how.moved.total_seconds()) // 60
            return (
                f"{how.wall:%H:%M} does not exist that day: the clocks go forward, so the dose"
                f" moves {moved} minutes later to {how.local:%H:%M} (offset {offset})"
            )
        case ClockChange.REPEATED:
            return f"{base}; the clocks go back that night, and this is the first of the two"


def _phase_words(dose: ExplainedDose) -> str:
    phase = dose.phase
    what = dosage_words(phase.dosage)
    day = dose.course.therapy_day(dose.day)
    return (
        f"phase {phase.number} ({phase.kind.value}): {what}, from {date_words(phase.first_day)},"
        f" {length_of(phase)}; therapy day {day}"
    )


def _sum_words(dose: ExplainedDose) -> str:
    parts = [f"{number_words(one.count)} times {one.strength}" for one in dose.pieces]
    made = Amount(
        sum((one.strength.value * one.count for one in dose.pieces), start=dose.amount.value * 0),
        dose.amount.unit,
    )
    return f"{' plus '.join(parts)} makes {made}"


def _rule_words(rule: Rule | None) -> str:
    if rule is None:
        return "from your own plan"
    return f"{rule.id}: {rule.text.rstrip('.')} ({rule.provenance.value})"


def _source_words(why: Explanation) -> str:
    if why.rule is None:
        return ""
    named = [why.protocol.sources[ref] for ref in why.rule.sources if ref in why.protocol.sources]
    shown = "; ".join(f"{one.title}, {one.section}" if one.section else one.title for one in named)
    version = f"{why.protocol.title}, version {why.protocol.version}"
    return f"{shown} (rules: {version})" if shown else f"no source gives it (rules: {version})"


def _revision_words(revision: Revision) -> str:
    number = revision.prescription.revision
    ordered = f", ordered by {revision.ordered_by}" if revision.ordered_by else ""
    reason = f", because {revision.reason}" if revision.reason else ""
    made = date_words(revision.created_at.date())
    return f"{number} ({revision.kind.value}), made on {made}{ordered}{reason}"
