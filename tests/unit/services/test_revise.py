"""A new revision replaces the future; the past and what is settled stay, byte for byte."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.plans import HORIZON, House, local

from medsched.services.amend import Amendment
from medsched.services.amendments import change_times
from medsched.services.plan import Order
from medsched.services.ports import StaleRevision
from medsched.services.revise import Diff, key_of, put_in_force

if TYPE_CHECKING:
    from medsched.services.amend import Amended
    from medsched.services.ports import DoseRow


def move_times(house: House, day: date, now: str, *slots: time) -> Amended:
    asked = Amendment(
        day=day,
        reason="work",
        order=Order(ordered_by="Dr Gray"),
        now=local(now),
        until_days=HORIZON,
    )
    with house.writing() as book:
        return change_times(book, house.plan(), asked, slots)


def rows(house: House) -> list[DoseRow]:
    with house.store.reading() as unit:
        return unit.plans.doses_of_days(1, 1, 3_000_000)


def test_what_was_due_before_keeps_its_row() -> None:
    house = House()
    house.start()
    before = rows(house)

    move_times(house, date(2026, 12, 5), "2026-12-04 12:00", time(9), time(21))

    kept = [one for one in before if one.day < date(2026, 12, 5).toordinal()]
    assert rows(house)[: len(kept)] == kept


def test_a_dose_that_moves_keeps_its_id_and_counts_its_change() -> None:
    house = House()
    house.start()

    done = move_times(house, date(2026, 12, 5), "2026-12-04 12:00", time(9), time(21))

    before, after = done.diff.changed[0]
    assert key_of(before) == key_of(after)
    assert (after.due - before.due, after.sequence) == (3600, before.sequence + 1)
    assert not done.diff.removed


def test_a_revision_that_changes_nothing_changes_no_row() -> None:
    house = House()
    house.start()
    before = rows(house)

    done = move_times(house, date(2026, 12, 5), "2026-12-04 12:00", time(8), time(20))

    assert not done.diff.changed
    assert rows(house)[: len(before)] == before


def test_a_dose_taken_ahead_keeps_its_row() -> None:
    house = House()
    house.start()
    house.take("2026-12-01 08:00")
    house.take("2026-12-02 07:10")
    taken = next(one for one in rows(house) if one.day == date(2026, 12, 2).toordinal())

    move_times(house, date(2026, 12, 2), "2026-12-02 07:20", time(9), time(21))

    assert taken in rows(house)


def test_two_who_change_a_plan_at_once_do_not_overwrite_one_another() -> None:
    house = House()
    house.start()
    stale = house.plan()
    done = move_times(house, date(2026, 12, 5), "2026-12-04 12:00", time(9), time(21))

    with house.writing() as book, pytest.raises(StaleRevision, match="changed meanwhile"):
        put_in_force(book, stale, done.revision, until=date(2026, 12, 30))


def test_an_empty_difference_is_none() -> None:
    assert not Diff()


def test_a_change_beyond_what_is_stored_leaves_no_day_without_doses_before_it() -> None:
    """The days between the old horizon and the first day of the change are as they were."""
    house = House()
    house.start()

    move_times(house, date(2027, 2, 10), "2026-12-20 12:00", time(9), time(21))

    count = {one.day: 0 for one in rows(house)}
    for one in rows(house):
        count[one.day] += 1
    assert set(count.values()) == {1, 2}
    assert sorted(count) == list(range(date(2026, 12, 1).toordinal(), max(count) + 1))
    assert max(count) == date(2027, 2, 18).toordinal()
    local_hours = {
        one.due // 3600 % 24 for one in rows(house) if one.day < date(2027, 2, 10).toordinal()
    }
    assert local_hours == {7, 19}
