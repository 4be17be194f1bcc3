"""What may never happen, whatever goes wrong: invariants 1 and 8 of the design."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from tests.sim.world import BEGIN, ZONE, Broken, _dose_id

from medsched.domain.dose import dose_key
from medsched.services.agenda import chart_around
from medsched.services.book import Book, instant, row_key, seconds
from medsched.services.outbox_ports import ClaimedRow, Reminder, RowState, Step

if TYPE_CHECKING:
    from tests.sim.world import Arrival, World

    from medsched.services.ports import RowKey

INVITES = re.compile(r"Dose due at (\d\d:\d\d) on \w+ (\d+) March\..*Take it once only\.")
REPEATS = re.compile(r"\ARepeat reminder - if you have already taken the (.*) dose, do not take")
TELLS = re.compile(r"due at (\d\d:\d\d) on \w+ (\d+) March")
SILENT = frozenset({Step.PRE, Step.DONE, Step.CARER, Step.MISSED})
_MARGIN = 20


def broken(world: World, what: str) -> Broken:
    """Return the failure with its seed and the end of the story."""
    story = "\n".join(world.story[-60:])
    return Broken(f"seed {world.seed}: {what}\n{story}")


def due_of(clock: str, day: str) -> int:
    """Return UTC seconds of a time that a message names."""
    hour, minute = map(int, clock.split(":"))
    return seconds(datetime(2026, 3, int(day), hour, minute, tzinfo=ZONE))


def check_arrival(world: World, one: Arrival) -> None:
    """Hold one message against everything that is known."""
    live = [row for row in one.rows if row.kind is not Step.DONE]
    for row in live:
        same = [other for other in live if other.due == row.due]
        if _is_told(row, one) and all(other.expires_at < one.wall for other in same):
            raise broken(world, "sent after the window has closed")
    invited = {due_of(*found) for found in INVITES.findall(one.message.body)}
    for row in live:
        if row.due not in invited:
            continue
        name = _dose_id(row)
        if world.settled.get(name, world.seq + 1) <= one.looked and not _twins(world, row):
            raise broken(world, f"invites to take {name}, which is settled")
    _check_wording(world, one, invited)
    _check_twice(world, one, live)


def _twins(world: World, row: Reminder) -> bool:
    """Return whether the other plan has an open dose at the same time: the text may mean that."""
    with world.store.reading() as unit:
        same = unit.plans.doses([1, 2], row.due, row.due + 1)
        return any(_dose_id(one) not in world.settled for one in same)


def _check_wording(world: World, one: Arrival, invited: set[int]) -> None:
    """A second message about a dose says that it is one, in its first words."""
    known = {
        due
        for before in world.arrivals
        if before.channel != _carer(world)
        for due in (due_of(*found) for found in INVITES.findall(before.message.body))
    }
    again = known & invited
    worded = REPEATS.match(one.message.body)
    for due in again:
        clock = f"{instant(due).astimezone(ZONE):%H:%M}"
        if worded is None or clock not in worded[1]:
            raise broken(world, f"the {clock} dose is told again as if for the first time")


def _carer(world: World) -> int:
    return 3


def _check_twice(world: World, one: Arrival, live: list[Reminder]) -> None:
    """What was sent and stored as sent is not sent again."""
    keys = {row[1:6] for row in live if _is_told(row, one)}
    for before in world.arrivals:
        twice = keys & before.stored & {row[1:6] for row in before.rows if _is_told(row, before)}
        if twice:
            raise broken(world, f"{sorted(twice)} was sent and stored, and is sent again")


def _is_told(row: Reminder, one: Arrival) -> bool:
    told = {due_of(*found) for found in TELLS.findall(one.message.body)}
    return row.kind is not Step.DONE and row.due in told


def check_all_told(world: World) -> None:
    """After a calm stretch every open dose whose time has come was told about."""
    told = {
        due_of(*found)
        for one in world.arrivals
        for found in TELLS.findall(one.message.body)
        if one.channel != _carer(world)
    }
    now = world.wall()
    check_sent_is_arrived(world)
    with world.store.reading() as unit:
        mark = unit.daemons.mark()
        if mark is not None and (mark.held or seconds(mark.wall) > now + 100):
            return
        person = unit.people.by_id("1")
        assert person is not None
        book = Book(unit, person)
        for plan in unit.plans.of_person("1"):
            chart, _rows = chart_around(book, plan, instant(now - 86_400), instant(now))
            for dose in chart.doses:
                due = seconds(dose.due)
                window = chart.window(dose)
                if not seconds(BEGIN) <= due < now - 1500 or dose.id in chart.settled:
                    continue
                if seconds(window.expires) - _MARGIN <= now or due in told:
                    continue
                rows = unit.outbox.of_dose(_key_of(dose.id))
                if sum(row.shown for row in rows) >= 8:
                    continue
                if any(row.kind is Step.SNOOZE and row.state == RowState.PENDING for row in rows):
                    continue
                states = [(row.step, row.state, row.outcome) for row in rows]
                raise broken(world, f"{dose.id} is open and nobody was told: {states}")


def check_sent_is_arrived(world: World) -> None:
    """What the outbox calls sent has really arrived."""
    arrived = {row[1:6] for one in world.arrivals for row in one.rows}
    sql = f"SELECT {', '.join(ClaimedRow._fields[1:6])} FROM outbox WHERE state = 'sent'"
    with world.store.engine.connect() as connection:
        lost = [tuple(row) for row in connection.exec_driver_sql(sql) if tuple(row) not in arrived]
    if lost:
        raise broken(world, f"{lost} is written down as sent and never arrived")


def _key_of(name: str) -> RowKey:
    key = row_key(dose_key(name))
    assert key is not None
    return key
