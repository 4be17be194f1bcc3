"""The last look before the wire: is this reminder still ours, still true, still in time?

Everything is read anew: the fence, the dose, its record, the advice of this moment. The
stored row must be what its revision gives; revisions carry digests, rows do not, so a
digit that flipped on the disk is caught here and no amount is shown.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from medsched.domain.administration import AdministrationStatus
from medsched.domain.timeline import doses_of_days
from medsched.errors import MedschedError
from medsched.frozen import frozen
from medsched.services.agenda import chart_around
from medsched.services.book import Book, dose_id, instant, row_of, seconds
from medsched.services.check import is_stopped
from medsched.services.dose_words import dose_words
from medsched.services.messages import Line, Say
from medsched.services.outbox_changes import key_of_row
from medsched.services.outbox_ports import NamesShown, Reminder, ReminderRow, RowState, Step
from medsched.services.remind_lines import Occasion, line_of
from medsched.services.remind_shown import Shown, shown_with
from medsched.services.zone_rules import only_the_zone

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.domain.person import Person
    from medsched.services.outbox_ports import Channel
    from medsched.services.ports import DoseRow, Plan, Unit

FENCED: Final = "fenced out"
_HOLDS_NOTHING: Final = frozenset({Step.DONE, Step.PRE})


@frozen
class Drop:
    """A reminder that is not sent.

    Args:
        state: Where its row goes; LEASED when it is not ours any more.
        why: A class, without names.
    """

    state: RowState
    why: str


@frozen
class Tell:
    """A reminder that is sent: its line, and whether its stored row was sound."""

    line: Line
    sound: bool = True


class LastLook:
    """One look at the rows of one person, in one reading unit."""

    def __init__(self, unit: Unit, person: Person, channel: Channel, now: datetime) -> None:
        """Look as of `now`, for one channel."""
        self.book = Book(unit, person)
        self.unit, self.person, self.channel, self.now = unit, person, channel, now
        self._stops: dict[int, bool] = {}

    def at(self, claimed: Reminder, margin: int) -> Tell | Drop:
        """Return what a claimed row says, or why it says nothing."""
        row = self.unit.outbox.row(claimed.id)
        if row is None or row.fence != claimed.fence or row.state != RowState.LEASED:
            return Drop(state=RowState.LEASED, why=FENCED)
        if seconds(self.now) + margin > row.expires_at:
            return Drop(state=RowState.EXPIRED, why="no time left")
        if row.kind is Step.DONE:
            return self._done(row)
        return self._open(row)

    def foretell(self, row: ReminderRow) -> Tell | Drop:
        """Return what a row that nobody claimed would say at this look's moment."""
        return self._open(row)

    def _open(self, row: ReminderRow) -> Tell | Drop:
        dose = self.unit.plans.dose(key_of_row(row))
        if dose is None or dose.due != row.due:
            return Drop(state=RowState.CANCELLED, why="not meant any more")
        if self.unit.records.settling(dose_id(dose)) is not None:
            return Drop(state=RowState.CANCELLED, why="settled")
        rows = self.unit.outbox.of_dose(key_of_row(row))
        if _followed(row, rows):
            return Drop(state=RowState.SUPERSEDED, why="a later one was sent")
        repeat = _may_be_known(row, rows)
        try:
            return self._tell(row, dose, repeat=repeat)
        except (MedschedError, ArithmeticError, LookupError, ValueError, AssertionError):
            return Tell(line=self._neutral(row, repeat=repeat), sound=False)

    def _tell(self, row: ReminderRow, dose: DoseRow, *, repeat: bool) -> Tell | Drop:
        plan = self.unit.plans.get(dose.prescription)
        if plan is None or not self._is_sound(dose):
            return Tell(line=self._neutral(row, repeat=repeat), sound=False)
        due = instant(dose.due)
        chart, _rows = chart_around(self.book, plan, due, due)
        event = chart.dose(dose_id(dose))
        assert event is not None  # noqa: S101  # it was charted from this very row
        line = line_of(
            Occasion(
                kind=row.kind,
                event=event,
                chart=chart,
                now=self.now,
                until=self._local(row.expires_at),
                what=self._what(dose),
                lost=self._is_lost(event, chart),
                repeat=repeat,
                stopped=self._is_stopped(plan),
            )
        )
        if line is None:
            return Drop(state=RowState.SUPERSEDED, why="nothing to say any more")
        return Tell(line=line)

    def _is_sound(self, dose: DoseRow) -> bool:
        """Return whether the stored row is what its revision gives, by any rules of its zone."""
        course = self.book.course(dose.prescription, dose.revision)
        day = date.fromordinal(dose.day)
        expected = [
            row_of(one, dose.prescription, dose.revision, dose.sequence)
            for one in doses_of_days(course, day, day)
        ]
        return dose in expected or only_the_zone(dose, expected)

    def _is_stopped(self, plan: Plan) -> bool:
        """Return whether a safety finding stops the plan as of this look; found once a look."""
        if plan.number not in self._stops:
            self._stops[plan.number] = is_stopped(self.book, plan, self.now)
        return self._stops[plan.number]

    def _is_lost(self, event: DoseEvent, chart: Chart) -> bool:
        """Return whether a restored backup may have lost the record of this very dose."""
        window = chart.window(event)
        begins = min(event.due, window.on_time_from)
        gaps = self.unit.records.gaps()
        return any(begins <= until and window.take_until >= since for since, until in gaps)

    def _done(self, row: ReminderRow) -> Tell | Drop:
        key = key_of_row(row)
        name = dose_id(key)
        due = self._local(row.due)
        record = self.unit.records.settling(name)
        if record is not None:
            line = Line(say=Say.SETTLED, due=due, dose=name, reason=self._settled(record))
            return Tell(line=line)
        dose = self.unit.plans.dose(key)
        if dose is None or dose.due != row.due:
            return Tell(line=Line(say=Say.WITHDRAWN, due=due, dose=name))
        return Drop(state=RowState.CANCELLED, why="open again")

    def _settled(self, record: Administration) -> str:
        if record.status is AdministrationStatus.COMPLETED:
            return f"taken at {self._local(seconds(record.at)):%H:%M}"
        return "recorded as not taken"

    def replacing(self, row: Reminder, margin: int) -> list[tuple[int, list[Line]]]:
        """Return each message on display that "nothing to do" about a dose concerns.

        Each by the moment it stands for, with what is still open of what it told.
        """
        plans = self.unit.plans.of_person(self.person.id)
        numbers = [one.number for one in plans if one.current]
        shown = shown_with(self.unit, numbers, row)
        return [(one.moment, self._still_open(one, row, margin)) for one in shown]

    def _still_open(self, shown: Shown, about: Reminder, margin: int) -> list[Line]:
        found = []
        for row in shown.rows:
            dose = self.unit.plans.dose(key_of_row(row))
            over = seconds(self.now) + margin > row.expires_at
            if over or dose is None or dose.due != row.due or key_of_row(row) == key_of_row(about):
                continue
            told = self._again(row, dose)
            if told is not None:
                found.append(told)
        return found

    def _again(self, row: ReminderRow, dose: DoseRow) -> Line | None:
        if self.unit.records.settling(dose_id(dose)) is not None:
            return None
        told = self._tell(row, dose, repeat=True)
        return told.line if isinstance(told, Tell) else None

    def _what(self, dose: DoseRow) -> str:
        if self.channel.names is NamesShown.HIDDEN:
            return ""
        one = self.book.explain(dose)
        return f"{one.prescription.medication.name} {dose_words(one.amount, one.prescription)}"

    def _neutral(self, row: ReminderRow, *, repeat: bool) -> Line:
        return Line(
            say=Say.DAMAGED, due=self._local(row.due), dose=dose_id(key_of_row(row)), repeat=repeat
        )

    def _local(self, at: int) -> datetime:
        when = instant(at)
        return when.astimezone(self.person.itinerary.zone_at(when))


def _followed(row: ReminderRow, rows: list[ReminderRow]) -> bool:
    """Return whether a later reminder of the same dose went to the same channel already."""
    return any(
        one.channel == row.channel
        and one.send_after > row.send_after
        and one.state == RowState.SENT
        and one.kind is not Step.DONE
        for one in rows
    )


def _may_be_known(row: ReminderRow, rows: list[ReminderRow]) -> bool:
    """Return whether somebody may have been told to take this dose before."""
    if row.attempts > 1 or row.maybe_delivered or row.shown:
        return True
    others = (one for one in rows if one.id != row.id and one.kind not in _HOLDS_NOTHING)
    return any(one.shown or one.maybe_delivered or one.state == RowState.LEASED for one in others)
