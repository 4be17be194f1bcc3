"""One plan's life for the state machine of amendments: what may be done, and what must hold.

Everything that is checked is read from outside: stored rows, records, the agenda. A
change that is refused leaves everything as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from tests.unit.services.stories import HORIZON, Story

from medsched.domain.advice import Take
from medsched.domain.dosage import daily_total
from medsched.domain.dose import SECOND_PASS
from medsched.domain.prescription import Status
from medsched.domain.protocol import PhaseKind
from medsched.errors import MedschedError
from medsched.services import record
from medsched.services.agenda import agenda, plan_lines, today
from medsched.services.book import Book, seconds
from medsched.services.ending import way_down
from medsched.services.ports import StaleRevision
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.domain.administration import Administration
    from medsched.services.agenda import AgendaLine
    from medsched.services.ports import DoseRow, Plan, Store, Unit

DAY: Final = timedelta(days=1)
GAP: Final = timedelta(hours=6)
WINDOW: Final = timedelta(hours=18)
MOST_IN_WINDOW: Final = 2
MOST_AT_ONCE: Final = Decimal(100)
MOST_A_DAY: Final = Decimal(200)
TAPER: Final = (14, 28)
_LOOK: Final = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What no amendment may change: rows that are over, records, and the days before today."""

    rows: tuple[DoseRow, ...]
    records: tuple[Administration, ...]
    lines: tuple[tuple[object, ...], ...]


