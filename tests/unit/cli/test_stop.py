"""`stop` on the command line: which way down, from which tablets, shown before it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-12-15 12:00"
ORDER = ("--ordered-by", "Dr Gray")
STOP = ("stop", "1", "--from", "2026-12-20")


@pytest.fixture
def running(tmp_path: Path) -> CommandLine:
    """Return the commands of somebody who has taken 100 mg a day for weeks."""
    commands = CommandLine(tmp_path / "home")
    start = ("start", "milnacipran", "--on", "2026-10-01", "--zone", "Europe/Berlin", *ORDER)
    commands.page(*start, at="2026-09-20 12:00")
    return commands


def way_down(document: dict[str, object]) -> list[tuple[str, str]]:
    """Return the amount a day and the first day of each step of the taper."""
    phases = document["phases"]
    assert isinstance(phases, list)
    return [(one["per_day"], one["from"]) for one in phases if one["kind"] == "taper"]


@pytest.mark.parametrize(
    ("options", "amounts"),
    [
        (("--taper", "best"), ["50", "25", "12.5"]),
        (("--taper", "linear", "--by", "25 mg"), ["75", "50", "25"]),
        (("--taper", "linear", "--steps", "4", "--over", "28d"), ["75", "50", "25"]),
        (("--taper", "percent", "--percent", "50%", "--over", "4w"), ["50", "25", "12.5"]),
        (("--taper", "percent-of-first", "--percent", "25"), ["75", "50", "25"]),
        (
            ("--taper", "hyperbolic", "--half-maximum", "100 mg", "--steps", "3", "--over", "14d"),
            ["50", "25"],
        ),
        (("--strengths", "25 mg, 50 mg"), ["50", "25"]),
        (("--on-hand", "25,50"), ["50", "25"]),
    ],
)
def test_each_way_down_can_be_asked_for(
    running: CommandLine, options: tuple[str, ...], amounts: list[str]
) -> None:
    document = running.document(*STOP, *options, *ORDER, at=NOW)
    assert [one for one, _day in way_down(document)] == amounts
    assert way_down(document)[0][1] == "2026-12-20"
    assert (document["status"], document["stored"]) == ("active", True)


def test_only_the_strengths_that_are_there_make_the_doses(running: CommandLine) -> None:
    document = running.document(*STOP, "--strengths", "12.5 mg, 25 mg", "--preview", at=NOW)
    taper = [one for one in document["events"] if one["phase"]["kind"] == "taper"]
    used = {piece["strength"] for one in taper for piece in one["tablets"]}
    assert used <= {"12.5", "25"}


def test_a_preview_shows_the_way_down_with_its_tablets_and_stores_nothing(
    running: CommandLine,
) -> None:
    page = " ".join(running.page(*STOP, "--preview", *ORDER, at=NOW).split())
    assert "Shown only: nothing is stored." in page
    assert "take 1 tablet (25 mg) by mouth twice a day at 08:00 and 20:00, from Sunday" in page
    assert running.document(*STOP, "--preview", at=NOW)["stored"] is False

    assert running.document("diff", "1", "1", "1", at=NOW)["diff"]["changed"] == []
    line = running.refusal("confirm", "1", *ORDER, at=NOW)
    assert "has no draft" in line


def test_every_amendment_can_be_looked_at_first(running: CommandLine) -> None:
    for command in (
        ("hold", "1", "--days", "2"),
        ("step-back", "1"),
        ("change", "1", "--at", "09:00,21:00"),
    ):
        assert running.document(*command, "--preview", at=NOW)["stored"] is False
    doses = running.document("agenda", "--from", "2026-12-16", "--to", "2026-12-20", at=NOW)
    assert {one["status"] for one in doses["doses"]} == {"upcoming"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--taper", "linear"), "linear with no number cannot be used; say --by '25 mg'"),
        (("--taper", "linear", "--by", "25 mg", "--steps", "3"), "say --by '25 mg', or --steps"),
        (("--taper", "linear", "--by", "30 mg"), "70 mg a day cannot be made from"),
        (("--taper", "linear", "--by", "25 mcg"), "use one unit"),
        (("--taper", "linear", "--by", "much"), "by: "),
        (("--taper", "linear", "--steps", "0"), "steps: 0 cannot be used"),
        (("--taper", "percent", "--percent", "0"), "use a number from 1 to 100"),
        (("--taper", "percent", "--percent", "nan"), "use a number from 1 to 100"),
        (("--taper", "percent", "--percent", "25", "--over", "21d"), "keep each step for at least"),
        (("--taper", "hyperbolic", "--steps", "4"), "say --half-maximum '10 mg' --steps 5"),
        (("--percent", "10"), "name how it falls: --taper linear"),
        (("--every", "7d"), "name a --taper for its steps"),
        (("--every", "7d", "--over", "21d", "--taper", "linear", "--steps", "4"), "not both"),
        (("--strengths", "30 mg"), "milnacipran comes in 12.5"),
        (("--over", "13d"), "use 14 to 28 days"),
        (("--abruptly", "--taper", "best", *ORDER), "say one of them"),
    ],
)
def test_what_makes_no_way_down_is_refused_in_one_line(
    running: CommandLine, options: tuple[str, ...], said: str
) -> None:
    line = running.refusal(*STOP, *options, at=NOW).replace("\u00a0", " ")
    assert said in line


def test_a_taper_that_is_asked_for_is_laid_where_the_rules_ask_for_none(
    tmp_path: Path,
) -> None:
    """Ten days are too short for the rules to ask; whoever asks gets one all the same."""
    commands = CommandLine(tmp_path / "home")
    start = ("start", "milnacipran", "--on", "2026-12-05", "--zone", "UTC", *ORDER)
    commands.page(*start, at="2026-12-01")
    assert way_down(commands.document(*STOP, "--preview", *ORDER, at=NOW)) == []
    assert way_down(commands.document(*STOP, "--taper", "best", *ORDER, at=NOW))


def test_a_plan_of_ones_own_can_be_tapered_too(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'own = true\n[medication]\nname = "tonic"\nform = "tablet"\nstrengths = ["10 mg"]\n'
        '[[phase]]\ndays = "1-"\ndose = "40 mg"\ntimes_a_day = 1\n'
    )
    commands = CommandLine(tmp_path / "home")
    commands.page("start", str(own), "--on", "2026-12-01", "--zone", "UTC", *ORDER, at="2026-11-30")
    document = commands.document(
        *STOP, "--taper", "linear", "--by", "10 mg", "--every", "3d", *ORDER, at=NOW
    )
    assert [one for one, _day in way_down(document)] == ["30", "20", "10"]
