"""Which dose an intake settles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.domain.charts import at, chart, daily, skip, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.amount import amount
from medsched.domain.attribution import (
    Extra,
    ExtraReason,
    NotThisDose,
    Punctuality,
    Settles,
    attribute,
    settle,
)

if TYPE_CHECKING:
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

TWICE = ("08:00", "20:00")
MILNACIPRAN = POLICIES["milnacipran"]


def doses_of_three_days() -> list[DoseEvent]:
    return daily(TWICE, (-1, 0, 1))


def settled(on: Chart, clock: str, day: int = 0) -> tuple[DoseEvent, Punctuality]:
    found = attribute(at(clock, day), on)
    assert isinstance(found, Settles)
    assert found.finding is None
    return found.dose, found.punctuality


def extra(on: Chart, clock: str, day: int = 0) -> ExtraReason:
    found = attribute(at(clock, day), on)
    assert isinstance(found, Extra)
    return found.finding.reason


@pytest.mark.parametrize(
    ("clock", "day", "place", "punctuality"),
    [
        ("07:00", 0, 2, Punctuality.ON_TIME),
        ("09:00", 0, 2, Punctuality.ON_TIME),
        ("09:01", 0, 2, Punctuality.LATE),
        ("14:00", 0, 2, Punctuality.LATE),
        ("14:01", 0, 3, Punctuality.EARLY),
        ("17:00", 0, 3, Punctuality.EARLY),
        ("18:59", 0, 3, Punctuality.EARLY),
        ("19:00", 0, 3, Punctuality.ON_TIME),
        ("02:00", 1, 3, Punctuality.LATE),
        ("02:01", 1, 4, Punctuality.EARLY),
    ],
)
def test_an_intake_goes_to_the_dose_whose_window_it_fits_else_to_the_next(
    clock: str, day: int, place: int, punctuality: Punctuality
) -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:2]])
    assert settled(on, clock, day) == (doses[place], punctuality)


def test_a_dose_of_day_three_taken_in_the_night_counts_to_day_three() -> None:
    doses = [
        *daily(TWICE, (2,), amounts="12.5 mg"),
        *daily(TWICE, (3,), amounts="25 mg", phase=2),
    ]
    dose, punctuality = settled(chart(MILNACIPRAN, doses, [take(doses[0])]), "01:30", 3)
    assert (dose.day, dose.amount) == (doses[1].day, amount("12.5 mg"))
    assert punctuality is Punctuality.LATE


def test_past_its_window_the_nearer_dose_is_not_meant() -> None:
    doses = daily(("08:00", "14:00", "20:00"), (-1, 0, 1))
    on = chart(POLICIES["gabapentin_tid"], doses, [take(one) for one in doses[:3]])
    assert settled(on, "10:00") == (doses[3], Punctuality.LATE)
    assert settled(on, "10:01") == (doses[4], Punctuality.EARLY)


def test_a_settled_dose_is_no_candidate_and_a_second_intake_is_extra() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:3]])
    assert extra(on, "08:00") is ExtraReason.TOO_SOON
    assert extra(on, "08:01") is ExtraReason.TOO_SOON
    assert extra(on, "13:59") is ExtraReason.TOO_SOON
    assert settled(on, "14:00") == (doses[3], Punctuality.EARLY)


def test_an_early_intake_never_settles_the_dose_after_the_next() -> None:
    doses = doses_of_three_days()
    records = [*(take(one) for one in doses[:3]), take(doses[3], at("14:30"))]
    on = chart(MILNACIPRAN, doses, records)
    assert extra(on, "14:31") is ExtraReason.TOO_SOON
    assert extra(on, "20:45") is ExtraReason.FITS_NO_DOSE
    assert settled(on, "02:00", 1) == (doses[4], Punctuality.EARLY)


def test_early_is_at_most_half_the_usual_interval_after_a_dose_was_taken() -> None:
    doses = daily(("18:00",), (-1, 0, 1))
    on = chart(POLICIES["warfarin"], doses, [take(doses[0])])
    assert extra(on, "05:59") is ExtraReason.TOO_SOON
    assert settled(on, "06:00") == (doses[1], Punctuality.EARLY)


def test_after_a_missed_dose_the_next_may_be_taken_early_from_its_cut_off_on() -> None:
    doses = daily(("18:00",), (-1, 0, 1))
    on = chart(POLICIES["warfarin"], doses, [take(doses[0])])
    assert settled(on, "23:59:59") == (doses[1], Punctuality.LATE)
    assert settled(on, "00:00", 1) == (doses[2], Punctuality.EARLY)


def test_during_a_hold_nothing_counts_as_an_early_dose_days_ahead() -> None:
    doses = [*daily(TWICE, (0,)), *daily(TWICE, (6, 7), phase=3)]
    on = chart(MILNACIPRAN, doses, [take(doses[0])])
    assert extra(on, "12:00", 3) is ExtraReason.FITS_NO_DOSE


def test_what_was_skipped_must_be_undone_before_it_is_taken() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [*(take(one) for one in doses[:2]), skip(doses[2])])
    assert extra(on, "10:00") is ExtraReason.AFTER_SKIP
    assert settled(on, "17:00") == (doses[3], Punctuality.EARLY)


def test_two_units_at_once_settle_the_dose_and_are_flagged() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:2]])
    found = attribute(at("08:00"), on, amount("100 mg"))
    assert isinstance(found, Settles)
    assert found.finding is not None
    assert found.finding.reason is ExtraReason.TOO_MUCH
    assert "poison centre" in found.finding.sentence
    assert attribute(at("08:00"), on, amount("25 mg")) == attribute(at("08:00"), on)


def test_in_its_own_window_but_within_the_gap_it_is_settled_and_flagged() -> None:
    doses = doses_of_three_days()
    records = [*(take(one) for one in doses[:3]), take(doses[3], at("02:00", 1))]
    found = attribute(at("07:30", 1), chart(MILNACIPRAN, doses, records))
    assert isinstance(found, Settles)
    assert found.dose == doses[4]
    assert found.finding is not None
    assert found.finding.reason is ExtraReason.TOO_SOON
    assert attribute(at("08:00", 1), chart(MILNACIPRAN, doses, records)) == Settles(
        dose=doses[4], punctuality=Punctuality.ON_TIME, sentence="Taken on time."
    )


def test_a_later_record_of_an_earlier_intake_keeps_its_distance_too() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [*(take(one) for one in doses[:2]), take(doses[3])])
    found = attribute(at("14:00"), on)
    assert isinstance(found, Settles)
    assert (found.dose, found.finding) == (doses[2], None)


def test_before_the_first_dose_and_after_the_last_there_is_none() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses)
    assert extra(on, "12:00", -3) is ExtraReason.FITS_NO_DOSE
    assert extra(on, "12:00", 5) is ExtraReason.FITS_NO_DOSE
    assert settled(on, "02:00", -1) == (doses[0], Punctuality.EARLY)


def test_the_documented_exception_takes_two_at_once_without_a_finding() -> None:
    doses = daily(TWICE, (-1, 0, 1), amounts="15 mg")
    before = [take(one) for one in doses[:2]]
    policy = POLICIES["rivaroxaban_15_bid"]
    assert settled(chart(policy, doses, before), "21:00") == (doses[3], Punctuality.ON_TIME)
    one = chart(policy, doses, [*before, take(doses[3], at("21:00"))])
    assert settled(one, "21:00") == (doses[2], Punctuality.LATE)
    both = chart(policy, doses, [*before, take(doses[2], at("21:00")), take(doses[3])])
    assert extra(both, "21:05") is ExtraReason.FITS_NO_DOSE


def test_two_doses_of_one_plan_at_the_same_instant_are_both_settled() -> None:
    doses = [
        *daily(("08:00",), (0, 1)),
        *(one._replace(slot=21, id=f"{one.id[:-1]}21") for one in daily(("08:00",), (0, 1))),
    ]
    on = chart(POLICIES["default_qd"], doses, [take(doses[0])])
    assert settled(on, "08:01")[0].slot == 21


# --- the dose that somebody names ---------------------------------------------------------


def test_the_named_dose_is_settled_within_its_window() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:2]])
    found = settle(doses[2], at("10:00"), on)
    assert isinstance(found, Settles)
    assert found.punctuality is Punctuality.LATE
    early = settle(doses[3], at("17:00"), on)
    assert isinstance(early, Settles)
    assert early.punctuality is Punctuality.EARLY


def test_a_named_dose_that_is_settled_says_by_which_record() -> None:
    doses = doses_of_three_days()
    record = take(doses[2])
    found = settle(doses[2], at("10:00"), chart(MILNACIPRAN, doses, [record]))
    assert isinstance(found, NotThisDose)
    assert found.settled_by == record
    assert found.sentence == "This dose is already recorded as taken."


def test_a_named_dose_out_of_its_window_says_what_it_would_settle() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:2]])
    found = settle(doses[2], at("17:00"), on)
    assert isinstance(found, NotThisDose)
    assert found.sentence == "That time is after this dose could be taken."
    assert isinstance(found.instead, Settles)
    assert found.instead.dose == doses[3]
    ahead = settle(doses[5], at("17:00"), on)
    assert isinstance(ahead, NotThisDose)
    assert "before" in ahead.sentence


def test_the_first_instant_of_a_window_belongs_to_it() -> None:
    """Five hours after the dose before: it counts as the next one, and is told to be too soon."""
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [take(doses[2], at("13:59"))])
    found = attribute(at("19:00"), on)
    assert isinstance(found, Settles)
    assert (found.dose, found.punctuality) == (doses[3], Punctuality.ON_TIME)
    assert found.finding is not None
    assert found.finding.reason is ExtraReason.TOO_SOON


def test_an_intake_within_the_least_gap_is_never_an_early_dose() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [take(doses[2], at("13:59"))])
    assert extra(on, "18:00") is ExtraReason.TOO_SOON


def test_at_the_last_instant_of_a_dose_left_out_it_is_that_dose_and_then_the_next() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [skip(doses[2])])
    assert extra(on, "14:00") is ExtraReason.AFTER_SKIP
    assert settled(on, "14:00:01") == (doses[3], Punctuality.EARLY)


def test_a_next_dose_that_is_left_out_is_not_taken_early() -> None:
    doses = doses_of_three_days()
    on = chart(MILNACIPRAN, doses, [take(doses[2]), skip(doses[3])])
    assert extra(on, "18:40") is ExtraReason.FITS_NO_DOSE


def test_a_dose_is_early_by_its_usual_distance_at_most() -> None:
    """After a pause: twelve hours before the first one again, and not a second more."""
    doses = [*daily(TWICE, (0,)), *daily(TWICE, (4, 5))]
    on = chart(MILNACIPRAN, doses)
    assert settled(on, "20:00", 3) == (doses[2], Punctuality.EARLY)
    assert extra(on, "19:59:59", 3) is ExtraReason.FITS_NO_DOSE
