"""Reminding while nothing can be stored: from what was foreseen, once for each moment.

A full disk must not silence a reminder, and a reminder whose answer cannot be recorded
must not be told twice as if it were new. So each dose is told once from memory, with the
words that nothing can be recorded; repeats and caregivers wait. When storing works again,
what was told counts as sent, so whatever follows is worded as a repeat.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.domain.plain_words import and_words
from medsched.domain.prescription import Status
from medsched.errors import MedschedError
from medsched.frozen import replace
from medsched.services.book import instant, seconds
from medsched.services.ladder_settings import ladder_of
from medsched.services.message import Delivery, Outcome
from medsched.services.messages import Line, message_of
from medsched.services.outbox_changes import key_of_row
from medsched.services.outbox_plan import in_quiet
from medsched.services.outbox_ports import Finished, RowState, Step
from medsched.services.remind_clock import ClockState, read_clock
from medsched.services.remind_look import LastLook, Tell
from medsched.services.remind_ports import InTurn, NoBreakers, Parcel, Sent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from medsched.domain.person import Person
    from medsched.services.message import Message
    from medsched.services.outbox_ports import Channel, Reminder, ReminderRow
    from medsched.services.ports import Clock, DoseRow, Store, Unit
    from medsched.services.remind_clock import Machine
    from medsched.services.remind_ports import Breakers, Senders, Workers
    from medsched.services.remind_settings import RemindSettings

AHEAD: Final = timedelta(hours=12)
"""How far reminders are foreseen, for a database that cannot even be read."""

MOST_PEOPLE: Final = 100
"""More are a clinic, whose database is on a server that somebody watches."""

NOTE: Final = "Nothing can be recorded at the moment: write down what you take, and when."
_CAUTION: Final = "If you have already taken the {which} dose, do not take another."
_BEHIND: Final = timedelta(days=1)
_MANY: Final = 10_000
_STOPPED: Final = frozenset({ClockState.HELD, ClockState.SKEWED})
_SEEN: Final = frozenset({RowState.LEASED, RowState.UNKNOWN, RowState.SENT})


class Foreseen(NamedTuple):
    """A reminder to come: its row, where it goes, and what it says as far as is known."""

    row: ReminderRow
    channels: tuple[Channel, ...]
    initials: str
    line: Line
    soft: bool


class Told(NamedTuple):
    """When a reminder's dose was due, and when it was told; UTC seconds."""

    due: int
    at: int


def foresee(unit: Unit, now: datetime, margin: int) -> dict[int, Foreseen]:
    """Return the reminders of the coming hours by their rows' ids, for a few people.

    Args:
        margin: Seconds before the end of a dose's window in which nothing is sent.
    """
    people = unit.people.all()
    if len(people) > MOST_PEOPLE:
        return {}
    return {one.row.id: one for person in people for one in _of_person(unit, person, now, margin)}


def _of_person(unit: Unit, person: Person, now: datetime, margin: int) -> Iterator[Foreseen]:
    own = tuple(one for one in unit.channels.of_person(person.id) if not one.caregiver)
    plans = unit.plans.of_person(person.id)
    numbers = [one.number for one in plans if one.current and one.status is Status.ACTIVE]
    if not own or not numbers:
        return
    for dose in unit.plans.doses(numbers, seconds(now - _BEHIND), seconds(now + AHEAD)):
        row = _first_untold(unit, dose, now, margin)
        if row is None:
            continue
        at = max(now, instant(row.ready_at))
        found = LastLook(unit, person, own[0], at).foretell(row)
        if isinstance(found, Tell):
            ladder = ladder_of(unit, person.id, dose.prescription)
            soft = in_quiet(at.astimezone(person.itinerary.zone_at(at)), ladder)
            yield Foreseen(row, own, person.initials, found.line, soft)


def _first_untold(unit: Unit, dose: DoseRow, now: datetime, margin: int) -> ReminderRow | None:
    """Return the reminder of a dose that nobody was told of; or the one that was snoozed."""
    rows = [one for one in unit.outbox.of_dose(key_of_row(dose)) if one.kind is not Step.PRE]
    told = any(one.shown or one.maybe_delivered or one.state in _SEEN for one in rows)
    wanted = Step.SNOOZE if told else Step.DUE
    for row in rows:
        open_ = row.state == RowState.PENDING and row.expires_at > seconds(now) + margin
        if open_ and row.kind is wanted:
            return row
    return None


