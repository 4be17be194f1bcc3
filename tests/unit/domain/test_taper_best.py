"""The proposed taper is the one that the written order of preferences chooses."""

from dataclasses import replace
from time import perf_counter

import pytest

from medsched.domain.amount import Amount, amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.taper import Taper, TaperLimits, TaperRefused, TaperStart, best_taper


def mg(number: str) -> Amount:
    return amount(f"{number} mg")


def medicine(*strengths: str, form: Form = Form.FILM_COATED_TABLET, parts: int = 1) -> Medication:
    return Medication(
        name="medicine",
        ingredient="ingredient",
        form=form,
        route=Route.ORAL,
        strengths=tuple(mg(one) for one in strengths),
        divisible_by=parts,
    )


MILNACIPRAN = medicine("12.5", "25", "50", "100")


def best(slots: str, days: int, medication: Medication = MILNACIPRAN, **rules: int) -> Taper:
    doses = tuple(None if one == "-" else mg(one) for one in slots.split())
    start = TaperStart(medication=medication, slots=doses)
    return best_taper(start, days, TaperLimits(**rules))  # type: ignore[arg-type]  # by name


def shown(taper: Taper) -> str:
    return " ".join(f"{one.per_day.digits}x{one.days}" for one in taper.steps)


@pytest.mark.parametrize(
    ("slots", "days", "min_step_days", "expected"),
    [
        ("100 100", 14, 3, "100x3 50x3 25x4 12.5x4"),
        ("100 100", 14, 7, "100x7 50x7"),
        ("100 100", 21, 7, "100x7 50x7 25x7"),
        ("100 100", 28, 7, "100x7 50x7 25x7 12.5x7"),
        ("75 75", 14, 3, "100x3 50x3 25x4 12.5x4"),
        ("75 75", 14, 7, "100x7 50x7"),
        ("75 75", 21, 7, "100x7 50x7 25x7"),
        ("75 75", 28, 7, "100x7 50x7 25x7 12.5x7"),
        ("50 50", 14, 3, "50x4 25x5 12.5x5"),
        ("50 50", 14, 7, "50x7 25x7"),
        ("50 50", 21, 7, "50x7 25x7 12.5x7"),
        ("50 50", 28, 7, "50x9 25x9 12.5x10"),
        ("37.5 37.5", 14, 3, "50x4 25x5 12.5x5"),
        ("37.5 37.5", 14, 7, "50x7 25x7"),
        ("37.5 37.5", 21, 7, "50x7 25x7 12.5x7"),
        ("37.5 37.5", 28, 7, "50x9 25x9 12.5x10"),
        ("50 25", 14, 3, "50x4 25x5 12.5x5"),
        ("50 25", 14, 7, "50x7 25x7"),
        ("50 25", 21, 7, "50x7 25x7 12.5x7"),
        ("50 25", 28, 7, "50x9 25x9 12.5x10"),
        ("25 25", 14, 3, "25x7 12.5x7"),
        ("25 25", 14, 7, "25x7 12.5x7"),
        ("25 25", 21, 7, "25x10 12.5x11"),
        ("25 25", 28, 7, "25x14 12.5x14"),
        ("12.5 12.5", 14, 3, "12.5x14"),
        ("12.5 12.5", 14, 7, "12.5x14"),
        ("12.5 12.5", 21, 7, "12.5x21"),
        ("12.5 12.5", 28, 7, "12.5x28"),
    ],
)
def test_the_table_of_worked_tapers(
    slots: str, days: int, min_step_days: int, expected: str
) -> None:
    taper = best(slots, days, min_days=14, max_days=28, min_step_days=min_step_days)
    assert shown(taper) == expected


def test_every_slot_is_alike_and_the_last_step_is_one_tablet_in_the_morning() -> None:
    slots = [one.slot_doses for one in best("50 50", 21).steps]
    assert slots == [(mg("25"), mg("25")), (mg("12.5"), mg("12.5")), (mg("12.5"), None)]


def test_without_the_smallest_once_daily_it_ends_at_both_slots() -> None:
    taper = best("50 50", 21, once_daily_smallest=False)
    assert shown(taper) == "50x10 25x11"


