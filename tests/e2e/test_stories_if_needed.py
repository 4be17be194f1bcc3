"""A medicine taken only if needed: written down late, too much at once, the day it is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.command_line import CommandLine

NOW = "2026-12-01 14:00"


@pytest.fixture
def needed(medsched: CommandLine) -> CommandLine:
    """Return a home whose only medicine is taken if needed, every 4 hours at the most."""
    medsched.page(
        "start", "paracetamol", "--on", "2026-12-01", "--zone", "Europe/Berlin",
        "--ordered-by", "Dr Gray", at="2026-12-01 07:00",
    )  # fmt: skip
    return medsched


def test_one_written_down_late_is_not_too_close_before_another(needed: CommandLine) -> None:
    needed.page("take", "--at", "12:00", at=NOW)

    line = needed.refusal("take", "--at", "10:00", at=NOW)

    assert "at least 4 hours must lie between two doses" in line
    assert len(needed.document("history", at=NOW)["history"]) == 1


def test_one_written_down_late_never_allows_the_next_one_earlier(needed: CommandLine) -> None:
    """The time of the next one follows from the latest intake, not from the latest record."""
    needed.page("take", "--at", "12:00", at=NOW)

    page = needed.page("take", "--at", "08:00", at=NOW).replace("\u00a0", " ")

    assert "The next one is allowed at 16:00 on Tuesday 1 December 2026." in page
    assert needed.refusal("take", at="2026-12-01 15:59")


def test_what_was_taken_too_close_all_the_same_is_flagged(needed: CommandLine) -> None:
    needed.page("take", "--at", "12:00", at=NOW)

    page = needed.page("take", "--at", "10:00", "--extra", at=NOW)

    assert page.startswith("EXTRA DOSE")


def test_more_than_one_dose_at_once_is_refused_and_flagged_when_it_was_taken(
    needed: CommandLine,
) -> None:
    line = needed.refusal("take", "--amount", "2000 mg", at=NOW)
    page = needed.page("take", "--amount", "2000 mg", "--extra", at=NOW)

    assert "more than one dose of 1,000" in line
    assert page.startswith("EXTRA DOSE")


def test_a_dose_not_yet_allowed_names_the_day(needed: CommandLine) -> None:
    for at in ("2026-12-01 10:00", "2026-12-01 14:00", "2026-12-01 18:00", "2026-12-01 22:00"):
        page = needed.page("take", at=at).replace("\u00a0", " ")

    assert "The next one is allowed at 10:00 on Wednesday 2 December 2026." in page


def test_what_is_taken_only_if_needed_is_not_called_unrecorded(needed: CommandLine) -> None:
    needed.page("take", at=NOW)

    assert "nobody records" not in needed.page("adherence", at="2026-12-01 20:00")


def test_a_medicine_if_needed_that_is_on_hold_says_so(medsched: CommandLine) -> None:
    """Without this the page of the day would say that there is no plan at all."""
    medsched.page(
        "start", "paracetamol", "--on", "2026-12-01", "--zone", "UTC", "--ordered-by", "Dr Gray",
        at="2026-11-30 12:00",
    )  # fmt: skip
    medsched.page("hold", "1", "--days", "2", at="2026-12-01 12:00")
    page = " ".join(medsched.page("today", at="2026-12-02 09:00").split())
    assert "on hold from Wednesday 2 December 2026 to Thursday 3 December 2026" in page
    assert "Plan one with" not in page
    assert "is allowed now" in medsched.page("today", at="2026-12-04 09:00")
