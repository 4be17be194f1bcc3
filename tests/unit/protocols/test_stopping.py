"""How the medicine is ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.protocols.files import POLICIES, changed, only_problem, problems_after

from medsched.domain.amount import amount
from medsched.protocols import load
from medsched.protocols.read import read_protocol

if TYPE_CHECKING:
    from medsched.domain.protocol import Stopping

STEPS = """
[[stopping.step]]
daily_total = "50 mg"
length = "7 days"

[[stopping.step]]
daily_total = "25 mg"
length = "14 days"

[[monitoring]]"""


def stopping(*pairs: tuple[str, str]) -> Stopping:
    found = read_protocol(changed(*pairs), file="examplamine.toml", policies=POLICIES).stopping
    assert found is not None
    return found


def test_a_taper_has_its_length_its_steps_and_its_falls() -> None:
    found = stopping()
    assert (found.taper_after_days, found.min_days, found.max_days) == (21, 14, 28)
    assert (found.default_days, found.min_step_days, found.max_drop_percent) == (21, 7, 50)
    assert found.plan == ()


def test_a_published_taper_is_its_steps() -> None:
    assert stopping(("\n[[monitoring]]", STEPS)).plan == (
        (amount("50 mg"), 7),
        (amount("25 mg"), 14),
    )


def test_always_means_after_any_exposure_and_nothing_means_never() -> None:
    assert stopping(('taper_after = "21 days"', 'taper_after = "always"')).taper_after_days == 0
    assert stopping(('taper_after = "21 days"\n', "")).taper_after_days is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'usual_length = "21 days"',
            'usual_length = "30 days"',
            "30 days are not within 14 to 28 days",
        ),
        (
            'usual_length = "21 days"',
            'usual_length = "13 days"',
            "13 days are not within 14 to 28 days",
        ),
        ('min_step = "7 days"', 'min_step = "29 days"', "do not fit into 28 days"),
        ('length = "14-28 days"', 'length = "28-14 days"', "write the shortest first"),
        ('length = "14-28 days"', 'length = "2-4 weeks"', "cannot be used"),
        ('max_drop = "50 %"', "max_drop = 50", "number without a unit"),
        ('taper_after = "21 days"', "taper_after = 21", "number without a unit"),
    ],
)
def test_lengths_that_no_taper_can_have_are_refused(old: str, new: str, words: str) -> None:
    assert words in only_problem((old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('daily_total = "25 mg"\nlength', 'daily_total = "50 mg"\nlength', "does not fall"),
        (
            'length = "14 days"\n\n',
            'length = "30 days"\n\n',
            "the steps last 37 days, not 14 to 28",
        ),
        ('daily_total = "25 mg"\nlength', 'daily_total = "0 mg"\nlength', "a step of nothing"),
        ('daily_total = "25 mg"\nlength', 'daily_total = "25 mcg"\nlength', "is not in mg"),
    ],
)
def test_a_published_taper_falls_and_fits(old: str, new: str, words: str) -> None:
    assert old in STEPS
    assert words in only_problem(("\n[[monitoring]]", STEPS.replace(old, new)))


def test_an_exact_length_is_both_bounds() -> None:
    found = stopping(('length = "14-28 days"', 'length = "21 days"'))
    assert (found.min_days, found.max_days) == (21, 21)


def test_a_medicine_may_say_nothing_about_its_end() -> None:
    assert problems_after(("[stopping]", "[texts2]"))


def test_the_rule_that_speaks_at_any_stop_may_be_another_and_must_exist() -> None:
    assert not stopping().stop_rule
    found = load("milnacipran")[0].stopping
    assert found is not None
    assert (found.stop_rule, found.rule) == ("R13", "R11")
    assert "R99" in only_problem(("[stopping]\n", '[stopping]\nstop_rule = "R99"\n'))
