"""Whatever the strengths, the tablets of a dose sum exactly to it, and nothing better exists."""

from decimal import Decimal
from itertools import product
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medsched.domain.amount import Amount, Unit
from medsched.domain.medication import Form, Medication, Pieces, Route, parts_allowed
from medsched.domain.tablets import CannotBeMade, can_be_made, makeable, nearest, pieces_for

QUARTER = Decimal("0.25")
VALUES = st.integers(1, 80).map(lambda quarters: quarters * QUARTER)


def mg(value: Decimal) -> Amount:
    return Amount(value, Unit.MG)


@st.composite
def medicines(draw: st.DrawFn) -> Medication:
    values = draw(st.lists(VALUES, min_size=1, max_size=4, unique=True))
    return Medication(
        name="medicine",
        ingredient="ingredient",
        form=draw(st.sampled_from(Form)),
        route=Route.ORAL,
        strengths=tuple(mg(one) for one in sorted(values)),
        divisible_by=draw(st.sampled_from([1, 2, 4])),
        most_pieces=draw(st.integers(1, 4)),
    )


def by_hand(medication: Medication) -> dict[Decimal, list[tuple[Decimal, ...]]]:
    """Every sum, with all the ways to reach it, by trying them all."""
    parts, most = parts_allowed(medication), medication.most_pieces
    found: dict[Decimal, list[tuple[Decimal, ...]]] = {}
    counts = [Decimal(one) / parts for one in range(most * parts + 1)]
    for choice in product(counts, repeat=len(medication.strengths)):
        handled = sum(ceil(one) for one in choice)
        if 0 < handled <= most:
            strengths = medication.strengths
            value = sum(
                (count * one.value for count, one in zip(choice, strengths, strict=True)),
                Decimal(0),
            )
            found.setdefault(value, []).append(choice)
    return found


def handled(pieces: tuple[Pieces, ...]) -> int:
    return sum(ceil(one.count) for one in pieces)


@settings(max_examples=150, deadline=None)
@given(medicines(), st.integers(1, 400))
def test_a_dose_is_made_exactly_or_refused_with_the_nearest(
    medication: Medication, sixteenths: int
) -> None:
    dose = mg(Decimal(sixteenths) / 16)
    ways = by_hand(medication)
    below = max((one for one in ways if one < dose.value), default=None)
    above = min((one for one in ways if one > dose.value), default=None)
    neighbours = tuple(mg(one) for one in (below, above) if one is not None)
    assert nearest(dose, medication) == neighbours
    assert can_be_made(dose, medication) == (dose.value in ways)
    if dose.value not in ways:
        with pytest.raises(CannotBeMade) as refused:
            pieces_for(dose, medication)
        assert refused.value.nearest == neighbours
        return
    pieces = pieces_for(dose, medication)
    assert sum((one.strength.value * one.count for one in pieces), Decimal(0)) == dose.value
    fewest = min(sum(ceil(one) for one in way) for way in ways[dose.value])
    assert handled(pieces) == fewest <= medication.most_pieces
    assert all(one.count * parts_allowed(medication) % 1 == 0 for one in pieces)


@settings(max_examples=100, deadline=None)
@given(medicines())
def test_what_can_be_made_is_all_of_it_and_nothing_else(medication: Medication) -> None:
    assert [one.value for one in makeable(medication)] == sorted(by_hand(medication))


@settings(max_examples=150, deadline=None)
@given(medicines(), st.data())
def test_as_few_pieces_as_can_be_are_not_on_hand(
    medication: Medication, data: st.DataObject
) -> None:
    ways = by_hand(medication)
    value = data.draw(st.sampled_from(sorted(ways)))
    on_hand = frozenset(data.draw(st.lists(st.sampled_from(medication.strengths), min_size=1)))
    pieces = pieces_for(mg(value), medication, on_hand)
    away = [one not in on_hand for one in medication.strengths]
    fewest = min(
        sum(ceil(count) for count, far in zip(way, away, strict=True) if far) for way in ways[value]
    )
    assert handled(tuple(one for one in pieces if one.strength not in on_hand)) == fewest
    assert sum((one.strength.value * one.count for one in pieces), Decimal(0)) == value
