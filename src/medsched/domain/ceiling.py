"""How much a plan reaches, against what is allowed: ceilings, caps, first dose, escalation.

Amounts are counted by dosing day, that is by the slots a day has, not by a rolling
24 hours: a late dose would otherwise break a plan that is right. Equality is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.dosage import daily_total, largest_dose
from medsched.domain.finding import DetectedIssue, IssueCode, from_rule, not_checked
from medsched.domain.plain_words import date_words, days_words
from medsched.domain.protocol import PhaseKind
from medsched.domain.safety_rules import Severity
from medsched.domain.timing import AsNeeded
from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from medsched.domain.amount import Amount
    from medsched.domain.course import Course, CoursePhase
    from medsched.domain.prescription import Prescription
    from medsched.domain.profile import DoseLimits
    from medsched.domain.protocol import Escalation, Protocol
    from medsched.domain.safety_rules import Ceiling
    from medsched.domain.timing import Dosage

_NO_ORDER: Final = (Severity.WARN, "It needs a recorded order of the prescriber.")


@frozen
class DayTotal:
    """From `day` on, one dosing day holds at most `amount`; phases of all tracks together."""

    day: date
    amount: Amount


def most_in_a_day(dosage: Dosage | None) -> Amount | None:
    """Return the most one dosing day of a dosage can hold, doses only if needed included."""
    if not isinstance(dosage, AsNeeded):
        return daily_total(dosage)
    windows = -(-24 // min(dosage.window_hours, 24))
    most = dosage.amount * (dosage.most_doses * windows)
    if dosage.most_amount is None:
        return most
    return min(most, dosage.most_amount * windows)


def day_totals(course: Course) -> tuple[DayTotal, ...]:
    """Return what a dosing day holds from each day on which a phase begins, in order."""
    days = sorted({one.first_day for one in course.phases})
    totals = (_total_on(course, day) for day in days)
    return tuple(
        DayTotal(day=day, amount=amount)
        for day, amount in zip(days, totals, strict=True)
        if amount is not None
    )


def _total_on(course: Course, day: date) -> Amount | None:
    result: Amount | None = None
    for phase in course.phases:
        most = most_in_a_day(phase.dosage) if phase.first_day <= day <= phase.last_day else None
        if most is not None:
            result = most if result is None else result + most
    return result


def check_ceilings(protocol: Protocol, course: Course) -> Iterator[DetectedIssue]:
    """Yield a finding for each ceiling that a single dose or a dosing day goes over."""
    totals = day_totals(course)
    unit = protocol.medication.unit
    for rule in protocol.safety.ceilings:
        limits = [one for one in (rule.per_dose, rule.per_day) if one is not None]
        if any(one.unit is not unit for one in limits):
            why = f"Its limit is not in {unit}, as the doses are."
            yield not_checked(protocol, rule.rule, "largest amount", why)
            continue
        if rule.per_dose is not None:
            yield from _per_dose(protocol, rule, rule.per_dose, course)
        if rule.per_day is not None:
            yield from _per_day(protocol, rule, rule.per_day, totals)


def _per_dose(
    protocol: Protocol, rule: Ceiling, most: Amount, course: Course
) -> Iterator[DetectedIssue]:
    over = [
        (dose, phase.first_day)
        for phase in course.phases
        if (dose := largest_dose(phase.dosage)) is not None and dose > most
    ]
    if not over:
        return
    dose = max(one for one, _day in over)
    head = f"one dose: {dose}, from {date_words(over[0][1])}; at most {most}."
    yield _too_much(protocol, rule, head, f"{dose.digits} per dose")


def _per_day(
    protocol: Protocol, rule: Ceiling, most: Amount, totals: tuple[DayTotal, ...]
) -> Iterator[DetectedIssue]:
    over = [one for one in totals if one.amount > most]
    if not over:
        return
    amount = max(one.amount for one in over)
    head = f"one day: {amount}, from {date_words(over[0].day)}; at most {most}."
    yield _too_much(protocol, rule, head, f"{amount.digits} per day")


def _too_much(protocol: Protocol, rule: Ceiling, head: str, subject: str) -> DetectedIssue:
    message = f"{head} {rule.text}".strip()
    return from_rule(
        protocol, rule.rule, rule.severity, message, IssueCode.DOSE_HIGH, subject=subject
    )


def check_kidney_caps(
    protocol: Protocol, prescription: Prescription, course: Course, limits: DoseLimits
) -> Iterator[DetectedIssue]:
    """Yield a finding for a dosing day above the renal band's cap, or above its plateau.

    Above the cap is a block. Above the plateau is allowed on somebody's order of that very
    amount: who ordered the usual way may not have known of these kidneys.
    """
    band, totals = limits.band, day_totals(course)
    if band is None or not totals:
        return
    amount = max(one.amount for one in totals)
    code, subject = IssueCode.DOSE_FOR_CONDITION, f"{amount.digits} per day, kidneys {band.name}"
    if band.cap_per_day is not None and amount > band.cap_per_day:
        message = f"one day: {amount}; with these kidneys at most {band.cap_per_day}. {band.text}"
        yield from_rule(protocol, band.rule, Severity.BLOCK, message, code, subject=subject)
    elif band.plateau_per_day is not None and amount > band.plateau_per_day:
        severity, order = _on_order(prescription) if prescription.target_per_day else _NO_ORDER
        message = f"one day: {amount}; the usual with these kidneys is {band.plateau_per_day}."
        yield from_rule(
            protocol, band.rule, severity, f"{message} {order} {band.text}", code, subject=subject
        )


def _on_order(prescription: Prescription) -> tuple[Severity, str]:
    """Return how strongly to speak of what needs an order, and the sentence about the order."""
    if prescription.ordered_by:
        return Severity.INFO, f"Ordered by {prescription.ordered_by}."
    return _NO_ORDER


def check_first_dose(
    protocol: Protocol, prescription: Prescription, course: Course
) -> Iterator[DetectedIssue]:
    """Yield a finding for a first dose above that of the titration, unless it is no first dose."""
    rule = protocol.safety.first_dose
    phases = [one for one in course.phases if one.dosage is not None]
    if rule is None or not phases or prescription.first_day > 1:
        return
    begins = min(one.first_day for one in phases)
    if begins > course.start:
        return
    doses = [largest_dose(one.dosage) for one in phases if one.first_day == begins]
    first = max(one for one in doses if one is not None)
    if first.unit is not rule.most.unit or first <= rule.most:
        return
    severity, order = _on_order(prescription)
    message = f"first dose: {first}, more than {rule.most}. {order} {rule.text}"
    code = IssueCode.DOSE_HIGH
    yield from_rule(protocol, rule.rule, severity, message, code, subject=f"first {first.digits}")


def check_escalation(
    protocol: Protocol, prescription: Prescription, course: Course, ahead: Course
) -> Iterator[DetectedIssue]:
    """Yield a finding for going above the regimen's maintenance without an order, or too early.

    Args:
        course: All of it, for the days before. ahead: without the phases that are over.
    """
    regimen = next((one for one in protocol.regimens if one.id == prescription.regimen), None)
    escalation = regimen.escalation if regimen else None
    if regimen is None or escalation is None:
        return
    usual = daily_total(regimen.phases[-1].dosage)
    above = next((one for one in ahead.phases if _more(one, usual)), None)
    if usual is None or above is None:
        return
    yield from _needs_order(protocol, prescription, escalation, above, usual)
    if above.first_day > course.start or prescription.first_day == 1:
        yield from _too_early(protocol, course, escalation, above, usual)


def _more(phase: CoursePhase | None, usual: Amount | None) -> bool:
    total = None if phase is None else most_in_a_day(phase.dosage)
    return usual is not None and total is not None and total > usual


def _needs_order(
    protocol: Protocol,
    prescription: Prescription,
    escalation: Escalation,
    above: CoursePhase,
    usual: Amount,
) -> Iterator[DetectedIssue]:
    total = most_in_a_day(above.dosage)
    if not escalation.needs_order or total is None:
        return
    severity, order = _on_order(prescription)
    message = f"one day: {total}, from {date_words(above.first_day)}, more than {usual}. {order}"
    code, subject = IssueCode.DOSE_HIGH, f"{total.digits} per day"
    yield from_rule(protocol, escalation.rule, severity, message, code, subject=subject)


def _too_early(
    protocol: Protocol, course: Course, escalation: Escalation, above: CoursePhase, usual: Amount
) -> Iterator[DetectedIssue]:
    days = _days_at(course, above, usual)
    if days >= escalation.min_days or _more(_dosed_before(course, above), usual):
        return
    message = (
        f"one day: more than {usual} from {date_words(above.first_day)}, after"
        f" {days_words(days)} at {usual} a day; at least {days_words(escalation.min_days)} come"
        " before it."
    )
    code, subject = IssueCode.TIMING, f"early {above.first_day.isoformat()}"
    yield from_rule(protocol, escalation.rule, Severity.WARN, message, code, subject=subject)


def _dosed_before(course: Course, above: CoursePhase) -> CoursePhase | None:
    """Return the step with doses right before a phase: a way down comes from above, too."""
    before = [
        one
        for one in course.phases
        if one.first_day < above.first_day and one.track == above.track and one.dosage is not None
    ]
    return before[-1] if before else None


def _days_at(course: Course, above: CoursePhase, usual: Amount) -> int:
    """Return the days at the usual amount right before a phase, without days of a hold."""
    days, edge = 0, above.first_day
    for phase in reversed([one for one in course.phases if one.first_day < above.first_day]):
        at_usual = phase.kind is not PhaseKind.HOLD and most_in_a_day(phase.dosage) == usual
        if phase.track != above.track or not at_usual:
            break
        days += (edge - phase.origin).days
        edge = phase.origin
    return days
