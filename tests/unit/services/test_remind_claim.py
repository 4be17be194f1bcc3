"""Claimed rows become messages: the newest step of each dose, one message for a channel."""

from __future__ import annotations

from tests.contract.test_store_outbox import DUE, KEY, a_reminder, planned
from tests.fakes.memory_store import MemoryStore

from medsched.services.outbox_ports import ReminderRow, RowState
from medsched.services.remind_claim import Claim, claim, newest_steps, parcels_of
from medsched.services.remind_settings import RemindSettings


def stored(store: MemoryStore) -> list[ReminderRow]:
    """Return the rows of the dose."""
    with store.reading() as unit:
        return unit.outbox.of_dose(KEY)


def test_the_newest_step_goes_out_and_the_older_ones_are_superseded() -> None:
    store = MemoryStore()
    planned(store, a_reminder(), a_reminder("repeat-1", at=DUE + 900), a_reminder("carer", 3))
    with store.writing() as unit:
        found = claim(unit, "one", DUE + 1000, RemindSettings(), limit=10, claimed_at=0.0)
    told = [[row.step for row in one.rows] for one in found.parcels]
    assert sorted(told) == [["carer"], ["repeat-1"]]
    assert (found.claimed, found.superseded) == (3, 1)
    assert {one.step: one.state for one in stored(store)}["due"] == "superseded"


def test_nothing_to_do_goes_by_itself() -> None:
    store = MemoryStore()
    planned(store, a_reminder(), a_reminder("done-1"))
    with store.writing() as unit:
        rows = unit.outbox.claim("one", DUE, lease=90, margin=20, limit=10)
    newest, older = newest_steps(rows)
    assert older == []
    assert len(parcels_of(newest, 0.0)) == 2


def claimed_at_due(store: MemoryStore) -> Claim:
    """Claim what is ready when the dose is due."""
    with store.writing() as unit:
        return claim(unit, "one", DUE, RemindSettings(), limit=10, claimed_at=0.0)


def test_a_reminder_that_killed_its_daemon_too_often_is_given_up_and_told() -> None:
    store = MemoryStore()
    planned(store, a_reminder(), a_reminder("second", 2))
    rows = store._state.reminding.rows
    rows[1] = rows[1]._replace(state="leased", lease_ends=DUE, stranded=4)
    found = claimed_at_due(store)
    assert [(one.code, one.reminder) for one in found.alarms] == [("given up", 1)]
    assert stored(store)[0].state == RowState.FAILED
    assert [one.channel for one in claimed_at_due(store).parcels] == [2], "the others go on"


def test_a_suspect_is_sent_alone_so_that_nothing_beside_it_becomes_one() -> None:
    """Else a reminder that kills its daemon would take its neighbours with it."""
    store = MemoryStore()
    planned(store, a_reminder(), a_reminder("second", 2), a_reminder("carer", 3))
    rows = store._state.reminding.rows
    rows[2] = rows[2]._replace(state="leased", lease_ends=DUE, stranded=2)
    assert [one.channel for one in claimed_at_due(store).parcels] == [2]
    assert [(one.state, one.stranded) for one in stored(store)] == [
        ("pending", 0),
        ("leased", 3),
        ("pending", 0),
    ]
    assert [one.channel for one in claimed_at_due(store).parcels] == [1, 3]
