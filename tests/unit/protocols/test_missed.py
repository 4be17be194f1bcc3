"""A missed-dose policy is named, or written out with all its numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.protocols.files import POLICIES, changed, only_problem, problems_after

from medsched.domain.missed_policy import (
    AfterLate,
    Basis,
    GapAction,
    GapRule,
    LateWindow,
    Measure,
    MissedPolicy,
    MissedStep,
    RollingLimit,
)
from medsched.protocols.read import read_protocol

NAMED = 'policy = "default_bid"'

WRITTEN = """basis = "clock"
min_gap = "6 hours"
max_gap = "18 hours"
most_at_once = 1
most_a_day = 2
after_late = "keep"
call_after_missed = 2
time_critical = "30 minutes"
beyond = "call"
record_for_review = true
daily_target = "100 mg"
not_for = ["Otherone"]
assumption = true
sources = ["label"]
rolling = { most_doses = 2, most = "200 mg", in = "18 hours" }
late.measure = "to next"
late.at_most = "12 hours"
late.at_most_once_daily = "14 hours"
late.of_interval = "50 %"
late.more_than_before_next = "6 hours"
late.missed_after = "1 hour"
gap = [
  { more_than = "72 hours", action = "call before resume", text = "Ask first." },
  { more_than_half_lives = 5, half_life = { none = "25.4 hours", slow = "70 hours" },\
 action = "restart titration", text = "Begin again." },
]
step = [{ missed_at_least = 2, most_at_once = 2, text = "Take one." }]
"""


def written(*pairs: tuple[str, str]) -> MissedPolicy:
    text = changed((NAMED, changed(*pairs, text=WRITTEN)))
    return read_protocol(text, file="examplamine.toml", policies=POLICIES).missed


def refused(old: str, new: str) -> str:
    return only_problem((NAMED, changed((old, new), text=WRITTEN)))


def test_every_field_of_a_policy_can_be_written() -> None:
    assert written() == MissedPolicy(
        id="R02",
        rule="R02",
        basis=Basis.CLOCK,
        late=LateWindow(
            measure=Measure.TO_NEXT,
            max_hours=Decimal(12),
            max_hours_once_daily=Decimal(14),
            fraction=Decimal("0.5"),
            min_remaining_hours=Decimal(6),
            strict=True,
            missed_after_hours=Decimal(1),
        ),
        min_gap_hours=Decimal(6),
        max_gap_hours=Decimal(18),
        max_units_at_once=1,
        max_doses_per_dosing_day=2,
        rolling=RollingLimit(window_hours=Decimal(18), max_doses=2, max_amount_mg=Decimal(200)),
        after_late=AfterLate.KEEP,
        call_after_consecutive=2,
        gaps=(
            GapRule(
                action=GapAction.CALL_BEFORE_RESUME,
                text="Ask first.",
                more_than_hours=Decimal(72),
            ),
            GapRule(
                action=GapAction.RESTART_TITRATION,
                text="Begin again.",
                more_than_half_lives=Decimal(5),
                half_life_hours=(("none", Decimal("25.4")), ("slow", Decimal(70))),
            ),
        ),
        steps=(MissedStep(at_least=2, text="Take one.", max_units=2),),
        time_critical_minutes=30,
        beyond="call",
        record_for_review=True,
        daily_target_mg=Decimal(100),
        not_for=("Otherone",),
        assumption=True,
        sources=("label",),
    )


def test_at_least_before_the_next_dose_is_not_strict() -> None:
    found = written(("late.more_than_before_next", "late.at_least_before_next"))
    assert not found.late.strict


def test_a_named_policy_carries_out_the_rule_of_the_file() -> None:
    found = read_protocol(changed(), file="examplamine.toml", policies=POLICIES).missed
    assert (found.id, found.rule) == ("default_bid", "R02")


def test_an_unknown_policy_is_refused_with_the_nearest() -> None:
    assert "use default_bid" in only_problem((NAMED, 'policy = "default-bid"'))


def test_a_policy_is_named_or_written_out_and_never_both() -> None:
    assert problems_after((NAMED, f'{NAMED}\nmin_gap = "6 hours"'))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('basis = "clock"\n', "", "basis: is missing"),
        ('min_gap = "6 hours"', "min_gap = 6", "number without a unit"),
        ('late.more_than_before_next = "6 hours"\n', "", "to next needs it"),
        ('late.measure = "to next"', 'late.measure = "from_due"', "use from due"),
        (
            'late.more_than_before_next = "6 hours"',
            'late.more_than_before_next = "6 hours"\nlate.at_least_before_next = "6 hours"',
            "use one of them",
        ),
        (
            'late.at_most_once_daily = "14 hours"',
            'late.at_most_once_daily = "8 hours"',
            "less than at_most",
        ),
        ('most_doses = 2, most = "200 mg", ', "", "give most_doses, most, or both"),
        ('most = "200 mg"', 'most = "0.2 g"', "write it in mg"),
        (
            'more_than = "72 hours"',
            'more_than = "72 hours", at_least = "72 hours"',
            "use one of them",
        ),
        ('more_than = "72 hours", ', "", "does not say how long the gap is"),
        (
            'more_than = "72 hours"',
            'more_than = "72 hours", half_life = { none = "1 hour" }',
            "belong together",
        ),
        ('none = "25.4 hours", ', "", "half_life.none: is missing"),
        ('action = "call before resume"', 'action = "skip"', "use call before resume"),
        ("most_at_once = 1\n", "most_at_once = 9\n", "use 1 to 4"),
    ],
)
def test_a_policy_that_leaves_something_open_is_refused(old: str, new: str, words: str) -> None:
    assert words in refused(old, new)


def test_a_window_from_due_needs_its_limit() -> None:
    bare = 'basis = "clock"\nlate.measure = "from due"'
    assert "from due needs a limit" in only_problem((NAMED, bare))


def test_a_policy_says_until_when_a_late_dose_may_be_taken() -> None:
    assert "late: is missing" in only_problem((NAMED, 'basis = "clock"'))
