"""The search among falling totals is greedy where it may be, and exact where it must be."""

from fractions import Fraction

import pytest

from medsched.domain.taper_search import Row, Share, best_walk

HALF = Share(1, 2)


def totals(row: Row, share: Share, steps: int) -> list[int] | None:
    walk = best_walk(row, share, steps, lambda *_: 0)
    return None if walk is None else [row.totals[one] for one in walk]


def test_the_lowest_total_that_can_be_reached_wins() -> None:
    assert totals(Row(16, tuple(range(15, 0, -1))), HALF, 4) == [8, 4, 2, 1]


def test_fewer_steps_are_better_when_they_end_as_low() -> None:
    assert totals(Row(8, tuple(range(7, 0, -1))), HALF, 7) == [4, 2, 1]


def test_a_smaller_worst_fall_is_better_when_the_steps_are_as_many() -> None:
    assert totals(Row(9, (8, 7, 6, 5, 4)), Share(1, 4), 2) == [4]
    assert totals(Row(20, tuple(range(19, 4, -1))), HALF, 2) == [10, 5]
    assert totals(Row(18, tuple(range(17, 4, -1))), HALF, 2) == [10, 5]


def test_equal_squares_are_decided_by_the_cost() -> None:
    row = Row(150, (100, 75, 50))
    cheap = {100: 2, 75: 4, 50: 2}
    walk = best_walk(row, HALF, 2, lambda index, _number, _steps: cheap[row.totals[index]])
    assert walk == (0, 2)
    dear = {100: 4, 75: 2, 50: 2}
    walk = best_walk(row, HALF, 2, lambda index, _number, _steps: dear[row.totals[index]])
    assert walk == (1, 2)


def test_at_equal_cost_the_gentler_start_wins() -> None:
    assert totals(Row(150, (100, 75, 50)), HALF, 2) == [100, 50]


@pytest.mark.parametrize("row", [Row(10, ()), Row(10, (4, 3)), Row(10, (1,))])
def test_without_an_allowed_first_step_there_is_no_walk(row: Row) -> None:
    assert best_walk(row, HALF, 5, lambda *_: 0) is None


def test_a_gap_that_is_too_wide_ends_the_walk() -> None:
    assert totals(Row(10, (9, 8, 2, 1)), HALF, 5) == [8]


def test_any_fall_may_be_allowed() -> None:
    assert totals(Row(10, (9, 1)), Share(0, 100), 3) == [1]


def test_a_share_knows_what_may_come_after_and_before() -> None:
    share = Share(1, 3)
    assert (share.least(10), share.most(4)) == (4, 12)
    assert Share(1, 2, strictly=True).least(10) == 6
    assert Share(1, 3, strictly=True).least(10) == 4
    assert Fraction(share.least(10), 10) >= Fraction(1, 3)
