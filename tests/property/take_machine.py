"""A person with a plan, and everything that may happen to both, in any order.

The machine follows advice, forgets, takes late, early, twice and too much, skips, corrects
itself, edits times and amounts, and travels, while clocks change. What must hold is checked
after every step by arithmetic of its own on instants, never by asking the rules again.
"""

from __future__ import annotations

import itertools
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.fakes.memory_store import MemoryStore

from medsched.domain.administration import Administration, AdministrationStatus, intakes, standing
from medsched.domain.dose import DoseStatus
from medsched.domain.person import Person, at_home
from medsched.protocols import load
from medsched.services import agenda as agendas
from medsched.services import record
from medsched.services.agenda import plan_lines
from medsched.services.amend import Amendment
from medsched.services.amendments import change_phases, change_times
from medsched.services.book import Book
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft
from medsched.services.record_refusals import (
    AlreadyRecorded,
    BeforeThePlan,
    NotAtThatTime,
    NotPlanned,
)
from medsched.services.slot_amounts import slot_amounts
from medsched.services.taking import Taking
from medsched.services.travel import Journey, adopt_journey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsched.domain.protocol import Protocol
    from medsched.services.agenda import AgendaLine
    from medsched.services.ports import DoseRow, Plan, Store, Unit
    from medsched.services.taking import Recorded

SIX_HOURS: Final = timedelta(hours=6)
TWELVE_HOURS: Final = timedelta(hours=12)
ROLLING: Final = timedelta(hours=18)
LONG_GAP: Final = timedelta(hours=72)
SECOND: Final = timedelta(seconds=1)
GONE: Final = {DoseStatus.HELD, DoseStatus.CANCELLED}
OPEN: Final = {DoseStatus.DUE, DoseStatus.LATE, DoseStatus.MISSED}
HORIZON: Final = 12

BEGINNINGS: Final = [
    ("Europe/Berlin", date(2026, 3, 28)),  # the clocks go forward that night
    ("Europe/Berlin", date(2026, 10, 24)),  # and back that night
    ("America/New_York", date(2026, 3, 7)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),  # by half an hour
    ("Asia/Kolkata", date(2026, 6, 1)),
]
SLOTS: Final = [
    (time(8), time(20)),
    (time(7), time(21)),
    (time(8), time(18)),
    (time(2, 30), time(14, 30)),
]
EDGES: Final = ["due", "early", "cut-off", "middle"]
ABROAD: Final = ["America/New_York", "Asia/Tokyo", "Europe/London"]
_numbers = itertools.count(1)


@lru_cache
def rules() -> Protocol:
    """Return the rules of the medicine: twice a day, six hours apart."""
    return load("milnacipran")[0]


@dataclass(frozen=True, slots=True)
class Past:
    """What must not change any more: rows and records as they were."""

    rows: tuple[DoseRow, ...]
    agenda: str


