"""The windows around one dose, in elapsed time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.unit.domain.charts import BERLIN, at, daily, dose
from tests.unit.domain.policies import POLICIES

from medsched.domain.late_window import expires, on_time_tolerance, window_of

TWICE = ("08:00", "20:00")
SPRING = date(2026, 3, 29)  # Berlin goes from 02:00 to 03:00
AUTUMN = date(2026, 10, 25)  # Berlin goes from 03:00 back to 02:00


@pytest.mark.parametrize(
    ("first", "late_until"),
    [(SPRING, "02:00"), (AUTUMN, "02:00"), (date(2026, 6, 1), "02:00")],
)
def test_the_cut_off_before_the_next_dose_counts_elapsed_hours(
    first: date, late_until: str
) -> None:
    evening, morning = (
        dose("20:00", -1, zone=BERLIN, first=first),
        dose("08:00", zone=BERLIN, first=first),
    )
    window = window_of(evening, None, morning, POLICIES["milnacipran"])
    assert morning.due - window.late_until == timedelta(hours=6)
    wall = {SPRING: "01:00", AUTUMN: "02:00"}.get(first, late_until)
    fold = timedelta(hours=1) if first == AUTUMN else timedelta(0)
    assert window.late_until == at(wall, zone=BERLIN, first=first) + fold


@pytest.mark.parametrize(("first", "elapsed"), [(SPRING, 5), (AUTUMN, 6)])
def test_hours_after_due_are_elapsed_hours_too(first: date, elapsed: int) -> None:
    evening, morning = (
        dose("20:00", -1, zone=BERLIN, first=first),
        dose("08:00", zone=BERLIN, first=first),
    )
    window = window_of(evening, None, morning, POLICIES["default_bid"])
    assert window.late_until - evening.due == timedelta(hours=elapsed)


@pytest.mark.parametrize(("first", "clock"), [(SPRING, "15:00"), (AUTUMN, "13:00")])
def test_eighteen_hours_after_due_end_by_another_clock_when_the_clocks_change(
    first: date, clock: str
) -> None:
    evening = dose("20:00", -1, zone=BERLIN, first=first)
    window = window_of(
        evening, None, dose("20:00", zone=BERLIN, first=first), POLICIES["bictegravir_qd"]
    )
    assert window.late_until - evening.due == timedelta(hours=18)
    assert window.late_until == at(clock, zone=BERLIN, first=first)


def test_a_late_dose_never_reaches_into_the_gap_before_the_next() -> None:
    once = [dose("08:00", day, zone=BERLIN, first=SPRING) for day in (-1, 0)]
    window = window_of(once[0], None, once[1], POLICIES["default_qd"])
    assert once[1].due - window.late_until == timedelta(hours=12)
    assert window.late_until - once[0].due == timedelta(hours=11)


def test_a_dose_on_time_is_never_too_late_though_the_next_is_near() -> None:
    near = daily(("08:00", "12:00"), (0, 1))
    window = window_of(near[0], None, near[1], POLICIES["milnacipran"])
    assert window.late_until == window.on_time_until == at("09:00")
    assert window.expires == at("09:00")


def test_midnight_is_that_of_the_dosing_day_on_the_wall() -> None:
    late = dose("23:30")
    window = window_of(late, None, dose("23:30", 1), POLICIES["warfarin"])
    assert window.late_until == at("23:59:59")


def test_a_slot_past_midnight_ends_with_the_day_that_its_clock_shows() -> None:
    past = dose("00:30", 1)._replace(day=date(2026, 3, 2))
    window = window_of(past, None, dose("00:30", 2), POLICIES["warfarin"])
    assert window.late_until == at("23:59:59", 1)


@pytest.mark.parametrize(
    ("name", "clocks", "minutes"),
    [
        ("default_qd", ("08:00",), 120),
        ("default_bid", TWICE, 60),
        ("default_more_than_bid", ("08:00", "12:00", "16:00", "20:00"), 60),
        ("default_more_than_bid", ("08:00", "10:00", "12:00"), 30),
        ("levodopa", ("08:00", "12:00", "16:00"), 30),
        ("methotrexate_weekly", ("08:00",), 120),
    ],
)
def test_on_time_is_as_wide_as_the_rhythm_allows(
    name: str, clocks: tuple[str, ...], minutes: int
) -> None:
    doses = daily(clocks, (0, 1))
    window = window_of(doses[0], None, doses[1], POLICIES[name])
    assert doses[0].due - window.on_time_from == timedelta(minutes=minutes)


def test_a_reminder_expires_with_the_cut_off_or_the_gap_before_the_next() -> None:
    doses = daily(TWICE, (0, 1))
    assert expires(doses[0], None, doses[1], POLICIES["milnacipran"]) == at("14:00")
    assert expires(doses[0], None, doses[1], POLICIES["coc_standard"]) == at("19:59:59")
    rivaroxaban = POLICIES["rivaroxaban_15_bid"]
    assert expires(doses[0], None, doses[1], rivaroxaban) == at("19:59:59")
    assert expires(doses[1], doses[0], doses[2], rivaroxaban) == at("23:59:59")
    levodopa = daily(("08:00", "12:00"), (0,))
    assert expires(levodopa[0], None, levodopa[1], POLICIES["levodopa"]) == at("08:30")


def test_the_last_dose_of_a_plan_is_measured_by_the_usual_distance() -> None:
    doses = daily(TWICE, (0,))
    assert window_of(doses[1], doses[0], None, POLICIES["milnacipran"]).late_until == at("02:00", 1)
    alone = dose("08:00")
    assert window_of(alone, None, None, POLICIES["milnacipran"]).late_until == at("20:00")
    weekly = window_of(alone, None, None, POLICIES["dulaglutide_weekly"])
    assert weekly.late_until - alone.due == timedelta(hours=96)


def test_a_fraction_of_the_real_interval_is_a_limit() -> None:
    policy = POLICIES["default_qd"]
    half = replace(policy, late=replace(policy.late, fraction=Decimal("0.25")))
    doses = daily(("08:00",), (0, 1))
    assert window_of(doses[0], None, doses[1], half).late_until == at("14:00")


def test_where_the_policy_gives_no_gap_the_window_leaves_one() -> None:
    doses = daily(TWICE, (0, 1))
    gaps = {
        name: window_of(doses[1], doses[0], doses[2], POLICIES[name]).least_gap
        for name in ("milnacipran", "dolutegravir", "dabigatran", "coc_standard")
    }
    hours = {name: gap / timedelta(hours=1) for name, gap in gaps.items()}
    assert hours["milnacipran"] == hours["dabigatran"] == 6
    assert 4 < hours["dolutegravir"] < 4.001
    assert hours["coc_standard"] == 0


@pytest.mark.parametrize(
    ("interval", "minutes"),
    [
        (timedelta(hours=20), 120),
        (timedelta(hours=20) - timedelta(seconds=1), 60),
        (timedelta(hours=3, minutes=30), 60),
        (timedelta(hours=3, minutes=30) - timedelta(seconds=1), 30),
    ],
)
def test_the_edges_between_the_tolerances_belong_to_the_wider_one(
    interval: timedelta, minutes: int
) -> None:
    found = on_time_tolerance(POLICIES["milnacipran"], interval)
    assert found == timedelta(minutes=minutes)


def test_doses_twenty_hours_apart_are_daily_for_the_late_window() -> None:
    """So short is a day that spring shortens, with a dose that may be a little earlier."""
    first = dose("08:00", 0)
    policy = POLICIES["lamotrigine"]
    for clock, hours in (("04:00", 12), ("03:59", 6)):
        after = dose(clock, 1)
        assert window_of(first, None, after, policy).late_until == first.due + timedelta(
            hours=hours
        )
