"""Who may take it, how a plan ends and where it travels, from outside.

Each claim is a person's or a script's: commands in, pages and documents out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from medsched.errors import Exit

if TYPE_CHECKING:
    from tests.command_line import CommandLine

NOW = "2026-02-20 12:00"
STARTED = "2026-02-25 12:00"
PLAN = ("plan", "milnacipran", "--at", "08:00,20:00", "--days", "10")
ORDER = ("--ordered-by", "Dr Gray")


@pytest.fixture
def person(medsched: CommandLine) -> CommandLine:
    """Return the commands of a person in Berlin who has no plan yet."""
    medsched.page("person", "set", "--zone", "Europe/Berlin", at=NOW)
    return medsched


@pytest.fixture
def following(person: CommandLine) -> CommandLine:
    """Return the commands of a person who takes milnacipran from 21 February 2026 on."""
    start = ("start", "milnacipran", "--on", "2026-02-21", "--at", "08:00,20:00", *ORDER)
    person.page(*start, at=NOW)
    return person


def starting(commands: CommandLine, day: str, *more: str) -> int:
    return commands(*PLAN, "--start", day, *more, at=NOW).code


def found(commands: CommandLine, rule: str, at: str = NOW) -> list[Any]:
    """Return the findings of a rule that `check` lists."""
    findings = commands.document("check", at=at)["findings"]
    return [one for one in findings if one["rule"] == rule]


def test_a_day_without_a_time_counts_to_its_end(person: CommandLine) -> None:
    """MAOI last taken on 1 March: 14 and 15 March are refused, 16 March is allowed."""
    person.page("taking", "add", "phenelzine", "--until", "2026-03-01", at=NOW)
    codes = [starting(person, f"2026-03-{day}") for day in (14, 15, 16)]
    assert codes == [Exit.BLOCKED, Exit.BLOCKED, Exit.DONE]
    said = person(*PLAN, "--start", "2026-03-15", at=NOW).err
    assert "R22" in said
    assert "only the day is known: 11:59 PM of it counts" in said
    assert "from Monday 16 March 2026 at 8:00 AM" in said


def test_with_a_time_336_hours_exactly_are_allowed_and_a_minute_less_is_not(
    person: CommandLine,
) -> None:
    person.page("taking", "add", "phenelzine", "--until", "2026-03-01 08:00", at=NOW)
    assert [starting(person, "2026-03-14"), starting(person, "2026-03-15")] == [
        Exit.BLOCKED,
        Exit.DONE,
    ]
    person.page("taking", "add", "phenelzine", "--until", "2026-03-01 08:01", at=NOW)
    assert starting(person, "2026-03-15") == Exit.BLOCKED


def test_an_maoi_may_follow_120_hours_after_the_last_dose(following: CommandLine) -> None:
    """The last dose is on 1 March at 20:00: an MAOI is allowed from 6 March at 20:00."""
    following.page("stop", "1", "--from", "2026-03-02", *ORDER, at=STARTED)
    following.page("taking", "add", "phenelzine", "--from", "2026-03-06 20:00", at=STARTED)
    assert not found(following, "R23", STARTED)
    following.page("taking", "add", "phenelzine", "--from", "2026-03-06 19:59", at=STARTED)
    (issue,) = found(following, "R23", STARTED)
    assert issue["severity"] == "block"
    assert "allowed from Friday 6 March 2026 at 8:00 PM" in issue["message"]


def test_after_the_last_dose_the_end_of_the_washout_is_dated(following: CommandLine) -> None:
    following.page("stop", "1", "--from", "2026-03-02", *ORDER, at=STARTED)
    days = ("--from", "2026-03-01", "--to", "2026-03-10")
    listed = following.document("events", "list", *days, at=STARTED)["events"]
    washout = [one for one in listed if one["kind"] == "washout"]
    assert {(one["day"], one["at"]) for one in washout} == {
        ("2026-03-06", "2026-03-06T20:00:00+01:00")
    }
    assert "washout" in following.page("agenda", *days, at=STARTED)


def test_linezolid_that_is_taken_blocks(person: CommandLine) -> None:
    person.page("taking", "add", "linezolid", "--from", "2026-02-20", at=NOW)
    answer = person(*PLAN, "--start", "2026-02-25", at=NOW)
    assert (answer.code, "R25" in answer.err) == (Exit.BLOCKED, True)


@pytest.mark.parametrize(
    ("clearance", "rule", "last"),
    [("30", "R18", "50"), ("29.5", "R19", "25"), ("29", "R19", "25"), ("5", "I11", "25")],
)
def test_the_kidneys_choose_the_maintenance(
    medsched: CommandLine, clearance: str, rule: str, last: str
) -> None:
    plan = (*PLAN, "--start", "2026-03-15", "--crcl", clearance, "--zone", "Europe/Berlin")
    document = medsched.document(*plan, at=NOW)
    assert document["events"][-1]["amount"] == last
    said = [one["message"] for one in document["findings"] if one["rule"] == rule]
    assert any(f"creatinine clearance {clearance}\u00a0mL per minute" in one for one in said)


def test_below_5_ml_per_minute_nothing_is_planned(medsched: CommandLine) -> None:
    plan = (*PLAN, "--start", "2026-03-15", "--crcl", "4", "--zone", "Europe/Berlin", "--json")
    answer = medsched(*plan, at=NOW)
    assert answer.code == Exit.BLOCKED
    assert json.loads(answer.out)["events"] == []


START = ("start", "milnacipran", "--on", "2026-03-15", "--at", "08:00,20:00")


def test_an_override_needs_a_name_and_is_shown_ever_after(person: CommandLine) -> None:
    person.page("taking", "add", "phenelzine", "--until", "2026-03-05", at=NOW)
    why = ("--override", "seen by both clinics")
    assert person(*START, *ORDER, at=NOW).code == Exit.BLOCKED
    assert "say who ordered it" in person(*START, *why, at=NOW).err
    person.page(*START, *ORDER, *why, at=NOW)
    (issue,) = found(person, "R22")
    assert issue["overruled"]
    page = " ".join(person.page("check", at=NOW).split())
    assert "seen by both clinics" in page
    assert "Dr Gray" in page


@pytest.mark.parametrize(
    "fact",
    [
        ("person", "set", "--end-stage-renal"),
        ("person", "set", "--dialysis"),
        ("taking", "add", "phenelzine"),
    ],
)
def test_the_end_stage_and_a_running_maoi_cannot_be_overruled(
    person: CommandLine, fact: tuple[str, ...]
) -> None:
    person.page(*fact, at=NOW)
    answer = person(*START, *ORDER, "--override", "on purpose", at=NOW)
    assert answer.code == Exit.BLOCKED
    assert person.document("agenda", at=NOW)["doses"] == []


def test_a_fact_that_changes_is_seen_by_the_next_check(following: CommandLine) -> None:
    assert not [one for one in found(following, "R21") if one["severity"] == "block"]
    following.page("person", "set", "--crcl", "4", at=STARTED)
    assert [one["severity"] for one in found(following, "R21", STARTED)][:1] == ["block"]


TOKYO = ("travel", "--to", "Asia/Tokyo", "--from", "2026-03-10 14:00")


def test_a_journey_is_shown_before_it_is_adopted(following: CommandLine) -> None:
    shown = following.document(*TOKYO, at=STARTED)
    assert not shown["adopted"]
    days = ("agenda", "--from", "2026-03-12", "--to", "2026-03-12")
    before = following.document(*days, at=STARTED)
    assert before["doses"][0]["due"] == "2026-03-12T08:00:00+01:00"
    assert following.document(*TOKYO, "--yes", at=STARTED)["adopted"]
    after = following.document(*days, at=STARTED)
    assert after["doses"][0]["due"] == "2026-03-12T08:00:00+09:00"
    (plan,) = shown["plans"]
    assert [one["due"] for one in plan["after"]][-1].endswith("+09:00")
    assert plan["longest_gap_minutes"] >= 6 * 60


def test_a_journey_reaches_a_plan_that_is_to_stop_later(following: CommandLine) -> None:
    following.page("stop", "1", "--from", "2026-03-13", *ORDER, at=STARTED)
    following.page(*TOKYO, "--yes", at=STARTED)
    doses = following.document("agenda", "--from", "2026-03-12", "--to", "2026-03-12", at=STARTED)[
        "doses"
    ]
    assert doses[0]["due"] == "2026-03-12T08:00:00+09:00"


def test_each_kind_of_dated_events_is_switched_off_by_itself(following: CommandLine) -> None:
    days = ("--from", "2026-02-25", "--to", "2026-06-30")

    def kinds() -> set[str]:
        listed = following.document("events", "list", *days, at=STARTED)["events"]
        return {one["kind"] for one in listed}

    before = kinds()
    assert {"mood check-in", "blood pressure and heart rate"} <= before
    following.page("events", "off", "mood check-in", at=STARTED)
    assert kinds() == before - {"mood check-in"}
    following.page("events", "on", "mood check-in", at=STARTED)
    assert kinds() == before


def test_today_says_stop_before_any_dose_when_another_medicine_forbids_it(
    following: CommandLine,
) -> None:
    assert "STOP" not in following.page("today", at=STARTED)
    following.page(
        "taking", "add", "phenelzine", "--class", "maoi", "--from", "2026-02-25", at=STARTED
    )
    page = following.page("today", at=STARTED)
    assert page.index("STOP, call the prescriber before you take any more") < page.index(
        "milnacipran"
    )
    findings = following.document("today", at=STARTED)["findings"]
    assert {one["severity"] for one in findings} == {"block"}
