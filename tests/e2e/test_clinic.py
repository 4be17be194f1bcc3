"""A clinic's import from outside: what is stored, what is refused, and a kill half-way."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from pathlib import Path
from threading import Event

import pytest
from tests.command_line import CommandLine

AT = "2026-11-20T12:00+00:00"
HEAD = "name,zone,crcl,protocol,start,at,ordered_by\n"


def a_line(number: int, *, start: str = "2026-12-01", crcl: str = "") -> str:
    return f'Patient {number},Europe/Berlin,{crcl},milnacipran,{start},"08:00,20:00",Dr. Weiss\n'


def a_file(folder: Path, *lines: str) -> str:
    path = folder / "people.csv"
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def medsched(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "home")


def rows(home: Path) -> list[tuple[object, ...]]:
    """Return every stored fact but the random keys and the instants of the import."""
    connection = sqlite3.connect(home / "medsched.db")
    people = connection.execute("SELECT name, document FROM person ORDER BY id").fetchall()
    plans = connection.execute(
        "SELECT number, person, protocol, medication, status, current, draft, stored_until"
        " FROM prescription ORDER BY number"
    ).fetchall()
    doses = connection.execute("SELECT * FROM dose ORDER BY prescription, day, slot").fetchall()
    connection.close()
    return [*people, *plans, *doses]


def test_the_example_of_the_docs_is_stored(medsched: CommandLine, repo: Path) -> None:
    told = medsched.document("import", "people", str(repo / "docs/clinic-example.csv"), at=AT)
    assert told["people"] == 4
    assert told["prescriptions"] == 3
    assert told["bad_lines"] == 0
    day = medsched.document("agenda", "--person", "Patient 1", "--from", "2026-12-02", at=AT)
    assert day["doses"][0]["amount"] == "12.5"


def test_json_lines_say_the_same_as_csv(tmp_path: Path) -> None:
    csv = a_file(tmp_path, a_line(1), a_line(2, crcl="55"))
    lines = tmp_path / "people.jsonl"
    told = [
        {
            "name": f"Patient {number}",
            "zone": "Europe/Berlin",
            "crcl": crcl,
            "protocol": "milnacipran",
            "start": "2026-12-01",
            "at": ["08:00", "20:00"],
            "ordered_by": "Dr. Weiss",
        }
        for number, crcl in ((1, None), (2, 55))
    ]
    lines.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    first, second = CommandLine(tmp_path / "one"), CommandLine(tmp_path / "two")
    first.page("import", "people", csv, at=AT)
    second.page("import", "people", str(lines), at=AT)
    assert rows(first.home) == rows(second.home)


def test_every_bad_line_is_told_and_nothing_is_stored(
    medsched: CommandLine, tmp_path: Path
) -> None:
    bad = a_file(
        tmp_path,
        a_line(1),
        a_line(2, start="2026-13-01"),
        "Patient 3,Europe/Nowhere,,,,,\n",
        a_line(4, crcl="many"),
        "Patient 5,Europe/Berlin\n",
        a_line(1),
    )
    answer = medsched("import", "people", bad, at=AT)
    assert answer.code == 65
    said = answer.err.splitlines()
    assert [one.partition(":")[0] for one in said[:-1]] == [f"line {n}" for n in (3, 4, 5, 6, 7)]
    assert "5 lines are bad, nothing was stored" in said[-1]
    assert "Patient" not in answer.err
    assert sqlite3.connect(medsched.home / "medsched.db").execute(
        "SELECT COUNT(*) FROM person"
    ).fetchone() == (0,)


def test_bad_lines_can_be_left_out(medsched: CommandLine, tmp_path: Path) -> None:
    path = a_file(tmp_path, a_line(1), a_line(2, start="soon"), a_line(3))
    told = medsched.document("import", "people", path, "--skip-bad", at=AT)
    assert told["people"] == 2
    assert told["bad_lines"] == 1
    assert told["bad"][0]["line"] == 3


def test_a_file_that_cannot_be_read_is_one_line_and_makes_no_database(
    medsched: CommandLine, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    for content, said in (
        (b"who,where\n", "names no columns"),
        (b"name,zone,colour\n", "'colour' is not known"),
        (b"name,zone,zone\n", "stands there twice"),
        (b"name,zone\n\xff\xfe,UTC\n", "no UTF-8"),
        (b"", "names no columns"),
    ):
        wrong.write_bytes(content)
        assert said in medsched.refusal("import", "people", str(wrong), at=AT, code=65)
    missing = str(tmp_path / "missing.csv")
    assert "no such file" in medsched.refusal("import", "people", missing, at=AT, code=65)
    assert not (medsched.home / "medsched.db").exists()


def test_an_import_killed_half_way_and_run_again_is_an_uninterrupted_one(tmp_path: Path) -> None:
    """The program reads from a pipe that is closed by the kill, after half of the people."""
    lines = [a_line(number, crcl="" if number % 3 else "80") for number in range(1200)]
    path = a_file(tmp_path, *lines)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    killed, whole = CommandLine(tmp_path / "killed"), CommandLine(tmp_path / "whole")
    running = killed.begin("import", "people", str(pipe), at=AT)
    with pipe.open("w", encoding="utf-8") as half:
        half.write(HEAD + "".join(lines[:700]))
        half.flush()
        _until_it_writes(killed.home / "medsched.db-wal", running.pid)
        running.send_signal(signal.SIGKILL)
        running.wait()
        running.communicate()
    killed.page("import", "people", path, at=AT)
    whole.page("import", "people", path, at=AT)
    assert rows(killed.home) == rows(whole.home)
    again = killed.document("import", "people", path, at=AT)
    assert (again["people"], again["already_stored"]) == (0, 1200)


def _until_it_writes(log: Path, pid: int) -> None:
    """Wait until the program has begun to store and sleeps: it waits for more of the pipe."""
    quiet, before = 0, ""
    for _ in range(1200):
        state, *more = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        worked = more[10]
        asleep = log.exists() and state == "S" and worked == before
        quiet, before = quiet + 1 if asleep else 0, worked
        if quiet > 8:
            return
        Event().wait(0.05)
    pytest.fail("the import never came to wait for the second half")


def test_every_plan_is_pushed_to_a_day(medsched: CommandLine, tmp_path: Path) -> None:
    medsched.page("import", "people", a_file(tmp_path, a_line(1), a_line(2)), at=AT)
    told = medsched.document("plan-all", "--until", "2027-06-30", at=AT)
    assert told == {"until": "2027-06-30", "prescriptions": 2, "doses": told["doses"]}
    assert told["doses"] > 300
    again = medsched.document("plan-all", "--until", "2027-06-30", at=AT)
    assert (again["prescriptions"], again["doses"]) == (0, 0)
    assert "at most 400 days" in medsched.refusal("plan-all", "--until", "2029-01-01", at=AT)


def test_two_orders_of_one_person_are_checked_by_the_rules_of_both(
    medsched: CommandLine, tmp_path: Path
) -> None:
    """The second one's own file has no rules: those of the first stop it."""
    (tmp_path / "linezolid.toml").write_text(
        'own = true\n[medication]\nname = "linezolid"\nform = "tablet"\nstrengths = ["600 mg"]\n'
        '[[phase]]\ndays = "1-"\ntimes_a_day = 2\ndose = "600 mg"\n',
        encoding="utf-8",
    )
    second = a_line(1).replace("milnacipran", str(tmp_path / "linezolid.toml"))

    answer = medsched("import", "people", a_file(tmp_path, a_line(1), second), at=AT)

    assert answer.code == 65
    assert answer.err.startswith("line 3: ")
    assert "R25" in answer.err


def test_a_name_further_up_in_the_file_is_refused_however_far_up(
    medsched: CommandLine, tmp_path: Path
) -> None:
    """The other one is in an earlier batch of 500, and has the very same plan."""
    many = [a_line(number) for number in range(1, 502)]

    answer = medsched("import", "people", a_file(tmp_path, *many, a_line(1)), at=AT)

    assert answer.code == 65
    assert "line 503: name: stands further up in this file" in answer.err


def test_plans_of_which_rules_warn_are_counted(medsched: CommandLine, tmp_path: Path) -> None:
    path = a_file(tmp_path, a_line(1), a_line(2, crcl="40"), a_line(3, crcl="20"))

    told = medsched.document("import", "people", path, at=AT)

    assert told["warned"] == 2
    again = CommandLine(tmp_path / "again").page("import", "people", path, at=AT)
    assert "of 2 prescriptions the rules warn" in again
