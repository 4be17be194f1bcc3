"""A medicine is what is dispensed: its strengths, its form and the parts it may be cut into."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.display_rules import violations

from medsched.domain.amount import NBSP, amount
from medsched.domain.medication import (
    Form,
    Medication,
    Pieces,
    Route,
    common_step,
    count_by_strength,
    count_pieces,
    parts_allowed,
    piece_words,
    pieces_words,
)
from medsched.errors import InvalidValue

TABLET = Medication(
    name="medicine",
    ingredient="ingredient",
    form=Form.TABLET,
    route=Route.ORAL,
    strengths=(amount("25 mg"), amount("50 mg")),
    divisible_by=2,
)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ("1", "1 tablet"),
        ("2", "2 tablets"),
        ("1000", "1,000 tablets"),
        ("0.25", "a quarter of a tablet"),
        ("0.5", "half a tablet"),
        ("0.75", "three quarters of a tablet"),
        ("1.5", "1 and a half tablets"),
        ("2.25", "2 and a quarter tablets"),
        ("2.75", "2 and three quarters tablets"),
    ],
)
def test_halves_and_quarters_are_words(count: str, words: str) -> None:
    shown = count_pieces(Form.TABLET, Decimal(count))
    assert shown.replace(NBSP, " ") == words
    assert not violations(shown)


def test_half_an_injection_has_its_article() -> None:
    assert count_pieces(Form.INJECTION_PEN, Decimal("0.5")) == "half an injection"


def test_measures_of_a_solution_may_be_any_part() -> None:
    assert count_pieces(Form.ORAL_SOLUTION, Decimal("2.4")) == f"2.4{NBSP}measures"


def test_pieces_say_of_which_strength() -> None:
    pieces = (Pieces(amount("50 mg"), Decimal(2)), Pieces(amount("25 mg"), Decimal("0.5")))
    shown = pieces_words(pieces, Form.TABLET)
    assert shown.replace(NBSP, " ") == "2 tablets of 50 mg and half a tablet of 25 mg"


def test_pieces_are_counted_by_strength() -> None:
    pieces = (Pieces(amount("50 mg"), Decimal(2)),)
    counted = count_by_strength(pieces, count_by_strength(pieces, {}))
    assert counted == {amount("50 mg"): 4}


@pytest.mark.parametrize("form", Form)
def test_every_form_has_its_word(form: Form) -> None:
    assert piece_words(form, Decimal(1)) != piece_words(form, Decimal(2))


def test_the_smallest_amount_is_the_smallest_allowed_part() -> None:
    assert TABLET.smallest == amount("12.5 mg")
    capsule = replace(TABLET, form=Form.CAPSULE)
    assert (parts_allowed(capsule), capsule.smallest) == (1, amount("25 mg"))


def test_the_common_step_divides_every_strength() -> None:
    assert common_step((amount("12.5 mg"), amount("20 mg"))) == Decimal("2.5")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"strengths": ()}, "name 1 to 20"),
        ({"strengths": (amount("1 mg"), amount("1 g"))}, "in one unit"),
        ({"strengths": (amount("0 mg"),)}, "more than nothing"),
        ({"strengths": (amount("1 mg"), amount("1 mg"))}, "each once"),
        ({"strengths": (amount("1000 mg"), amount("0.000001 mg"))}, "more evenly"),
        ({"divisible_by": 3}, "use 1, 2 or 4"),
        ({"divisible_by": 0, "form": Form.ORAL_SOLUTION}, "divisor of 100"),
        ({"divisible_by": 3, "form": Form.ORAL_SOLUTION}, "divisor of 100"),
        ({"most_pieces": 0}, "use 1 to 100"),
        ({"most_pieces": 101}, "use 1 to 100"),
    ],
)
def test_what_is_no_medicine_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        replace(TABLET, **change)  # type: ignore[arg-type]  # each change has its own type
