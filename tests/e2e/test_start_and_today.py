"""`start`, `confirm`, `today`, `agenda`, `why`: a plan that is followed, from outside."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.command_line import CommandLine

NOW = "2026-11-20 12:00"


def dose_of(document: Any, dose: str) -> Any:
    return next(one for one in document["doses"] if one["id"] == dose)


def advice_at(line: CommandLine, dose: str, at: str) -> str:
    """Return what `today` says about one dose: the action, the status where there is none."""
    found = dose_of(line.document("today", at=at), dose)
    return str(found["advice"]["action"] if found["advice"] else found["status"])


def begin(line: CommandLine, *more: str) -> None:
    """Record the doses of the first two days, so that what is missing is missed."""
    for at in ("2026-12-01 08:00", "2026-12-02 08:00", "2026-12-02 20:00"):
        line.page("take", at=at)


def test_a_plan_nobody_ordered_is_a_draft_and_reminds_nobody(medsched: CommandLine) -> None:
    choices = ("--on", "2026-12-01", "--zone", "Europe/Berlin")
    started = medsched.document("start", "milnacipran", *choices, at=NOW)
    nothing = medsched.document("today", at="2026-12-01 09:00")

    confirmed = medsched.document("confirm", "1", "--ordered-by", "Dr A", at=NOW)
    after = medsched.document("today", at="2026-12-01 09:00")

    assert (started["status"], started["prescription"]) == ("draft", "1")
    assert nothing["doses"] == []
    assert confirmed["status"] == "active"
    assert [one["id"] for one in after["doses"]] == ["1-20261201-1"]


def test_a_start_prints_what_plan_prints(followed: CommandLine) -> None:
    choices = ("--zone", "Europe/Berlin", "--at", "08:00,20:00")
    shown = followed.document(
        "plan", "milnacipran", "--start", "2026-12-01", *choices, "--person", "Bo", at=NOW
    )

    stored = followed.document("agenda", "--from", "2026-12-01", "--to", "2026-12-28", at=NOW)

    kept = ("due", "day", "slot", "amount", "tablets", "phase")
    assert [{key: one[key] for key in kept} for one in stored["doses"]] == [
        {key: one[key] for key in kept} for one in shown["events"]
    ]


def test_the_home_is_for_its_owner_only(followed: CommandLine) -> None:
    database = followed.home / "medsched.db"

    assert database.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("at", "action"),
    [
        ("2026-12-03 07:59", "upcoming"),
        ("2026-12-03 08:00", "take"),
        ("2026-12-03 10:00", "take"),
        ("2026-12-03 13:59", "take"),
        ("2026-12-03 14:00", "take"),
        ("2026-12-03 14:01", "skip"),
        ("2026-12-03 17:00", "skip"),
        ("2026-12-03 19:59", "skip"),
    ],
)
def test_a_missed_morning_dose_may_be_taken_while_six_hours_are_left(
    followed: CommandLine, at: str, action: str
) -> None:
    begin(followed)

    assert advice_at(followed, "1-20261203-1", at) == action


def test_at_the_evening_only_one_dose_is_taken(followed: CommandLine) -> None:
    begin(followed)
    document = followed.document("today", at="2026-12-03 20:00")

    actions = {one["id"]: one["advice"]["action"] for one in document["doses"] if one["advice"]}
    assert actions == {"1-20261203-1": "skip", "1-20261203-2": "take"}


@pytest.mark.parametrize(
    ("at", "action"), [("2026-12-03 02:00", "take"), ("2026-12-03 02:01", "skip")]
)
def test_a_missed_evening_dose_may_be_taken_until_two_at_night(
    followed: CommandLine, at: str, action: str
) -> None:
    for taken in ("2026-12-01 08:00", "2026-12-02 08:00"):
        followed.page("take", at=taken)

    assert advice_at(followed, "1-20261202-2", at) == action


@pytest.mark.parametrize(
    ("at", "action"), [("2026-12-01 20:00", "take"), ("2026-12-01 20:01", "skip")]
)
def test_the_only_dose_of_day_one_may_be_twelve_hours_late(
    followed: CommandLine, at: str, action: str
) -> None:
    followed.page("track", "1", "--on", at=NOW)

    assert advice_at(followed, "1-20261201-1", at) == action


@pytest.mark.parametrize("at", ["2026-12-01 20:01", "2026-12-03 14:01"])
def test_where_nobody_records_the_advice_is_in_the_conditional(
    followed: CommandLine, at: str
) -> None:
    found = followed.document("today", at=at)["doses"][0]

    assert found["status"] == "unrecorded"
    assert found["advice"]["action"] == "skip"
    assert found["advice"]["reason"].startswith("If you have not taken it: leave")


def test_where_nobody_records_nothing_is_missed_and_nothing_nags(followed: CommandLine) -> None:
    document = followed.document(
        "agenda", "--from", "2026-12-01", "--to", "2026-12-05", at="2026-12-06 03:00"
    )

    assert {one["status"] for one in document["doses"]} == {"unrecorded"}
    assert [one["id"] for one in document["doses"] if one["advice"]] == ["1-20261205-2"]
    today = followed.page("today", at="2026-12-06 07:00")
    assert "MISSED" not in today
    assert "ASK" not in today
    assert "Not recorded: nobody records these doses." in followed.page(
        "adherence", at="2026-12-06 03:00"
    )


def test_a_plan_started_untracked_is_never_missed_whatever_is_recorded(
    medsched: CommandLine,
) -> None:
    choices = ("--on", "2026-12-01", "--zone", "Europe/Berlin", "--ordered-by", "Dr A")
    medsched.page("start", "milnacipran", *choices, "--untracked", at=NOW)
    medsched.page("take", at="2026-12-01 08:03")

    document = medsched.document("agenda", "--from", "2026-12-01", at="2026-12-04 14:01")

    past = [one["status"] for one in document["doses"] if one["day"] < "2026-12-04"]
    assert past == ["taken"] + ["unrecorded"] * 4


def test_a_plan_started_tracked_counts_from_its_first_dose(medsched: CommandLine) -> None:
    choices = ("--on", "2026-12-01", "--zone", "Europe/Berlin", "--ordered-by", "Dr A")
    medsched.page("start", "milnacipran", *choices, "--tracked", at=NOW)

    document = medsched.document("agenda", "--from", "2026-12-01", at="2026-12-02 14:01")

    assert [one["status"] for one in document["doses"]][:2] == ["missed", "missed"]


def test_tracking_begins_when_it_is_switched_on(followed: CommandLine) -> None:
    followed.page("track", "milnacipran", "--on", at="2026-12-03 12:00")

    document = followed.document("agenda", "--from", "2026-12-01", at="2026-12-04 14:01")

    past = [one["status"] for one in document["doses"] if one["due"] < "2026-12-04T12:00"]
    assert past == ["unrecorded"] * 4 + ["missed", "missed"]


def test_after_two_missed_in_a_row_the_way_up_waits_until_somebody_decides(
    followed: CommandLine,
) -> None:
    begin(followed)
    dose, at = "1-20261204-1", "2026-12-04 08:05"
    waiting = dose_of(followed.document("today", at=at), dose)
    assert waiting["advice"]["action"] == "ask"
    assert (
        "ask your pharmacist or prescriber before the next increase" in waiting["advice"]["reason"]
    )

    followed.page("confirm", "1", "--ordered-by", "Dr B", at=at)

    assert advice_at(followed, dose, at) == "take"
    assert "no draft" in followed.refusal("confirm", "1", "--ordered-by", "Dr B", at=at)


def test_moving_the_clock_times_is_no_decision_about_the_way_up(followed: CommandLine) -> None:
    begin(followed)
    followed.page("change", "1", "--at", "08:30,20:30", "--from", "today", at="2026-12-04 01:00")

    assert advice_at(followed, "1-20261204-1", "2026-12-04 08:35") == "ask"


def test_a_step_back_stays_at_the_step_that_was_taken(followed: CommandLine) -> None:
    begin(followed)
    followed.page(
        "step-back", "1", "--from", "today", "--ordered-by", "Dr B", at="2026-12-04 07:00"
    )

    found = dose_of(followed.document("today", at="2026-12-04 08:05"), "1-20261204-1")
    assert (found["amount"], found["advice"]["action"]) == ("12.5", "take")


def test_a_weekly_dose_is_asked_about_until_its_window_closes(medsched: CommandLine) -> None:
    choices = ("--on", "2026-12-07", "--zone", "Europe/Berlin", "--ordered-by", "Dr A")
    medsched.page("start", "semaglutide", *choices, "--tracked", at=NOW)

    page = medsched.page("today", at="2026-12-11 12:00")

    assert "of Monday 7 December 2026" in page
    assert "TAKE" in page
    assert "NOT daily" in page


def test_on_a_day_without_a_dose_the_next_one_is_named(medsched: CommandLine) -> None:
    choices = ("--on", "2026-12-07", "--zone", "Europe/Berlin", "--ordered-by", "Dr A")
    medsched.page("start", "methotrexate", *choices, at=NOW)

    page = medsched.page("today", at="2026-12-03 12:00").replace("\n", " ")

    assert "No methotrexate today. The next dose: Monday 7 December 2026, 08:00" in page
    assert "NOT daily" in page


def test_every_medicine_has_its_own_answer(followed: CommandLine) -> None:
    choices = ("--on", "2026-12-01", "--at", "08:00", "--ordered-by", "Dr A")
    followed.page("start", "levothyroxine", *choices, at=NOW)
    followed.page("take", "milnacipran", "--by", "Ann", at="2026-12-01 08:03")

    answers = followed.page("today", at="2026-12-01 08:30").split("\n\n")[1]

    assert "YES, the 08:00 dose of milnacipran is TAKEN: at 08:03, recorded by Ann." in answers
    assert "NOT RECORDED: nobody recorded the" in answers
    assert "levothyroxine" in answers


@pytest.mark.parametrize(
    ("zone", "on", "dose", "words"),
    [
        (
            "Europe/Berlin", "2026-03-28", "1-20260329-1",
            ("02:30 does not exist that day", "moves 60 minutes later to 03:30", "UTC+02:00"),
        ),
        (
            "Europe/Berlin", "2026-10-24", "1-20261025-1",
            ("the clocks go back that night", "the first of the two", "UTC+02:00"),
        ),
        (
            "America/New_York", "2026-03-07", "1-20260308-1",
            ("02:30 does not exist that day", "to 03:30", "UTC-04:00"),
        ),
        ("Asia/Kolkata", "2026-03-28", "1-20260329-1", ("21:00 UTC", "UTC+05:30")),
    ],
)  # fmt: skip
def test_why_explains_a_dose_on_a_day_when_the_clocks_change(
    medsched: CommandLine, zone: str, on: str, dose: str, words: tuple[str, ...]
) -> None:
    choices = ("--on", on, "--zone", zone, "--at", "02:30,14:30", "--ordered-by", "Dr A")
    medsched.page("start", "milnacipran", *choices, at="2026-03-01 12:00")

    page = " ".join(medsched.page("why", dose).split())

    for word in words:
        assert word in page
    assert "phase 2 (titration)" in page
    assert "R05" in page
    assert "Revision: 1 (start)" in page
    assert "1 times 12.5 mg makes 12.5 mg" in page.replace("\u00a0", " ")


def test_every_dose_of_the_agenda_can_be_explained(followed: CommandLine) -> None:
    document = followed.document("agenda", "--from", "2026-12-01", "--to", "2026-12-09", at=NOW)

    for one in document["doses"]:
        why = followed.document("why", one["id"])
        assert why["dose"]["due"] == one["due"]
        assert why["rule"]["id"] in {"R04", "R05", "R06", "R07"}


def test_looking_under_as_of_stores_nothing(followed: CommandLine) -> None:
    before = (followed.home / "medsched.db").read_bytes()

    followed.page("today", at="2027-06-01 12:00")
    followed.page("agenda", "--from", "2027-06-01", at="2027-06-01 12:00")

    assert (followed.home / "medsched.db").read_bytes() == before


def test_the_agenda_reaches_beyond_what_is_stored(followed: CommandLine) -> None:
    document = followed.document(
        "agenda", "--from", "2028-12-01", "--to", "2028-12-02", at="2026-12-01 12:00"
    )

    assert [one["amount"] for one in document["doses"]] == ["50"] * 4


def test_a_flipped_digit_in_the_database_is_said_and_its_dose_is_not_advised(
    followed: CommandLine,
) -> None:
    """Tenfold the amount in the row: the revision, which carries a digest, has the true one."""
    connection = sqlite3.connect(followed.home / "medsched.db")
    day = date(2026, 12, 10).toordinal()
    connection.execute("UPDATE dose SET amount = '500' WHERE day = ? AND slot = 1", (day,))
    connection.commit()
    connection.close()
    at = "2026-12-10 08:30"

    told = followed("today", at=at)
    first = followed.document("today", at=at)["doses"][0]
    week = followed("agenda", at=at)
    file = followed("export", "ics", at=at)

    said = [one.err.partition(":")[0] for one in (told, week, file)]
    assert said == ["The database is damaged"] * 3
    assert "500" not in told.out.replace("\u00a0", " ")
    assert "500 mg" not in file.out.replace("\u00a0", " ")
    assert (first["amount"], first["advice"]["action"]) == ("50", "ask")
