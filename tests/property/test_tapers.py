"""Whatever the regimen, the strengths and the length: a taper never rises and ends at nothing."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import ceil

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from medsched.domain.amount import Amount, Unit
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.tablets import makeable, pieces_for
from medsched.domain.taper import (
    Hyperbolic,
    Linear,
    LinearIn,
    Pattern,
    PercentOfCurrent,
    PercentOfFirst,
    Shape,
    Taper,
    TaperLimits,
    TaperRefused,
    TaperStart,
    best_taper,
    explicit,
    mirrored,
    shaped,
)
from medsched.domain.taper_grid import even_days, level_days
from medsched.domain.taper_plan import per_day, rises
from medsched.errors import MedschedError

HALVES = st.integers(1, 60).map(lambda halves: Decimal(halves) / 2)


def mg(value: Decimal) -> Amount:
    return Amount(value, Unit.MG)


@st.composite
def medicines(draw: st.DrawFn) -> Medication:
    values = draw(st.lists(HALVES, min_size=1, max_size=4, unique=True))
    return Medication(
        name="medicine",
        ingredient="ingredient",
        form=draw(st.sampled_from([Form.TABLET, Form.CAPSULE])),
        route=Route.ORAL,
        strengths=tuple(mg(one) for one in sorted(values)),
        divisible_by=draw(st.sampled_from([1, 2])),
        most_pieces=draw(st.integers(1, 5)),
    )


@st.composite
def starts(draw: st.DrawFn) -> TaperStart:
    medication = draw(medicines())
    doses = makeable(medication)
    one = st.sampled_from(doses)
    slots: Pattern = tuple(draw(st.lists(one, min_size=1, max_size=3)))
    if draw(st.booleans()):
        slots = (slots[0],) * len(slots)
    return TaperStart(medication=medication, slots=slots)


@st.composite
def limits(draw: st.DrawFn) -> TaperLimits:
    shortest = draw(st.integers(1, 30))
    return TaperLimits(
        min_days=shortest,
        max_days=shortest + draw(st.integers(0, 120)),
        min_step_days=draw(st.integers(1, 14)),
        max_drop_percent=draw(st.sampled_from([25, 50, 67, 90, 100])),
        once_daily_smallest=draw(st.booleans()),
    )


def check_invariants(taper: Taper, start: TaperStart, rules: TaperLimits) -> None:
    assert taper.steps
    before_day, before_slots = start.per_day, start.slots
    for step in taper.steps:
        taken = [one for one in step.slot_doses if one is not None]
        assert per_day(step.slot_doses, start.medication) == step.per_day
        for dose in taken:
            pieces = pieces_for(dose, start.medication)
            made = sum((one.strength.value * one.count for one in pieces), Decimal(0))
            assert made == dose.value > 0
        assert step.per_day < before_day
        assert not rises(before_slots, step.slot_doses)
        assert step.days >= rules.min_step_days
        keeps = Fraction(step.per_day.value) / Fraction(before_day.value)
        assert 1 - keeps <= Fraction(rules.max_drop_percent, 100)
        before_day, before_slots = step.per_day, step.slot_doses
    assert rules.min_days <= taper.days <= rules.max_days


@settings(max_examples=400, deadline=None)
@given(starts(), limits(), st.integers(1, 160))
def test_the_best_taper_keeps_every_rule_or_is_refused(
    start: TaperStart, rules: TaperLimits, days: int
) -> None:
    try:
        taper = best_taper(start, days, rules)
    except TaperRefused:
        allowed = max(rules.min_days, rules.min_step_days) <= days <= rules.max_days
        grid = (*even_days(start, fewer_slots=rules.once_daily_smallest), *level_days(start))
        least = start.per_day.value * (100 - rules.max_drop_percent)
        gentle = [one for one in grid if per_day(one, start.medication).value * 100 >= least]
        assert not (allowed and gentle)
        return
    check_invariants(taper, start, rules)
    assert taper.days == days
    lengths = [one.days for one in taper.steps]
    assert lengths == sorted(lengths)
    assert lengths[-1] - lengths[0] <= 1


Objective = tuple[Amount, int, Fraction, Fraction, int]


def objective(walk: Sequence[Pattern], start: TaperStart, days: int) -> Objective:
    """What a plan is judged by, from first to last, straight from its definition."""
    totals = [start.per_day, *(per_day(one, start.medication) for one in walk)]
    falls = [1 - Fraction(b.value) / Fraction(a.value) for a, b in pairwise(totals)]
    length, extra = divmod(days, len(walk))
    lengths = [length + (at >= len(walk) - extra) for at in range(len(walk))]
    tablets = 0
    for slots, step_days in zip(walk, lengths, strict=True):
        for dose in slots:
            for one in () if dose is None else pieces_for(dose, start.medication):
                tablets += ceil(one.count) * step_days
    squares = sum((one * one for one in falls), Fraction(0))
    return totals[-1], len(walk), max(falls), squares, tablets


@settings(max_examples=250, deadline=None)
@given(starts(), st.integers(1, 5), st.integers(0, 6), st.sampled_from([25, 50, 60]))
def test_no_other_taper_of_even_days_is_better(
    start: TaperStart, steps: int, extra: int, percent: int
) -> None:
    grid = even_days(start)
    assume(0 < len(grid) <= 14)
    days = steps * 7 + extra
    best: Objective | None = None
    for count in range(1, steps + 1):
        for walk in combinations(grid, count):
            totals = [start.per_day, *(per_day(one, start.medication) for one in walk)]
            gentle = all(b.value * 100 >= a.value * (100 - percent) for a, b in pairwise(totals))
            if gentle:
                found = objective(walk, start, days)
                best = found if best is None or found < best else best
    if best is None or best[0].value * 100 > start.per_day.value * percent:
        return  # the level days may do better: see the rules above
    taper = best_taper(start, days, TaperLimits(max_drop_percent=percent))
    assert objective([one.slot_doses for one in taper.steps], start, days) == best


PERCENTS = st.integers(1, 100).map(Decimal)
SHAPES: st.SearchStrategy[Shape] = st.one_of(
    st.builds(Linear, HALVES.map(mg)),
    st.builds(LinearIn, st.integers(1, 30)),
    st.builds(PercentOfCurrent, PERCENTS),
    st.builds(PercentOfFirst, PERCENTS),
    st.builds(Hyperbolic, HALVES.map(mg), st.integers(1, 30)),
)
FREE = TaperLimits(min_step_days=1, max_drop_percent=100)


@settings(max_examples=400, deadline=None)
@given(starts(), SHAPES, st.integers(1, 30))
def test_a_shaped_taper_falls_to_nothing_in_tablets_or_is_refused(
    start: TaperStart, shape: Shape, step_days: int
) -> None:
    with suppress(MedschedError):
        taper = shaped(start, shape, step_days=step_days)
        check_invariants(taper, start, FREE)
        assert all(one.days % step_days == 0 for one in taper.steps)
        assert mirrored(mirrored(taper)) == taper


@settings(max_examples=400, deadline=None)
@given(starts(), st.lists(HALVES, min_size=1, max_size=4))
def test_a_written_step_is_made_exactly_or_refused_with_what_can_be_made(
    start: TaperStart, totals: list[Decimal]
) -> None:
    steps = [(mg(one), 7) for one in sorted(set(totals), reverse=True)]
    try:
        taper = explicit(start, steps)
    except TaperRefused as refused:
        for one in refused.nearest:
            assert isinstance(one, Amount)
            check_invariants(explicit(start, [(one, 7)]), start, FREE)
        return
    check_invariants(taper, start, FREE)
    assert [(one.per_day, one.days) for one in taper.steps] == steps


@settings(max_examples=300, deadline=None)
@given(starts(), st.integers(1, 400))
def test_a_day_is_found_whenever_some_doses_make_it_and_refused_with_the_nearest(
    start: TaperStart, quarters: int
) -> None:
    wanted = mg(Decimal(quarters) / 4)
    assume(len(makeable(start.medication)) ** len(start.slots) < 20_000)
    choices = [
        [mg(Decimal(0)), *(one for one in makeable(start.medication) if one <= now)]
        for now in start.slots
        if now is not None
    ]
    days = {per_day(one, start.medication) for one in product(*choices)}
    possible = {one for one in days if one and one < start.per_day}
    if wanted in possible:
        check_invariants(explicit(start, [(wanted, 7)]), start, FREE)
        return
    with pytest.raises(TaperRefused) as refused:
        explicit(start, [(wanted, 7)])
    if wanted not in days:
        below = max((one for one in possible if one < wanted), default=None)
        above = min((one for one in possible if one > wanted), default=None)
        assert refused.value.nearest == tuple(one for one in (below, above) if one is not None)
