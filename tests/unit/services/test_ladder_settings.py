"""A ladder is a person's, or a medicine's own; numbers out of bounds are refused."""

from __future__ import annotations

from datetime import time

import pytest
from tests.contract.store_examples import NOW, a_stored_plan
from tests.fakes.memory_store import MemoryStore

from medsched.errors import InvalidValue
from medsched.services.ladder_settings import check_ladder, ladder_of, put_ladder
from medsched.services.outbox_ports import Ladder


def test_a_medicines_ladder_goes_before_the_persons_and_that_before_the_usual() -> None:
    store = MemoryStore()
    plan = a_stored_plan(store)
    own, whole = (
        Ladder(repeats=1),
        Ladder(quiet_from=time(22), quiet_until=time(7), second_after=None),
    )
    with store.writing() as unit:
        assert ladder_of(unit, plan.person, plan.number) == Ladder()
        put_ladder(unit, plan.person, whole, NOW)
        assert ladder_of(unit, plan.person, plan.number) == whole
        put_ladder(unit, plan.person, own, NOW, plan.number)
        assert ladder_of(unit, plan.person, plan.number) == own
        assert ladder_of(unit, plan.person) == whole


def test_a_new_ladder_has_the_reminders_planned_anew() -> None:
    store = MemoryStore()
    plan = a_stored_plan(store)
    with store.writing() as unit:
        unit.outbox.planned(plan.number, 10)
        put_ladder(unit, plan.person, Ladder(), NOW)
        assert unit.outbox.plannable(1, 9) == [plan.number]


@pytest.mark.parametrize(
    ("ladder", "said"),
    [
        (Ladder(repeat_minutes=1), "repeat minutes"),
        (Ladder(repeats=8), "repeats"),
        (Ladder(most_per_dose=9), "most per dose"),
        (Ladder(snooze_minutes=0), "snooze minutes"),
        (Ladder(quiet_from=time(22)), "quiet hours"),
    ],
)
def test_what_cannot_be_meant_is_refused(ladder: Ladder, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        check_ladder(ladder)
