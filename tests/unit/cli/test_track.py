"""`track`: whether what is taken of a plan is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.command_line import CommandLine

START = ("start", "milnacipran", "--on", "2026-12-01", "--zone", "UTC", "--ordered-by", "Dr A")


def test_a_plan_is_recorded_from_now_on_or_no_more(medsched: CommandLine) -> None:
    medsched.page(*START, at="2026-11-20 12:00")

    on = medsched.document("track", "1", "--on", at="2026-12-01 07:00")
    off = medsched.page("track", "milnacipran", "--off", at="2026-12-01 07:00")

    assert on == {"prescription": "1", "tracked": True}
    assert off == "milnacipran: not recorded. No dose counts as missed, and nothing asks.\n"


def test_it_is_said_on_or_off(medsched: CommandLine) -> None:
    medsched.page(*START, at="2026-11-20 12:00")

    assert "--on" in medsched.refusal("track", "1", code=2)
