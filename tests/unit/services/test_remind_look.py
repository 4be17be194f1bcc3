"""The last look: still ours, still true, still in time; and no amount that was tampered with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.unit.services.reminded import DOSE, MORNING, Reminded

from medsched.domain.person import OtherMedicine, Person
from medsched.services.messages import Say
from medsched.services.outbox_ports import ClaimedRow, NamesShown, RowState
from medsched.services.remind_look import FENCED, Drop, LastLook, Tell


def looked(world: Reminded, row: ClaimedRow, margin: int = 20) -> Tell | Drop:
    """Look at a claimed row now."""
    with world.store.reading() as unit:
        person, channel = unit.people.by_id("1"), unit.channels.get(row.channel)
        assert isinstance(person, Person)
        assert channel is not None
        return LastLook(unit, person, channel, world.clock.at).at(row, margin)


def claimed(world: Reminded) -> ClaimedRow:
    """Plan, and claim the 08:00 reminder at its time."""
    world.after(minutes=-1)
    world.clock.at = MORNING
    with world.store.writing() as unit:
        now = int(MORNING.timestamp())
        [row] = unit.outbox.claim("one", now, lease=90, margin=20, limit=10)
    return row


def test_what_is_still_so_is_told() -> None:
    world = Reminded()
    found = looked(world, claimed(world))
    assert isinstance(found, Tell)
    assert (found.sound, found.line.dose, found.line.repeat) == (True, DOSE, False)


def test_a_row_that_somebody_else_claimed_is_not_ours() -> None:
    world = Reminded()
    row = claimed(world)
    with world.store.writing() as unit:
        later = int(MORNING.timestamp()) + 90
        unit.outbox.claim("two", later, lease=90, margin=20, limit=10)
    assert looked(world, row) == Drop(state=RowState.LEASED, why=FENCED)


def test_a_dose_settled_meanwhile_is_not_told() -> None:
    """Also when its row was claimed before and nobody could cancel it."""
    world = Reminded()
    row = claimed(world)
    world.take()
    assert looked(world, row) == Drop(state=RowState.LEASED, why=FENCED)
    again = row._replace(fence=row.fence + 1)
    rows = world.store._state.reminding.rows
    rows[row.id] = rows[row.id]._replace(state="leased", fence=again.fence)
    assert looked(world, again) == Drop(state=RowState.CANCELLED, why="settled")


def test_a_plan_that_a_finding_stops_is_not_invited_to() -> None:
    """An MAOI that somebody took down since: `today` says STOP, and no reminder says take."""
    world = Reminded(medicines=("duloxetine",))
    row = claimed(world)
    with world.store.writing() as unit:
        person = unit.people.by_id("1")
        assert person is not None
        maoi = OtherMedicine(name="phenelzine", classes=frozenset({"maoi"}))
        unit.people.save(replace(person, taking=(maoi,)), MORNING)
    found = looked(world, row)
    assert isinstance(found, Tell)
    assert (found.line.say, found.line.what) == (Say.STOPPED, "")


def test_no_time_left_means_no_message() -> None:
    world = Reminded()
    row = claimed(world)
    world.clock.at = MORNING + timedelta(seconds=row.expires_at - row.due - 19)
    assert looked(world, row) == Drop(state=RowState.EXPIRED, why="no time left")


def test_a_digit_that_flipped_on_the_disk_shows_no_amount_and_alarms() -> None:
    world = Reminded()
    row = claimed(world)
    doses = world.store._state.doses
    key = row[1:4]
    doses[key] = doses[key]._replace(amount="900")
    found = looked(world, row)
    assert isinstance(found, Tell)
    assert not found.sound
    assert found.line.what == ""
    assert "900" not in found.line.reason


def test_a_dose_that_moved_is_not_told_at_its_old_time() -> None:
    world = Reminded()
    row = claimed(world)
    doses = world.store._state.doses
    key = row[1:4]
    doses[key] = doses[key]._replace(due=doses[key].due + 60)
    assert looked(world, row) == Drop(state=RowState.CANCELLED, why="not meant any more")
    del doses[key]
    assert looked(world, row) == Drop(state=RowState.CANCELLED, why="not meant any more")


def test_hidden_names_stay_hidden() -> None:
    world = Reminded(names=NamesShown.HIDDEN)
    found = looked(world, claimed(world))
    assert isinstance(found, Tell)
    assert found.line.what == ""


def test_somebody_who_may_have_been_told_is_told_as_a_repeat() -> None:
    world = Reminded()
    row = claimed(world)
    rows = world.store._state.reminding.rows
    rows[row.id] = rows[row.id]._replace(maybe_delivered=True)
    found = looked(world, row)
    assert isinstance(found, Tell)
    assert found.line.repeat


def test_a_restored_backup_makes_every_text_a_question() -> None:
    world = Reminded()
    row = claimed(world)
    gap = (MORNING - timedelta(hours=1), MORNING + timedelta(hours=1))
    with world.store.reading() as unit:
        person, channel = unit.people.by_id("1"), unit.channels.get(1)
        assert person is not None
        assert channel is not None
        unit.records.gaps = lambda: [gap]  # type: ignore[method-assign]  # a restore just happened
        found = LastLook(unit, person, replace(channel), world.clock.at).at(row, 20)
    assert isinstance(found, Tell)
    assert found.line.say == "not known"
