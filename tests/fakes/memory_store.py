"""A store in memory that keeps the promises of the real one; the same suite runs over both."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING

from tests.fakes.memory_feeds import (
    MemoryAnnouncements,
    MemoryCalDavLinks,
    MemoryFeeds,
    Publishing,
)
from tests.fakes.memory_outbox import (
    MemoryChannels,
    MemoryDaemons,
    MemoryOutbox,
    MemoryTokens,
    Reminding,
)

from medsched.domain.administration import Administration, AdministrationStatus
from medsched.domain.prescription import Status
from medsched.services.ports import (
    AlreadySettled,
    DoseRow,
    DoseRun,
    Json,
    Plan,
    Revision,
    RowKey,
    StaleRevision,
    WithdrawnDose,
)
from medsched.store.refusals import ChangedMeanwhile, NameTaken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from medsched.domain.person import Person


@dataclass(slots=True)
class State:
    """Everything that is stored; values are frozen, so copying the containers is a snapshot."""

    people: dict[str, Person] = field(default_factory=dict)
    plans: dict[int, Plan] = field(default_factory=dict)
    revisions: dict[tuple[int, int], Revision] = field(default_factory=dict)
    doses: dict[tuple[int, int, int], DoseRow] = field(default_factory=dict)
    withdrawn: dict[tuple[int, int, int], WithdrawnDose] = field(default_factory=dict)
    records: dict[int, Administration] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    settings: dict[tuple[str, str], Json] = field(default_factory=dict)

    reminding: Reminding = field(default_factory=Reminding)
    publishing: Publishing = field(default_factory=Publishing)

    def copy(self) -> State:
        """Return a state that can be changed without changing this one."""
        return State(*(getattr(self, name).copy() for name in self.__slots__))


class MemoryPeople:
    """`ports.People` in memory."""

    def __init__(self, state: State) -> None:
        self._people = state.people

    def add(self, person: Person, at: datetime) -> Person:
        self._refuse_name_of_another(person)
        added = replace(person, id=str(len(self._people) + 1))
        self._people[added.id] = added
        return added

    def by_id(self, person: str) -> Person | None:
        return self._people.get(person)

    def by_name(self, name: str) -> Person | None:
        return next((one for one in self._people.values() if one.name == name), None)

    def all(self) -> list[Person]:
        return sorted(self._people.values(), key=lambda one: int(one.id))

    def save(self, person: Person, at: datetime) -> None:
        self._refuse_name_of_another(person)
        if person.id not in self._people:
            raise KeyError(person.id)
        self._people[person.id] = person

    def _refuse_name_of_another(self, person: Person) -> None:
        other = self.by_name(person.name)
        if other is not None and other.id != person.id:
            raise NameTaken(person.name)


class MemoryPlans:
    """`ports.Plans` in memory."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, person: str, key: str, protocol: str, medication: str, at: datetime) -> Plan:
        if any(one.key == key for one in self._state.plans.values()):
            raise ChangedMeanwhile("memory")
        plan = Plan(
            number=len(self._state.plans) + 1,
            key=key,
            person=person,
            protocol=protocol,
            medication=medication,
            status=Status.DRAFT,
            current=0,
            draft=0,
            tracked=None,
            stored_until=0,
            created_at=at,
        )
        self._state.plans[plan.number] = plan
        return plan

    def get(self, number: int) -> Plan | None:
        return self._state.plans.get(number)

    def of_person(self, person: str) -> list[Plan]:
        return [one for one in self._state.plans.values() if one.person == person]

    def numbers(self, after: int = 0) -> Iterator[int]:
        yield from sorted(one for one in self._state.plans if one > after)

    def lock(self, number: int) -> Plan:
        return self._state.plans[number]

    def save(self, plan: Plan) -> None:
        before = self._state.plans[plan.number]
        self._state.plans[plan.number] = replace(
            before,
            status=plan.status,
            current=plan.current,
            draft=plan.draft,
            tracked=plan.tracked,
            stored_until=plan.stored_until,
        )

    def add_revision(self, revision: Revision) -> None:
        number, new = int(revision.prescription.id), revision.prescription.revision
        last = max((n for p, n in self._state.revisions if p == number), default=0)
        if new != last + 1:
            raise StaleRevision(number, new - 1, last)
        self._state.revisions[number, new] = revision

    def revision(self, number: int, revision: int) -> Revision:
        return self._state.revisions[number, revision]

    def revisions(self, number: int) -> list[Revision]:
        of_plan = ((key, one) for key, one in self._state.revisions.items() if key[0] == number)
        return [one for _, one in sorted(of_plan, key=lambda pair: pair[0])]

    def insert_doses(self, rows: Iterable[DoseRow]) -> int:
        kept = list(rows)
        for row in kept:
            if row[:3] in self._state.doses:
                raise ChangedMeanwhile("memory")
            self._state.doses[row[:3]] = row
        return len(kept)

    def update_doses(self, rows: Iterable[DoseRow]) -> None:
        for row in rows:
            self._state.doses[row[:3]]
            self._state.doses[row[:3]] = row

    def withdraw_doses(self, doses: Iterable[WithdrawnDose]) -> None:
        for one in doses:
            self._state.doses.pop(one.row[:3], None)
            self._state.withdrawn[one.row[:3]] = one

    def restore_doses(self, rows: Iterable[DoseRow]) -> None:
        kept = list(rows)
        for row in kept:
            del self._state.withdrawn[row[:3]]
        self.insert_doses(kept)

    def doses(self, numbers: Sequence[int], since: int, until: int) -> list[DoseRow]:
        rows = (row for row in self._state.doses.values() if row.prescription in numbers)
        found = (row for row in rows if since <= row.due < until)
        return sorted(found, key=lambda row: (row.due, row[:3]))

    def doses_of_days(self, number: int, first: int, last: int) -> list[DoseRow]:
        rows = (row for row in self._state.doses.values() if row.prescription == number)
        found = (row for row in rows if first <= row.day <= last)
        return sorted(found, key=lambda row: (row.due, row[:3]))

    def dose(self, key: RowKey) -> DoseRow | None:
        return self._state.doses.get(key)

    def withdrawn(self, numbers: Sequence[int], since: int, until: int) -> list[WithdrawnDose]:
        ours = (one for one in self._state.withdrawn.values() if one.row.prescription in numbers)
        found = (one for one in ours if since <= one.row.due < until)
        return sorted(found, key=lambda one: (one.row.due, one.row[:3]))

    def withdrawn_dose(self, key: RowKey) -> WithdrawnDose | None:
        return self._state.withdrawn.get(key)


