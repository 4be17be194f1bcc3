"""The tablets of a dose sum exactly to it, or it is refused with the nearest that can be made."""

from dataclasses import replace
from decimal import Decimal
from time import perf_counter

import pytest
from tests.display_rules import violations

from medsched.domain.amount import Amount, amount
from medsched.domain.medication import Form, Medication, Pieces, Route
from medsched.domain.tablets import CannotBeMade, can_be_made, makeable, nearest, pieces_for


def medicine(
    *strengths: str, form: Form = Form.TABLET, parts: int = 1, most: int = 10
) -> Medication:
    return Medication(
        name="medicine",
        ingredient="ingredient",
        form=form,
        route=Route.ORAL,
        strengths=tuple(amount(f"{one} mg") for one in strengths),
        divisible_by=parts,
        most_pieces=most,
    )


MILNACIPRAN = replace(
    medicine("12.5", "25", "50", "100", form=Form.FILM_COATED_TABLET), name="milnacipran"
)


def mg(*numbers: str) -> tuple[Amount, ...]:
    return tuple(amount(f"{one} mg") for one in numbers)


def shown(pieces: tuple[Pieces, ...]) -> str:
    return " + ".join(f"{one.count.normalize():f}x{one.strength.digits}" for one in pieces)


def made(number: str, medication: Medication, *on_hand: str) -> str:
    return shown(pieces_for(amount(f"{number} mg"), medication, frozenset(mg(*on_hand))))


def test_18_75_mg_is_refused_and_the_neighbours_are_offered() -> None:
    with pytest.raises(CannotBeMade) as refused:
        pieces_for(amount("18.75 mg"), MILNACIPRAN)
    assert refused.value.nearest == mg("12.5", "25")
    assert violations(str(refused.value)) == []
    assert str(refused.value) == (
        "milnacipran 18.75\u00a0mg: cannot be made from 12.5, 25, 50, 100\u00a0mg tablets;"
        " use 12.5\u00a0mg or 25\u00a0mg"
    )


def test_falling_days_of_10_mg_tablets_take_38_of_them() -> None:
    ten = medicine("10")
    days = [("40", 5), ("30", 3), ("20", 3), ("10", 3)]
    counts = [pieces_for(amount(f"{dose} mg"), ten)[0].count * length for dose, length in days]
    assert sum(counts) == 38


@pytest.mark.parametrize(
    ("dose", "pieces"),
    [
        ("12.5", "1x12.5"),
        ("37.5", "1x25 + 1x12.5"),
        ("75", "1x50 + 1x25"),
        ("150", "1x100 + 1x50"),
        ("200", "2x100"),
    ],
)
def test_the_fewest_tablets_are_taken(dose: str, pieces: str) -> None:
    assert made(dose, MILNACIPRAN) == pieces


def test_the_largest_strength_first_is_not_always_the_fewest() -> None:
    assert made("60", medicine("10", "30", "50")) == "2x30"


def test_strengths_on_hand_come_first() -> None:
    assert made("100", MILNACIPRAN, "25") == "4x25"


def test_what_is_on_hand_is_completed_with_as_few_others_as_can_be() -> None:
    assert made("137.5", MILNACIPRAN, "25") == "5x25 + 1x12.5"


def test_a_strength_on_hand_that_the_medicine_lacks_changes_nothing() -> None:
    assert made("100", MILNACIPRAN, "30") == "1x100"


def test_a_whole_tablet_is_better_than_half_of_a_larger_one() -> None:
    assert made("25", medicine("25", "50", parts=2)) == "1x25"


def test_a_scored_tablet_may_be_halved() -> None:
    assert made("7.5", medicine("5", parts=2)) == "1.5x5"


def test_a_half_is_better_than_a_quarter() -> None:
    assert made("25", medicine("50", "100", parts=4)) == "0.5x50"


@pytest.mark.parametrize(
    "form",
    [
        Form.EXTENDED_RELEASE_TABLET,
        Form.EXTENDED_RELEASE_CAPSULE,
        Form.GASTRO_RESISTANT_TABLET,
        Form.CAPSULE,
    ],
)
def test_forms_that_are_swallowed_whole_are_never_split(form: Form) -> None:
    whole = medicine("75", form=form, parts=2)
    assert not can_be_made(amount("37.5 mg"), whole)
    assert whole.smallest == amount("75 mg")


def test_a_film_coated_tablet_without_a_score_is_never_split() -> None:
    assert not can_be_made(amount("6.25 mg"), MILNACIPRAN)


def test_more_than_the_most_pieces_are_refused() -> None:
    two = medicine("10", most=2)
    with pytest.raises(CannotBeMade, match=r"use 20\u00a0mg$"):
        pieces_for(amount("30 mg"), two)


def test_a_cut_piece_counts_as_a_piece() -> None:
    assert not can_be_made(amount("15 mg"), medicine("10", parts=2, most=1))
    assert can_be_made(amount("15 mg"), medicine("10", parts=2, most=2))


def test_below_the_smallest_only_the_smallest_is_offered() -> None:
    assert nearest(amount("1 mg"), MILNACIPRAN) == mg("12.5")


def test_what_can_be_made_is_between_its_neighbours() -> None:
    assert nearest(amount("25 mg"), MILNACIPRAN) == mg("12.5", "37.5")


def test_an_amount_in_another_unit_has_no_nearest() -> None:
    with pytest.raises(CannotBeMade, match="use an amount within its strengths") as refused:
        pieces_for(amount("1 mL"), MILNACIPRAN)
    assert refused.value.nearest == ()


def test_nothing_cannot_be_made() -> None:
    assert not can_be_made(Amount(Decimal(0), MILNACIPRAN.unit), MILNACIPRAN)


def test_what_can_be_made_is_listed_rising() -> None:
    assert makeable(medicine("10", "25", most=2)) == mg("10", "20", "25", "35", "50")
    assert makeable(medicine("10", "25", most=2), amount("25 mg")) == mg("10", "20", "25")


def test_many_strengths_in_quarters_take_no_time() -> None:
    many = medicine("1", "2", "3", "4", "5", "6", parts=4, most=20)
    begin = perf_counter()
    pieces_for(amount("71.25 mg"), many)
    nearest(amount("1000 mg"), many)
    assert perf_counter() - begin < 1
