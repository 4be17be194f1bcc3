"""What a page says about a dose is what the plan means: its days, its day, its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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


def test_a_course_of_so_many_doses_is_told_in_doses(medsched: CommandLine) -> None:
    """21 doses every 8 hours from the evening on are 7 days, though they touch 8 dates."""
    page = medsched.page(
        "plan", "amoxicillin", "--start", "today", "--zone", "UTC", at="2026-12-01 17:00"
    )
    text = " ".join(page.split()).replace("\u00a0", " ")
    assert "every 8 hours, from Tuesday 1 December 2026, 21 doses." in text
    assert "8 days" not in text


def test_the_day_of_a_weekly_medicine_is_an_assumption(medsched: CommandLine) -> None:
    plan = ("plan", "methotrexate", "--start", "2026-12-01", "--zone", "UTC")
    assumed = "No day of the week was given: Monday, as the rules have it, is assumed."
    assert assumed in " ".join(medsched.page(*plan, at=NOW).split())
    assert "No day of the week" not in medsched.page(*plan, "--weekday", "friday", at=NOW)
    daily = medsched.page("plan", "sertraline", "--start", "2026-12-01", "--zone", "UTC", at=NOW)
    assert "No day of the week" not in daily


def test_the_day_of_ones_own_weekly_plan_is_no_assumption(
    medsched: CommandLine, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'own = true\n[medication]\nname = "tonic"\nform = "tablet"\nstrengths = ["10 mg"]\n'
        '[[phase]]\ndays = "1-"\ndose = "10 mg"\ntimes_a_day = 1\nweekdays = ["monday"]\n'
    )
    page = medsched.page("plan", str(own), "--start", "2026-12-01", "--zone", "UTC", at=NOW)
    assert "day of the week" not in page


def test_the_first_step_in_an_empty_home_is_named(medsched: CommandLine) -> None:
    line = medsched.refusal("taking", "add", "phenelzine", "--from", "today", at=NOW)
    assert "nothing is stored here yet; begin with `medsched person set`" in line


def test_a_backup_counts_one_person_as_one(medsched: CommandLine, tmp_path: Path) -> None:
    medsched.page("start", "sertraline", "--on", "2026-12-01", "--zone", "UTC", at=NOW)
    page = medsched.page("backup", str(tmp_path / "copy.db"))
    assert "1 person, 1 prescription, 0 doses, 0 administrations" in page


def test_instants_in_json_are_on_the_persons_clock(medsched: CommandLine) -> None:
    medsched.page(
        "start", "milnacipran", "--on", "2026-12-01", "--zone", "Europe/Berlin",
        "--ordered-by", "Dr Gray", at=NOW,
    )  # fmt: skip
    taken = medsched.document("take", at="2026-12-01T08:05+01:00")
    assert taken["administration"]["at"] == "2026-12-01T08:05:00+01:00"
    again = medsched("take", "--json", at="2026-12-01T08:09+01:00")
    assert '"at": "2026-12-01T08:05:00+01:00"' in again.out
    medsched.page("stop", "1", "--from", "2026-12-03", "--ordered-by", "Dr Gray", at="2026-12-02")
    days = ("--from", "2026-12-01", "--to", "2026-12-20")
    for document in (
        medsched.document("agenda", *days, at="2026-12-02"),
        medsched.document("events", "list", *days, at="2026-12-02"),
    ):
        instants = [one["at"] for one in document["events"] if one["at"]]
        assert instants
        assert all(one.endswith("+01:00") for one in instants)


def test_another_medicine_is_told_with_the_day_of_its_own_clock(medsched: CommandLine) -> None:
    """Half past midnight in Berlin is still the day before in UTC."""
    medsched.page("person", "set", "--zone", "Europe/Berlin", at=NOW)
    since = ("--from", "2026-12-20 00:30")
    page = medsched.page("taking", "add", "tonic", *since, at="2026-12-21T12:00+01:00")
    assert "tonic from Sunday 20 December 2026" in page
    listed = medsched.document("taking", "list", at="2026-12-21T12:00+01:00")
    assert listed["taking"][0]["from"] == "2026-12-20T00:30:00+01:00"
