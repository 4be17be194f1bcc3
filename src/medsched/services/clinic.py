"""A whole clinic at once: what `start` does for one person, for very many.

Many patients are alike: the same rules, the same choices, the same facts. What depends
on those is worked out and checked once for each kind of patient; names, keys and
numbers are filled in. What is stored is the same as if each had been started alone.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from medsched.domain.co_medication import OtherPlan
from medsched.domain.course import resolve
from medsched.domain.prescription import Status
from medsched.domain.safety import Severity
from medsched.errors import MedschedError
from medsched.frozen import frozen, replace
from medsched.services.both_ways import check_both_ways
from medsched.services.clinic_refusals import NamedTwice, SomebodyElse, StoredOtherwise
from medsched.services.document import protocol_text
from medsched.services.plan import Order, stop_at
from medsched.services.planning import beginning, check_choices, prescribe
from medsched.services.ports import DoseRun, Plan, Revision, RevisionKind
from medsched.services.runs import shared_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from medsched.domain.finding import DetectedIssue
    from medsched.domain.person import Person
    from medsched.domain.prescription import Prescription
    from medsched.domain.protocol import Protocol
    from medsched.services.planning import Choices
    from medsched.services.ports import Loader, Override, Unit

_KINDS: Final = 512
"""Kinds of patients that are remembered at once."""


@frozen
class Ordered:
    """One prescription to be stored: the rules, the choices, and on whose word."""

    protocol: Protocol
    choices: Choices
    order: Order


@frozen
class Patient:
    """Somebody new with all that was ordered for them."""

    person: Person
    orders: tuple[Ordered, ...] = ()


@frozen
class Template:
    """One prescription of a kind of patient: everything but names, keys and numbers.

    Args:
        runs: The doses up to the horizon, of prescription 0 and revision 0; none for a draft.
        stored_until: Ordinal of the last local day of `runs`, 0 for a draft.
        warns: A finding warns, or blocks and was overruled.
    """

    prescription: Prescription
    overrides: tuple[Override, ...]
    effective_from: datetime
    runs: tuple[DoseRun, ...]
    stored_until: int
    warns: bool = False


@frozen
class Admitted:
    """How many were stored, how many were there already, and of how many plans rules warn."""

    people: int = 0
    prescriptions: int = 0
    doses: int = 0
    already: int = 0
    warned: int = 0

    def __add__(self, other: Admitted) -> Admitted:
        """Return both together."""
        return Admitted(
            people=self.people + other.people,
            prescriptions=self.prescriptions + other.prescriptions,
            doses=self.doses + other.doses,
            already=self.already + other.already,
            warned=self.warned + other.warned,
        )


class Clinic:
    """The plans of many people, worked out once for each kind of patient."""

    def __init__(self, *, now: datetime, horizon_days: int, new_key: Callable[[], str]) -> None:
        """Keep what all of them share.

        Args:
            now: The instant of the import.
            horizon_days: How many days ahead doses are stored.
            new_key: Makes a new UUID as text, unique in the world.
        """
        self._now, self._horizon, self._new_key = now, horizon_days, new_key
        self._kinds: OrderedDict[object, tuple[Template, ...]] = OrderedDict()
        self._texts: dict[str, tuple[Protocol, str, str]] = {}
        self._first: int | None = None

    def templates(self, patient: Patient) -> tuple[Template, ...]:
        """Return the plans of a patient, checked against the rules and one another.

        Raises:
            Blocked: a finding blocks one of them and no order lifts that block.
            MedschedError: what `planning.prescribe` refuses.
        """
        unnamed = replace(patient.person, name="", id="")
        orders = tuple((one.protocol.digest, one.choices, one.order) for one in patient.orders)
        kind = (unnamed, orders)
        if kind not in self._kinds:
            self._kinds[kind] = tuple(self._all_of(unnamed, patient.orders))
            if len(self._kinds) > _KINDS:
                self._kinds.popitem(last=False)
        self._kinds.move_to_end(kind)
        return self._kinds[kind]

    def refused(self, patient: Patient) -> int | None:
        """Return the place of the first order that is refused beside those before it."""
        for place in range(len(patient.orders)):
            try:
                self.templates(replace(patient, orders=patient.orders[: place + 1]))
            except MedschedError:
                return place
        return None

    def _all_of(self, person: Person, orders: Iterable[Ordered]) -> Iterator[Template]:
        before: list[OtherPlan] = []
        rules: dict[str, Protocol] = {}
        for one in orders:
            check_choices(one.choices, self._now.astimezone(person.itinerary.home).date())
            prescription, _assumed = prescribe(one.protocol, person, one.choices)
            course = resolve(prescription, person)
            this = OtherPlan(prescription=prescription, course=course)
            rules[prescription.protocol_digest] = one.protocol
            findings = check_both_ways(
                one.protocol, this, person, before, lambda it: rules[it.protocol_digest]
            )
            yield self._template(one, person, this, findings)
            before.append(this)

    def _template(
        self,
        one: Ordered,
        person: Person,
        plan: OtherPlan,
        findings: tuple[DetectedIssue, ...],
    ) -> Template:
        prescription, course = plan.prescription, plan.course
        overrides = one.order.overrides(findings, self._now)
        stop_at(findings, overrides)
        active = bool(one.order.ordered_by)
        today = self._now.astimezone(person.itinerary.zone_at(self._now)).date()
        until = max(today, course.start) + timedelta(days=self._horizon)
        return Template(
            prescription=replace(
                prescription,
                id="",
                key="",
                protocol_digest=self._digest(one.protocol),
                revision=1,
                status=Status.ACTIVE if active else Status.DRAFT,
                ordered_by=one.order.ordered_by,
            ),
            overrides=overrides,
            effective_from=beginning(course),
            runs=shared_runs(replace(course, prescription=""), course.start, until)
            if active
            else (),
            stored_until=until.toordinal() if active else 0,
            warns=any(it.severity is not Severity.INFO for it in findings),
        )

    def _digest(self, protocol: Protocol) -> str:
        known = self._texts.get(protocol.digest)
        if known is None:
            text = protocol_text(protocol)
            known = (protocol, text, sha256(text.encode()).hexdigest())
            self._texts[protocol.digest] = known
        return known[2]

    def is_there(self, unit: Unit, patient: Patient) -> bool:
        """Say whether this very patient is stored: what an interrupted import left whole.

        Raises:
            NamedTwice: this run itself stored somebody of that name.
            SomebodyElse: the one stored was born on another day, or is of another sex.
            StoredOtherwise: somebody of that name is stored, with other plans.
        """
        person = unit.people.by_name(patient.person.name)
        if person is None:
            return False
        if self._first is not None and int(person.id) >= self._first:
            raise NamedTwice
        if _differs(person, patient.person):
            raise SomebodyElse
        plans = unit.plans.of_person(person.id)
        first = [unit.plans.revision(one.number, 1).prescription for one in plans]
        if [_alike(one) for one in first] != [
            _alike(one.prescription) for one in self.templates(patient)
        ]:
            raise StoredOtherwise
        return True

    def admit(self, unit: Unit, loader: Loader, patients: Sequence[Patient]) -> Admitted:
        """Store some hundreds of new patients with their plans and doses."""
        people = loader.people([one.person for one in patients], self._now)
        if self._first is None:
            self._first = min(int(one.id) for one in people)
        kinds = [self.templates(one) for one in patients]
        for protocol, text, digest in self._texts.values():
            unit.protocols.keep(digest, protocol.id, text)
        pairs = [
            (person, template)
            for person, templates in zip(people, kinds, strict=True)
            for template in templates
        ]
        plans = loader.plans([self._plan(*pair) for pair in pairs])
        unit.hurry()
        whole = [(plan, template) for plan, (_person, template) in zip(plans, pairs, strict=True)]
        loader.revisions(self._revision(*one) for one in whole)
        doses = loader.runs(
            run._replace(prescription=plan.number, revision=1)
            for plan, template in whole
            for run in template.runs
        )
        warned = sum(template.warns for _person, template in pairs)
        return Admitted(people=len(people), prescriptions=len(plans), doses=doses, warned=warned)

    def _plan(self, person: Person, template: Template) -> Plan:
        order = template.prescription
        active = order.status is Status.ACTIVE
        return Plan(
            number=0,
            key=self._new_key(),
            person=person.id,
            protocol=order.protocol,
            medication=order.medication.name,
            status=order.status,
            current=1 if active else 0,
            draft=0 if active else 1,
            tracked=None,
            stored_until=template.stored_until,
            created_at=self._now.astimezone(UTC),
        )

    def _revision(self, plan: Plan, template: Template) -> Revision:
        return Revision(
            prescription=replace(
                template.prescription, id=str(plan.number), key=plan.key, person=plan.person
            ),
            created_at=self._now,
            effective_from=template.effective_from,
            kind=RevisionKind.START,
            ordered_by=template.prescription.ordered_by,
            overrides=template.overrides,
        )


def _differs(stored: Person, read: Person) -> bool:
    """Return whether two people of one name are surely not the same."""
    both = (
        (stored.facts.born, read.facts.born),
        (stored.facts.sex, read.facts.sex),
    )
    return any(None not in pair and pair[0] != pair[1] for pair in both)


def _alike(prescription: Prescription) -> Prescription:
    """Return what an import asked for, without what each run of it makes anew."""
    return replace(prescription, id="", key="", person="", starts_at=None)
