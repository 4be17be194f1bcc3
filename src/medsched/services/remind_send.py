"""One message: the last look, the wire, and what is to be recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.errors import MedschedError
from medsched.frozen import frozen, replace
from medsched.services.book import instant, seconds
from medsched.services.ladder_settings import ladder_of
from medsched.services.message import Button, Delivery, Outcome
from medsched.services.messages import Line, Say, fallback, message_of
from medsched.services.outbox_changes import key_of_row
from medsched.services.outbox_plan import in_quiet
from medsched.services.outbox_ports import Channel, Finished, Reminder, RowState, Step
from medsched.services.remind_look import FENCED, Drop, LastLook, Tell
from medsched.services.remind_ports import Alarm, Parcel, Sent
from medsched.services.tokens import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from medsched.domain.person import Person
    from medsched.services.message import Message
    from medsched.services.ports import Store, Unit
    from medsched.services.remind_clock import Machine
    from medsched.services.remind_ports import Breakers, Senders
    from medsched.services.remind_settings import RemindSettings

FAILURES: Final = (
    MedschedError,
    ArithmeticError,
    AssertionError,
    LookupError,
    TypeError,
    ValueError,
)
"""What a damaged or odd row may raise; others go on."""

_HOUR: Final = 3600
_FRESH: Final = 5.0
"""Seconds that a look may be old when the wire is reached."""
_LATER: Final = 60
"""Seconds after which a reminder that was not tried is ready again."""
_FULL_HOUR: Final = 300
"""Seconds after which one that was too many for this hour is ready again."""


class Page(NamedTuple):
    """What one message tells, and the moment it stands for; None for the latest in it."""

    lines: tuple[Line, ...]
    moment: int | None = None


@frozen
class Looked:
    """What the last look left of a parcel.

    Args:
        told: Rows that are sent. dropped: what is recorded of the others.
        pages: The messages: one, unless several on display are to be replaced.
        at: When it was, in seconds since the boot.
    """

    told: tuple[Reminder, ...]
    pages: tuple[Page, ...]
    dropped: tuple[Finished, ...]
    person: Person | None
    channel: Channel | None
    at: float
    soft: bool = False
    alarms: tuple[Alarm, ...] = ()


class Sending:
    """Sends parcels; made anew for each cycle, used by several workers at once."""

    def __init__(  # noqa: PLR0913  # everything it needs of the world
        self,
        *,
        store: Store,
        senders: Senders,
        breakers: Breakers,
        machine: Machine,
        settings: RemindSettings,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        new_token: Callable[[], str],
        pages: str,
        at: Callable[[str], None],
    ) -> None:
        """Keep what it needs; `chance` gives 0 <= x < 1, `at` is called at each step."""
        self._store, self._senders, self._breakers = store, senders, breakers
        self._machine, self._settings, self._now = machine, settings, now
        self._chance, self._new_token, self._pages, self._at = chance, new_token, pages, at

    def send(self, parcel: Parcel) -> Sent:
        """Look, send, and return what is to be recorded."""
        self._at("before the look")
        if not self._lease_left(parcel):
            return self._untried(parcel, parcel.rows, "lease is nearly over", _LATER // 4)
        try:
            with self._store.reading() as unit:
                looked = self._look(unit, parcel)
        except FAILURES as wrong:
            alarm = Alarm("cannot look", parcel.channel, detail=type(wrong).__name__)
            sent = self._untried(parcel, parcel.rows, "cannot look", _LATER)
            return sent._replace(alarms=(alarm,))
        if not looked.told or looked.person is None or looked.channel is None:
            return Sent(parcel, looked.dropped, None, looked.alarms)
        sent = self._to_wire(parcel, looked, looked.channel, looked.person)
        return sent._replace(
            results=(*looked.dropped, *sent.results), alarms=(*looked.alarms, *sent.alarms)
        )

    def _look(self, unit: Unit, parcel: Parcel) -> Looked:
        began, now = self._machine.elapsed(), self._now()
        channel = unit.channels.get(parcel.channel)
        person = None if channel is None else unit.people.by_id(channel.person)
        if channel is None or person is None:
            dropped = tuple(
                self._closed(one, RowState.CANCELLED, "no channel", now) for one in parcel.rows
            )
            return Looked(told=(), pages=(), dropped=dropped, person=None, channel=None, at=began)
        look = LastLook(unit, person, channel, now)
        told: list[Reminder] = []
        lines: list[Line] = []
        closed: list[Finished] = []
        alarms: list[Alarm] = []
        for row in parcel.rows:
            found = self._limited(unit, row, now) or look.at(row, self._settings.margin)
            match found:
                case Tell():
                    told.append(row)
                    lines.append(found.line)
                    if not found.sound:
                        alarms.append(Alarm("damaged", channel.number, row.id))
                case Finished():
                    closed.append(found)
                    alarms.append(Alarm("too many", channel.number, row.id, found.outcome))
                case Drop() if found.why != FENCED:
                    closed.append(self._closed(row, found.state, found.why, now))
        done = bool(told) and told[0].kind is Step.DONE
        ladder = ladder_of(unit, person.id)
        zone = person.itinerary.zone_at(now)
        return Looked(
            told=tuple(told),
            pages=self._replacing(look, told, lines) if done else (Page(tuple(lines)),),
            dropped=tuple(closed),
            person=person,
            channel=channel,
            at=began,
            soft=in_quiet(now.astimezone(zone), ladder),
            alarms=tuple(alarms),
        )

    def _replacing(
        self, look: LastLook, told: Sequence[Reminder], lines: Sequence[Line]
    ) -> tuple[Page, ...]:
        """Return what takes the place of each message on display that told these settled doses."""
        pages: dict[int, dict[str, Line]] = {}
        for row, line in zip(told, lines, strict=True):
            for moment, others in look.replacing(row, self._settings.margin):
                page = pages.setdefault(moment, {})
                page.update((one.dose, one) for one in (line, *others))
        return tuple(Page(tuple(page.values()), moment) for moment, page in pages.items())

    def _limited(self, unit: Unit, row: Reminder, now: datetime) -> Finished | None:
        """Return what is recorded of a row that would be one message too many."""
        if row.kind is Step.DONE:
            return None
        ladder = ladder_of(unit, str(row.person), row.prescription)
        about = unit.outbox.of_dose(key_of_row(row))
        if sum(one.shown for one in about if one.kind is not Step.DONE) >= ladder.most_per_dose:
            return self._closed(row, RowState.FAILED, "too many about this dose", now)
        at = seconds(now)
        if unit.outbox.messages_since(row.person, at - _HOUR) < ladder.most_per_hour:
            return None
        closed = self._closed(row, RowState.PENDING, "too many this hour", now)
        return closed._replace(ready_at=at + _FULL_HOUR)

    def _to_wire(self, parcel: Parcel, looked: Looked, channel: Channel, person: Person) -> Sent:
        if not self._breakers.may_send(channel.number):
            return self._untried(parcel, looked.told, "channel rests", _LATER)
        messages = [self._message(one, looked, channel, person) for one in looked.pages]
        self._at("after the look")
        if not self._is_fresh(parcel, looked):
            return self._untried(parcel, looked.told, "looked too long ago", 1)
        for message in messages:
            self._at("before the send")
            delivery = self._delivered(channel, message)
            self._at("after the send")
            if delivery.outcome is not Outcome.DELIVERED:
                break
            if message is not messages[-1] and not self._is_fresh(parcel, looked):
                delivery = Delivery(outcome=Outcome.NOT_DELIVERED, detail="looked too long ago")
                break
        self._breakers.after(channel.number, delivery.outcome)
        at = seconds(self._now())
        results = tuple(self._result(one, delivery, at) for one in looked.told)
        alarms: tuple[Alarm, ...] = ()
        if delivery.outcome is Outcome.REJECTED:
            alarms = (Alarm("channel refuses", channel.number, looked.told[0].id, delivery.detail),)
        return Sent(parcel, results, delivery, alarms)

    def _message(self, page: Page, looked: Looked, channel: Channel, person: Person) -> Message:
        lines = [
            replace(one, until=None) if one.say in {Say.SETTLED, Say.WITHDRAWN} else one
            for one in page.lines
        ]
        try:
            return message_of(
                lines,
                channel,
                person.initials,
                soft=looked.soft,
                buttons=() if channel.caregiver else self._buttons(lines, person),
                moment=None if page.moment is None else instant(page.moment),
            )
        except FAILURES:
            return fallback(channel, person.initials, min(one.due for one in lines))

    def _buttons(self, lines: Sequence[Line], person: Person) -> tuple[Button, ...]:
        """Return buttons; none while no token can be stored, which must stop no reminder."""
        if not self._pages:
            return ()
        try:
            with self._store.writing() as unit:
                return issue(unit, lines, person.id, pages=self._pages, new_text=self._new_token)
        except MedschedError:
            return ()

    def _delivered(self, channel: Channel, message: Message) -> Delivery:
        try:
            sender = self._senders(channel)
        except MedschedError as wrong:
            return Delivery(outcome=Outcome.REJECTED, detail=type(wrong).__name__)
        try:
            return sender.send(message, deadline=float(self._settings.deadline))
        except Exception as wrong:  # noqa: BLE001  # a sender never raises; if it does, who knows
            return Delivery(outcome=Outcome.UNKNOWN, detail=type(wrong).__name__)

    def _result(self, row: Reminder, delivery: Delivery, at: int) -> Finished:
        state, wait, shown = RowState.PENDING, self._back_off(row, delivery), False
        match delivery.outcome:
            case Outcome.DELIVERED:
                state, wait, shown = RowState.SENT, 0, True
            case Outcome.REJECTED:
                state, wait = RowState.FAILED, 0
            case Outcome.UNKNOWN:
                least = max(self._settings.unknown_after, int(delivery.retry_after or 0))
                state, wait, shown = RowState.UNKNOWN, least, True
            case Outcome.NOT_DELIVERED:
                pass
        return Finished(row.id, row.fence, state, at + wait, at, True, shown, delivery.detail)  # noqa: FBT003  # a record's field

    def _back_off(self, row: Reminder, delivery: Delivery) -> int:
        """Return seconds to the next try: doubling, spread by a fifth, at least as asked."""
        doubled = self._settings.retry_first * 2 ** min(row.attempts - 1, 10)
        most = min(doubled, self._settings.retry_most)
        spread = most * (0.8 + 0.4 * self._chance())
        return max(int(spread), int(delivery.retry_after or 0))

    def _untried(self, parcel: Parcel, rows: tuple[Reminder, ...], why: str, wait: int) -> Sent:
        now = self._now()
        ready = seconds(now) + wait
        results = (
            self._closed(one, RowState.PENDING, why, now)._replace(ready_at=ready) for one in rows
        )
        return Sent(parcel, tuple(results))

    def _is_fresh(self, parcel: Parcel, looked: Looked) -> bool:
        """Return whether nothing held us up since the look: it must be the last one."""
        since = self._machine.elapsed() - looked.at
        latest = seconds(self._now()) + self._settings.margin
        in_time = all(latest <= one.expires_at + 1 for one in looked.told)
        return 0 <= since <= _FRESH and in_time and self._lease_left(parcel)

    def _lease_left(self, parcel: Parcel) -> bool:
        used = self._machine.elapsed() - parcel.claimed_at
        return 0 <= used < self._settings.lease - self._settings.stall

    def _closed(self, row: Reminder, state: RowState, why: str, now: datetime) -> Finished:
        at = seconds(now)
        return Finished(row.id, row.fence, state, at, at, False, False, why)  # noqa: FBT003  # a record's fields
