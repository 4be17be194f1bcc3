"""The outbox keeps its promises on every store: claimed once, recorded under a fence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from tests.contract.store_examples import NOW, a_person, a_stored_plan
from tests.fakes.clocks import FakeClock

from medsched.services.outbox_ports import (
    Channel,
    ClaimedRow,
    ClockMark,
    DaemonRow,
    Finished,
    NamesShown,
    NewReminder,
    ReminderRow,
    RowState,
    Token,
)
from medsched.services.ports import RowKey
from medsched.store.opening import open_store
from medsched.store.refusals import ChangedMeanwhile

if TYPE_CHECKING:
    from tests.contract.conftest import Database

    from medsched.services.ports import Store
    from medsched.store.opening import SqlStore

DUE = 1_772_434_800
KEY = RowKey(1, 739_677, 1)


def a_reminder(step: str = "due", channel: int = 1, at: int = DUE) -> NewReminder:
    """Return a reminder about one dose, for an hour from `at` on."""
    return NewReminder(*KEY, step, channel, 1, DUE, at, at + 3600)


def planned(store: Store, *rows: NewReminder) -> None:
    """Store reminders, for somebody who has a plan and all these channels."""
    a_stored_plan(store)
    with store.writing() as unit:
        for number in range(1, 1 + max(one.channel for one in rows)):
            unit.channels.add(Channel(person="1", name=f"place {number}", url="x"))
        unit.outbox.plan(rows)


def claimed(store: Store, owner: str = "one", now: int = DUE, limit: int = 10) -> list[ReminderRow]:
    """Claim what is ready, and return it as it is stored then."""
    with store.writing() as unit:
        found = unit.outbox.claim(owner, now, lease=90, margin=20, limit=limit)
        stored = [row for one in found if (row := unit.outbox.row(one.id))]
    cells = attrgetter(*ClaimedRow._fields)
    assert [cells(row) for row in stored] == [tuple(row) for row in found]
    return stored


def finished(row: ReminderRow, state: RowState = RowState.SENT, ready_at: int = DUE) -> Finished:
    """Return a result of a claimed row, sent as its state says."""
    shown = state in {RowState.SENT, RowState.UNKNOWN}
    return Finished(row.id, row.fence, state, ready_at, DUE + 1, True, shown, "told")


def recorded(store: Store, *results: Finished) -> list[int]:
    """Store results and return the ids of those that came too late."""
    with store.writing() as unit:
        return unit.outbox.record(results)


def rows(store: Store) -> list[ReminderRow]:
    """Return the reminders of the dose."""
    with store.reading() as unit:
        return unit.outbox.of_dose(KEY)


def test_planning_twice_adds_nothing(store: Store) -> None:
    planned(store, a_reminder(), a_reminder("repeat-1", at=DUE + 900))
    with store.writing() as unit:
        assert unit.outbox.plan([a_reminder(), a_reminder("repeat-1", at=DUE + 900)]) == 0
    assert [one.step for one in rows(store)] == ["due", "repeat-1"]


def test_a_claimed_reminder_is_nobody_elses_until_its_lease_is_over(store: Store) -> None:
    planned(store, a_reminder())
    [first] = claimed(store, "one")
    assert (first.owner, first.attempts, first.fence, first.state) == ("one", 1, 1, "leased")
    assert claimed(store, "two", DUE + 89) == []
    [second] = claimed(store, "two", DUE + 90)
    assert (second.owner, second.attempts, second.fence) == ("two", 2, 2)
    assert (second.stranded, second.maybe_delivered) == (1, True)


def test_nothing_is_claimed_before_its_time_or_too_near_its_end(store: Store) -> None:
    planned(store, a_reminder())
    assert claimed(store, now=DUE - 1) == []
    assert claimed(store, now=DUE + 3580) == []
    assert len(claimed(store, now=DUE + 3579)) == 1


def test_what_is_ready_for_a_channel_comes_together_whatever_the_limit(store: Store) -> None:
    planned(store, a_reminder(), a_reminder("repeat-1"), a_reminder("second", 2, DUE + 5))
    found = claimed(store, now=DUE + 10, limit=1)
    assert [(one.step, one.channel) for one in found] == [("due", 1), ("repeat-1", 1)]


def test_a_result_under_an_old_fence_changes_nothing(store: Store) -> None:
    planned(store, a_reminder())
    [old], [new] = claimed(store), claimed(store, "two", DUE + 90)
    assert recorded(store, finished(old)) == [old.id]
    assert rows(store) == [new]
    assert recorded(store, finished(new)) == []
    assert rows(store)[0].state == "sent"
    assert recorded(store, finished(new)) == [new.id], "recorded once"


def test_of_results_alike_those_that_are_ours_are_stored_and_the_others_told(
    store: Store,
) -> None:
    planned(store, a_reminder(), a_reminder("second", 2), a_reminder("carer", 3))
    first, second, third = claimed(store)
    with store.writing() as unit:
        unit.outbox.give_back([second.id])
    assert recorded(store, *map(finished, (first, second, third))) == [second.id]
    states = {one.id: one.state for one in rows(store)}
    assert states == {first.id: "sent", second.id: "pending", third.id: "sent"}


def test_a_result_counts_what_was_shown_and_what_was_tried(store: Store) -> None:
    planned(store, a_reminder())
    [row] = claimed(store)
    recorded(store, finished(row, RowState.UNKNOWN, ready_at=DUE + 120))
    [row] = rows(store)
    assert (row.state, row.shown, row.maybe_delivered, row.attempts) == ("unknown", 1, True, 1)
    assert (row.ready_at, row.sent_at, row.outcome, row.owner) == (DUE + 120, None, "told", "")
    [row] = claimed(store, now=DUE + 120)
    result = finished(row, RowState.PENDING)._replace(attempted=False)
    recorded(store, result)
    assert (rows(store)[0].attempts, rows(store)[0].shown) == (1, 1), "not tried, not counted"


def test_many_results_are_recorded_at_once(store: Store) -> None:
    many = [a_reminder(f"repeat-{n}", at=DUE) for n in range(450)]
    planned(store, *many)
    found = claimed(store, limit=1000)
    assert len(found) == 450
    stale = finished(found[7])._replace(fence=9)
    results = [finished(one) for one in found[:7]] + [stale] + [finished(o) for o in found[8:]]
    assert recorded(store, *results) == [found[7].id]
    with store.reading() as unit:
        assert unit.outbox.messages_since(1, DUE) == 449


def test_a_settled_dose_closes_its_open_reminders_and_fences_out_the_sender(store: Store) -> None:
    planned(store, a_reminder(), a_reminder("repeat-1", at=DUE + 900))
    [row] = claimed(store)
    with store.writing() as unit:
        unit.outbox.cancel([KEY])
    assert [one.state for one in rows(store)] == ["cancelled", "cancelled"]
    assert [one.maybe_delivered for one in rows(store)] == [True, False], "one was under way"
    assert recorded(store, finished(row)) == [row.id]


def test_a_cancelled_reminder_can_be_planned_again_and_a_sent_one_cannot(store: Store) -> None:
    planned(store, a_reminder(), a_reminder("repeat-1", at=DUE + 900))
    recorded(store, *(finished(one) for one in claimed(store)))
    with store.writing() as unit:
        unit.outbox.cancel([KEY])
        assert unit.outbox.plan([a_reminder(), a_reminder("repeat-1", at=DUE + 900)]) == 1
    assert [one.state for one in rows(store)] == ["sent", "pending"]


def test_what_is_called_off_in_somebodys_hands_begins_anew_after_that_lease(store: Store) -> None:
    """Else the repeat could arrive before the message that it repeats."""
    planned(store, a_reminder(), a_reminder("repeat-1", at=DUE + 60))
    claimed(store, now=DUE + 10)
    with store.writing() as unit:
        unit.outbox.cancel([KEY])
        unit.outbox.plan([a_reminder(), a_reminder("repeat-1", at=DUE + 60)])
    with store.reading() as unit:
        assert unit.outbox.next_ready() == DUE + 60
    assert [one.step for one in claimed(store, "two", DUE + 99)] == ["repeat-1"]
    assert [one.step for one in claimed(store, "two", DUE + 100)] == ["due"]


def test_what_was_put_off_by_a_failure_and_called_off_begins_anew_at_once(store: Store) -> None:
    planned(store, a_reminder())
    [row] = claimed(store)
    recorded(store, finished(row, RowState.PENDING, DUE + 300))
    with store.writing() as unit:
        unit.outbox.cancel([KEY])
        unit.outbox.plan([a_reminder()])
    assert [one.ready_at for one in rows(store)] == [DUE]


def test_a_moved_dose_reminds_again_and_knows_that_it_was_shown(store: Store) -> None:
    planned(store, a_reminder())
    recorded(store, *(finished(one) for one in claimed(store)))
    moved = a_reminder(at=DUE + 7200)._replace(due=DUE + 7200)
    with store.writing() as unit:
        assert unit.outbox.plan([moved]) == 1
    [row] = rows(store)
    assert (row.state, row.due, row.ready_at) == ("pending", DUE + 7200, DUE + 7200)
    assert row.maybe_delivered
    assert row.shown == 1


def test_what_is_over_expires_but_not_under_the_hands_of_a_sender(store: Store) -> None:
    planned(store, a_reminder(), a_reminder("second", 2, DUE + 3500))
    [row] = claimed(store, now=DUE + 3579)[:1]
    assert row.step == "due"
    with store.writing() as unit:
        assert unit.outbox.expire(DUE + 3600) == 0, "it is being sent"
        assert unit.outbox.expire(DUE + 3579 + 90) == 1
    assert rows(store)[0].state == "expired"
    assert rows(store)[0].maybe_delivered


def test_snoozing_supersedes_what_would_ring_before_but_not_the_caregivers(store: Store) -> None:
    later = a_reminder("repeat-2", at=DUE + 1800)
    planned(store, a_reminder("repeat-1", at=DUE + 300), a_reminder("carer", 2, DUE + 300), later)
    with store.writing() as unit:
        unit.outbox.snooze(KEY, DUE + 600)
    assert {one.step: one.state for one in rows(store)} == {
        "repeat-1": "superseded",
        "carer": "pending",
        "repeat-2": "pending",
    }


@pytest.mark.parametrize("called_off", ["dose", "person", "clock"])
def test_what_gave_way_to_a_snooze_is_planned_again_when_that_is_called_off(
    store: Store, called_off: str
) -> None:
    """A dose snoozed, taken and undone is reminded of: its snooze is gone."""
    planned(store, a_reminder(), a_reminder("repeat-1", at=DUE + 900))
    recorded(store, *(finished(one) for one in claimed(store)))
    with store.writing() as unit:
        unit.outbox.snooze(KEY, DUE + 1200)
        unit.outbox.plan([a_reminder(f"snooze-{DUE + 1200}", at=DUE + 1200)])
        match called_off:
            case "dose":
                unit.outbox.cancel([KEY])
            case "person":
                unit.outbox.cancel_person(1)
            case _:
                unit.outbox.start_over(DUE + 600)
        assert unit.outbox.plan([a_reminder(), a_reminder("repeat-1", at=DUE + 900)]) == 1
    told = {one.step: one.state for one in rows(store)}
    assert (told["due"], told["repeat-1"]) == ("sent", "pending")


def test_an_owner_gives_back_what_it_holds(store: Store) -> None:
    planned(store, a_reminder())
    [row] = claimed(store, "one")
    with store.writing() as unit:
        assert unit.outbox.release("two") == 0
        assert unit.outbox.release("one") == 1
    [back] = rows(store)
    assert (back.state, back.attempts, back.owner) == ("pending", 0, "")
    assert recorded(store, finished(row)) == [row.id]


def test_plans_without_reminders_come_first_and_forgetting_brings_one_back(store: Store) -> None:
    plan = a_stored_plan(store)
    with store.writing() as unit:
        assert unit.outbox.plannable(DUE, 10) == [plan.number]
        unit.outbox.planned(plan.number, DUE)
        assert unit.outbox.plannable(DUE, 10) == []
        unit.outbox.forget(plan.number)
        assert unit.outbox.plannable(DUE, 10) == [plan.number]


def test_what_waits_and_what_failed_can_be_asked(store: Store) -> None:
    planned(store, a_reminder(), a_reminder("second", 2, DUE + 900))
    with store.reading() as unit:
        assert unit.outbox.waiting(DUE + 5) == (1, DUE)
        assert unit.outbox.next_ready() == DUE
    [row] = claimed(store)
    recorded(store, finished(row, RowState.FAILED))
    with store.reading() as unit:
        assert unit.outbox.waiting(DUE + 5) == (0, None)
        assert [one.id for one in unit.outbox.failed(DUE)] == [row.id]
        assert unit.outbox.failed(DUE + 1) == []
        assert unit.outbox.row(row.id) == unit.outbox.failed(DUE)[0]
        assert unit.outbox.row(999) is None


def test_old_closed_reminders_are_pruned_with_their_log_and_open_ones_stay(store: Store) -> None:
    planned(store, a_reminder(), a_reminder("second", 2, DUE + 900))
    recorded(store, *(finished(one) for one in claimed(store)))
    with store.writing() as unit:
        assert unit.outbox.prune(DUE) == 0
        assert unit.outbox.prune(DUE + 1) == 1
    with store.reading() as unit:
        assert unit.outbox.messages_since(1, 0) == 0
    assert [one.step for one in rows(store)] == ["second"]


def test_a_persons_channels_keep_their_order_and_their_secrets(store: Store) -> None:
    with store.writing() as unit:
        person = unit.people.add(a_person(), NOW).id
        phone = unit.channels.add(Channel(person=person, name="phone", url="ntfys://secret"))
        carer = Channel(person=person, name="mum", url="x", caregiver=True, allow_hosts=("a", "b"))
        mum = unit.channels.add(carer)
        unit.channels.save(replace(phone, names=NamesShown.FULL))
        with pytest.raises(KeyError):
            unit.channels.save(replace(phone, number=99))
    with store.reading() as unit:
        assert unit.channels.of_person(person) == [replace(phone, names=NamesShown.FULL), mum]
        assert unit.channels.get(mum.number) == replace(carer, number=mum.number, order=2)
        told = [one.caregiver for one in unit.channels.of_person(person)]
        assert all(one is expected for one, expected in zip(told, (False, True), strict=True))
    with pytest.raises(ChangedMeanwhile), store.writing() as unit:
        unit.channels.add(Channel(person=person, name="phone", url="y"))


def test_a_removed_channel_takes_its_open_reminders_with_it(store: Store) -> None:
    """Also those that may have been shown; the others are planned anew."""
    a_stored_plan(store)
    with store.writing() as unit:
        unit.channels.add(Channel(person="1", name="phone", url="x"))
        unit.outbox.plan([a_reminder()])
    [row] = claimed(store)
    recorded(store, finished(row, RowState.UNKNOWN))
    with store.writing() as unit:
        unit.channels.remove(1)
        assert unit.channels.of_person("1") == []
        assert unit.outbox.plannable(DUE, 10) == [1]
    assert [one.state for one in rows(store)] == ["cancelled"]


def test_another_channel_or_ladder_plans_a_person_anew(store: Store) -> None:
    """What was shown already is not taken back."""
    planned(store, a_reminder(), a_reminder("repeat-1", at=DUE + 900))
    recorded(store, *(finished(one, RowState.UNKNOWN) for one in claimed(store)))
    with store.writing() as unit:
        unit.outbox.planned(1, DUE)
        unit.channels.add(Channel(person="1", name="phone", url="x"))
        assert unit.outbox.plannable(DUE, 10) == [1]
    assert [one.state for one in rows(store)] == ["unknown", "cancelled"]


def test_daemons_tell_of_themselves_and_the_clock_is_remembered(store: Store) -> None:
    one = DaemonRow(
        id="a", host="h", pid=1, boot="b", version="1", started_at=NOW, heartbeat_at=NOW
    )
    two = replace(one, id="b", heartbeat_at=NOW + timedelta(seconds=1), last_tick=NOW)
    mark = ClockMark(wall=NOW, boot="b", elapsed=1.5)
    with store.writing() as unit:
        assert unit.daemons.mark() is None
        for row in (one, two, replace(one, pid=2)):
            unit.daemons.beat(row)
        unit.daemons.set_mark(mark)
        unit.daemons.set_mark(replace(mark, held=True))
    with store.writing() as unit:
        assert unit.daemons.all() == [two, replace(one, pid=2)]
        assert unit.daemons.mark() == replace(mark, held=True)
        unit.daemons.forget(two.heartbeat_at)
        assert unit.daemons.all() == [two]


def test_a_token_is_used_once(store: Store) -> None:
    token = Token(digest="d", dose="1-20260302-1", person="1", action="taken", expires_at=NOW)
    with store.writing() as unit:
        unit.tokens.add([token])
        assert unit.tokens.use("d", NOW)
        assert not unit.tokens.use("d", NOW)
        assert not unit.tokens.use("other", NOW)
        assert unit.tokens.get("d") == replace(token, used_at=NOW)
        unit.tokens.prune(NOW + timedelta(seconds=1))
        assert unit.tokens.get("d") is None


def test_only_a_server_has_a_clock_of_its_own(store: Store, request: pytest.FixtureRequest) -> None:
    with store.reading() as unit:
        found = unit.outbox.server_time()
    if "postgresql" in request.node.name:
        assert found is not None
        assert abs(found - datetime.now(UTC)) < timedelta(minutes=1)
    else:
        assert found is None


def test_several_daemons_claim_every_reminder_once(database: Database) -> None:
    """Four at once, each with its own connection, until nothing is left."""
    with database.open() as store:
        planned(store, *(a_reminder(channel=n, at=DUE + n % 7) for n in range(1, 201)))
    found: list[list[int]] = [[] for _ in range(4)]
    start = Barrier(4)

    def work(place: int) -> None:
        with open_store(database.address, clock=FakeClock()) as mine:
            start.wait()
            empty = 0
            while empty < 3 and len(found[place]) <= 200:
                got = claimed(mine, f"d{place}", DUE + 10, limit=7)
                found[place] += [one.id for one in got]
                empty = empty + 1 if not got else 0

    threads = [Thread(target=work, args=(place,)) for place in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    together = [number for some in found for number in some]
    assert len(together) == len(set(together)) == 200


def test_what_one_channel_gets_at_a_time_is_never_split_among_daemons(database: Database) -> None:
    """Two that claim in the same moment would send two messages about one moment."""
    steps = ["due", *(f"repeat-{n}" for n in range(1, 6))]
    with database.open() as store:
        planned(store, *(a_reminder(step, channel) for channel in range(1, 41) for step in steps))
    owners: dict[int, set[str]] = {}
    start = Barrier(4)

    def work(owner: str) -> None:
        with open_store(database.address, clock=FakeClock()) as mine:
            start.wait()
            got, claims = claimed(mine, owner, DUE + 10, limit=3), 1
            while got and claims <= 40:  # alone it would take as many as there are channels
                for row in got:
                    owners.setdefault(row.channel, set()).add(owner)
                got, claims = claimed(mine, owner, DUE + 10, limit=3), claims + 1

    threads = [Thread(target=work, args=(f"d{place}",)) for place in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {channel: len(some) for channel, some in owners.items()} == dict.fromkeys(
        range(1, 41), 1
    )


def test_after_a_wrong_clock_what_is_to_come_is_planned_anew(store: Store) -> None:
    """What was sent before its time comes again as a repeat; what is past stays as it is."""
    past, now = a_reminder(), DUE + 600
    early, over = a_reminder("repeat-1", at=DUE + 900), a_reminder("repeat-2", at=DUE + 300)
    planned(store, past, early, over)
    sent = claimed(store, now=DUE + 1000)
    recorded(store, finished(sent[0]), finished(sent[2]))
    with store.writing() as unit:
        unit.outbox.expire(DUE + 9999)
        unit.outbox.start_over(now)
        assert unit.outbox.plannable(1, 10) == [1]
        assert unit.outbox.plan([past, early, over]) == 2
    told = {one.step: (one.state, bool(one.maybe_delivered)) for one in rows(store)}
    assert told["due"] == ("sent", True)
    assert told["repeat-1"] == ("pending", True)
    assert told["repeat-2"][0] == "pending"


def test_after_a_wrong_clock_no_lease_from_the_future_holds_a_reminder(store: Store) -> None:
    late = DUE + 40 * 3600
    planned(store, a_reminder()._replace(expires_at=late + 3600))
    claimed(store, now=late)
    with store.writing() as unit:
        unit.outbox.cancel([KEY])
        unit.outbox.start_over(DUE + 60)
        unit.outbox.plan([a_reminder()])
    [row] = claimed(store, "two", DUE + 60)
    assert row.maybe_delivered


def test_what_is_given_back_is_ready_at_once_and_its_stranded_leases_stay_known(
    store: Store,
) -> None:
    planned(store, a_reminder())
    claimed(store)
    with store.writing() as unit:
        [row] = unit.outbox.claim("two", DUE + 90, lease=90, margin=20, limit=10)
        unit.outbox.give_back([row.id])
    [back] = rows(store)
    assert (back.state, back.owner, back.attempts, back.stranded) == ("pending", "", 1, 1)
    [again] = claimed(store, "three", DUE + 90)
    assert (again.stranded, again.maybe_delivered, again.fence) == (1, True, row.fence + 2)


def open_as_told(store: SqlStore) -> dict[str, bool]:
    """Return which states the rows have, and whether each row's `is_open` says the same."""
    with store.engine.connect() as connection:
        query = "SELECT DISTINCT state, is_open FROM outbox"
        return {state: bool(told) for state, told in connection.exec_driver_sql(query)}


