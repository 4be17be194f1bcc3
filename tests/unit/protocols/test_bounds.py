"""Phases follow one another without hole or overlap, from day 1 to an open or a fixed end."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.protocols.files import (
    OWN,
    POLICIES,
    only_problem,
    problems_after,
    problems_of,
)

from medsched.domain.timing import ForDays, ForDoses, UntilDay, UntilTold
from medsched.errors import InvalidValue
from medsched.protocols.bounds import day_range, length
from medsched.protocols.read import read_protocol


def own(*lengths: str) -> str:
    head = OWN[: OWN.index("[[phase]]")]
    return head + "\n".join(f'[[phase]]\n{one}\ntimes_a_day = 1\ndose = "10 mg"' for one in lengths)


def bounds(*lengths: str) -> list[object]:
    protocol = read_protocol(own(*lengths), file="mine.toml", policies=POLICIES)
    return [phase.bounds for phase in protocol.regimens[0].phases]


def test_each_way_to_say_how_long() -> None:
    assert bounds('days = "1-3"', 'days = "4"', 'length = "2 weeks"', 'length = "until told"') == [
        ForDays(3),
        ForDays(1),
        ForDays(14),
        UntilTold(),
    ]
    assert bounds('length = "21 doses"', "until = 2026-12-31") == [
        ForDoses(21),
        UntilDay(date(2026, 12, 31)),
    ]


def test_days_may_follow_a_length() -> None:
    assert bounds('length = "3 days"', 'days = "4-"') == [ForDays(3), UntilTold()]


@pytest.mark.parametrize(
    "text", ["0", "0-3", "3-1", "1-2-3", "one", "-4", "1 - 2", "99999", "4000"]
)
def test_a_text_that_is_no_stretch_of_days_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="cannot be used"):
        day_range(text)


@pytest.mark.parametrize("text", ["0 days", "0 doses", "forever", "1.5 days", "14"])
def test_a_text_that_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="cannot be used"):
        length(text)


def test_the_first_phase_begins_on_day_1() -> None:
    lines = problems_after(('days = "1"', 'days = "2"'), ('days = "2-7"', 'days = "3-7"'))
    assert lines == ["regimen[1].phase[1].days: day 2: the first phase begins on day 1"]


def test_a_hole_between_phases_is_refused_and_only_once() -> None:
    line = only_problem(('days = "2-7"', 'days = "3-7"'))
    assert line == "regimen[1].phase[2].days: days 3-7: leaves a hole after day 1; begin with day 2"


def test_an_overlap_is_refused() -> None:
    line = only_problem(('days = "8-"', 'days = "7-"'))
    assert line == "regimen[1].phase[3].days: days 7-: overlaps days 2-7; begin with day 8"


def test_only_the_last_phase_of_a_track_may_be_open() -> None:
    line = only_problem(('days = "2-7"', 'days = "2-"'))
    assert line.startswith("regimen[1].phase[3]: follows days 2-, which has no end")


def test_a_hole_after_a_phase_with_another_mistake_is_still_named() -> None:
    lines = problems_after(
        ('times_a_day = 2\ndose = "25 mg"', 'times_a_day = 2\ndose = "26 mg"'),
        ('days = "8-"', 'days = "9-"'),
    )
    assert any("leaves a hole" in line for line in lines)


@pytest.mark.parametrize(
    ("lengths", "words"),
    [
        (('length = "21 doses"', 'days = "8-"'), "use length"),
        (('days = "1-3"\nlength = "3 days"',), "use one of them"),
        (('title = "x"',), "does not say how long"),
        (('length = "until told"', 'length = "3 days"'), "which has no end"),
        (("starts = 2026-02-01\nuntil = 2026-01-01",), "is before 2026-02-01"),
        (
            ('starts = 2026-02-01\nlength = "1 day"', 'starts = 2026-02-01\nlength = "1 day"'),
            "is not after",
        ),
        (('length = "3 days"\nstarts = "2026-01-01"',), "write a date"),
    ],
)
def test_lengths_that_contradict_are_refused(lengths: tuple[str, ...], words: str) -> None:
    assert words in " | ".join(problems_of(own(*lengths), file="mine.toml"))


def test_an_open_phase_may_end_where_a_dated_one_starts() -> None:
    assert (
        problems_of(
            own('length = "until told"', 'starts = 2026-05-01\nlength = "3 days"'), "mine.toml"
        )
        == []
    )


def test_fixed_dates_are_for_own_regimens_only() -> None:
    lines = problems_after(('days = "8-"', "until = 2026-12-31"))
    assert any("own regimen" in line for line in lines)
    assert any(
        "own regimen" in one
        for one in problems_after(('days = "1"', 'days = "1"\nstarts = 2026-01-01'))
    )


def test_two_tracks_run_side_by_side_from_day_1() -> None:
    second = 'track = 1\ndays = "1-"'
    assert len(bounds('days = "1-"', second)) == 2


def test_a_single_dose_needs_no_length() -> None:
    text = own("").replace("times_a_day = 1", "single_dose = true")
    assert problems_of(text, "mine.toml") == []
