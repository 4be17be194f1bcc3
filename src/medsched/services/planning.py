"""From a protocol, a person and some choices to a plan that is shown and not yet stored.

Nothing here is kept and nothing is read from anywhere: the same arguments give the
same plan. `services.plan` stores what this makes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.co_medication import OtherPlan, stretch_of
from medsched.domain.course import Course, resolve
from medsched.domain.ladder import fit
from medsched.domain.medication import count_by_strength
from medsched.domain.prescription import Prescription, Status
from medsched.domain.regimen_choice import fitting_regimen
from medsched.domain.rhythm import SlotsDoNotFit, check_slots, slot_count, usual_slots
from medsched.domain.safety import check, limits_for
from medsched.domain.tablets import pieces_for
from medsched.domain.timeline import all_doses
from medsched.domain.timing import AsNeeded, OnDays, TimesADay
from medsched.errors import InvalidValue, MedschedError
from medsched.frozen import field, frozen, replace
from medsched.services.both_ways import check_both_ways
from medsched.services.weekday import assumed_weekday, on_weekday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from medsched.domain.amount import Amount
    from medsched.domain.dose import DoseEvent
    from medsched.domain.finding import DetectedIssue
    from medsched.domain.medication import Medication
    from medsched.domain.person import Person
    from medsched.domain.protocol import Phase, Protocol, Regimen
    from medsched.domain.timing import Weekday

PREVIEW: Final = "plan"
"""The id of a prescription that is only shown."""

MOST_DAYS: Final = 400
"""Most days of a plan that are shown or stored at once."""

_FARTHEST: Final = timedelta(days=3653)
_NAMESPACE: Final = "6f1f5c0e-2d0b-5a57-9c5e-0a4be0a6f5d1"


class UnknownRegimen(MedschedError):
    """A regimen that the protocol does not have."""

    def __init__(self, name: str, protocol: Protocol) -> None:
        """Keep the name; list those there are."""
        self.name = name
        known = ", ".join(one.id for one in protocol.regimens)
        super().__init__(f"regimen {name!r}: not in {protocol.id}; use one of {known}")


@frozen
class Choices:
    """What somebody decided about one plan.

    Args:
        start: First day. starts_at: doses before this clock time on that day are over.
        slots: The person's clock times; None for the usual ones.
        target: Maintenance per day; None for the regimen's own.
        first_day: Therapy day number of `start`.
        weekday: Of a weekly medicine; None for the rules' own.
    """

    start: date
    starts_at: time | None = None
    slots: tuple[time, ...] | None = None
    regimen: str | None = None
    target: Amount | None = None
    first_day: int = 1
    weekday: Weekday | None = None
    strengths: frozenset[Amount] = frozenset()
    ordered_by: str = ""


@frozen
class DraftPlan:
    """A plan as it would be: what is shown before anything is stored.

    Args:
        events: Doses of the days asked for, by due.
        findings: Safety findings, blocks first.
        assumptions: Sentences about what nobody said and was assumed.
    """

    protocol: Protocol
    person: Person
    prescription: Prescription
    course: Course
    events: tuple[DoseEvent, ...]
    findings: tuple[DetectedIssue, ...]
    assumptions: tuple[str, ...] = field(default=())


def draft(
    protocol: Protocol,
    person: Person,
    choices: Choices,
    *,
    today: date,
    days: int,
    others: Sequence[OtherPlan] = (),
) -> DraftPlan:
    """Return the plan that these choices make, for `days` days from its start.

    Args:
        others: The person's other plans, for the checks between medicines.

    Raises:
        InvalidValue: a start more than ten years away, days outside 1 to 400, a therapy
            day below 1. SlotsDoNotFit, CannotBeMade, UnknownRegimen: as they say.
    """
    if not 1 <= days <= MOST_DAYS:
        raise InvalidValue("days", days, f"use 1 to {MOST_DAYS}")
    check_choices(choices, today)
    prescription, assumptions = prescribe(protocol, person, choices)
    course = resolve(prescription, person)
    last = course.start + timedelta(days=days - 1)
    events = tuple(all_doses(course, last))
    findings = check(protocol, prescription, course, person, others)
    return DraftPlan(
        protocol=protocol,
        person=person,
        prescription=prescription,
        course=course,
        events=events,
        findings=findings,
        assumptions=assumptions,
    )


def beside(
    plan: DraftPlan,
    person: Person,
    others: Sequence[OtherPlan],
    rules_of: Callable[[Prescription], Protocol],
) -> DraftPlan:
    """Return a plan of `person` with the findings that it has beside their other plans.

    A plan is drafted before its store is open; what else runs is known once it is.

    Args:
        rules_of: Gives the rules of another prescription, which speak too.
    """
    this = OtherPlan(prescription=plan.prescription, course=plan.course)
    findings = check_both_ways(plan.protocol, this, person, others, rules_of)
    return replace(plan, person=person, findings=findings)


def check_choices(choices: Choices, today: date) -> None:
    """Refuse a therapy day below 1 and a start more than ten years away."""
    if not 1 <= choices.first_day <= MOST_DAYS * 100:
        raise InvalidValue("day", choices.first_day, "use 1 or more")
    if abs(choices.start - today) > _FARTHEST:
        raise InvalidValue(
            "start", choices.start.isoformat(), "use a date within ten years of today"
        )


def prescribe(
    protocol: Protocol, person: Person, choices: Choices
) -> tuple[Prescription, tuple[str, ...]]:
    """Return the prescription that these choices make, and what was assumed for it."""
    regimen = _regimen(protocol, person, choices)
    check_unit(protocol.medication, choices.target)
    plateau, _cap, _band = limits_for(protocol, person, choices.start)
    phases = fit(regimen, protocol.medication, target=choices.target, plateau=plateau)
    if choices.weekday is not None:
        phases = on_weekday(phases, choices.weekday)
    slots, assumptions = _slots(phases, person, choices)
    day = "" if protocol.own or choices.weekday is not None else assumed_weekday(phases)
    assumptions = (*assumptions, day) if day else assumptions
    missed = regimen.missed or protocol.missed
    check_slots(slots, int(missed.min_gap_hours * 60))
    prescription = Prescription(
        id=PREVIEW,
        key=_preview_key(protocol, person, choices, slots),
        person=person.id,
        protocol=protocol.id,
        protocol_digest=protocol.digest,
        regimen=regimen.id,
        medication=protocol.medication,
        phases=phases,
        start=choices.start,
        starts_at=choices.starts_at,
        first_day=choices.first_day,
        slots=slots,
        min_gap_minutes=int(missed.min_gap_hours * 60),
        rhythm=person.rhythm,
        strengths=choices.strengths,
        target_per_day=choices.target,
        status=Status.ACTIVE if choices.ordered_by else Status.DRAFT,
        ordered_by=choices.ordered_by,
    )
    return prescription, assumptions


def check_unit(medication: Medication, target: Amount | None) -> None:
    """Refuse a target in another unit than the medicine's."""
    if target is not None and target.unit is not medication.unit:
        raise InvalidValue("target", target, f"say it in {medication.unit}, as the tablets are")


