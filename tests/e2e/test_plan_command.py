"""`medsched plan`: the dosing calendar of milnacipran, from outside."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.command_line import CommandLine

PLAN = (
    "plan", "milnacipran", "--start", "2026-03-02", "--days", "28",
    "--zone", "America/New_York", "--at", "08:00,20:00",
)  # fmt: skip
NOW = "2026-02-20 12:00"


def milligrams(document: Any) -> Decimal:
    return sum((Decimal(one["amount"]) for one in document["events"]), Decimal())


def test_four_weeks_have_the_doses_of_the_titration_pack(medsched: CommandLine) -> None:
    document = medsched.document(*PLAN, at=NOW)

    by_day = Counter(one["day"] for one in document["events"])
    counts = [by_day[day] for day in sorted(by_day)]
    assert counts == [1] + [2] * 27
    assert (sum(counts[1:3]), sum(counts[3:7])) == (4, 8)
    assert document["totals"] == {"doses": 55, "tablets": {"12.5": 5, "25": 8, "50": 42}}
    assert milligrams(document) == Decimal("2362.5")
    assert document["findings"]


def test_each_dose_keeps_its_clock_time_when_the_clocks_change(medsched: CommandLine) -> None:
    document = medsched.document(*PLAN, at=NOW)

    first = document["events"][0]
    assert first["due"] == "2026-03-02T08:00:00-05:00"
    sunday = [one["due"] for one in document["events"] if one["day"] == "2026-03-08"]
    assert sunday == ["2026-03-08T08:00:00-04:00", "2026-03-08T20:00:00-04:00"]
    assert {one["due"][11:16] for one in document["events"]} == {"08:00", "20:00"}


def test_the_steps_are_dated_and_the_last_one_is_open(medsched: CommandLine) -> None:
    phases = medsched.document(*PLAN, at=NOW)["phases"]

    assert [(one["kind"], one["from"], one["to"], one["per_day"]) for one in phases] == [
        ("titration", "2026-03-02", "2026-03-02", "12.5"),
        ("titration", "2026-03-03", "2026-03-04", "25"),
        ("titration", "2026-03-05", "2026-03-08", "50"),
        ("maintenance", "2026-03-09", None, "100"),
    ]


@pytest.mark.parametrize("clearance", ["29", "29.5"])
def test_a_severe_kidney_impairment_stops_the_way_up_at_25_mg(
    medsched: CommandLine, clearance: str
) -> None:
    document = medsched.document(*PLAN, "--crcl", clearance, at=NOW)

    assert len(document["events"]) == 55
    assert milligrams(document) == Decimal("1312.5")
    assert max(Decimal(one["amount"]) for one in document["events"]) == 25


def test_a_moderate_kidney_impairment_changes_no_dose_and_warns(medsched: CommandLine) -> None:
    document = medsched.document(*PLAN, "--crcl", "30", at=NOW)

    usual = medsched.document(*PLAN, at=NOW)
    assert document["events"] == usual["events"]
    assert any(one["severity"] == "warn" for one in document["findings"])


def test_an_end_stage_kidney_is_a_block_that_shows_no_doses(medsched: CommandLine) -> None:
    answer = medsched(*PLAN, "--crcl", "4", at=NOW)

    assert answer.code == 3
    assert "[ ]" not in answer.out
    assert answer.err.startswith("medsched: blocked: R21")


def test_a_block_in_json_is_still_one_document(medsched: CommandLine) -> None:
    import json

    answer = medsched(*PLAN, "--crcl", "4", "--json", at=NOW)

    document = json.loads(answer.out)
    assert answer.code == 3
    assert document["events"] == []
    assert any(one["severity"] == "block" for one in document["findings"])


def test_a_start_after_the_morning_gives_one_dose_in_the_evening(medsched: CommandLine) -> None:
    choices = ("--zone", "Europe/Berlin", "--at", "08:00,20:00", "--days", "2")
    document = medsched.document(
        "plan", "milnacipran", "--start", "2026-12-01 10:00", *choices, at=NOW
    )

    assert [one["due"][:16] for one in document["events"]] == [
        "2026-12-01T20:00",
        "2026-12-02T08:00",
        "2026-12-02T20:00",
    ]
    assert {one["amount"] for one in document["events"]} == {"12.5"}


def test_a_start_today_leaves_out_the_times_that_are_over(medsched: CommandLine) -> None:
    choices = ("--zone", "Europe/Berlin", "--at", "08:00,20:00", "--days", "1")
    document = medsched.document(
        "plan", "milnacipran", "--start", "today", *choices, at="2026-12-01 09:00"
    )

    assert [one["due"][:16] for one in document["events"]] == ["2026-12-01T20:00"]


def test_a_running_plan_moves_in_on_its_therapy_day(medsched: CommandLine) -> None:
    document = medsched.document(*PLAN, "--day", "30", at=NOW)

    assert {one["amount"] for one in document["events"]} == {"50"}
    assert len(document["events"]) == 56
    assert "day 30 " in medsched.page(*PLAN, "--day", "30", at=NOW)


def test_no_zone_means_the_machines_own_and_that_is_said(medsched: CommandLine) -> None:
    answer = medsched.outside("plan", "milnacipran", "--start", "2026-12-01", "--days", "1", at=NOW)

    assert answer.code == 0, answer
    assert "No time zone was given: this machine's own, UTC, is assumed." in answer.out


def test_showing_a_plan_stores_nothing(medsched: CommandLine) -> None:
    medsched.page(*PLAN, at=NOW)

    assert not medsched.home.exists()


def test_a_calendar_file_is_written_for_its_owner_and_stays_the_same(
    medsched: CommandLine, tmp_path: Path
) -> None:
    first, second = tmp_path / "one.ics", tmp_path / "two.ics"

    medsched.page(*PLAN, "--ics", str(first), at=NOW)
    medsched.page(*PLAN, "--ics", str(second), at="2026-02-21 09:00")

    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().count(b"BEGIN:VEVENT") == 55
    assert first.stat().st_mode & 0o777 == 0o600