class Memory:
    """What is foreseen, and what was told of it while nothing could be stored."""

    def __init__(
        self,
        store: Store,
        senders: Senders,
        clock: Clock,
        *,
        owner: str,
        machine: Machine,
        settings: RemindSettings,
        breakers: Breakers | None = None,
        workers: Workers | None = None,
    ) -> None:
        """Foresee nothing yet.

        Args:
            owner: Unique for each start of a daemon.
        """
        self._store, self._senders, self._clock = store, senders, clock
        self._owner, self._machine, self._settings = f"{owner}-memory", machine, settings
        self._breakers, self._workers = breakers or NoBreakers(), workers or InTurn()
        self._foreseen: dict[int, Foreseen] = {}
        self._known_at, self._known_elapsed = clock.now(), machine.elapsed()
        self.told: dict[int, Told] = {}
        """Reminders that were told from memory, or may have been, by their ids."""

    def remember(self) -> bool:
        """Foresee anew; return whether the clock is to be believed.

        Raises:
            MedschedError: the database cannot be read; what was foreseen stays.
        """
        with self._store.reading() as unit:
            reading = read_clock(unit, self._clock, self._machine, self._settings)
            if reading.state in _STOPPED:
                return False
            self._foreseen = foresee(unit, reading.now, self._settings.margin)
        self._known_at, self._known_elapsed = self._clock.now(), self._machine.elapsed()
        return True

    def tell(self, in_hand: Collection[int] = ()) -> int:
        """Send what is due now and was not told; return how many reminders were, or may be.

        Args:
            in_hand: Ids of reminders that were sent and could not be recorded.
        """
        if not self._clock_is_good():
            return 0
        now = seconds(self._clock.now())
        known = {*self.told, *in_hand}
        ready = [one for one in self._foreseen.values() if one.row.id not in known]
        ready = [
            one
            for one in ready
            if one.row.ready_at <= now and now + self._settings.margin < one.row.expires_at
        ]
        before = len(self.told)
        for sent in self._workers.each(self._send, self._parcels(ready)):
            dues = {one.id: one.due for one in sent.parcel.rows}
            self.told.update((one.id, Told(dues[one.id], one.at)) for one in sent.results)
        return len(self.told) - before

    def settle(self) -> None:
        """Store that what was told was sent; call it before anything is claimed.

        Raises:
            MedschedError: nothing can be stored yet.
        """
        if not self.told:
            return
        at = seconds(self._clock.now())
        with self._store.writing() as unit:
            rows = unit.outbox.claim(
                self._owner, at, lease=self._settings.lease, margin=0, limit=_MANY
            )
            told = ((one, self.told[one.id]) for one in rows if one.id in self.told)
            unit.outbox.record([_sent(row, it.at) for row, it in told if row.due == it.due])
            unit.outbox.release(self._owner)
        self.told.clear()

    def _clock_is_good(self) -> bool:
        """Look anew where the database can be read; else hold the clock against the machine's."""
        try:
            return self.remember()
        except MedschedError:
            passed = (self._clock.now() - self._known_at).total_seconds()
            apart = passed - (self._machine.elapsed() - self._known_elapsed)
            return abs(apart) <= self._settings.clock_back

    def _parcels(self, ready: Iterable[Foreseen]) -> list[Parcel]:
        """Return one parcel for each person's first channel."""
        groups: dict[int, list[Reminder]] = {}
        for one in ready:
            groups.setdefault(one.channels[0].number, []).append(one.row)
        at = self._machine.elapsed()
        return [Parcel(channel, tuple(rows), at) for channel, rows in groups.items()]

    def _send(self, parcel: Parcel) -> Sent:
        """Send to the first channel that takes it."""
        some = [self._foreseen[one.id] for one in parcel.rows]
        at = seconds(self._clock.now())
        for channel in some[0].channels:
            if not self._breakers.may_send(channel.number):
                continue
            delivery = self._delivered(channel, message_from_memory(some, channel))
            self._breakers.after(channel.number, delivery.outcome)
            if delivery.outcome in {Outcome.DELIVERED, Outcome.UNKNOWN}:
                return Sent(parcel, tuple(_sent(one, at) for one in parcel.rows), delivery)
        return Sent(parcel, ())

    def _delivered(self, channel: Channel, message: Message) -> Delivery:
        try:
            sender = self._senders(channel)
            return sender.send(message, deadline=float(self._settings.deadline))
        except MedschedError as wrong:
            return Delivery(outcome=Outcome.REJECTED, detail=type(wrong).__name__)
        except Exception as wrong:  # noqa: BLE001  # a sender never raises; if it does, who knows
            return Delivery(outcome=Outcome.UNKNOWN, detail=type(wrong).__name__)


def message_from_memory(some: Sequence[Foreseen], channel: Channel) -> Message:
    """Return the message that tells these reminders, with the words that nothing is recorded."""
    lines = [one.line for one in some]
    soft = all(one.soft for one in some)
    message = message_of(lines, channel, some[0].initials, soft=soft)
    times = and_words([f"{one:%H:%M}" for one in sorted({line.due for line in lines})])
    caution = [] if any(one.repeat for one in lines) else [_CAUTION.format(which=times)]
    return replace(message, body="\n".join([*caution, message.body, NOTE]))


def _sent(row: Reminder, at: int) -> Finished:
    return Finished(row.id, row.fence, RowState.SENT, at, at, True, True, "from memory")  # noqa: FBT003  # a record's fields