def _regimen(protocol: Protocol, person: Person, choices: Choices) -> Regimen:
    """Return the regimen named, or the one for the person's other medicines, or the first."""
    if choices.regimen is not None:
        try:
            return protocol.regimen(choices.regimen)
        except KeyError:
            raise UnknownRegimen(choices.regimen, protocol) from None
    others = [stretch_of(one, person.itinerary) for one in person.taking]
    fitting = fitting_regimen(protocol, others, choices.start, person.itinerary)
    return fitting or protocol.regimens[0]


def _slots(
    phases: Sequence[Phase], person: Person, choices: Choices
) -> tuple[tuple[time, ...], tuple[str, ...]]:
    """Return the clock times of this plan, and a sentence when they were assumed."""
    needed = max((_places_needed(one) for one in phases), default=0)
    if choices.slots is not None:
        if needed > 1 and len(choices.slots) != needed:
            wanted = (
                f"name {needed} clock times, such as {_shown(usual_slots(needed, person.rhythm))}"
            )
            raise SlotsDoNotFit(choices.slots, f"the plan needs {needed} a day", wanted)
        return choices.slots, ()
    if not needed:
        return (), ()
    slots = usual_slots(needed, person.rhythm)
    if choices.starts_at is not None and not any(isinstance(one.dosage, OnDays) for one in phases):
        begin = f"{choices.starts_at:%H:%M}"
        return slots, (f"No time was given: the first dose is assumed to be at {begin}.",)
    return slots, (_assumed(slots),)


def _assumed(slots: Sequence[time]) -> str:
    if len(slots) == 1:
        return f"No time was given: the usual {slots[0]:%H:%M} is assumed."
    return f"No times were given: the usual {_shown(slots).replace(',', ', ')} are assumed."


def _shown(slots: Sequence[time]) -> str:
    return ",".join(f"{one:%H:%M}" for one in slots)


def _places_needed(phase: Phase) -> int:
    dosage = phase.dosage
    if dosage is None or isinstance(dosage, AsNeeded):
        return 0
    if not isinstance(dosage, OnDays):
        return 1
    if not isinstance(dosage.times, TimesADay):
        return 0
    return max((*dosage.slots, slot_count(dosage.times)))


def _preview_key(
    protocol: Protocol, person: Person, choices: Choices, slots: tuple[time, ...]
) -> str:
    """Return a key that the same preview always gets: importing its file twice adds nothing."""
    from uuid import UUID, uuid5

    parts = (protocol.id, person.name, choices.start.isoformat(), str(len(slots)))
    return str(uuid5(UUID(_NAMESPACE), "\x1f".join(parts)))


@frozen
class Totals:
    """What a stretch of a plan holds: doses, and pieces of each strength to get."""

    doses: int
    pieces: tuple[tuple[Amount, Decimal], ...]


def totals(events: Iterable[DoseEvent], prescription: Prescription) -> Totals:
    """Count doses and pieces per strength, strengths rising."""
    counts: dict[Amount, Decimal] = {}
    doses = 0
    for one in events:
        doses += 1
        pieces = pieces_for(one.amount, prescription.medication, prescription.strengths)
        counts = count_by_strength(pieces, counts)
    return Totals(doses=doses, pieces=tuple(sorted(counts.items())))


def beginning(course: Course) -> datetime:
    """Return the instant from which the course's doses count: midnight of its first day."""
    midnight = datetime.combine(course.start, time(0), tzinfo=course.itinerary.home)
    return midnight.astimezone(UTC)
