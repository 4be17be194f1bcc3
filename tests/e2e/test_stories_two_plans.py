"""Two plans of one person: what one holds is known when the other begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.command_line import CommandLine

NOW = "2026-11-20 09:00"
ORDERED = ("--ordered-by", "Dr Gray")
FIRST = ("start", "milnacipran", "--on", "2026-11-21", "--zone", "Europe/Berlin", *ORDERED)
AGAIN = ("start", "milnacipran", "--on", "2026-11-28", *ORDERED)


def test_a_second_plan_of_one_medicine_is_blocked_and_not_stored(medsched: CommandLine) -> None:
    """Two plans would ask for two tablets at each of the same times."""
    medsched.page(*FIRST, at=NOW)

    line = medsched.refusal(*AGAIN, at=NOW, code=3)

    assert "double dose" in line
    doses = medsched.document("agenda", "--from", "2026-11-29", "--to", "2026-11-29", at=NOW)
    assert len(doses["doses"]) == 2


def test_looking_at_a_second_plan_says_that_it_would_double(medsched: CommandLine) -> None:
    medsched.page(*FIRST, at=NOW)

    answer = medsched("plan", "milnacipran", "--start", "2026-11-28", at=NOW)

    assert answer.code == 3
    assert "double dose" in answer.err


def test_a_medicine_may_begin_again_after_its_plan_has_ended(medsched: CommandLine) -> None:
    medsched.page(*FIRST, at=NOW)
    medsched.page("stop", "1", "--from", "2026-12-01", *ORDERED, at="2026-11-30 09:00")

    medsched.page("start", "milnacipran", "--on", "2026-12-05", *ORDERED, at="2026-12-04 09:00")


def test_two_medicines_that_act_together_are_warned_of_at_the_start(
    medsched: CommandLine,
) -> None:
    medsched.page(*FIRST, at=NOW)

    document = medsched.document("start", "sertraline", "--on", "2026-11-28", *ORDERED, at=NOW)

    said = [one["message"] for one in document["findings"] if one["severity"] == "warn"]
    assert any("milnacipran" in one for one in said), document["findings"]


def test_another_person_may_have_the_same_medicine(medsched: CommandLine) -> None:
    medsched.page(*FIRST, "--person", "Anna", at=NOW)

    medsched.page(*FIRST, "--person", "Bert", at=NOW)
