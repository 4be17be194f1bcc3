"""What is typed wrongly is refused in one line: names, times without a clock, two plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.command_line import CommandLine

START = ("start", "milnacipran", "--on", "2026-12-01", "--zone", "UTC", "--ordered-by")


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "two\nlines"])
def test_a_name_that_no_page_could_show_is_refused(medsched: CommandLine, name: str) -> None:
    line = medsched.refusal(*START, "Dr A", "--person", name, at="2026-11-20 12:00")

    assert "write a name of 1 to 200 signs" in line
    assert len(line) < 400
    assert not medsched.home.exists()


@pytest.mark.parametrize("sign", ["\x1b[31m", "\udcff", "\u202e"])
def test_a_sign_that_is_no_text_is_refused_before_anything_is_done(
    medsched: CommandLine, sign: str
) -> None:
    line = medsched.refusal(*START, f"Dr {sign}", at="2026-11-20 12:00", code=2)

    assert "cannot be shown" in line
    assert not medsched.home.exists()


@pytest.mark.parametrize("when", ["2026-12-01", "yesterday", "today", ""])
def test_a_day_without_a_clock_time_is_no_time_at_which_a_dose_was_taken(
    followed: CommandLine, when: str
) -> None:
    """Midnight would settle the evening dose of the day before."""
    line = followed.refusal("take", "--at", when, at="2026-12-02 09:00", code=2)

    assert "at " in line
    assert followed.document("history")["history"] == []


def test_the_medicine_alone_means_the_plan_that_runs(medsched: CommandLine) -> None:
    medsched.page(*START, "Dr A", at="2026-11-20 12:00")
    medsched.page(
        "stop", "1", "--from", "2027-01-10", "--over", "14d", "--ordered-by", "Dr A",
        at="2027-01-09 12:00",
    )  # fmt: skip
    medsched.page(
        "start", "milnacipran", "--on", "2027-03-01", "--ordered-by", "Dr A", at="2027-02-28 12:00"
    )

    document = medsched.document("take", "milnacipran", at="2027-03-01 08:05")

    assert document["dose"]["prescription"] == "2"
