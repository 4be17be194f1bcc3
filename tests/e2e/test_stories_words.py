"""What a page says about a dose is what the plan means: its days, its day, its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.command_line import CommandLine

NOW = "2026-11-30 09:00"
ORDERED = ("--ordered-by", "Dr Gray")


def plain(page: str) -> str:
    """Return a page as one line, without its hard spaces."""
    return " ".join(page.replace("\u00a0", " ").split())


def test_every_other_day_is_never_called_once_a_day(medsched: CommandLine) -> None:
    """A step that is shown as "once a day" invites a tablet on the days between."""
    medsched.page("person", "set", "--zone", "Europe/Berlin", at=NOW)
    medsched.page("taking", "add", "valproate", "--from", "2026-01-01", at=NOW)
    medsched.page("start", "lamotrigine", "--on", "2026-12-01", *ORDERED, at=NOW)

    first = plain(medsched.page("today", at="2026-12-01 09:00"))
    medsched.page("take", at="2026-12-01 09:00")
    between = plain(medsched.page("today", at="2026-12-02 12:00"))

    assert "step 1: every other day, NOT daily" in first
    assert "No lamoTRIgine today. The next dose: Thursday 3 December 2026" in between
    assert "every other day, NOT daily" in between


def test_a_dose_past_the_stored_days_is_explained_as_it_is_shown(medsched: CommandLine) -> None:
    medsched.page(
        "start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin", *ORDERED, at=NOW
    )
    day = ("--from", "2027-06-01", "--to", "2027-06-01")

    shown = medsched.document("agenda", *day, at=NOW)["doses"]
    found = medsched.document("why", shown[0]["id"], at=NOW)["dose"]

    assert found["due"] == shown[0]["due"]
    assert medsched.refusal("why", "1-20270601-9", at=NOW)
    assert medsched.refusal("why", "1-99991231-1", at=NOW)


def test_a_confirmed_change_is_compared_with_what_ran_before_it(medsched: CommandLine) -> None:
    medsched.page(
        "start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin", *ORDERED, at=NOW
    )
    medsched.page("stop", "1", "--from", "2026-12-05", at=NOW)
    medsched.page("confirm", "1", *ORDERED, at=NOW)

    removed = medsched.document("diff", "1", at=NOW)["diff"]["removed"]

    assert removed[0]["day"] == "2026-12-05"


def test_a_course_that_begins_now_says_when_its_first_dose_is(medsched: CommandLine) -> None:
    page = plain(
        medsched.page(
            "start", "amoxicillin", "--on", "today", "--zone", "Europe/Berlin", *ORDERED, at=NOW
        )
    )

    assert "the first dose is assumed to be at 09:00" in page
    assert "08:00 is assumed" not in page


def test_an_empty_name_is_nobody(medsched: CommandLine) -> None:
    """An unset variable in a script must not mean another person."""
    start = ("start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin", *ORDERED)
    medsched.page(*start, "--person", "Anna", at=NOW)

    line = medsched.refusal("take", "--person", "", at="2026-12-01 08:00")

    assert "write a name" in line


def test_what_is_due_besides_doses_is_shown_on_days_without_any(medsched: CommandLine) -> None:
    """The end of a washout must not vanish behind "no doses"."""
    start = ("start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin", *ORDERED)
    medsched.page(*start, at=NOW)
    medsched.page("stop", "1", "--from", "2027-02-27", "--abruptly", *ORDERED, at=NOW)

    page = medsched.page("agenda", "--from", "2027-03-03", "--to", "2027-03-03", at=NOW)

    assert page.startswith("No doses are planned in these days.")
    assert "washout" in page
