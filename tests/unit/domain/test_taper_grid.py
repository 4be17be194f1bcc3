"""The days between now and nothing are even first, level otherwise, and never raise a slot."""

from itertools import pairwise

import pytest

from medsched.domain.amount import Amount, amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.taper_grid import (
    day_of,
    even_days,
    level_days,
    nearest_days,
    order_of_slots,
)
from medsched.domain.taper_plan import Pattern, TaperStart, rises


def mg(number: str) -> Amount:
    return amount(f"{number} mg")


def now(slots: str, *strengths: str, most: int = 2) -> TaperStart:
    medication = Medication(
        name="medicine",
        ingredient="ingredient",
        form=Form.TABLET,
        route=Route.ORAL,
        strengths=tuple(mg(one) for one in strengths),
        most_pieces=most,
    )
    return TaperStart(medication=medication, slots=_slots(slots))


def _slots(text: str) -> Pattern:
    return tuple(None if one == "0" else mg(one) for one in text.split())


def shown(days: tuple[Pattern, ...]) -> list[str]:
    return [_shown(one) for one in days]


def _shown(day: Pattern | None) -> str:
    return "-" if day is None else " ".join("0" if one is None else one.digits for one in day)


@pytest.mark.parametrize(
    ("slots", "order"),
    [
        ("5", [0]),
        ("5 5", [0, 1]),
        ("5 5 5", [0, 2, 1]),
        ("0 5 0 5", [1, 3]),
        ("5 5 5 5", [0, 3, 1, 2]),
    ],
)
def test_the_first_and_the_last_slot_are_kept_longest(slots: str, order: list[int]) -> None:
    assert order_of_slots(_slots(slots)) == order


def test_even_days_are_alike_at_every_slot_then_fewer() -> None:
    assert shown(even_days(now("50 50", "12.5", "25"))) == [
        "37.5 37.5",
        "25 25",
        "12.5 12.5",
        "12.5 0",
    ]
    assert shown(even_days(now("10 10 10", "10"))) == ["10 0 10", "10 0 0"]


def test_an_uneven_day_falls_to_even_ones_below_its_smallest_dose() -> None:
    assert shown(even_days(now("50 25", "25"))) == ["25 25", "25 0"]


def test_the_smallest_at_fewer_slots_can_be_left_out() -> None:
    assert shown(even_days(now("10 10", "10"), fewer_slots=False)) == []


def test_level_days_step_down_one_slot_at_a_time() -> None:
    assert shown(level_days(now("20 20", "10"))) == ["20 10", "10 10", "10 0"]
    assert shown(level_days(now("20 20 20", "10"))) == [
        "20 10 20",
        "20 10 10",
        "10 10 10",
        "10 0 10",
        "10 0 0",
    ]


def test_a_slot_without_a_dose_never_gets_one() -> None:
    assert shown(level_days(now("20 0 20", "10"))) == ["20 0 10", "10 0 10", "10 0 0"]


def test_no_day_of_a_grid_raises_a_slot_of_the_one_before() -> None:
    start = now("70 20 50", "10", "25", most=4)
    for grid in (even_days(start), level_days(start)):
        assert not any(rises(before, after) for before, after in pairwise((start.slots, *grid)))


def test_now_itself_need_not_be_makeable() -> None:
    assert shown(level_days(now("33 33", "10"))) == ["20 20", "20 10", "10 10", "10 0"]


@pytest.mark.parametrize(
    ("wanted", "day"),
    [
        ("80", "40 40"),
        ("70", "50 20"),
        ("20", "20 0"),
        ("90", "50 40"),
        ("10", "-"),
        ("100", "50 50"),
        ("110", "-"),
    ],
)
def test_a_day_of_an_amount_is_even_if_it_can_be(wanted: str, day: str) -> None:
    assert _shown(day_of(mg(wanted), now("50 50", "20", "50"))) == day


def test_with_many_slots_a_day_is_still_found_exactly() -> None:
    start = now("50 50 50 50", "7", "11", "13", most=4)
    found = day_of(mg("97"), start)
    assert found is not None
    assert sum(int(one.value) for one in found if one is not None) == 97


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [("10", ["20"]), ("65", ["60", "70"]), ("95", ["90"]), ("300", ["90"])],
)
def test_the_nearest_days_lie_below_and_above_and_below_now(
    wanted: str, nearest: list[str]
) -> None:
    found = nearest_days(mg(wanted), now("50 50", "20", "50"))
    assert [one.digits for one in found] == nearest


def test_below_an_amount_that_no_tablets_make_the_next_smaller_day_is_found() -> None:
    found = nearest_days(mg("34"), now("33", "10", most=4))
    assert [one.digits for one in found] == ["30"]