@dataclass
class Life:
    """A story of one plan under the rules of milnacipran, and what was promised about it.

    Attributes:
        tapering: The running taper came from the rules and nobody stepped back since.
        taper_from: The first day of that taper.
        ended: From this local day on no dose is planned any more.
    """

    story: Story
    tapering: bool = False
    taper_from: date | None = None
    ended: date | None = None
    taken: list[datetime] = field(default_factory=list)

    @classmethod
    def begin(cls, store: Store | None = None) -> Life:
        """Return the life of a plan that starts at the spring change of clocks."""
        return cls(story=Story.begin(start=date(2026, 3, 20), store=store))

    # --- looking ------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The local day of now, where the person is."""
        with self.story.store.reading() as unit:
            zone = self.book(unit).person.itinerary.zone_at(self.story.now)
        return self.story.now.astimezone(zone).date()

    def book(self, unit: Unit) -> Book:
        """Open the person's book."""
        return self.story.book(unit)

    def past(self, today: date) -> Past:
        """Return what must stay, as it reads now; a journey may change which day is today."""
        now, story = self.story.now, self.story
        with story.store.reading() as unit:
            book = self.book(unit)
            plan = unit.plans.of_person(story.person)[0]
            rows = book.rows(plan, now - 500 * DAY, now)
            found = agenda(book, today - 4 * DAY, today - DAY, now)
            return Past(
                rows=tuple(rows),
                records=tuple(unit.records.of_plans([plan.number])),
                lines=tuple(_line(one) for one in found.lines if one.dose.due < now),
            )

    def planned(self) -> list[DoseRow]:
        """Return the doses of yesterday and the weeks ahead, by due."""
        now = self.story.now
        with self.story.store.reading() as unit:
            book = self.book(unit)
            plan = unit.plans.of_person(self.story.person)[0]
            if plan.status is not Status.ACTIVE:
                return unit.plans.doses([plan.number], seconds(now - DAY), seconds(now + 400 * DAY))
            return sorted(book.rows(plan, now - DAY, now + _LOOK * DAY), key=lambda row: row.due)

    def lines(self) -> list[AgendaLine]:
        """Return the doses around now with what became of them and the advice."""
        now = self.story.now
        with self.story.store.reading() as unit:
            book = self.book(unit)
            plan = unit.plans.of_person(self.story.person)[0]
            if not plan.current:
                return []
            found = plan_lines(book, plan, now - 3 * DAY, now + 2 * DAY, now)
            assert not book.damaged, "a sound dose is called damaged"
            return found

    # --- doing --------------------------------------------------------------------

    def attempt(self, change: Callable[[Book, Plan], object]) -> bool:
        """Carry out a change or have it refused; either way the past is what it was."""
        day = self.today
        before = self.past(day)
        rows = self.story.rows()
        try:
            with self.story.store.writing() as unit:
                book = self.book(unit)
                change(book, unit.plans.of_person(self.story.person)[0])
        except StaleRevision:
            raise
        except MedschedError:
            assert self.story.rows() == rows, "a refused change changed doses"
            assert self.past(day) == before, "a refused change changed the past"
            return False
        assert self.past(day) == before, "an amendment changed the past"
        return True

    def take_as_advised(self) -> None:
        """Take what the page of today says, if it says so, and check every limit."""
        with self.story.store.writing() as unit:
            book = self.book(unit)
            told = [
                one for one in today(book, self.story.now).lines if isinstance(one.advice, Take)
            ]
            assert len(told) <= 1, "told to take two doses"
            if not told:
                return
            plan = unit.plans.of_person(self.story.person)[0]
            taking = Taking(at=self.story.now, now=self.story.now)
            try:
                done = record.take_dose(book, plan, told[0].dose.id, taking)
            except MedschedError as refused:
                message = f"what was advised is refused: {refused}"
                raise AssertionError(message) from refused
            assert done.finding is None, "what was advised is called extra"
        self.check_limits(self.story.now)

    def take_now(self) -> None:
        """Take the medicine now, whatever the advice is; somebody may."""
        taking = Taking(at=self.story.now, now=self.story.now, extra=True)
        self._recording(lambda book, plan: record.take_any(book, plan, taking))

    def skip(self) -> None:
        """Say of the last dose that is over and open that it is not taken."""
        over = [
            one for one in self.lines() if one.dose.due <= self.story.now and one.record is None
        ]
        if over:
            name = over[-1].dose.id
            self._recording(
                lambda book, plan: record.skip_dose(
                    book, plan, name, reason="test", by="", now=self.story.now
                )
            )

    def undo(self) -> None:
        """Take the last record back."""
        self._recording(
            lambda book, plan: record.undo(
                book,
                plan,
                record.last_record(book, [plan], ""),
                reason="test",
                by="",
                now=self.story.now,
            )
        )

    def _recording(self, act: Callable[[Book, Plan], object]) -> None:
        day = self.today
        before = self.past(day).records
        rows = self.story.rows()
        try:
            with self.story.store.writing() as unit:
                act(self.book(unit), unit.plans.of_person(self.story.person)[0])
        except MedschedError:
            assert self.past(day).records == before, "a refused record was stored"
            return
        assert self.past(day).records[: len(before)] == before, "a record was changed"
        assert self.story.rows() == rows, "a record changed the plan"

    # --- what must hold -----------------------------------------------------------

    def check_limits(self, now: datetime) -> None:
        """Check an intake that was advised against all before it, by their instants alone."""
        from medsched.domain.administration import intakes

        with self.story.store.reading() as unit:
            number = unit.plans.of_person(self.story.person)[0].number
            times = [one.at for one in intakes(unit.records.of_plans([number]))]
        before = [one for one in times if one <= now][:-1]
        assert not before or now - before[-1] >= GAP, "advised inside the minimum gap"
        inside = [one for one in times if now - WINDOW < one <= now]
        assert len(inside) <= MOST_IN_WINDOW, "advised more than the window allows"

    def check_plan(self) -> None:
        """Check that what is planned keeps the gap, the window and the ceilings (invariant 2)."""
        rows = self.planned()
        dues = [datetime.fromtimestamp(row.due, UTC) for row in rows]
        for earlier, later in pairwise(dues):
            assert later - earlier >= GAP, f"planned too close: {earlier} {later}"
        for first, third in zip(dues, dues[MOST_IN_WINDOW:], strict=False):
            assert third - first >= WINDOW, "planned more than the window allows"
        totals: dict[tuple[int, int], Decimal] = {}  # a day that comes twice is two days
        for row in rows:
            assert Decimal(row.amount) <= MOST_AT_ONCE, "a dose above the ceiling"
            key = (row.day, row.slot // SECOND_PASS)
            totals[key] = totals.get(key, Decimal(0)) + Decimal(row.amount)
        assert all(one <= MOST_A_DAY for one in totals.values()), "a day above the ceiling"
        if self.ended is not None:
            day, begins = self.ended.toordinal(), seconds(self.ends_at())
            late = [row for row in rows if row.day >= day and row.due >= begins]
            assert not [row for row in late if not self.was_taken(row)], "a dose after the end"

    def was_taken(self, row: DoseRow) -> bool:
        """Return whether it is recorded; a dose taken at the instant of the stop stays."""
        return any(one.dose.row[:3] == row[:3] and one.record for one in self.lines())

    def ends_at(self) -> datetime:
        """Return from when the last revision is in force: dosing days may follow another clock."""
        plan = self.story.plan()
        with self.story.store.reading() as unit:
            return unit.plans.revision(plan.number, plan.current).effective_from

    def check_taper(self) -> None:
        """Check that a taper falls, ends at zero and keeps its lengths (invariant 4)."""
        if not self.tapering:
            return
        with self.story.store.reading() as unit:
            book = self.book(unit)
            plan = unit.plans.of_person(self.story.person)[0]
            course = book.course(plan.number, plan.current)
            phases = course.phases
        since = self.taper_from or date.min
        steps = [one for one in way_down(course) if one.kind is PhaseKind.TAPER]
        steps = [one for one in steps if one.first_day >= since]
        if not steps or plan.status is not Status.ACTIVE:
            return
        assert not phases[-1].is_open, "a taper without an end"
        first, last = steps[0].first_day, phases[-1].last_day
        days = sum((one.last_day - one.first_day).days + 1 for one in steps)
        assert days >= TAPER[0], f"a taper of {days} days"
        totals = [total for one in steps if (total := daily_total(one.dosage)) is not None]
        assert all(one >= two for one, two in pairwise(totals)), f"a taper rises: {totals}"
        doses = [Decimal(row.amount) for row in self.story.rows(first - DAY, last)]
        assert all(one >= two for one, two in pairwise(doses)), f"a dose rises: {doses}"
        later = [row for row in self.story.rows() if row.day > last.toordinal()]
        assert not later, "a dose after the taper"


def _line(one: AgendaLine) -> tuple[object, ...]:
    """Return what a page says of a dose that is over, but for advice, which is about now."""
    dose = one.dose
    return (dose.id, dose.slot, dose.due, dose.local, dose.amount, dose.pieces, one.record)


HORIZON_DAYS: Final = HORIZON
ZONES: Final = [ZoneInfo(name) for name in ("America/New_York", "Asia/Tokyo", "Pacific/Apia")]
