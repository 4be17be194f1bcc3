"""Other medicines become stretches of time; a day without a time counts the careful way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.unit.domain.milnacipran_rules import (
    BERLIN,
    PHASES,
    at,
    course,
    person,
    phase,
    prescription,
)

from medsched.domain.amount import amount
from medsched.domain.co_medication import (
    OtherPlan,
    dose_within,
    first_dose,
    last_before,
    last_dose,
    named_in,
    plain_name,
    stretch_of,
    stretch_of_plan,
)
from medsched.domain.person import Itinerary, OtherMedicine, Stay, at_home
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.timing import AsNeeded, EveryHours, ForDays, UntilTold

TWO_WEEKS = (phase(PhaseKind.MAINTENANCE, "50 mg", 2, 14),)
NEEDED = Phase(
    kind=PhaseKind.MAINTENANCE,
    dosage=AsNeeded(amount=amount("50 mg"), min_gap_hours=6, most_doses=2),
    bounds=ForDays(14),
)


def test_a_day_without_a_time_leaves_less_room_never_more() -> None:
    one = stretch_of(
        OtherMedicine(name="x", since=date(2026, 3, 1), until=date(2026, 3, 2)), at_home(BERLIN)
    )
    assert (one.first, one.last) == (at("2026-03-01 00:00"), at("2026-03-02 23:59"))
    assert (one.first_day, one.last_day) == (date(2026, 3, 1), date(2026, 3, 2))


def test_an_instant_counts_as_it_is_and_a_bare_time_as_the_persons_clock() -> None:
    aware = OtherMedicine(name="x", until=datetime(2026, 3, 1, 7, tzinfo=UTC))
    bare = OtherMedicine(name="x", until=datetime(2026, 3, 1, 8))  # noqa: DTZ001  # a bare time is the claim
    assert stretch_of(aware, at_home(BERLIN)).last == stretch_of(bare, at_home(BERLIN)).last


def test_the_clock_that_the_person_sees_on_that_day_counts() -> None:
    tokyo = Stay(since=at("2026-02-20 12:00"), zone=ZoneInfo("Asia/Tokyo"))
    itinerary = Itinerary((*at_home(BERLIN).stays, tokyo))
    one = stretch_of(OtherMedicine(name="x", until=date(2026, 3, 1)), itinerary)
    assert one.last == at("2026-03-01 23:59", ZoneInfo("Asia/Tokyo"))


def test_no_dates_mean_always() -> None:
    one = stretch_of(OtherMedicine(name="x", classes=frozenset({"MAOI"})), at_home(BERLIN))
    assert (one.first, one.last, one.classes) == (None, None, frozenset({"maoi"}))
    assert not one.over(at("2100-01-01 00:00"))


def test_another_plan_lasts_from_its_first_to_its_last_dose() -> None:
    order = prescription(phases=TWO_WEEKS)
    one = stretch_of_plan(OtherPlan(prescription=order, course=course(order, person())))
    assert (one.first, one.last) == (at("2026-03-02 08:00"), at("2026-03-15 20:00"))
    assert one.name == "milnacipran"


def test_an_open_plan_has_no_last_dose() -> None:
    assert last_dose(course(prescription(), person())) is None


def test_doses_only_if_needed_may_fall_at_any_time_of_their_days() -> None:
    plan = course(prescription(phases=(NEEDED,)), person())
    assert first_dose(plan) == at("2026-03-02 00:00")
    assert last_dose(plan) == at("2026-03-15 23:59")
    assert dose_within(plan, at("2026-03-15 23:00"), None) == at("2026-03-15 23:00")
    assert dose_within(plan, at("2026-03-16 00:00"), None) is None


def test_an_open_phase_only_if_needed_goes_on() -> None:
    plan = course(prescription(phases=(replace(NEEDED, bounds=UntilTold()),)), person())
    assert last_dose(plan) is None
    assert dose_within(plan, at("2030-01-01 00:00"), None) == at("2030-01-01 00:00")


def test_both_ends_of_a_stretch_belong_to_it() -> None:
    plan = course(prescription(phases=TWO_WEEKS), person())
    last = at("2026-03-15 20:00")
    assert dose_within(plan, last, last) == last
    assert dose_within(plan, last + timedelta(seconds=1), None) is None
    assert dose_within(plan, None, at("2026-03-02 07:59")) is None


def test_the_last_dose_before_an_instant_is_before_it() -> None:
    plan = course(prescription(phases=TWO_WEEKS), person())
    assert last_before(plan, at("2026-03-15 20:00")) == at("2026-03-15 08:00")
    assert last_before(plan, at("2027-03-15 20:00")) == at("2026-03-15 20:00")
    assert last_before(plan, at("2026-03-02 08:00")) is None


def test_an_interval_plan_ends_with_its_last_interval() -> None:
    hourly = Phase(
        kind=PhaseKind.MAINTENANCE,
        dosage=EveryHours(hours=8, amount=amount("50 mg")),
        bounds=ForDays(2),
    )
    plan = course(prescription(phases=(hourly,)), person())
    ends = last_dose(plan)
    assert ends is not None
    assert ends.date() == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("name", "words", "found"),
    [
        ("Methylene-Blue (IV)", {"methylene blue"}, True),
        ("levomilnacipran", {"milnacipran"}, False),
        ("ST. JOHN'S WORT", {"st john's wort"}, True),
        ("", {"x"}, False),
    ],
)
def test_names_are_found_as_whole_words(name: str, words: set[str], *, found: bool) -> None:
    assert named_in(plain_name(name), words) is found


def test_the_standard_way_up_begins_in_the_morning() -> None:
    assert first_dose(course(prescription(phases=PHASES), person())) == at("2026-03-02 08:00")
