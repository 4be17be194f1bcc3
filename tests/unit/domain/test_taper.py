"""Ways down and up come out in tablets, or are refused with what can be made."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from tests.display_rules import violations

from medsched.domain.amount import Amount, amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.protocol import PhaseKind, Stopping
from medsched.domain.tablets import pieces_for
from medsched.domain.taper import (
    Hyperbolic,
    Linear,
    LinearIn,
    PercentOfCurrent,
    PercentOfFirst,
    Taper,
    TaperLimits,
    TaperRefused,
    TaperStart,
    explicit,
    mirrored,
    shaped,
    taper_by_rules,
    way_up,
)
from medsched.domain.taper_shapes import dose_at


def start(
    slots: str, *strengths: str, form: Form = Form.TABLET, parts: int = 1, most: int = 10
) -> TaperStart:
    """What is taken now: slots such as `50 50` or `600 - 600`, of tablets of these strengths."""
    medication = Medication(
        name="medicine",
        ingredient="ingredient",
        form=form,
        route=Route.ORAL,
        strengths=tuple(mg(one) for one in strengths),
        divisible_by=parts,
        most_pieces=most,
    )
    doses = tuple(None if one == "-" else mg(one) for one in slots.split())
    return TaperStart(medication=medication, slots=doses)


def mg(number: str) -> Amount:
    return amount(f"{number} mg")


def shown(taper: Taper) -> str:
    return " ".join(f"{one.per_day.digits}x{one.days}" for one in taper.steps)


def slots_shown(taper: Taper) -> list[str]:
    return [
        "-".join("0" if one is None else one.digits for one in step.slot_doses)
        for step in taper.steps
    ]


def steps(text: str) -> list[tuple[Amount, int]]:
    pairs = (one.split("x") for one in text.split())
    return [(mg(dose), int(days)) for dose, days in pairs]


def tablets(taper: Taper, medication: Medication) -> dict[str, int]:
    """Return how many tablets of each strength the whole taper takes."""
    counted: dict[str, int] = {}
    for step in taper.steps:
        for dose in step.slot_doses:
            for one in () if dose is None else pieces_for(dose, medication):
                name = one.strength.digits
                counted[name] = counted.get(name, 0) + int(one.count) * step.days
    return counted


SNRI = ("12.5", "25", "50", "100")


def test_a_linear_taper_of_75_50_25_is_written_in_tablets() -> None:
    now = start("50 50", *SNRI)
    taper = shaped(now, Linear(mg("25")), step_days=7)
    assert shown(taper) == "75x7 50x7 25x7"


def test_the_linear_alternative_over_28_days() -> None:
    now = start("50 50", *SNRI)
    taper = explicit(now, steps("75x7 50x7 25x7 12.5x7"))
    assert taper.days == 28
    assert tablets(taper, now.medication) == {"12.5": 35, "25": 28}
    assert slots_shown(taper) == ["37.5-37.5", "25-25", "12.5-12.5", "12.5-0"]


def test_extended_release_falls_by_whole_capsules() -> None:
    now = start("225", "75", form=Form.EXTENDED_RELEASE_CAPSULE)
    taper = shaped(now, Linear(mg("75")), step_days=7)
    assert shown(taper) == "150x7 75x7"
    assert tablets(taper, now.medication) == {"75": 21}


def test_twice_daily_falls_by_a_tablet_at_each_slot() -> None:
    now = start("1500 1500", "500")
    taper = shaped(now, Linear(mg("1000")), step_days=14)
    assert shown(taper) == "2000x14 1000x14"
    assert tablets(taper, now.medication) == {"500": 84}


def test_three_times_daily_gives_up_the_middle_dose_first() -> None:
    now = start("600 600 600", "300")
    taper = shaped(now, Linear(mg("300")), step_days=4)
    assert shown(taper) == "1500x4 1200x4 900x4 600x4 300x4"
    assert slots_shown(taper) == [
        "600-300-600",
        "600-300-300",
        "300-300-300",
        "300-0-300",
        "300-0-0",
    ]
    assert tablets(taper, now.medication) == {"300": 60}


def test_a_written_burst_is_kept_as_written() -> None:
    now = start("60", "5", most=12)
    taper = explicit(now, steps("50x1 40x1 30x1 20x1 10x1"))
    assert tablets(taper, now.medication) == {"5": 30}


def test_unequal_slots_only_where_equal_ones_cannot_be_made() -> None:
    assert slots_shown(explicit(start("50 50", "25", "50"), steps("75x7 50x7"))) == [
        "50-25",
        "25-25",
    ]
    assert slots_shown(explicit(start("50 50", *SNRI), steps("75x7"))) == ["37.5-37.5"]


def test_a_step_that_no_slots_a_step_apart_make_is_still_found() -> None:
    now = start("50 50", "20", "50", most=2)
    assert slots_shown(explicit(now, steps("70x7"))) == ["50-20"]


def test_a_step_that_cannot_be_made_is_refused_with_its_neighbours() -> None:
    with pytest.raises(TaperRefused) as refused:
        explicit(start("50 50", *SNRI), steps("75x7 60x7"))
    assert refused.value.nearest == (mg("50"), mg("62.5"))
    assert violations(str(refused.value)) == []
    assert str(refused.value) == (
        "taper, step 2: 60\u00a0mg a day cannot be made from 12.5, 25, 50, 100\u00a0mg tablets"
        " below what is taken; use 50\u00a0mg a day or 62.5\u00a0mg a day"
    )


def test_only_strengths_on_hand_are_used() -> None:
    now = start("50 50", *SNRI)
    on_hand = TaperStart(medication=now.medication, slots=now.slots, on_hand=frozenset({mg("50")}))
    with pytest.raises(TaperRefused, match=r"from 50.mg tablets") as refused:
        explicit(on_hand, steps("75x7"))
    assert refused.value.nearest == (mg("50"),)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("100x7", "less than the one before"),
        ("125x7", "cannot be made"),
        ("75x7 75x7", "less than the one before"),
        ("75x7 50x3", "at least 7 days"),
        ("50x7 12.5x7", "at most 50 percent"),
        ("50x30", "use 14 to 28 days"),
        ("50x7", "use 14 to 28 days"),
    ],
)
def test_a_written_taper_keeps_the_rules(written: str, said: str) -> None:
    limits = TaperLimits(min_days=14, max_days=28)
    with pytest.raises(TaperRefused, match=said):
        explicit(start("50 50", *SNRI), steps(written), limits)


def test_a_dose_moves_to_no_slot_that_had_less() -> None:
    now = start("12.5 50", *SNRI)
    assert slots_shown(explicit(now, steps("50x7"))) == ["12.5-37.5"]


def test_another_unit_is_refused() -> None:
    with pytest.raises(TaperRefused, match="write it in mg"):
        explicit(start("50", "50"), [(amount("1 mL"), 7)])


def test_an_empty_taper_is_refused() -> None:
    with pytest.raises(TaperRefused, match="0 days long"):
        explicit(start("50", "50"), [])


def test_ten_percent_of_the_current_dose_is_rounded_to_what_can_be_made() -> None:
    now = start("100", "1", "5", "10", "20", "50", "100", most=8)
    taper = shaped(now, PercentOfCurrent(Decimal(10)), step_days=28)
    amounts = [int(one.per_day.value) for one in taper.steps]
    assert amounts[:6] == [90, 81, 73, 66, 59, 53]
    assert amounts[-3:] == [3, 2, 1]
    assert amounts == sorted(set(amounts), reverse=True)


def test_steps_that_round_alike_are_one_longer_step() -> None:
    taper = shaped(start("50 50", *SNRI), PercentOfCurrent(Decimal(10)), step_days=7)
    assert shown(taper) == "87.5x7 75x14 62.5x14 50x14 37.5x28 25x28 12.5x77"


def test_percent_of_the_first_dose_falls_by_the_same_amount() -> None:
    taper = shaped(start("50", "5", "10"), PercentOfFirst(Decimal(20)), step_days=7)
    assert shown(taper) == "40x7 30x7 20x7 10x7"


def test_of_two_equally_near_amounts_the_larger_is_taken() -> None:
    # 7.5 is as near to the full 10, which is no step of a taper; 2.5 is as near to nothing.
    taper = shaped(start("10", "5"), LinearIn(4), step_days=7)
    assert shown(taper) == "5x14"


def test_a_length_is_split_evenly_and_the_lowest_steps_get_more() -> None:
    taper = shaped(start("40", "10"), LinearIn(4), days=29)
    assert shown(taper) == "30x9 20x10 10x10"


def test_hyperbolic_steps_grow_smaller_downwards() -> None:
    liquid = start("20", "0.1", "1", "10", form=Form.ORAL_SOLUTION, most=40)
    taper = shaped(liquid, Hyperbolic(mg("2.98"), 8), step_days=14)
    amounts = [one.per_day.value for one in taper.steps]
    assert [str(one) for one in amounts] == ["9.5", "5.6", "3.6", "2.3", "1.4", "0.8", "0.4"]
    falls = [a - b for a, b in pairwise(amounts)]
    assert falls == sorted(falls, reverse=True)


@pytest.mark.parametrize(
    ("percent", "published"),
    [
        (80, "20"),
        (70, "9.1"),
        (60, "5.4"),
        (50, "3.4"),
        (40, "2.3"),
        (30, "1.5"),
        (20, "0.8"),
        (10, "0.37"),
    ],
)
def test_published_doses_for_an_occupancy_are_reproduced(percent: int, published: str) -> None:
    # Citalopram, Horowitz and Taylor 2019; largest occupancy 92.5 percent, half of it at 2.98 mg.
    dose = dose_at(Fraction(percent * 10, 925), Fraction("2.98"))
    assert abs(dose / Fraction(published) - 1) < Fraction(6, 100)


def test_a_shape_without_a_step_is_refused() -> None:
    with pytest.raises(TaperRefused, match="no step lies between"):
        shaped(start("50", "50"), Linear(mg("50")), step_days=7)
    with pytest.raises(TaperRefused, match="no step of this shape"):
        shaped(start("50", "50"), LinearIn(1), step_days=7)


def test_a_length_shorter_than_its_steps_is_refused() -> None:
    with pytest.raises(TaperRefused, match="at least 3 days for 3 steps") as refused:
        shaped(start("40", "10"), LinearIn(4), days=2)
    assert refused.value.nearest == (3,)


def test_the_length_of_steps_or_of_the_whole_is_given_not_both() -> None:
    with pytest.raises(TypeError, match="one of them"):
        shaped(start("40", "10"), LinearIn(4), days=28, step_days=7)


def test_a_way_up_mirrors_a_way_down() -> None:
    down = shaped(start("300 300 300", "300"), Linear(mg("300")), step_days=1)
    up = mirrored(down)
    assert (shown(up), up.kind) == ("300x1 600x1", PhaseKind.TITRATION)
    assert mirrored(up) == down


def test_a_way_up_may_begin_above_its_lowest_step() -> None:
    target = start("15 15", "5", "15")
    up = way_up(target, Linear(mg("5")), step_days=3, first=mg("15"))
    assert (shown(up), up.kind) == ("15x3 20x3 25x3", PhaseKind.TITRATION)
    assert shown(way_up(target, Linear(mg("10")), step_days=7)) == "10x7 20x7"


def test_a_way_up_that_cannot_begin_there_names_where_it_can() -> None:
    with pytest.raises(TaperRefused, match=r"begin with 10.mg or 20.mg a day") as refused:
        way_up(start("15 15", "5"), Linear(mg("10")), step_days=7, first=mg("15"))
    assert refused.value.nearest == (mg("20"), mg("10"))


def test_the_rules_for_stopping_give_the_best_taper_of_their_length() -> None:
    rules = Stopping(rule="stop", min_days=14, max_days=28, default_days=21)
    now = start("50 50", *SNRI)
    assert shown(taper_by_rules(now, rules)) == "50x7 25x7 12.5x7"
    assert shown(taper_by_rules(now, rules, 14)) == "50x7 25x7"
    with pytest.raises(TaperRefused, match="use 14 to 28 days"):
        taper_by_rules(now, rules, 29)


def test_a_published_plan_is_followed_from_the_dose_that_is_taken() -> None:
    plan = ((mg("150"), 7), (mg("75"), 7))
    rules = Stopping(rule="stop", plan=plan)
    assert shown(taper_by_rules(start("225", "75"), rules)) == "150x7 75x7"
    assert shown(taper_by_rules(start("150", "75"), rules)) == "75x7"
