"""`take`, `skip`, `undo`, `history`, `adherence`: what really happened, from outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.command_line import CommandLine

NOW = "2026-11-20 12:00"


def test_a_take_settles_the_dose_of_its_time(followed: CommandLine) -> None:
    done = followed.document("take", "--by", "Ann", at="2026-12-01 08:03")

    assert done["recorded"] is True
    assert (done["dose"]["id"], done["dose"]["status"]) == ("1-20261201-1", "taken")
    assert done["administration"] == {
        "id": done["administration"]["id"],
        "status": "completed",
        "at": done["administration"]["at"],
        "by": "Ann",
        "amount": "12.5",
        "unit": "mg",
    }
    assert done["findings"] == []


def test_a_second_take_says_when_and_by_whom_and_stores_nothing(followed: CommandLine) -> None:
    followed.page("take", "--by", "Ann", at="2026-12-01 08:03")

    line = followed.refusal("take", at="2026-12-01 08:05")
    answer = followed("take", "--json", at="2026-12-01 08:05")

    assert "already taken at 08:03, recorded by Ann; do not take it again" in line
    document = json.loads(answer.out)
    assert (answer.code, document["recorded"]) == (1, False)
    assert document["administration"]["by"] == "Ann"
    assert len(followed.document("history")["history"]) == 1


@pytest.mark.parametrize(
    ("at", "dose"),
    [
        ("2026-12-03 17:00", "1-20261203-2"),
        ("2026-12-04 01:30", "1-20261203-2"),
        ("2026-12-03 14:00", "1-20261203-1"),
        ("2026-12-03 07:00", "1-20261203-1"),
    ],
)
def test_a_take_counts_to_the_dose_that_its_time_fits(
    followed: CommandLine, at: str, dose: str
) -> None:
    for earlier in ("2026-12-01 08:00", "2026-12-02 08:00", "2026-12-02 20:00"):
        followed.page("take", at=earlier)

    done = followed.document("take", at=at)

    assert done["dose"]["id"] == dose
    assert done["administration"]["amount"] == "12.5"


def test_a_take_is_recorded_later_at_its_true_time(followed: CommandLine) -> None:
    done = followed.document("take", "--at", "yesterday 20:10", at="2026-12-03 09:00")

    assert done["dose"]["id"] == "1-20261202-2"
    assert "2026-12-02 20:10" in followed.page("history").replace("2 December 2026", "2026-12-02")
    [line] = followed.document("history")["history"]
    assert line["at"].startswith("2026-12-02T20:10")
    assert line["recorded_at"].startswith("2026-12-03T09:00")


def test_an_extra_dose_is_recorded_and_loudly_flagged(followed: CommandLine) -> None:
    followed.page("take", at="2026-12-01 08:03")

    page = followed.page("take", "--extra", at="2026-12-01 08:06")
    today = followed.page("today", at="2026-12-01 08:07")

    for shown in (page, today):
        assert "EXTRA DOSE" in shown
        assert "poison centre" in " ".join(shown.split())
    evening = followed.document("today", at="2026-12-02 08:00")["doses"][0]
    assert evening["advice"]["action"] in {"take", "ask"}


def test_two_units_at_once_are_flagged_and_no_more_advice_is_given(followed: CommandLine) -> None:
    followed.page("take", at="2026-12-01 08:03")

    done = followed.document("take", "--amount", "25 mg", at="2026-12-02 08:00")
    later = followed.document("today", at="2026-12-02 20:00")["doses"][-1]

    assert done["findings"]
    assert later["advice"]["action"] == "ask"


def test_a_skip_is_no_miss_and_an_undo_opens_it_again(followed: CommandLine) -> None:
    skipped = followed.document("skip", "--reason", "felt sick", at="2026-12-01 08:03")
    undone = followed.document("undo", "--by", "Ann", at="2026-12-01 08:04")
    taken = followed.document("take", at="2026-12-01 08:05")

    assert skipped["dose"]["status"] == "skipped"
    assert undone["administration"]["status"] == "entered-in-error"
    assert undone["dose"]["status"] == "due"
    assert taken["dose"]["status"] == "taken"
    lines = followed.document("history")["history"]
    assert [(one["status"], one["corrected"]) for one in lines] == [
        ("not-done", True),
        ("entered-in-error", False),
        ("completed", False),
    ]


def test_an_undone_dose_may_be_recorded_by_its_medicine(followed: CommandLine) -> None:
    followed.page("take", "milnacipran", at="2026-12-01 08:03")
    followed.page("undo", "1-20261201-1", at="2026-12-01 08:04")

    assert followed.document("take", "MILNACIPRAN", at="2026-12-01 08:05")["recorded"] is True


def test_with_two_medicines_due_the_take_asks_which(followed: CommandLine) -> None:
    choices = ("--on", "2026-12-01", "--at", "08:00", "--ordered-by", "Dr A")
    followed.page("start", "sertraline", *choices, at=NOW)

    line = followed.refusal("take", at="2026-12-01 08:03")

    assert "more than one can be meant" in line
    assert "milnacipran" in line
    assert "sertraline" in line


def test_edits_leave_what_was_taken_and_yesterdays_agenda_as_they_were(
    followed: CommandLine,
) -> None:
    for at in ("2026-12-01 08:03", "2026-12-02 08:01", "2026-12-02 21:00"):
        followed.page("take", at=at)
    look = ("agenda", "--from", "2026-12-01", "--to", "2026-12-02")
    now = "2026-12-03 07:00"
    before = (followed.page(*look, at=now), followed.page(*look, "--json", at=now))

    for change in (
        ("--at", "09:15,21:15"),
        ("--target", "150 mg/day", "--ordered-by", "Dr A"),
        ("--amounts", "25 mg,50 mg", "--ordered-by", "Dr A"),
    ):
        followed.page("change", "1", "--from", "today", *change, at=now)
        assert (followed.page(*look, at=now), followed.page(*look, "--json", at=now)) == before

    followed.page("hold", "1", "--from", "today", at=now)
    assert (followed.page(*look, at=now), followed.page(*look, "--json", at=now)) == before


def test_a_dose_taken_ahead_stays_taken_when_its_time_moves(followed: CommandLine) -> None:
    followed.page("take", at="2026-12-02 07:10")

    followed.page("change", "1", "--at", "09:15,21:15", "--from", "today", at="2026-12-02 07:20")

    document = followed.document("today", at="2026-12-02 09:20")
    assert [(one["id"], one["status"]) for one in document["doses"]] == [
        ("1-20261202-1", "taken"),
        ("1-20261202-2", "upcoming"),
    ]


def test_adherence_states_its_denominator(followed: CommandLine) -> None:
    for at in ("2026-12-01 08:03", "2026-12-02 08:01"):
        followed.page("take", at=at)
    followed.page("skip", "1-20261202-2", "--reason", "away", at="2026-12-02 20:00")

    [plan] = followed.document("adherence", at="2026-12-03 15:00")["plans"]
    page = followed.page("adherence", at="2026-12-03 15:00").replace("\n    ", " ")

    assert (plan["taken"], plan["due"], plan["missed"], plan["skipped"]) == (2, 4, 1, 1)
    assert "milnacipran, since Tuesday 1 December 2026" in page
    assert "2 of 4 doses taken (50 percent): 2 on time" in page


def test_a_medicine_added_today_changes_no_earlier_figure(followed: CommandLine) -> None:
    followed.page("take", at="2026-12-01 08:03")
    before = followed.document("adherence", at="2026-12-03 15:00")["plans"]

    choices = ("--on", "2026-11-25", "--at", "08:00", "--ordered-by", "Dr A")
    followed.page("start", "sertraline", *choices, at="2026-12-03 14:00")
    after = followed.document("adherence", at="2026-12-03 15:00")["plans"]

    assert after[0] == before[0]
    assert after[1]["missed"] == 0


def test_as_needed_says_whether_one_is_allowed_and_when_the_next_one_is(
    medsched: CommandLine,
) -> None:
    choices = ("--on", "2026-12-01", "--zone", "Europe/Berlin", "--ordered-by", "Dr A")
    medsched.page("start", "paracetamol", *choices, at=NOW)
    first = medsched.page("take", at="2026-12-01 22:00")
    too_soon = medsched.refusal("take", at="2026-12-02 01:59")
    today = medsched.document("today", at="2026-12-02 01:59")["needed"]
    medsched.page("take", at="2026-12-02 02:00")
    before_last = medsched.page("take", at="2026-12-02 06:00")
    medsched.page("take", at="2026-12-02 10:00")
    full = medsched.refusal("take", at="2026-12-02 14:00")

    assert "The next one is allowed at 02:00 on Wednesday" in first
    assert "at least 4 hours must lie between two doses" in too_soon
    assert "02:00 on Wednesday 2 December 2026" in too_soon
    assert [(one["allowed"], one["next_at"]) for one in today] == [
        (False, "2026-12-02T02:00:00+01:00")
    ]
    assert "only one more is allowed within 24 hours" in " ".join(before_last.split())
    assert "the next one is allowed at 22:00 on Wednesday 2 December 2026" in full


def test_a_dose_only_if_needed_is_answered_by_today(medsched: CommandLine) -> None:
    choices = ("--on", "2026-12-01", "--zone", "Europe/Berlin", "--ordered-by", "Dr A")
    medsched.page("start", "paracetamol", *choices, at=NOW)
    empty = medsched.page("today", at="2026-12-01 21:00")
    medsched.page("take", at="2026-12-01 22:00")
    after = medsched.page("today", at="2026-12-01 23:00")

    assert "NOT RECORDED: nobody recorded one as taken." in empty
    assert "is allowed now" in empty
    assert "Last one TAKEN at 22:00 on Tuesday 1 December 2026." in after
    assert "The next one is allowed at 02:00 on Wednesday 2 December 2026." in after


def test_the_history_is_exported_for_a_spreadsheet(followed: CommandLine) -> None:
    followed.page("take", "--by", "=1+1", at="2026-12-01 08:03")

    rows = followed.page("export", "csv").splitlines()

    assert rows[0].startswith("id,medication,dose,status,taken_at")
    assert ",1-20261201-1,completed,2026-12-01T08:03:00+01:00," in rows[1]
    assert "'=1+1" in rows[1]


def test_a_weekly_dose_taken_again_another_day_is_refused_with_the_day(
    medsched: CommandLine,
) -> None:
    medsched.page(
        "start", "methotrexate", "--on", "2026-12-07", "--zone", "Europe/Berlin",
        "--ordered-by", "Dr Gray", at="2026-12-07 07:00",
    )  # fmt: skip
    medsched.page("take", at="2026-12-07 08:03")

    line = medsched.refusal("take", at="2026-12-09 08:00")
    medsched.page("take", "--extra", at="2026-12-09 08:00")
    page = medsched.page("today", at="2026-12-12 09:00")

    assert "already taken at 08:03 on Monday 7 December 2026" in line
    assert "EXTRA DOSE: methotrexate was taken" in page


def test_undo_understands_the_name_of_a_medicine(medsched: CommandLine) -> None:
    """Who takes two medicines says which one; its dose's id is nobody's word for it."""
    for name in ("milnacipran", "levothyroxine"):
        medsched.page(
            "start", name, "--on", "2026-12-01", "--zone", "UTC", "--ordered-by", "Dr Gray",
            at="2026-11-30 09:00",
        )  # fmt: skip
        medsched.page("take", name, at="2026-12-01 08:00")

    medsched.page("undo", "milnacipran", at="2026-12-01 08:05")

    doses = medsched.document("today", at="2026-12-01 08:06")["doses"]
    assert {one["medication"]: one["status"] for one in doses} == {
        "levothyroxine": "taken",
        "milnacipran": "due",
    }
