"""Pausing and ending a plan is always possible; a pause may end before its last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.command_line import CommandLine

NOW = "2026-12-20 09:00"
ORDERED = ("--ordered-by", "Dr Gray")


@pytest.fixture
def running(medsched: CommandLine) -> CommandLine:
    """Return a home with one plan that began a month ago."""
    medsched.page(
        "start", "milnacipran", "--on", "2026-11-21", "--zone", "UTC", *ORDERED, at="2026-11-20"
    )
    return medsched


@pytest.fixture
def endangered(running: CommandLine) -> CommandLine:
    """Return that home after another medicine began that must not go with it."""
    running.page("taking", "add", "phenelzine", "--class", "maoi", "--from", "2026-12-20", at=NOW)
    return running


@pytest.mark.parametrize(
    "arguments",
    [
        ("hold", "1"),
        ("hold", "1", "--days", "3"),
        ("stop", "1", "--from", "tomorrow", *ORDERED),
        ("step-back", "1", *ORDERED),
    ],
)
def test_a_finding_never_stops_somebody_from_taking_less(
    endangered: CommandLine, arguments: tuple[str, ...]
) -> None:
    """What must not go together is a reason to pause, not a reason to refuse the pause."""
    document = endangered.document(*arguments, at=NOW)

    assert document["diff"]["removed"] or document["diff"]["changed"]
    assert "block" in {one["severity"] for one in document["findings"]}


def test_a_drafted_stop_is_confirmed_in_spite_of_a_finding(endangered: CommandLine) -> None:
    endangered.page("stop", "1", "--from", "tomorrow", at=NOW)

    endangered.page("confirm", "1", *ORDERED, at=NOW)


def test_what_is_held_does_not_go_on_while_a_finding_blocks_it(endangered: CommandLine) -> None:
    endangered.page("hold", "1", "--from", "today", at=NOW)

    line = endangered.refusal("resume", "1", *ORDERED, at=NOW, code=3)

    assert "MAOI" in line


def test_a_hold_of_some_days_can_end_before_its_last_day(running: CommandLine) -> None:
    running.page("hold", "1", "--days", "5", at=NOW)

    running.page("resume", "1", *ORDERED, at="2026-12-22 09:00")

    days = running.document(
        "agenda", "--from", "2026-12-21", "--to", "2026-12-27", at="2026-12-22 09:01"
    )["doses"]
    held = [one["day"] for one in days if one["status"] == "held"]
    meant = [one["day"] for one in days if one["status"] == "upcoming"]
    assert held == ["2026-12-21"] * 2 + ["2026-12-22"] * 2
    assert len(meant) == 10
    assert meant[0] == "2026-12-23"


def test_what_is_not_held_on_a_day_cannot_be_resumed_then(running: CommandLine) -> None:
    running.page("hold", "1", "--days", "5", at=NOW)

    line = running.refusal("resume", "1", "--from", "2026-12-27", at=NOW)

    assert "it is not on hold on 2026-12-27" in line


# --- a cycle ------------------------------------------------------------------------------


@pytest.fixture
def pill(medsched: CommandLine) -> CommandLine:
    """Return a home with a pill of 21 days and 7 without, since 1 December."""
    medsched.page(
        "start", "combined-contraceptive", "--on", "2026-12-01", "--zone", "UTC", "--at", "08:00",
        *ORDERED, at="2026-11-30",
    )  # fmt: skip
    return medsched


def test_a_paused_pill_goes_on_with_its_pack_and_says_so(pill: CommandLine) -> None:
    page = " ".join(pill.page("hold", "1", "--days", "4", at="2026-12-10 09:00").split())

    assert "goes on by its calendar, counted from Tuesday 1 December 2026" in page
    assert "Tuesday 15 December 2026 is day 15 of 28" in page
    assert "say --new-cycle as well" in page
    document = pill.document(
        "agenda", "--from", "2026-12-15", "--to", "2027-01-05", at="2026-12-10"
    )
    days = [one["day"] for one in document["doses"]]
    assert days == [f"2026-12-{one}" for one in (*range(15, 22), *range(29, 32))] + [
        f"2027-01-0{one}" for one in range(1, 6)
    ]


def test_a_new_cycle_is_a_proposal_until_somebody_ordered_it(pill: CommandLine) -> None:
    pill.page("hold", "1", at="2026-12-10 09:00")

    proposal = pill.page("resume", "1", "--new-cycle", at="2026-12-18 09:00")
    assert "not confirmed by a prescriber" in proposal

    pill.page("confirm", "1", *ORDERED, at="2026-12-18 09:05")
    document = pill.document(
        "agenda", "--from", "2026-12-19", "--to", "2027-01-20", at="2026-12-18"
    )
    meant = [one["day"] for one in document["doses"] if one["status"] == "upcoming"]
    assert (meant[0], meant[20], meant[21]) == ("2026-12-19", "2027-01-08", "2027-01-16")


def test_a_new_cycle_after_an_open_pause_is_said_when_it_ends(pill: CommandLine) -> None:
    line = pill.refusal("hold", "1", "--new-cycle", at="2026-12-10 09:00")
    assert "say it to `resume`" in line


# --- a plan that is being stopped ---------------------------------------------------------


@pytest.fixture
def stopping(running: CommandLine) -> CommandLine:
    """Return a home whose plan comes down from 21 December to 10 January."""
    running.page("stop", "1", "--from", "tomorrow", *ORDERED, at=NOW)
    return running


DURING = "2026-12-24 09:00"


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("hold", "1"), "--move-end"),
        (("hold", "1", "--days", "3"), "--move-end"),
        (("step-back", "1", "--days", "3", *ORDERED), "--move-end"),
        (("step-back", "1", *ORDERED), "--call-off-stop"),
        (("change", "1", "--target", "100 mg/day", *ORDERED), "--call-off-stop"),
    ],
)
def test_a_stop_is_never_moved_or_dropped_unsaid(
    stopping: CommandLine, arguments: tuple[str, ...], wanted: str
) -> None:
    line = stopping.refusal(*arguments, at=DURING)
    assert "is being stopped, with its last dose on Sunday 10 January 2027" in line
    assert wanted in line

    page = " ".join(stopping.page(*arguments, wanted, at=DURING).split())
    said = ("The last dose moves from Sunday 10 January 2027", "It moves by as long as")
    called_off = "The stop is called off: the last dose was to be on Sunday 10 January 2027."
    assert called_off in page if "off" in wanted else any(one in page for one in said)


def test_a_plan_on_hold_is_ended_on_somebodys_word(running: CommandLine) -> None:
    running.page("hold", "1", at=NOW)

    line = running.refusal("stop", "1", "--from", "tomorrow", *ORDERED, at=DURING)
    assert "is on hold then, so there is no dose to come down from" in line

    page = running.page("stop", "1", "--from", "tomorrow", "--abruptly", *ORDERED, at=DURING)
    assert "No more doses." in page


def test_what_was_stopped_long_ago_is_one_line_and_its_facts_stay(running: CommandLine) -> None:
    running.page("stop", "1", "--from", "tomorrow", "--abruptly", *ORDERED, at=NOW)
    days = ("agenda", "--from", "2026-12-20", "--to", "2027-01-31")

    page = running.page(*days, at=NOW)
    assert page.count("cancelled: do not take") == 14
    assert "milnacipran: stopped on Monday 21 December 2026, no doses from then on." in page

    document = running.document(*days, at=NOW)
    statuses = [one["status"] for one in document["doses"]]
    assert statuses.count("cancelled") == 2 * 42


def test_today_reminds_of_a_long_pause_and_not_of_an_old_stop(running: CommandLine) -> None:
    running.page("hold", "1", at=NOW)
    page = " ".join(running.page("today", at="2027-01-10 09:00").split())
    assert "on hold since Monday 21 December 2026, no doses until it is resumed" in page
    assert "do not take" not in page
    assert "Plan one with" not in page

    running.page("stop", "1", "--from", "today", "--abruptly", *ORDERED, at="2027-01-10 09:00")
    later = running.page("today", at="2027-01-20 09:00")
    assert "milnacipran" not in later


def test_a_dose_of_another_day_is_shown_with_its_day(running: CommandLine) -> None:
    """An evening dose that is still open in the night is not taken for one of today."""
    page = running.page("today", at="2026-12-20 01:00")
    assert "  20:00  milnacipran" in page
    assert "    of Saturday 19 December 2026\n" in page