class MemoryRecords:
    """`ports.Records` in memory."""

    def __init__(self, state: State) -> None:
        self._state = state

    def append(self, administration: Administration) -> Administration:
        repeated = self.by_token(administration.token)
        if repeated is not None:
            return repeated
        settles = administration.status is not AdministrationStatus.ENTERED_IN_ERROR
        first = self.settling(administration.dose) if settles else None
        if first is not None:
            raise AlreadySettled(first)
        record = replace(administration, id=len(self._state.records) + 1)
        self._state.records[record.id] = record
        if settles and record.dose:
            self._state.settled[record.dose] = record.id
        return record

    def release(self, dose: str) -> None:
        self._state.settled.pop(dose, None)

    def of_plans(
        self, numbers: Sequence[int], since: datetime | None = None
    ) -> list[Administration]:
        names = {str(number) for number in numbers}
        found = (one for one in self._state.records.values() if one.prescription in names)
        late = (one for one in found if since is None or one.recorded_at >= since)
        return sorted(late, key=lambda one: (one.recorded_at, one.id))

    def settling(self, dose: str) -> Administration | None:
        number = self._state.settled.get(dose)
        return None if number is None else self._state.records[number]

    def by_token(self, token: str) -> Administration | None:
        if not token:
            return None
        return next((one for one in self._state.records.values() if one.token == token), None)

    def gaps(self) -> list[tuple[datetime, datetime]]:
        return []


class MemoryProtocolTexts:
    """`ports.ProtocolTexts` in memory."""

    def __init__(self, state: State) -> None:
        self._texts = state.texts

    def keep(self, digest: str, protocol: str, text: str) -> None:
        self._texts.setdefault(digest, text)

    def text(self, digest: str) -> str | None:
        return self._texts.get(digest)


class MemorySettings:
    """`ports.Settings` in memory."""

    def __init__(self, state: State) -> None:
        self._settings = state.settings

    def get(self, person: str, name: str) -> Json:
        return self._settings.get((person, name))

    def put(self, person: str, name: str, value: Json, at: datetime) -> None:
        self._settings[person, name] = value


class MemoryLoader:
    """`ports.Loader` in memory."""

    def __init__(self, unit: MemoryUnit, state: State) -> None:
        self._unit, self._state = unit, state

    def people(self, new: Sequence[Person], at: datetime) -> list[Person]:
        return [self._unit.people.add(one, at) for one in new]

    def plans(self, new: Sequence[Plan]) -> list[Plan]:
        added = []
        for one in new:
            made = self._unit.plans.add(
                one.person, one.key, one.protocol, one.medication, one.created_at
            )
            added.append(replace(one, number=made.number))
            self._unit.plans.save(added[-1])
        return added

    def revisions(self, new: Iterable[Revision]) -> None:
        for one in new:
            self._unit.plans.add_revision(one)

    def doses(self, rows: Iterable[DoseRow]) -> int:
        return self._unit.plans.insert_doses(rows)

    def runs(self, runs: Iterable[DoseRun]) -> int:
        return sum(self._unit.plans.insert_doses(run.rows()) for run in runs)


class MemoryUnit:
    """`ports.Unit` in memory."""

    def __init__(self, state: State) -> None:
        self.people = MemoryPeople(state)
        self.plans = MemoryPlans(state)
        self.records = MemoryRecords(state)
        self.protocols = MemoryProtocolTexts(state)
        self.settings = MemorySettings(state)
        self.outbox = MemoryOutbox(state)
        self.channels = MemoryChannels(state)
        self.daemons = MemoryDaemons(state)
        self.tokens = MemoryTokens(state)
        self.feeds = MemoryFeeds(state)
        self.announcements = MemoryAnnouncements(state)
        self.caldav_links = MemoryCalDavLinks(state)
        self._state = state
        self.hurried = False

    def hurry(self) -> None:
        self.hurried = True

    @contextmanager
    def loading(self) -> Iterator[MemoryLoader]:
        yield MemoryLoader(self, self._state)


class MemoryStore:
    """`ports.Store` in memory: one writer at a time, and readers of a copy."""

    def __init__(self) -> None:
        self._state = State()
        self._writers = RLock()
        self.hints = 0

    @contextmanager
    def reading(self) -> Iterator[MemoryUnit]:
        """Open a copy; what is changed in it is an error and is lost."""
        before = self._state.copy()
        seen = self._state.copy()
        yield MemoryUnit(seen)
        if seen != before:
            message = "a reading unit changes nothing"
            raise AssertionError(message)

    @contextmanager
    def writing(self) -> Iterator[MemoryUnit]:
        """Open a copy that becomes the state when the unit ends well."""
        with self._writers:
            state = self._state.copy()
            unit = MemoryUnit(state)
            yield unit
            self._state = state
            self.hints += unit.hurried
