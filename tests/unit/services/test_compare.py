"""What changed between two revisions, dose by dose."""

from __future__ import annotations

from datetime import date, time

import pytest
from tests.unit.services.plans import House
from tests.unit.services.test_revise import move_times

from medsched.errors import InvalidValue
from medsched.services.compare import between


def test_the_last_two_revisions_are_compared_unless_others_are_named() -> None:
    house = House()
    house.start()
    done = move_times(house, date(2026, 12, 5), "2026-12-04 12:00", time(9), time(21))

    with house.reading() as book:
        found = between(book, house.plan(), None, None)
        same = between(book, house.plan(), 1, 2)

    moved = [(before.due, after.due) for before, after in done.diff.changed]
    shown = [(before.due, after.due) for before, after in found.changed]
    assert shown[: len(moved)] == moved
    assert same.changed == found.changed


@pytest.mark.parametrize(("first", "second"), [(None, None), (1, 2), (0, 1)])
def test_a_revision_that_is_not_there_is_refused(first: int | None, second: int | None) -> None:
    house = House()
    house.start()

    with house.reading() as book, pytest.raises(InvalidValue, match="use 1 to 1"):
        between(book, house.plan(), first, second)
