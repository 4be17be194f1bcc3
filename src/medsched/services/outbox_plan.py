"""Which reminders a dose gets: the ladder laid on its window, planned ahead, idempotent.

Rows of the ladder are planned in advance and finite, each with its own end. Planning
twice, or by several daemons, changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.domain.dose import dose_key
from medsched.domain.prescription import Status
from medsched.services.agenda import chart_around
from medsched.services.book import Book, instant, row_key, seconds
from medsched.services.ladder_settings import ladder_of
from medsched.services.outbox_ports import NewReminder, Step
from medsched.services.plan import push_horizon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.services.outbox_ports import Channel, Ladder
    from medsched.services.ports import Plan, Unit
    from medsched.services.remind_settings import RemindSettings

MISSED_FOR: Final = 12 * 3600
"""Seconds for which a note about a missed dose is worth showing."""


class Planned(NamedTuple):
    """One reminder of a ladder, before it has a dose's key."""

    step: str
    channel: int
    send_after: int
    expires_at: int


def plan_reminders(unit: Unit, number: int, now: datetime, settings: RemindSettings) -> int:
    """Plan a prescription's reminders as far ahead as the settings say; return how many are new.

    Also pushes the horizon of its stored doses. A plan that is to stop or to pause from a
    later day on still reminds of the doses before it: what is stored is what is meant.
    """
    plan = unit.plans.lock(number)
    until = now + timedelta(hours=settings.ahead_hours)
    unit.outbox.planned(number, seconds(until))
    person = unit.people.by_id(plan.person)
    if person is None or plan.status is Status.ENTERED_IN_ERROR or not plan.current:
        return 0
    book = Book(unit, person)
    zone = person.itinerary.zone_at(now)
    plan = push_horizon(book, plan, now.astimezone(zone).date(), settings.horizon_days)
    channels = unit.channels.of_person(person.id)
    if not channels:
        return 0
    ladder = ladder_of(unit, person.id, number)
    since = now - timedelta(days=settings.behind_days)
    chart, _rows = chart_around(book, plan, since, until)
    rows = [
        row
        for dose in chart.doses
        if since <= dose.due < until and dose.id not in chart.settled
        for row in _rows_of(dose, chart, plan, channels, ladder, zone)
        if row.expires_at > seconds(now)
    ]
    return unit.outbox.plan(rows)


def _rows_of(
    dose: DoseEvent,
    chart: Chart,
    plan: Plan,
    channels: Sequence[Channel],
    ladder: Ladder,
    zone: ZoneInfo,
) -> Iterator[NewReminder]:
    key = row_key(dose_key(dose.id))
    assert key is not None  # noqa: S101  # the id of a stored dose
    told = _missed_note(dose, chart, channels, ladder) if plan.tracked is not False else []
    expires = seconds(chart.window(dose).expires)
    steps = laid(seconds(dose.due), expires, channels, ladder, nobody_records=plan.tracked is False)
    for one in within_limit([*steps, *told], ladder.most_per_dose):
        at = one.send_after if one.step == Step.DUE else after_quiet(one.send_after, ladder, zone)
        if at < one.expires_at:
            person = int(plan.person)
            yield NewReminder(
                *key, one.step, one.channel, person, seconds(dose.due), at, one.expires_at
            )


def laid(
    due: int, expires: int, channels: Sequence[Channel], ladder: Ladder, *, nobody_records: bool
) -> list[Planned]:
    """Return a dose's reminders up to the end of its window, the most important first.

    Where nobody records, a dose reminds once: nobody could make it stop.
    """
    own = [one.number for one in channels if not one.caregiver]
    found = [Planned(Step.DUE.value, own[0], due, expires)] if own else []
    if own and ladder.pre_alert_minutes:
        before = due - ladder.pre_alert_minutes * 60
        found.append(Planned(Step.PRE.value, own[0], before, due))
    if nobody_records:
        return found
    if len(own) > 1 and ladder.second_after is not None:
        found.append(Planned(Step.SECOND.value, own[1], due + ladder.second_after * 60, expires))
    if ladder.carer_after is not None:
        at = due + ladder.carer_after * 60
        carers = [one.number for one in channels if one.caregiver]
        found += [Planned(Step.CARER.value, one, at, expires) for one in carers]
    for count in range(1, ladder.repeats + 1) if own else ():
        at = due + count * ladder.repeat_minutes * 60
        found.append(Planned(f"{Step.REPEAT.value}-{count}", own[0], at, expires))
    return [one for one in found if one.send_after < one.expires_at]


def within_limit(steps: Sequence[Planned], most: int) -> list[Planned]:
    """Return at most so many messages: the first, the second channel, caregivers, then the rest."""
    return sorted(steps[:most], key=lambda one: (one.send_after, one.channel))


def after_quiet(at: int, ladder: Ladder, zone: ZoneInfo) -> int:
    """Return the instant, or the end of the quiet hours that it falls into."""
    if ladder.quiet_from is None or ladder.quiet_until is None:
        return at
    local = instant(at).astimezone(zone)
    if not in_quiet(local, ladder):
        return at
    end = datetime.combine(local.date(), ladder.quiet_until, tzinfo=zone)
    if local.time() >= ladder.quiet_until:
        end = datetime.combine(local.date() + timedelta(days=1), ladder.quiet_until, tzinfo=zone)
    return max(at, seconds(end))


def in_quiet(local: datetime, ladder: Ladder) -> bool:
    """Return whether a clock shows a time in the quiet hours; they may span midnight."""
    start, end = ladder.quiet_from, ladder.quiet_until
    if start is None or end is None or start == end:
        return False
    wall = local.time()
    return start <= wall < end if start < end else wall >= start or wall < end


def _missed_note(
    dose: DoseEvent, chart: Chart, channels: Sequence[Channel], ladder: Ladder
) -> list[Planned]:
    """Return the note about a missed dose; whether it was missed is seen when its time comes."""
    own = [one.number for one in channels if not one.caregiver]
    if not own or not ladder.missed_note:
        return []
    over = seconds(chart.window(dose).late_until) + 1
    return [Planned(Step.MISSED.value, own[0], over, over + MISSED_FOR)]