def test_a_row_is_open_exactly_while_its_state_is(database: Database) -> None:
    """Whatever closed it or opened it again: claims look at nothing but that."""
    with database.open() as store:
        planned(store, *(a_reminder(f"repeat-{n}", n) for n in range(1, 10)))
        assert open_as_told(store) == {"pending": True}
        leased = claimed(store)
        assert open_as_told(store) == {"leased": True}
        states = [RowState.SENT, RowState.UNKNOWN, RowState.FAILED, RowState.PENDING]
        recorded(store, *(finished(*one) for one in zip(leased, states, strict=False)))
        with store.writing() as unit:
            unit.channels.remove(6)
            unit.outbox.close([leased[4].id], RowState.SUPERSEDED)
        closed = {"sent": False, "failed": False, "superseded": False, "cancelled": False}
        assert open_as_told(store) == {"unknown": True, **closed}
        with store.writing() as unit:
            unit.outbox.plan([a_reminder("repeat-7", 7), a_reminder("repeat-8", 8)])
        assert open_as_told(store) == {"pending": True, "unknown": True, **closed}
        claimed(store, "two", DUE)
        with store.writing() as unit:
            unit.outbox.release("two")
        assert open_as_told(store) == {"pending": True, **closed}
        with store.writing() as unit:
            unit.outbox.snooze(KEY, DUE + 1)
        assert open_as_told(store) == closed
        with store.writing() as unit:
            unit.outbox.plan([a_reminder("repeat-9", 9)])
            assert unit.outbox.expire(DUE + 9999) == 1
        closed["expired"] = False
        assert open_as_told(store) == closed
        with store.writing() as unit:
            unit.outbox.plan([a_reminder("repeat-7", 7)._replace(due=DUE + 1)])
        assert open_as_told(store) == {"pending": True, **closed}
        with store.writing() as unit:
            unit.outbox.cancel([KEY])
        del closed["superseded"]
        assert open_as_told(store) == closed


def test_the_hot_queries_use_the_indexes_of_open_rows(database: Database) -> None:
    """However many reminders are closed, claiming looks only at open ones."""
    if database.kind != "sqlite":
        pytest.skip("PostgreSQL plans by the size of the table, and this one is empty")
    from medsched.store import outbox_sql as sql

    with database.open() as store, store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        hot = (
            (sql.ready_channels(""), 4),
            (sql.as_claimed(2, ""), 5),
            (sql.claim(2), 4),
            (sql.held(2), 3),
            (sql.log(2), 7),
            (sql.record(2), 11),
            (sql.expire(""), 3),
            (sql.NEXT_FREE, 0),
            (sql.NEXT_HELD, 1),
        )
        for statement, count in hot:
            query = f"EXPLAIN QUERY PLAN {statement}"
            plan = raw.cursor().execute(query, (1,) * count).fetchall()
            told = " ".join(str(one[3]) for one in plan)
            assert "SCAN outbox" not in told.replace("SCAN outbox USING COVERING INDEX", ""), told
            assert "ix_outbox" in told or "PRIMARY KEY" in told, told
