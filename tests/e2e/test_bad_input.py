"""What is wrong is refused in one clear line, and nothing is stored."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.command_line import CommandLine

NOW = "2026-11-20 12:00"
START = ("start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin")
ORDERED = ("--ordered-by", "the clinic")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("start", "milnacipram", "--on", "2026-12-01"), 1, "milnacipran"),
        ((*START[:-1], "Europe/Berln"), 2, "Europe/Berlin"),
        ((*START[:-1], "Berlin"), 2, "Europe/Berlin"),
        ((*START, "--at", "08:00"), 1, "name 2 clock times"),
        ((*START, "--at", "20:00,08:00"), 1, "08:00"),
        ((*START, "--at", "08:00,08:30"), 1, "at least 6 hours"),
        ((*START, "--at", "08:00,20:60"), 2, "there is no such time"),
        ((*START, "--at", "8 o'clock"), 2, "write hours and minutes"),
        (("start", "milnacipran", "--on", "2026-02-30"), 2, "February 2026 has 28 days"),
        (("start", "milnacipran", "--on", "2026-13-01"), 2, "there is no such month"),
        (("start", "milnacipran", "--on", "soon"), 2, "write it as 2026-12-01"),
        (("start", "milnacipran", "--on", "2036-12-02", "--zone", "UTC"), 1, "within ten years"),
        (("start", "milnacipran", "--on", "2016-11-01", "--zone", "UTC"), 1, "within ten years"),
        ((*START, "--days", "0"), 1, "use 1 to 400"),
        ((*START, "--days", "401"), 1, "use 1 to 400"),
        ((*START, "--days", "four"), 2, "not a valid integer"),
        ((*START, "--day", "0"), 1, "use 1 or more"),
        ((*START, "--target", "37.5 mg/day"), 1, "cannot be made"),
        ((*START, "--target", "100 ml/day"), 1, "say it in mg"),
        ((*START, "--target", "lots"), 1, "say how much a day"),
        ((*START, "--crcl", "-3"), 1, "-3"),
        ((*START, "--crcl", "much"), 1, "much"),
        ((*START, "--born", "2099-01-01"), 1, "2099"),
        ((*START, "--hepatic", "bad"), 2, "mild"),
        ((*START, "--regimen", "fast"), 1, "use one of standard"),
        (("start", "insulin", "--on", "2026-12-01", "--zone", "UTC"), 1, "insulin"),
        (("start", "milnacipran"), 2, "--on"),
        (("starrt", "milnacipran"), 2, "did you mean start"),
        ((*START, "--colour", "red"), 2, "--colour"),
    ],
)
def test_a_wrong_start_is_one_line_and_stores_nothing(
    medsched: CommandLine, arguments: tuple[str, ...], code: int, words: str
) -> None:
    line = medsched.refusal(*arguments, at=NOW, code=code)

    assert words in line
    assert not (medsched.home / "medsched.db").exists()


def test_a_target_above_the_maximum_is_blocked(medsched: CommandLine) -> None:
    answer = medsched(*START, "--target", "250 mg/day", *ORDERED, at=NOW)

    assert answer.code in {1, 3}, answer
    assert answer.err.count("\n") == 1
    assert "200" in answer.err
    assert medsched("today", at=NOW).code == 1


def test_a_broken_file_names_every_mistake(medsched: CommandLine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('[protocol\nname = "x"\n', encoding="utf-8")

    answer = medsched("plan", str(broken), "--start", "2026-12-01", "--zone", "UTC", at=NOW)

    assert answer.code == 65
    assert answer.err.startswith("medsched: broken.toml: line 1: not TOML")


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    from tests.command_line import CommandLine

    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")

    line = CommandLine(file / "home").refusal(*START, *ORDERED, at=NOW)

    assert line.startswith(f"home {file / 'home'}: ")
    assert "name another with --home" in line


def test_a_file_that_is_no_database_is_one_line(medsched: CommandLine) -> None:
    medsched.home.mkdir()
    (medsched.home / "medsched.db").write_text("a shopping list\n" * 100, encoding="utf-8")

    for command in (("today",), (*START, *ORDERED)):
        assert "medsched.db" in medsched.refusal(*command, at=NOW)


def test_a_locked_database_is_one_line_and_stores_nothing(followed: CommandLine) -> None:
    with closing(sqlite3.connect(followed.home / "medsched.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = followed("take", at="2026-12-01 08:03")
        other.execute("ROLLBACK")

    assert answer.code == 1, answer
    assert answer.err.count("\n") == 1
    assert followed.document("history")["history"] == []


def test_nothing_stored_yet_says_how_to_begin(medsched: CommandLine) -> None:
    for command in (("today",), ("agenda",), ("take",), ("history",), ("check",)):
        assert "medsched start" in medsched.refusal(*command, at=NOW)


@pytest.mark.parametrize(
    ("arguments", "at", "words"),
    [
        (("take", "--at", "2026-12-01 09:00"), "2026-12-01 08:03", "is in the future"),
        (("take", "--at", "2026-11-30 08:00"), "2026-12-01 08:03", "before the plan"),
        (("take", "--amount", "1 tablet"), "2026-12-01 08:03", "say it in mg"),
        (("take", "--amount", "12.5"), "2026-12-01 08:03", "12.5"),
        (("take", "--amount", "0 mg"), "2026-12-01 08:03", "medsched skip"),
        (("take", "--amount", "-5 mg"), "2026-12-01 08:03", "-5"),
        (("take", "9-20261201-1"), "2026-12-01 08:03", "9-20261201-1"),
        (("take", "1-20261201-7"), "2026-12-01 08:03", "1-20261201-7"),
        (("take", "1-20261331-1"), "2026-12-01 08:03", "1-20261331-1"),
        (("take", "aspirin"), "2026-12-01 08:03", "milnacipran"),
        (("skip", "1-20261201-7", "--reason", "ill"), "2026-12-01 08:03", "1-20261201-7"),
        (("skip", "1-20261201-1"), "2026-12-01 08:03", "--reason"),
        (("undo",), "2026-12-01 08:03", "nothing is recorded"),
        (("undo", "1-20261201-1"), "2026-12-01 08:03", "nothing is recorded"),
        (("why", "1-20261201-9"), "2026-12-01 08:03", "1-20261201-9"),
        (("why", "nonsense"), "2026-12-01 08:03", "nonsense"),
        (("agenda", "--from", "2026-12-05", "--to", "2026-12-01"), "2026-12-01 08:03", "or later"),
        (("confirm", "1", "--ordered-by", "Dr A"), "2026-12-01 08:03", "no draft"),
        (("confirm", "7", "--ordered-by", "Dr A"), "2026-12-01 08:03", "use one of: 1"),
    ],
)
def test_a_wrong_record_is_one_line_and_stores_nothing(
    followed: CommandLine, arguments: tuple[str, ...], at: str, words: str
) -> None:
    answer = followed(*arguments, at=at)

    assert answer.code in {1, 2}, answer
    assert answer.err.count("\n") == 1, answer
    assert words in answer.err
    assert followed.document("history")["history"] == []


def test_a_withdrawn_dose_cannot_be_taken(followed: CommandLine) -> None:
    followed.page("hold", "1", "--from", "2026-12-02", at="2026-12-01 12:00")

    line = followed.refusal("take", "1-20261202-1", at="2026-12-02 08:03")

    assert "is on hold and not to be taken" in line


def test_somebody_elses_dose_is_not_found(followed: CommandLine) -> None:
    followed.page("person", "set", "--person", "Bo", "--zone", "UTC")

    line = followed.refusal("take", "1-20261201-1", "--person", "Bo", at="2026-12-01 08:03")

    assert "1-20261201-1" in line
    assert followed.document("history", "--person", "me")["history"] == []