class TakeMachine(RuleBasedStateMachine):
    """Two people write down what one of them takes."""

    open_store: ClassVar[Store | None] = None
    """The store of this run, with a person of its own for every story; None: one in memory."""

    seen: tuple[datetime, list[AgendaLine]] | None = None
    """What the agenda said last, and when; None after something was written."""

    @initialize(
        beginning=st.sampled_from(BEGINNINGS),
        slots=st.sampled_from(SLOTS),
        first_day=st.sampled_from([1, 30]),
    )
    def begin(self, beginning: tuple[str, date], slots: tuple[time, ...], first_day: int) -> None:
        zone, start = beginning
        self.store = type(self).open_store or MemoryStore()
        self.name = f"person {next(_numbers)} {uuid.uuid4()}"
        self.zone = ZoneInfo(zone)
        self.titrating = first_day == 1
        self.travelled = False
        self.doubtful = False
        self.now = datetime.combine(start, time(0), tzinfo=self.zone).astimezone(UTC)
        self.begun = self.now
        made = self.now - timedelta(days=1)
        with self.store.writing() as unit:
            person = unit.people.add(Person(name=self.name, itinerary=at_home(self.zone)), made)
            choices = Choices(start=start, slots=slots, first_day=first_day, ordered_by="Dr Gray")
            plan = draft(rules(), person, choices, today=start, days=HORIZON)
            adopt(
                unit,
                plan,
                key=str(uuid.uuid4()),
                order=Order(ordered_by="Dr Gray"),
                now=made,
                horizon_days=HORIZON,
                tracked=True,
            )
        self.expected = {row[:3]: row.due for row in self.rows()}

    # --- what the machine sees ------------------------------------------------------

    def book(self, unit: Unit) -> tuple[Book, Plan]:
        person = unit.people.by_name(self.name)
        assert person is not None
        return Book(unit, person), unit.plans.of_person(person.id)[0]

    def rows(self) -> list[DoseRow]:
        with self.store.reading() as unit:
            _book, plan = self.book(unit)
            return unit.plans.doses_of_days(plan.number, 1, 3_000_000)

    def lines(self) -> list[AgendaLine]:
        if self.seen is None or self.seen[0] != self.now:
            around = timedelta(days=3)
            with self.store.reading() as unit:
                book, plan = self.book(unit)
                found = plan_lines(book, plan, self.now - around, self.now + around, self.now)
                assert not book.damaged, "a sound dose is called damaged"
            self.seen = (self.now, found)
        return self.seen[1]

    def dues(self) -> list[datetime]:
        """Return when the doses that are still meant are due, rising."""
        return sorted({one.dose.due for one in self.lines() if one.status not in GONE})

    def records(self) -> list[Administration]:
        with self.store.reading() as unit:
            _book, plan = self.book(unit)
            return unit.records.of_plans([plan.number])

    def taken(self) -> list[datetime]:
        """Return when something was taken, rising."""
        return [one.at for one in intakes(standing(self.records())) if one.at <= self.now]

    def past(self) -> Past:
        with self.store.reading() as unit:
            book, _plan = self.book(unit)
            day = self.now.astimezone(book.person.itinerary.zone_at(self.now)).date()
            found = agendas.agenda(book, day - timedelta(days=4), day - timedelta(days=1), self.now)
        shown = [
            (
                one.dose.id,
                one.dose.due.isoformat(),
                one.dose.slot,
                str(one.dose.amount),
                self._fate(one),
                "" if one.record is None else one.record.at.isoformat(),
            )
            for one in found.lines
        ]
        over = tuple(one for one in self.rows() if one.due < int(self.now.timestamp()))
        return Past(over, json.dumps(shown))

    def _fate(self, one: AgendaLine) -> str:
        """Return what became of a dose of the past.

        Up to twelve hours after it was due it hangs on the next dose whether it may still be
        taken: moved away, that one opens it again.
        """
        within = self.now - one.dose.due <= TWELVE_HOURS
        return "open or missed" if within and one.status in OPEN else one.status.value

    # --- what happens ---------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 15, 60, 181, 359, 360, 361, 720, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(edge=st.sampled_from(EDGES), seconds=st.sampled_from([-1, 0, 0, 1]))
    def time_passes_to_an_edge(self, edge: str, seconds: int) -> None:
        self._move(edge, seconds)

    def _move(self, edge: str, seconds: int = 0) -> None:
        edges = (one + timedelta(seconds=seconds) for one in self._edges(edge))
        self.now = min((one for one in edges if one > self.now), default=self.now)

    def _edges(self, edge: str) -> Iterator[datetime]:
        dues = self.dues()
        for due, after in itertools.pairwise(dues):
            match edge:
                case "due":
                    yield due
                case "early":
                    yield due - timedelta(hours=1)
                case "cut-off":
                    yield min(after - SIX_HOURS, due + TWELVE_HOURS)
                case _:
                    yield due + (after - due) / 2 + timedelta(minutes=20)

    @rule()
    def somebody_follows_the_advice(self) -> None:
        for line in self.lines():
            if line.advice is not None and line.advice.action == "take":
                done = self._write(lambda book, plan, one=line: record.take_dose(
                    book, plan, one.dose.id, Taking(at=self.now, now=self.now)
                ))  # fmt: skip
                assert done is not None
                assert done.finding is None, "the advice was too much or too soon"

    @rule(edge=st.sampled_from(EDGES))
    def somebody_takes_one_without_asking(self, edge: str) -> None:
        self._move(edge)
        before, now = self._by_id(), self.now
        done = self._write(lambda book, plan: record.take_any(book, plan, Taking(at=now, now=now)))
        if done is not None:
            self._check_attribution(done, before)

    @rule(minutes=st.integers(5, 900))
    def somebody_writes_it_down_late(self, minutes: int) -> None:
        at = self.now - timedelta(minutes=minutes)
        self._write(lambda book, plan: record.take_any(book, plan, Taking(at=at, now=self.now)))
        self.doubtful = True

    @rule(which=st.integers(0, 5))
    def somebody_names_a_dose(self, which: int) -> None:
        lines = self.lines()
        if which < len(lines):
            name, now = lines[which].dose.id, self.now
            self._write(
                lambda book, plan: record.take_dose(book, plan, name, Taking(at=now, now=now))
            )
            self.doubtful = True

    @rule()
    def somebody_takes_it_twice(self) -> None:
        done = [one for one in self.lines() if one.status is DoseStatus.TAKEN]
        if done:
            count, name, now = len(self.records()), done[-1].dose.id, self.now
            assert (
                self._write(
                    lambda book, plan: record.take_dose(book, plan, name, Taking(at=now, now=now))
                )
                is None
            ), "a dose that was taken was taken again"
            assert len(self.records()) == count

    @rule()
    def somebody_takes_an_extra_one(self) -> None:
        now = self.now
        self._write(
            lambda book, plan: record.take_any(book, plan, Taking(at=now, now=now, extra=True))
        )
        self.doubtful = True

    @rule()
    def two_people_record_the_same_dose_at_once(self) -> None:
        waiting = [
            one for one in self.lines() if one.advice is not None and one.advice.action == "take"
        ]
        if not waiting:
            return
        name, now, count = waiting[0].dose.id, self.now, len(self.records())

        def take(by: str) -> Recorded | None:
            return self._write(
                lambda book, plan: record.take_dose(
                    book, plan, name, Taking(at=now, now=now, by=by)
                )
            )

        with ThreadPoolExecutor(2) as both:
            done = list(both.map(take, ["Ann", "Bo"]))
        assert sum(one is not None for one in done) == 1
        assert len(self.records()) == count + 1

    @rule(which=st.integers(0, 5))
    def a_dose_is_left_out(self, which: int) -> None:
        lines = [one for one in self.lines() if one.record is None]
        if which < len(lines):
            name, now = lines[which].dose.id, self.now
            self._write(
                lambda book, plan: record.skip_dose(
                    book, plan, name, reason="felt sick", by="", now=now
                )
            )
            self.doubtful = True

    @rule()
    def a_record_was_wrong(self) -> None:
        kept = standing(self.records())
        if kept:
            wrong, now = kept[-1], self.now
            self._write(
                lambda book, plan: record.undo(book, plan, wrong, reason="", by="", now=now)
            )
            self.doubtful = True

    @rule(slots=st.sampled_from(SLOTS), ahead=st.integers(0, 1))
    def the_times_change(self, slots: tuple[time, ...], ahead: int) -> None:
        self._edit(lambda book, plan: change_times(book, plan, self._asked(book, ahead), slots))

    @precondition(lambda self: not self.titrating)
    @rule(amounts=st.sampled_from(["25 mg,50 mg", "50 mg,50 mg", "100 mg,50 mg"]))
    def the_amounts_change_from_tomorrow(self, amounts: str) -> None:
        def change(book: Book, plan: Plan) -> object:
            running = book.revision(plan.number, plan.current).prescription
            phase = slot_amounts(running, amounts)
            return change_phases(book, plan, self._asked(book), (phase,))

        self._edit(change)

    @precondition(lambda self: not self.travelled)
    @rule(zone=st.sampled_from(ABROAD), hours=st.integers(1, 30))
    def the_person_travels(self, zone: str, hours: int) -> None:
        since = self.now + timedelta(hours=hours)
        journey = Journey(zone=ZoneInfo(zone), since=since)
        self._edit(lambda book, _plan: adopt_journey(book, journey, self.now, HORIZON))
        self.travelled = True

    # --- how it is done -------------------------------------------------------------

    def _write(self, act: object) -> Recorded | None:
        """Do something in a transaction; None when it was refused, and then nothing is stored."""
        self.seen = None
        try:
            with self.store.writing() as unit:
                book, plan = self.book(unit)
                return act(book, plan)  # type: ignore[operator,no-any-return]
        except (AlreadyRecorded, NotAtThatTime, BeforeThePlan, NotPlanned):
            return None

    def _asked(self, book: Book, ahead: int = 1) -> Amendment:
        today = self.now.astimezone(book.person.itinerary.zone_at(self.now)).date()
        order = Order(ordered_by="Dr Gray", override="as ordered")
        return Amendment(
            day=today + timedelta(days=ahead),
            reason="test",
            order=order,
            now=self.now,
            until_days=HORIZON,
        )

    def _edit(self, act: object) -> None:
        """Amend the plan; what is past and what is settled stays as it was."""
        past, records, settled = self.past(), self.records(), self._settled_rows()
        self.seen = None
        with self.store.writing() as unit:
            book, plan = self.book(unit)
            act(book, plan)  # type: ignore[operator]
        assert self.past() == past, "the past has changed"
        assert self.records() == records, "records have changed"
        assert self._settled_rows() == settled, "a settled dose has changed"
        self.expected = {row[:3]: row.due for row in self.rows()}
        self.doubtful = True

    def _settled_rows(self) -> list[DoseRow]:
        named = {one.dose for one in standing(self.records()) if one.dose}
        with self.store.reading() as unit:
            book, plan = self.book(unit)
            rows = unit.plans.doses_of_days(plan.number, 1, 3_000_000)
            return [one for one in rows if book.explain(one).id in named]

    def _by_id(self) -> dict[str, AgendaLine]:
        return {one.dose.id: one for one in self.lines()}

    # --- what must hold -------------------------------------------------------------

    def _check_attribution(self, done: Recorded, before: dict[str, AgendaLine]) -> None:
        """An intake settles the dose of its own window, or the very next one ahead."""
        dues = sorted(one.dose.due for one in before.values() if one.status not in GONE)
        if done.dose is None:
            return
        dose = before[done.dose.id].dose
        assert before[done.dose.id].record is None, "a settled dose was settled again"
        if self.travelled:
            return
        if dose.due <= self.now:
            assert self._in_time(dose.due, dues), "a dose was settled after its window"
            return
        assert dose.due == next(one for one in dues if one > self.now), "not the very next dose"
        open_before = [
            one.dose.id
            for one in before.values()
            if one.record is None
            and one.status not in GONE
            and one.dose.due <= self.now
            and self._in_time(one.dose.due, dues)
        ]
        early = dose.due - self.now
        assert not open_before or early <= timedelta(hours=1), "a dose that was open was passed by"

    def _in_time(self, due: datetime, dues: list[datetime]) -> bool:
        """Return whether a dose may still be taken: by elapsed hours, both ends included."""
        after = next((one for one in dues if one > due), due + timedelta(days=1))
        late = self.now - due
        return late <= timedelta(hours=1) or (
            late <= TWELVE_HOURS and after - self.now >= SIX_HOURS
        )

    @invariant()
    def no_advice_says_two(self) -> None:
        lines = self.lines()
        told = [one for one in lines if one.advice is not None and one.advice.action == "take"]
        assert len(told) <= 1, "two doses at once"
        for one in told:
            assert one.record is None, "a dose that is recorded is advised again"
            assert getattr(one.advice, "units", 1) == 1, "two units at once"
        if not told:
            return
        with self.store.reading() as unit:
            book, _plan = self.book(unit)
            shown = agendas.today(book, self.now).lines
        assert [one.dose.id for one in shown if one in told] == [one.dose.id for one in told]

    @invariant()
    def advice_keeps_the_limits(self) -> None:
        lines, taken = self.lines(), self.taken()
        dues = self.dues()
        for one in lines:
            if one.advice is None or one.advice.action != "take":
                continue
            assert not taken or self.now - taken[-1] >= SIX_HOURS, "within the minimum gap"
            recent = [at for at in taken if self.now - at < ROLLING]
            assert len(recent) < 2, "too many in 18 hours"
            assert not taken or self.now - taken[-1] <= LONG_GAP, "after a long gap"
            if not self.travelled:
                assert self._in_time(one.dose.due, dues), "after the cut-off"

    @invariant()
    def an_open_dose_is_not_withheld(self) -> None:
        """Where nothing stands in its way, a dose in its window is advised to its last instant."""
        if self.titrating or self.travelled or self.doubtful:
            return
        lines, taken = self.lines(), self.taken()
        dues = self.dues()
        over = [one for one in lines if one.dose.due <= self.now and one.status not in GONE]
        if not over or over[-1].record is not None:
            return
        since = self.now - taken[-1] if taken else SIX_HOURS
        crowded = since < SIX_HOURS or len([at for at in taken if self.now - at < ROLLING]) > 1
        if crowded or since > LONG_GAP or not self._in_time(over[-1].dose.due, dues):
            return
        advice = over[-1].advice
        assert advice is not None
        assert advice.action == "take", "an open dose is withheld"

    @invariant()
    def each_dose_has_at_most_one_record(self) -> None:
        kept = [one.dose for one in standing(self.records()) if one.dose]
        assert len(kept) == len(set(kept)), "a dose is recorded twice"

    @invariant()
    def nothing_but_an_edit_moves_a_dose(self) -> None:
        assert {row[:3]: row.due for row in self.rows()} == self.expected, "a dose has moved"

    @invariant()
    def what_was_recorded_stays(self) -> None:
        found = self.records()
        known = getattr(self, "known", [])
        assert found[: len(known)] == known, "a record has changed"
        self.known = found

    @invariant()
    def every_dose_that_is_taken_says_so(self) -> None:
        done = {
            one.dose
            for one in standing(self.records())
            if one.dose and one.status is AdministrationStatus.COMPLETED and one.at <= self.now
        }
        for one in self.lines():
            taken = one.status is DoseStatus.TAKEN
            assert taken == (one.dose.id in done), "a dose does not say what was recorded"