def test_capsules_that_are_swallowed_whole_go_down_one_by_one() -> None:
    capsules = medicine("75", form=Form.EXTENDED_RELEASE_CAPSULE)
    assert shown(best("225", 14, capsules)) == "150x7 75x7"


def test_a_tablet_at_each_slot_less() -> None:
    assert shown(best("1500 1500", 28, medicine("500"), min_step_days=14)) == "2000x14 1000x14"


def test_three_slots_end_with_one_tablet_at_two_slots_then_at_one() -> None:
    taper = best("300 300 300", 21, medicine("300"), max_drop_percent=67)
    assert shown(taper) == "300x21"
    taper = best("300 300 300", 21, medicine("300"))
    assert [one.slot_doses for one in taper.steps] == [
        (mg("300"), None, mg("300")),
        (mg("300"), None, None),
    ]


def test_a_scored_tablet_ends_with_its_half() -> None:
    scored = medicine("10", form=Form.TABLET, parts=2)
    assert shown(best("20", 21, scored)) == "10x10 5x11"


def test_unequal_slots_are_used_where_equal_ones_would_fall_too_far() -> None:
    taper = best("12.5 50", 28, medicine("12.5", "25", "50"), min_step_days=7)
    assert taper.steps[0].slot_doses == (mg("12.5"), mg("25"))
    assert shown(taper) == "37.5x9 25x9 12.5x10"


def test_only_the_rungs_of_the_way_up_when_they_are_named() -> None:
    start = TaperStart(medication=MILNACIPRAN, slots=(mg("75"), mg("75")))
    rungs = [(mg("12.5"), None), (mg("25"), mg("25")), (mg("50"), mg("50"))]
    taper = best_taper(
        start, 28, rungs=[*rungs, (mg("100"), mg("100"))], limits=TaperLimits(max_drop_percent=75)
    )
    assert shown(taper) == "50x14 12.5x14"


def test_a_length_outside_the_rules_is_refused_with_the_nearest() -> None:
    for days, nearest in ((13, 14), (29, 28)):
        with pytest.raises(TaperRefused, match="use 14 to 28 days") as refused:
            best("50 50", days, min_days=14, max_days=28)
        assert refused.value.nearest == (nearest,)


def test_a_length_shorter_than_a_step_is_refused() -> None:
    with pytest.raises(TaperRefused, match="3 days long"):
        best("50 50", 3)


def test_the_smallest_amount_can_only_be_stopped() -> None:
    with pytest.raises(TaperRefused, match="no smaller amount can be made"):
        best("12.5 -", 14)


def test_a_fall_that_the_tablets_force_is_refused_and_named() -> None:
    capsules = replace(medicine("20", "60", form=Form.CAPSULE), most_pieces=1)
    with pytest.raises(TaperRefused, match="fall of 67 percent") as refused:
        best("60", 14, capsules)
    assert refused.value.nearest == (mg("20"),)


@pytest.mark.parametrize(
    ("slots", "strengths", "parts"),
    [
        ("200 200", ("12.5", "25", "50", "100"), 1),
        ("100", ("1", "5", "20", "50"), 1),
        ("60", ("0.5", "1", "5", "20"), 2),
        ("300 300 300", ("25", "50", "100", "150"), 1),
        ("40", ("1", "2", "5", "10"), 4),
    ],
)
def test_any_reasonable_taper_takes_a_moment(
    slots: str, strengths: tuple[str, ...], parts: int
) -> None:
    medication = medicine(*strengths, form=Form.TABLET, parts=parts)
    best(slots, 90, medication)
    begin = perf_counter()
    best(slots, 91, medication)
    assert perf_counter() - begin < 0.5


def test_half_a_tablet_counts_as_a_tablet_when_the_fewest_are_wanted() -> None:
    # 30 to 10 by way of 20 or 15: the same falls, and two pieces either way; so the larger.
    scored = medicine("10", form=Form.TABLET, parts=2)
    assert shown(best("30", 14, scored)) == "20x7 10x7"
    # A 15 mg tablet makes that way one piece a day less.
    fifteen = medicine("10", "15", form=Form.TABLET)
    assert shown(best("30", 14, fifteen)) == "15x7 10x7"
