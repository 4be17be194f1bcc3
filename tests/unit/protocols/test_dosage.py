"""How much, at which times: each said in exactly one way."""

from __future__ import annotations

import pytest
from tests.unit.protocols.files import OWN, POLICIES, changed, problems_of

from medsched.domain.amount import amount
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AsNeeded,
    DosePerSlot,
    DosePerWeekday,
    EveryHours,
    OnDays,
    SingleDose,
)
from medsched.protocols.read import read_protocol

TEN = amount("10 mg")
TWENTY = amount("20 mg")


def phase_of(keys: str) -> object:
    text = changed(('times_a_day = 1\ndose = "40 mg"', keys), text=OWN)
    return read_protocol(text, file="mine.toml", policies=POLICIES).regimens[0].phases[0].dosage


def problem(keys: str) -> str:
    text = changed(('times_a_day = 1\ndose = "40 mg"', keys), text=OWN)
    found = problems_of(text, file="mine.toml")
    assert found
    return " | ".join(found).replace("\u00a0", " ")


def test_an_amount_for_each_time_of_the_day_where_nothing_is_a_pause() -> None:
    found = phase_of('times_a_day = 3\ndoses = ["10 mg", "0 mg", "20 mg"]')
    assert isinstance(found, OnDays)
    assert found.doses == DosePerSlot((TEN, None, TWENTY))


def test_amounts_in_turn() -> None:
    found = phase_of('times_a_day = 1\nalternating = ["10 mg", "20 mg", "0 mg"]')
    assert isinstance(found, OnDays)
    assert found.doses == AlternatingDose((TEN, TWENTY, None))


def test_an_amount_for_each_weekday() -> None:
    found = phase_of('times_a_day = 1\nby_weekday = { monday = "10 mg", sunday = "20 mg" }')
    assert isinstance(found, OnDays)
    assert found.doses == DosePerWeekday((TEN, None, None, None, None, None, TWENTY))


def test_some_of_the_times_only() -> None:
    found = phase_of('moments = ["morning", "noon", "bedtime"]\nslots = [1, 3]\ndose = "10 mg"')
    assert isinstance(found, OnDays)
    assert found.slots == (1, 3)


@pytest.mark.parametrize(
    ("keys", "dosage"),
    [
        ('every_hours = 8\ndose = "10 mg"', EveryHours(hours=8, amount=TEN)),
        ('after_last_dose_hours = 6\ndose = "10 mg"', AfterLastDose(hours=6, amount=TEN)),
        ('single_dose = true\ndose = "10 mg"', SingleDose(amount=TEN)),
        (
            (
                'as_needed = { at_least_apart = "4 hours", most_doses = 4, in = "24 hours", '
                'most = "40 mg", reason = "pain" }\ndose = "10 mg"'
            ),
            AsNeeded(
                amount=TEN,
                min_gap_hours=4,
                most_doses=4,
                window_hours=24,
                most_amount=amount("40 mg"),
                reason="pain",
            ),
        ),
    ],
)
def test_doses_that_do_not_sit_on_days(keys: str, dosage: object) -> None:
    assert phase_of(keys) == dosage


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("times_a_day = 1", "does not say how much"),
        ("times_a_day = 1\ndose = 10", "a number without a unit"),
        ("times_a_day = 1\ndose = 12.5", "a number without a unit"),
        ('times_a_day = 1\ndose = "10"', "write a number and a unit"),
        ('times_a_day = 1\ndose = "10 mgs"', "use one of the units"),
        ('times_a_day = 1\ndose = "1,5 mg"', "write digits and a point"),
        ('times_a_day = 1\ndose = "10 mg a day"', "write a number and a unit"),
        ('times_a_day = 1\ndose = "0 mg"', "is nothing"),
        ('times_a_day = 1\ndose = "10 mcg"', "not in mg"),
        ('times_a_day = 1\ndose = "15 mg"', "use 10 mg or 20 mg"),
        ('times_a_day = 1\ndose = "10 mg"\ndoses = ["10 mg"]', "use one of them"),
        ('times_a_day = 2\ndoses = ["10 mg"]', "holds 1 amounts for 2 times"),
        ('times_a_day = 2\ndoses = ["0 mg", "0 mg"]', "no dose at all"),
        ('times_a_day = 1\nalternating = ["0 mg"]', "no dose at all"),
        ("times_a_day = 1\nby_weekday = {}", "no dose at all"),
        ('times_a_day = 1\nby_weekday = { Monday = "10 mg" }', "use monday"),
        (
            'times_a_day = 1\nevery_days = 2\nby_weekday = { monday = "10 mg" }',
            "leave out the other",
        ),
        ('times_a_day = 2\nslots = [3]\ndose = "10 mg"', "names time 3 of 2"),
        ('times_a_day = 2\nslots = [2, 1]\ndose = "10 mg"', "rising order"),
        (
            'every_hours = 8\nweekdays = ["monday"]\ndose = "10 mg"',
            "cannot stand beside every_hours",
        ),
        ('every_hours = 8\ndoses = ["10 mg"]\ndose = "10 mg"', "cannot stand beside every_hours"),
        ('every_hours = 0\ndose = "10 mg"', "use 1 to"),
        ('single_dose = false\ndose = "10 mg"', "leave it out"),
        ('as_needed = { most_doses = 4 }\ndose = "10 mg"', "at_least_apart: is missing"),
        (
            (
                'as_needed = { at_least_apart = "4 hours", most_doses = 4, in = "1 day", '
                'most = "4 g" }\ndose = "10 mg"'
            ),
            "as_needed.most: 4 g is not in mg",
        ),
    ],
)
def test_what_does_not_say_one_thing_is_refused(keys: str, words: str) -> None:
    assert words in problem(keys)


def test_a_hold_has_no_doses() -> None:
    hold = '\n[[phase]]\nkind = "hold"\nlength = "3 days"\n'
    found = read_protocol(OWN + hold, file="mine.toml", policies=POLICIES)
    assert found.regimens[0].phases[1].dosage is None
    found_problems = problems_of(OWN + hold + 'dose = "10 mg"\n', file="mine.toml")
    assert found_problems == ["phase[2].dose: cannot stand in a hold, which has no doses"]
