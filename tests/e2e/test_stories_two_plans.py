"""Two plans of one person: what one holds is known when the other begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.command_line import CommandLine

NOW = "2026-11-20 09:00"
ORDERED = ("--ordered-by", "Dr Gray")
FIRST = ("start", "milnacipran", "--on", "2026-11-21", "--zone", "Europe/Berlin", *ORDERED)
AGAIN = ("start", "milnacipran", "--on", "2026-11-28", *ORDERED)

OWN = """own = true
[medication]
name = "{name}"
form = "tablet"
strengths = ["10 mg"]
[[phase]]
days = "1-"
times_a_day = 2
dose = "10 mg"
"""


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], str]:
    """Return a file of a person's own regimen of a medicine, about which it knows no rules."""

    def written(name: str) -> str:
        path = tmp_path / f"{name}.toml"
        path.write_text(OWN.format(name=name), encoding="utf-8")
        return str(path)

    return written


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


def test_the_rules_of_a_plan_that_runs_stop_a_new_one_that_has_none(
    medsched: CommandLine, own: Callable[[str], str]
) -> None:
    medsched.page(*FIRST, at=NOW)
    start = ("start", own("linezolid"), "--on", "2026-11-28", *ORDERED)

    assert "R25" in medsched.refusal(*start, at=NOW, code=3)

    looked = medsched("plan", own("linezolid"), "--start", "2026-11-28", at=NOW)
    assert looked.code == 3


def test_who_overrules_it_at_the_start_is_not_told_to_stop_every_day(
    medsched: CommandLine, own: Callable[[str], str]
) -> None:
    medsched.page(*FIRST, at=NOW)
    start = ("start", own("linezolid"), "--on", "2026-11-28", *ORDERED)
    medsched.page(*start, "--override", "in hospital, watched", at=NOW)

    told = medsched.document("today", at="2026-11-29 07:00")
    found = medsched.document("check", at="2026-11-29 07:00")["findings"]

    assert told["findings"] == []
    assert [one["rule"] for one in found if one["severity"] == "block"] == ["R25"]
    medsched.page("change", "1", "--at", "09:00,21:00", *ORDERED, at="2026-11-29 22:00")


def test_who_overrules_a_second_plan_of_one_medicine_is_not_told_to_stop_every_day(
    medsched: CommandLine,
) -> None:
    medsched.page(*FIRST, at=NOW)
    medsched.page(*AGAIN, "--override", "two strengths, as ordered", at=NOW)

    told = medsched.document("today", at="2026-11-29 07:00")
    found = medsched.document("check", at="2026-11-29 07:00")["findings"]

    assert told["findings"] == []
    assert len([one for one in found if one["rule"] == "duplicate-ingredient"]) == 2


def test_an_maoi_that_no_rules_come_with_is_stopped_and_no_order_lifts_it(
    medsched: CommandLine, own: Callable[[str], str]
) -> None:
    medsched.page(*FIRST, at=NOW)
    start = ("start", own("phenelzine"), "--on", "2026-11-28", *ORDERED)

    assert "R24" in medsched.refusal(*start, "--override", "ordered", at=NOW, code=3)


@pytest.mark.parametrize(("day", "code"), [("2026-12-05", 3), ("2026-12-06", 0)])
def test_an_maoi_begins_five_days_after_the_last_dose_and_not_before(
    medsched: CommandLine, own: Callable[[str], str], day: str, code: int
) -> None:
    """The last dose is on 30 November at 20:00: 5 December at 20:00 is the first instant."""
    medsched.page(*FIRST, at=NOW)
    medsched.page("stop", "1", "--from", "2026-12-01", *ORDERED, at="2026-11-30 09:00")

    answer = medsched("start", own("phenelzine"), "--on", day, *ORDERED, at="2026-11-30 10:00")

    assert answer.code == code, answer


def test_a_draft_that_meets_another_plan_meanwhile_is_not_confirmed(
    medsched: CommandLine, own: Callable[[str], str]
) -> None:
    medsched.page(
        "start", own("linezolid"), "--on", "2026-11-28", "--zone", "Europe/Berlin", at=NOW
    )
    medsched.page(*FIRST, at=NOW)

    assert "R25" in medsched.refusal("confirm", "1", *ORDERED, at=NOW, code=3)


def test_a_plan_that_waits_goes_on_only_when_nothing_stops_it(medsched: CommandLine) -> None:
    medsched.page(*FIRST, "--tracked", at=NOW)
    medsched.page("taking", "add", "linezolid", "--from", "2026-11-25", at="2026-11-25 09:00")

    assert "R25" in medsched.refusal("confirm", "1", *ORDERED, at="2026-11-26 09:00", code=3)


def test_a_plan_that_a_finding_stops_is_not_advised_to_be_taken(medsched: CommandLine) -> None:
    """The page says to stop; the line of the dose must not say to take it."""
    medsched.page(*FIRST, at=NOW)
    at = "2026-11-28 08:10"
    medsched.page("taking", "add", "linezolid", "--from", "2026-11-27", at=at)

    told = medsched.document("today", at=at)

    assert [one["rule"] for one in told["findings"]] == ["R25"]
    first = told["doses"][0] if told["doses"][0]["day"] == "2026-11-28" else told["doses"][1]
    assert first["advice"]["action"] == "ask"
    assert "TAKE" not in medsched.page("today", at=at)
    assert "TAKE" not in medsched.page("agenda", at=at)
